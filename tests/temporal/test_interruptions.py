"""Runs that are stopped, or whose surroundings stop: nothing is left behind, and the same run goes on."""

import asyncio
import contextlib
import time
from datetime import date, timedelta

import pytest
from temporalio.client import Client

from tests.temporal.fleet import RUN, until
from tests.temporal.test_lost_workers import STAGES
from tests.temporal.watching import Watch
from timeweave.sandbox.behaviour import Behaviour

DAY = timedelta(days=1)
JUNE = ("--start-date", "2025-06-01", "--end-date", "2025-06-30")


@pytest.fixture
def watch(temporal):
    with contextlib.closing(Watch(temporal.address)) as found:
        yield found


@pytest.fixture(autouse=True)
def well_behaved(sandbox):
    yield
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()


def running(address):
    """The ids of all workflows that are not over, but for those that hand out the pace."""

    async def listed():
        client = await Client.connect(address)
        return [one.id async for one in client.list_workflows("ExecutionStatus = 'Running'")]

    return [one for one in asyncio.run(listed()) if not one.startswith("timeweave-pace-")]


def test_a_run_cancelled_in_each_stage_leaves_nothing_and_goes_on_when_it_is_started_again(
    fleet, sandbox, temporal, watch
):
    sandbox.behaviour.update({"latency": 0.05})
    found = fleet(sandbox)
    found.start()
    [clone] = found.clones
    start = (*RUN, "--detach", "--run-id", "again", *JUNE)
    for stage in STAGES:
        found.project.succeed(*start)
        watch.until("again", stage)
        if stage == "fetch_time":
            until(lambda: found.in_flight("again") > 8, every=0.03)
        begun = time.monotonic()
        done = found.project.succeed("timeweave", "cancel-run", "again")
        assert done.stdout.startswith("again  cancelled")
        assert time.monotonic() - begun < 10
        assert list((clone.folder / ".dvc/timeweave/copies").iterdir()) == []
        assert running(temporal.address) == []
    assert found.refs("refs/exps") == []
    found.project.succeed(*start)
    run = found.until_over("again")
    assert run["status"] == "completed"
    pages = sum(request.path.endswith("search/time_entries") for request in sandbox.requests)
    rows = len(sandbox.world.timesheet.entries(date(2025, 5, 31), date(2025, 7, 1)))
    # Cancelled in the middle of fetching, it went on there; all later ones found the archive whole.
    assert pages <= -(-rows // 50) + 6


def test_the_server_may_be_restarted_in_the_middle_of_a_run(fleet, sandbox, temporal, watch):
    sandbox.behaviour.update({"latency": 0.05})
    found = fleet(sandbox)
    found.start()
    found.project.succeed(*RUN, "--detach", "--run-id", "steady", *JUNE)
    watch.until("steady", "fetch_time")
    temporal.stop()
    listed = found.project.succeed("timeweave", "list-runs")
    assert listed.stdout.startswith("steady")
    assert "Temporal cannot be reached" in listed.stderr
    temporal.start()
    run = found.until_over("steady")
    assert run["status"] == "completed"
    assert watch.finished_stages("steady") == dict.fromkeys(STAGES, 1)


def test_a_spent_quota_is_slept_through_whoever_works(fleet, sandbox, temporal, watch):
    sandbox.behaviour.update({"quota": 24, "quota_window": 8})
    found = fleet(sandbox)
    found.start()
    found.project.succeed(*RUN, "--detach", "--run-id", "patient", *JUNE)
    until(lambda: (p := watch.progress("patient")) and "quota is spent; going on at" in p.doing)
    assert list((found.clones[0].folder / ".dvc/timeweave/copies").iterdir()) == []
    found.stop()
    found.start()
    run = found.until_over("patient")
    assert run["status"] == "completed"
    assert watch.timers("patient") >= 1
    june = run["stages"][0]
    assert june["items"] < 30
    refused = sum(request.status == 402 for request in sandbox.requests)
    assert 1 <= refused <= 4
