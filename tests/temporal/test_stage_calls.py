"""What the query get_progress answers."""

from datetime import UTC, datetime, timedelta

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.temporal.stage_calls import State

NOON = datetime(2025, 10, 14, 12, tzinfo=UTC)


def make_state(*done):
    found = State()
    for name in ("fetch_time", "aggregate_time", "report_team", "build_site"):
        found.records[name] = StageRecord(name=name, state=StageState.done if name in done else StageState.waiting)
    return found


def reach(stage, done, total, unit="days"):
    return StageRecord(name=stage, state=StageState.running, done=done, total=total, unit=unit)


def test_before_a_worker_has_the_run_it_waits():
    progress = State().describe(NOON)
    assert (progress.stage, progress.percentage, progress.seconds_left) == (None, 0, None)
    assert progress.doing == "waiting for a worker"


def test_a_stage_at_work_tells_n_of_m_and_how_long_it_takes_at_its_rate():
    found = make_state()
    found.start("fetch_time", NOON)
    assert found.describe(NOON).seconds_left is None
    found.update(reach("fetch_time", 12, 30))
    progress = found.describe(NOON + timedelta(seconds=20))
    assert progress.stage == reach("fetch_time", 12, 30)
    assert (progress.percentage, progress.seconds_left) == (10, 30.0)


def test_stages_that_are_over_count_and_one_that_waits_does_not():
    found = make_state("fetch_time", "aggregate_time")
    found.start("report_team", NOON)
    found.wait("the worker was lost")
    progress = found.describe(NOON)
    assert (progress.percentage, progress.stage) == (50, None)
    assert progress.doing == "the worker was lost"


def test_a_word_of_a_stage_that_is_over_is_not_heard():
    found = make_state("fetch_time")
    found.start("aggregate_time", NOON)
    found.update(reach("fetch_time", 2, 30))
    assert found.describe(NOON).stage == StageRecord(name="aggregate_time", state=StageState.running)
    assert found.records["fetch_time"].state is StageState.done


def test_a_word_of_a_stage_that_is_slow_to_begin_does_not_make_it_wait_again():
    found = make_state()
    found.start("fetch_time", NOON)
    found.update(StageRecord(name="fetch_time"))
    assert found.describe(NOON).stage == StageRecord(name="fetch_time", state=StageState.running)
    found.update(reach("fetch_time", 2, 30))
    assert found.describe(NOON).stage == reach("fetch_time", 2, 30)
