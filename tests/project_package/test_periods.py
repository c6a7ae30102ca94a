"""Periods by name, and spans cut into weeks and months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.period import cut_span, parse_period, round_to_weeks

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-24", "2026-11-24"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("this-week", "2026-11-23", "2026-11-29"),
        ("last-week", "2026-11-16", "2026-11-22"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("Last-Month", "2026-10-01", "2026-10-31"),
        ("2026-W47", "2026-11-16", "2026-11-22"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_named_period_is_whole(name, first, last):
    assert parse_period(name, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("name", ["2025-W53", "2026-13", "2026-Q5", "week", "", "2026-1", "0000"])
def test_what_no_calendar_has_is_refused(name):
    with pytest.raises(ConfigurationError):
        parse_period(name, TODAY)


@given(DAYS, st.integers(0, 900), st.sampled_from(["week", "month"]))
def test_a_cut_span_has_every_day_once(first, length, every):
    last = first + timedelta(days=length)
    parts = cut_span(first, last, every)
    covered = [start + timedelta(days=n) for start, end in parts for n in range((end - start).days + 1)]
    assert covered == [first + timedelta(days=n) for n in range(length + 1)]
    for start, end in parts[1:-1]:
        assert (start.weekday() == 0 and (end - start).days == 6) if every == "week" else start.day == 1


@given(DAYS, st.integers(27, 900))
def test_the_weeks_of_a_month_are_whole_and_begin_in_it(first, length):
    last = first + timedelta(days=length)
    start, end = round_to_weeks(first, last)
    assert (start.weekday(), end.weekday()) == (0, 6)
    assert first <= start < first + timedelta(days=7)
    assert last <= end < last + timedelta(days=7)
