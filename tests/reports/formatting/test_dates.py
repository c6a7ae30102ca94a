from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.reports.formatting import dates

LISBON, TOKYO = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2025, 10, 7), date(2025, 10, 13), "7–13 October 2025"),
        (date(2025, 9, 29), date(2025, 10, 5), "29 September – 5 October 2025"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 – 4 January 2026"),
        (date(2025, 10, 7), date(2025, 10, 7), "7 October 2025"),
    ],
)
def test_a_period_is_named_without_saying_anything_twice(start, end, shown):
    assert dates.format_span(start, end) == shown


@pytest.mark.parametrize(
    ("value", "zone", "shown"),
    [
        pytest.param("2025-10-07", LISBON, "7 Oct 2025", id="a date"),
        pytest.param("2025-10-07T20:00:00.000Z", TOKYO, "8 Oct 2025", id="an instant, in the zone"),
        pytest.param("2025-10-07T20:00:00", TOKYO, "7 Oct 2025", id="no zone of its own"),
        pytest.param("soon", LISBON, "None", id="no date"),
        pytest.param("0001-01-01T00:00:00+14:00", LISBON, "None", id="before all calendars"),
        pytest.param(None, LISBON, "None", id="none"),
    ],
)
def test_a_date_or_an_instant_is_a_day(value, zone, shown):
    assert str(dates.parse_day(value, zone)) == shown


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_buckets_cover_every_day_once_and_are_few(start, length):
    end = start + timedelta(days=length)
    found = dates.split_into_buckets(start, end)
    days = [day for bucket in found for day in bucket.days]
    assert days == [(start + timedelta(days=n)).isoformat() for n in range(length + 1)]
    assert len(found) <= 31
    assert len({bucket.label for bucket in found}) == len(found)


def test_a_day_outside_the_period_is_not_left_out():
    found = dates.split_into_buckets(date(2025, 10, 7), date(2025, 10, 8), ["2025-10-06"])
    assert [bucket.label for bucket in found] == ["Mon 6 Oct", "Tue 7 Oct", "Wed 8 Oct"]
