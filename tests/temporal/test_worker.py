"""What an activity of a worker says when it is cut short, and what the server may read of a failure."""

import asyncio
from unittest.mock import Mock

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from tests.project import Project
from timeweave.project.project_paths import ProjectFolder
from timeweave.runs.manifest import Fault
from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.failure import LOST, make_error, read_fault
from timeweave.temporal.worker import Activities, run_worker


class Held:
    """A lock that nobody frees."""

    def __init__(self):
        self.is_asked = asyncio.Event()

    async def result(self):
        self.is_asked.set()
        await asyncio.Event().wait()


def cut_short(is_shutdown):
    environment, client = ActivityEnvironment(), Mock()

    async def wait():
        held = client.get_workflow_handle.return_value = Held()
        activities = Activities(client, Mock(), "queue", [])
        waiting = asyncio.ensure_future(environment.run(activities.await_release, "lock"))
        await held.is_asked.wait()
        if is_shutdown:
            environment.worker_shutdown()
        environment.cancel()
        await waiting

    asyncio.run(wait())


def test_a_wait_for_a_lock_on_a_worker_that_ends_is_lost_and_goes_on_elsewhere():
    with pytest.raises(ApplicationError) as caught:
        cut_short(is_shutdown=True)
    assert caught.value.type == LOST


def test_a_wait_for_a_lock_of_a_run_that_is_cancelled_is_cancelled():
    with pytest.raises(asyncio.CancelledError):
        cut_short(is_shutdown=False)


def test_a_worker_of_a_branch_that_is_not_there_does_not_begin(tmp_path):
    project = Project.copy(tmp_path / "project")
    with pytest.raises(ConfigurationError, match="the origin has no branch '--help'"):
        asyncio.run(run_worker(Mock(), ProjectFolder(project.folder), 1, ["main", "--help"], print))


def test_what_the_server_shows_of_a_failure_names_nobody():
    said = "--users: ann.o'neil+x@team.example is the e-mail of nobody; did you mean <ann@team.example>?"
    error = make_error(Fault(stage=None, exit_code=2, sentence=said))
    assert "@" not in error.message
    # Who may read the payload reads the sentence.
    assert read_fault(error).sentence == said


def test_a_failure_that_none_of_ours_wrote_is_its_text():
    for details in ({"sentence": 3}, {"exit_code": "x" * 50}, [1], None):
        assert read_fault(ApplicationError("no", details, type="Failed")).sentence == "Failed: no"
