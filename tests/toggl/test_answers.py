"""Rows are read exactly, or not at all."""

from datetime import UTC, date, datetime

import pytest

from tests.toggl.rows import entry, row
from timeweave.runtime.errors import IncompleteData
from timeweave.toggl.answers import read_entries


@pytest.mark.parametrize(
    ("start", "instant"),
    [
        ("2025-10-07T00:00:00-08:00", datetime(2025, 10, 7, 8, tzinfo=UTC)),
        ("2025-10-07T08:00:00Z", datetime(2025, 10, 7, 8, tzinfo=UTC)),
        ("2025-10-07T08:00:00.5Z", datetime(2025, 10, 7, 8, 0, 0, 500000, tzinfo=UTC)),
        ("2025-10-07T13:45:00.123456+05:45", datetime(2025, 10, 7, 8, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_every_form_toggl_writes(start, instant):
    assert entry(1, start).start == instant


def test_the_day_of_an_entry_is_the_utc_day_of_its_start():
    assert entry(1, "2025-10-07T23:30:00-02:00").day == date(2025, 10, 8)


def test_a_row_with_several_entries_becomes_a_row_for_each():
    grouped = row(1, "2025-10-07T08:00:00Z")
    grouped["time_entries"] += row(2, "2025-10-08T08:00:00Z", 60)["time_entries"]
    found = read_entries([grouped], "Toggl's answer")
    assert [(one.id, one.seconds, len(one.row["time_entries"])) for one in found] == [(1, 3600, 1), (2, 60, 1)]


def test_a_running_timer_counts_nothing_with_and_without_a_stop():
    running = row(1, "2025-10-07T08:00:00Z", -1759824000)
    without = row(1, "2025-10-07T08:00:00Z", -1759824000)
    del without["time_entries"][0]["stop"]
    assert [one.seconds for one in read_entries([running, without], "Toggl's answer")] == [0, 0]


def test_the_row_number_is_dropped_and_unknown_keys_are_kept():
    kept = entry(5_000_000_001, "2025-10-07T08:00:00Z", novelty={"a": [1]}).row
    assert "row_number" not in kept
    assert kept["novelty"] == {"a": [1]}


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"time_entries": None},
        {"time_entries": [{"id": 1}]},
        {"time_entries": [{"id": 1, "seconds": 1, "start": "today"}]},
    ],
)
def test_a_row_that_cannot_be_read_is_not_guessed(broken):
    with pytest.raises(IncompleteData, match=r"Toggl's answer cannot be used: (\[0\]|entry 1: )"):
        read_entries([broken], "Toggl's answer")
