"""Which periods of a span a backfill makes runs of."""

from datetime import date

import msgspec
import pytest

from tests.runs import asked
from timeweave.runs import backfill
from timeweave.runs.manifest import Manifest, Parameters


@pytest.fixture
def register(tmp_path):
    return asked.register(tmp_path)


def planned(register, first=date(2025, 9, 22)):
    return backfill.plan(register, first, date(2025, 10, 19), "week", date(2025, 10, 12))


def run(start, end, status):
    asked_for = Parameters(source="demo", as_of="2025-10-12", start=start, end=end)
    return Manifest(id=f"run_{start}", status=status, where="temporal", parameters=asked_for, started_at="2025-10-12")


def test_a_period_that_is_not_over_is_left_out_and_named(register):
    found = planned(register)
    assert found.waiting == [(date(2025, 9, 22), date(2025, 9, 28)), (date(2025, 9, 29), date(2025, 10, 5))]
    assert found.days[-1] == date(2025, 10, 5)
    told = backfill.told(found)
    assert told[0] == "periods    2, of which 2 have no run yet"
    assert "left out   2025-10-06 to 2025-10-19: not over on 2025-10-12, the day the data is looked at" in told


def test_a_span_that_is_still_to_come_has_nothing_to_make(register):
    found = planned(register, first=date(2025, 10, 13))
    assert (found.periods, found.waiting, found.estimate.ranges) == ([], [], [])


def test_runs_at_work_are_counted_and_can_be_followed(register):
    waits = run("2025-09-22", "2025-09-28", "queued")
    register.save(waits)
    register.save(msgspec.structs.replace(run("2025-09-29", "2025-10-05", "completed"), numbers={"hours": 1}))
    found = planned(register)
    assert (found.waiting, found.at_work) == ([], [waits])
    assert "at work    1 run of an earlier backfill" in backfill.told(found)
