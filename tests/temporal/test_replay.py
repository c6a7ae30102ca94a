"""Workflow code decides the same when it is played again over what happened: runs outlive the code they began with."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from timeweave.temporal.worker import RUNNER, WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_a_recorded_history_is_played_again(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    id_ = content["events"][0]["workflowExecutionStartedEventAttributes"]["workflowId"]
    history = WorkflowHistory.from_json(id_, content)
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=RUNNER)
    asyncio.run(replayer.replay_workflow(history))


def test_every_workflow_has_a_recorded_history():
    assert {path.stem.partition("-")[0] for path in HISTORIES} == {workflow.__name__ for workflow in WORKFLOWS}


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
def test_only_small_things_travel(path):
    sizes = [len(data) for data in re.findall(r'"data": "([^"]*)"', path.read_text(encoding="utf-8"))]
    assert max(sizes) < 3000
