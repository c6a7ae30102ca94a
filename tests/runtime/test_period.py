"""A period is cut in its own zone and covers every UTC day that its instants lie in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from timeweave.runtime.period import EARLIEST, Period, find_month, list_periods_before

ZONES = [
    "UTC",
    "Europe/Lisbon",
    "Asia/Kolkata",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Niue",
    "Asia/Kathmandu",
]


def test_a_week_in_utc_is_seven_utc_days():
    week = Period(start="2025-10-07", end="2025-10-13")
    assert (week.utc_days[0], week.utc_days[-1], len(week.utc_days)) == (date(2025, 10, 7), date(2025, 10, 13), 7)


def test_a_day_in_another_zone_lies_in_two_utc_days():
    day = Period(start="2025-10-07", end="2025-10-07", timezone="Asia/Tokyo")
    assert day.utc_days == [date(2025, 10, 6), date(2025, 10, 7)]


def test_the_day_the_clocks_go_back_has_25_hours():
    day = Period(start="2025-10-26", end="2025-10-26", timezone="Europe/Berlin")
    assert day.end_instant - day.first_instant == timedelta(hours=25)


@given(st.dates(date(2001, 1, 1), date(2100, 1, 1)), st.integers(0, 400), st.sampled_from(ZONES), st.data())
def test_every_instant_of_the_period_lies_in_one_of_its_utc_days(start, length, zone, data):
    period = Period(start=start, end=start + timedelta(days=length), timezone=zone)
    instants = st.datetimes(period.first_instant.replace(tzinfo=None), period.end_instant.replace(tzinfo=None))
    instant = data.draw(instants).replace(tzinfo=UTC)
    if instant < period.end_instant:
        assert instant.date() in period.utc_days
        assert period.start <= instant.astimezone(period.zone).date() <= period.end


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValidationError, match="swap them"):
        Period(start="2025-10-13", end="2025-10-07")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime", "utc2"])
def test_an_unknown_zone_is_refused_with_an_example(zone):
    with pytest.raises(ValidationError, match="Europe/Lisbon"):
        Period(start="2025-10-07", end="2025-10-13", timezone=zone)


def test_instants_are_utc():
    assert Period(start="2025-10-07", end="2025-10-07").first_instant == datetime(2025, 10, 7, tzinfo=UTC)


def test_before_a_week_come_weeks_and_before_a_month_come_months():
    assert list_periods_before(date(2025, 10, 7), date(2025, 10, 13), 2) == [
        (date(2025, 9, 30), date(2025, 10, 6)),
        (date(2025, 9, 23), date(2025, 9, 29)),
    ]
    assert list_periods_before(date(2024, 3, 1), date(2024, 3, 31), 2) == [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2024, 1, 31)),
    ]
    assert list_periods_before(date(2025, 1, 1), date(2025, 3, 31), 1) == [(date(2024, 10, 1), date(2024, 12, 31))]


def test_no_period_is_compared_that_begins_before_there_was_a_toggl():
    assert list_periods_before(date(2006, 1, 8), date(2006, 1, 14), 5) == [(date(2006, 1, 1), date(2006, 1, 7))]
    assert list_periods_before(date(2006, 2, 1), date(2006, 2, 28), 5) == [(date(2006, 1, 1), date(2006, 1, 31))]
    assert list_periods_before(date.min, date(2006, 1, 1), 5) == []


days = st.dates(date(2006, 1, 1), date(2100, 1, 1))


@given(days, st.integers(0, 800), st.integers(0, 12))
def test_the_periods_before_follow_on_each_other_without_a_gap(start, length, count):
    end = start + timedelta(days=length)
    found = list_periods_before(start, end, count)
    assert len(found) <= count
    for (first, last), (following, _) in zip(found, [(start, end), *found], strict=False):
        assert last + timedelta(days=1) == following
        assert first >= EARLIEST
    if (start.day, (end + timedelta(days=1)).day) != (1, 1):
        assert {last - first for first, last in found} <= {end - start}


@given(days, st.integers(1, 14), st.integers(1, 12))
def test_before_whole_months_come_as_many_whole_months(day, months, count):
    start = end = day.replace(day=1)
    for _ in range(months):
        last = find_month(end)[1]
        end = last + timedelta(days=1)
    for first, last in list_periods_before(start, end - timedelta(days=1), count):
        assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
        assert 28 * months <= (last - first).days + 1 <= 31 * months
        assert round((last - first).days / 30.44) == months
