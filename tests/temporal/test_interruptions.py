"""Runs that are stopped, or whose worker or server stops: nothing is left behind or paid for twice, and the same run goes on."""

from datetime import date

import pytest

from tests.temporal.fleet import until
from tests.temporal.test_lost_workers import JUNE, count_pages

pytestmark = pytest.mark.usefixtures("well_behaved")


@pytest.fixture(scope="module")
def fleet(make_fleet, sandbox):
    found = make_fleet(sandbox, is_quick=True)
    found.start()
    return found


def test_a_run_that_is_cancelled_or_loses_its_worker_or_its_quota_leaves_nothing_and_goes_on(
    fleet, sandbox, temporal, watch
):
    fleet.start()
    # Slow at first, so that the fetch is still at work when it is cancelled, on however busy a machine.
    sandbox.behaviour.update({"latency": 0.5})
    fleet.begin("again", *JUNE)
    until(lambda: fleet.count_kept_pages("2025-06") > 2, every=0.02)
    cancel(fleet, watch)
    sandbox.behaviour.update({"latency": 0.05, "quota": 15, "quota_window": 15})
    for stage in ("enrich_entities", "build_site"):
        fleet.held.begin(stage)
    fleet.begin("again", *JUNE)
    sleep_through_spent_quota(fleet, sandbox, watch)
    lose_worker(fleet, watch)
    cancel(fleet, watch)
    fleet.held.end("build_site")
    assert not [ref for ref in fleet.list_refs("refs/exps") if ref.endswith("/again")]

    fleet.held.begin("build_site")
    fleet.begin("again", *JUNE)
    until(lambda: fleet.held.has_begun("build_site"))
    restart(temporal, fleet)
    fleet.held.end("build_site")
    run = fleet.wait_for_end("again")
    assert run["status"] == "completed", run
    assert watch.count_saved_stages("again") == {"build_site": 1}
    assert sum(ref.endswith("/again") for ref in fleet.list_refs("refs/exps")) == 1
    assert fleet.list_refs("refs/timeweave/runs") == []
    project = fleet.project
    elsewhere = project.call("show-run", "again", "--report", "team").stderr
    assert "`dvc exp pull origin again` brings it" in elsewhere
    project.succeed("dvc", "exp", "pull", "-q", "origin", "again")
    assert project.call("show-run", "again", "--report", "team").stdout == "# The report\n"
    rows = len(sandbox.world.timesheet.entries(date(2025, 5, 31), date(2025, 7, 1)))
    # Cancelled in the middle of fetching, and without a quota, it went on there; the last one found the archive whole.
    assert count_pages(sandbox) <= -(-rows // 50) + 6


def cancel(fleet, watch):
    """Nothing of it is at work any more."""
    done = fleet.project.call("cancel-run", "again")
    assert done.stdout.startswith("again  cancelled"), done.stderr
    assert watch.list_running() == []


def sleep_through_spent_quota(fleet, sandbox, watch):
    """Nobody works meanwhile, and whoever is there when it is over goes on."""
    until(lambda: (p := watch.get_progress("again")) and "quota is spent; going on at" in p.doing)
    assert fleet.is_idle()
    fleet.stop()
    fleet.start(2)
    until(lambda: fleet.held.has_begun("enrich_entities"))
    assert watch.count_timers("again") >= 1
    assert watch.wait_for_stage("again", "enrich_entities").stages[0].items < 30
    assert sum(request.status == 402 for request in sandbox.requests) in range(1, 5)


def lose_worker(fleet, watch):
    """It dies in a stage that asks a service; another finds what the stage before has saved elsewhere, and the lock free."""
    fleet.kill(watch.wait_for_stage("again", "enrich_entities").worker)
    fleet.held.end("enrich_entities")
    until(lambda: fleet.held.has_begun("build_site"))
    assert set(watch.count_saved_stages("again").values()) == {1}


def restart(temporal, fleet):
    """The server is restarted in the middle of a run, which notices nothing of it."""
    temporal.stop()
    listed = fleet.project.call("list-runs")
    assert "again" in listed.stdout
    assert "Temporal cannot be reached" in listed.stderr or "Temporal answered" in listed.stderr
    temporal.start()


@pytest.mark.exhaustive
def test_a_run_that_is_cancelled_in_the_stage_that_asks_fibery_leaves_nothing(fleet, watch):
    fleet.held.begin("enrich_entities")
    fleet.begin("again", *JUNE)
    until(lambda: fleet.held.has_begun("enrich_entities"))
    cancel(fleet, watch)
    fleet.held.end("enrich_entities")
