"""What the query get_progress answers."""

from datetime import UTC, datetime, timedelta

from timeweave.temporal.messages import Reach, StageResult
from timeweave.temporal.state import State

NOON = datetime(2025, 10, 14, 12, tzinfo=UTC)


def state():
    found = State()
    found.begin(["fetch_time", "aggregate_time", "report_team", "build_site"])
    return found


def test_before_a_worker_has_the_run_it_waits():
    progress = state().progress(NOON)
    assert (progress.stage, progress.percentage, progress.seconds_left) == (None, 0, None)
    assert progress.doing == "waiting for a worker"
    assert [stage.state for stage in progress.stages] == ["waiting"] * 4


def test_a_stage_at_work_tells_n_of_m_and_how_long_it_takes_at_its_rate():
    found = state()
    found.host("a-worker")
    found.start("fetch_time")
    found.reach(Reach("fetch_time", 2, 30, "days", 4), NOON)
    found.reach(Reach("fetch_time", 12, 30, "days", 14), NOON + timedelta(seconds=20))
    progress = found.progress(NOON + timedelta(seconds=20))
    assert (progress.stage, progress.done, progress.total, progress.unit) == ("fetch_time", 12, 30, "days")
    assert progress.percentage == 10
    assert progress.seconds_left == 36.0


def test_finished_stages_count_and_what_another_worker_saved_counts_once():
    found = state()
    found.start("fetch_time")
    found.finish(StageResult("fetch_time", "done", 3.2, 12))
    found.wait("the worker was lost; waiting for another")
    assert found.queue is None
    found.host("another")
    found.skip(["fetch_time", "aggregate_time"])
    assert found.results[0] == StageResult("fetch_time", "done", 3.2, 12)
    assert found.progress(NOON).percentage == 50


def test_a_word_of_a_stage_that_is_over_is_not_heard():
    found = state()
    found.start("aggregate_time")
    found.reach(Reach("fetch_time", 2, 30, "days"), NOON)
    assert found.progress(NOON).total == 0
