"""Many periods on many workers: the span is paid for once, and each service is asked by one run at a time."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from temporalio.worker import Worker

from tests.temporal.fleet import until
from tests.temporal.stand_ins import FAILS, Made
from timeweave.temporal.messages import Span
from timeweave.temporal.pipeline import Backfill
from timeweave.temporal.stage_calls import ServiceLock
from timeweave.temporal.worker import RUNNER

SPAN = ("--from", "2025-08-11", "--to", "2025-08-24", "--as-of", "2025-10-14", "--engine", "temporal")
pytestmark = pytest.mark.usefixtures("well_behaved")


@pytest.fixture(scope="module")
def fleet(make_fleet, sandbox):
    found = make_fleet(sandbox, is_quick=True)
    found.start(2)
    return found


def test_a_backfill_over_two_workers_pays_once_and_asks_each_service_for_one_run_at_a_time(fleet, sandbox):
    sandbox.behaviour.update({"latency": 0.2})
    done = fleet.project.call("backfill", *SPAN, "--parallel", "2")
    assert (done.returncode, done.stdout.count("completed")) == (0, 2), done.stderr
    # The server has other runs, too.
    made = re.findall(r"^(\S+) +completed", done.stdout, re.MULTILINE)
    runs = [run for run in fleet.list_runs() if run["id"] in made]
    assert len(runs) == 2
    assert {run["stages"][0]["requests"] for run in runs} == {0}
    fibery = [request for request in sandbox.requests if request.service == "fibery"]
    one, other = (run["stages"][1]["requests"] for run in runs)
    assert one + other == len(fibery)
    # Whichever was first: none of the second came before the last of the first was answered.
    assert any(max(r.answered for r in fibery[:n]) <= fibery[n].arrived for n in (one, other))
    saved = {ref.rpartition("/")[2] for ref in fleet.list_refs("refs/exps")}
    assert {run["id"] for run in runs} <= saved
    assert "2025-W33" in fleet.project.call("trend").stdout
    assert fleet.project.call("backfill", *SPAN).stdout == ""


@pytest.mark.usefixtures("fleet")
def test_a_backfill_names_the_runs_that_failed(watch):
    days = [str(date(2025, 1, 1) + timedelta(days=number)) for number in range(12)]
    span = Span("2025-10-14", [], "", [(day, day) for day in days], 3)

    async def make():
        workflows = [Backfill, ServiceLock, Made]
        async with Worker(watch.client, task_queue="stand-ins", workflows=workflows, workflow_runner=RUNNER):
            return await watch.client.execute_workflow(
                Backfill.run, span, id="toggl-fibery-long", task_queue="stand-ins"
            )

    assert watch.do(make()) == [f"long-{days.index(day) + 1}" for day in FAILS]


def test_a_schedule_is_added_listed_run_and_removed(fleet, watch):
    project = fleet.project
    assert project.call("schedule", "add", "--every", "week").stdout == "weekly\n"
    refused = project.call("schedule", "add", "--every", "week")
    assert (refused.returncode, "there is a schedule weekly already" in refused.stderr) == (2, True)
    [shown] = json.loads(project.call("schedule", "list", "--json").stdout)
    assert (shown["name"], shown["period"], shown["next"][10:]) == ("weekly", "last-week", "T05:17:00Z")
    fleet.held.begin("fetch_time")
    watch.do(watch.client.get_schedule_handle("timeweave-weekly").trigger())
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday())
    run = until(
        lambda: next((r for r in fleet.list_runs() if r["id"].startswith("weekly-") and r["parameters"]["end"]), None),
        every=0.5,
    )
    assert run["parameters"]["start"] == str(monday - timedelta(days=7))
    assert run["parameters"]["end"] == str(monday - timedelta(days=1))
    run = run["id"]
    assert project.call("cancel-run", run).stdout.startswith(f"{run}  cancelled")
    fleet.held.end("fetch_time")
    page = project.call("temporal-ui", "--run-id", run).stdout
    assert page.startswith("http://localhost:8233/namespaces/default/workflows/toggl-fibery-weekly-20")
    assert project.call("schedule", "remove", "weekly").stderr == "weekly is removed\n"
    assert project.call("schedule", "list").stdout == ""
    assert project.call("schedule", "remove", "weekly").returncode == 2
