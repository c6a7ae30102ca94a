"""Workers that die in the middle of work: another goes on where the run stood, and nothing is paid for twice."""

from datetime import date, timedelta

import pytest

from tests.short_pipeline import FEWEST_STAGES
from tests.temporal.fleet import until

pytestmark = pytest.mark.usefixtures("well_behaved")
JUNE = ("--start-date", "2025-06-01", "--end-date", "2025-06-30")
DAY = timedelta(days=1)


@pytest.mark.exhaustive
def test_a_run_whose_worker_dies_in_one_stage_after_the_other_is_made_all_the_same(make_own_fleet, sandbox, watch):
    # Slow, so that the fetch is still at work when its worker is looked for, on however busy a machine.
    sandbox.behaviour.update({"latency": 0.5})
    fleet = make_own_fleet(sandbox, is_quick=True)
    fleet.start(2)
    for stage in FEWEST_STAGES[1:]:
        fleet.held.begin(stage)
    fleet.begin("june", *JUNE)
    fetched = spent = 0
    for stage in FEWEST_STAGES:
        if stage == "fetch_time":
            until(lambda: fleet.count_kept_pages("2025-06") > 8, every=0.02)
        else:
            until(lambda stage=stage: fleet.held.has_begun(stage))
        fleet.kill(watch.wait_for_stage("june", stage).worker)
        if stage == "fetch_time":
            fetched, spent = fleet.count_kept_pages("2025-06"), count_pages(sandbox)
            sandbox.behaviour.update({"latency": 0.05})
        fleet.held.end(stage)
        fleet.start()
    run = fleet.wait_for_end("june")
    assert run["status"] == "completed", run
    assert watch.count_saved_stages("june") == dict.fromkeys(FEWEST_STAGES, 1)
    assert [ref.rpartition("/")[2] for ref in fleet.list_refs("refs/exps")] == ["june"]
    assert fleet.list_refs("refs/timeweave/runs") == []
    # Each page that had come was in the archive, and none was asked for again, but for those that were on their way.
    assert fetched > 8
    rows = len(sandbox.world.timesheet.entries(date(2025, 6, 1) - DAY, date(2025, 6, 30) + DAY))
    assert spent < count_pages(sandbox) <= -(-rows // 50) + 3


def count_pages(sandbox):
    return sum(one.path.endswith("search/time_entries") and one.status != 402 for one in sandbox.requests)
