"""Periods as people say them, and ids that can name a run."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.errors import ConfigurationError
from timeweave.runs import calendar

TODAY = date(2025, 10, 14)


@pytest.mark.parametrize(("word", "first", "last"), [
    ("last-week", "2025-10-06", "2025-10-12"), ("this-week", "2025-10-13", "2025-10-19"),
    ("last-month", "2025-09-01", "2025-09-30"), ("this-month", "2025-10-01", "2025-10-31"),
    ("2026-W01", "2025-12-29", "2026-01-04"), ("2024-02", "2024-02-01", "2024-02-29"),
])  # fmt: skip
def test_a_word_is_a_period(word, first, last):
    assert calendar.period(word, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("word", ["2025-W54", "2025-13", "yesterday", "", "2025-W1", "last-year"])
def test_what_is_no_period_says_how_to_write_one(word):
    with pytest.raises(ConfigurationError, match="2026-W47"):
        calendar.period(word, TODAY)


@given(st.dates(date(2000, 1, 10), date(2100, 1, 1)))
def test_weeks_and_months_lie_side_by_side(today):
    assert calendar.period("last-week", today)[1] + timedelta(days=1) == calendar.period("this-week", today)[0]
    assert calendar.period("last-month", today)[1] + timedelta(days=1) == calendar.period("this-month", today)[0]
    for word in ("this-week", "this-month"):
        first, last = calendar.period(word, today)
        assert first <= today <= last
    year, week, _ = today.isocalendar()
    assert calendar.period(f"{year}-W{week:02}", today) == calendar.period("this-week", today)


def test_an_id_says_when_the_run_began():
    assert calendar.run_id(datetime(2025, 10, 10, 15, 30, 45)) == "run_2025-10-10-15-30-45"  # noqa: DTZ001
    assert calendar.checked_id("run_2025-10-10-15-30-45")


@pytest.mark.parametrize("text", ["", "../up", "a/b", "with blank", "-n", "run.lock", "x" * 81, "9lives", "a--b", "ü"])
def test_an_id_that_could_be_a_path_or_an_option_is_refused(text):
    with pytest.raises(ConfigurationError, match="cannot name a run"):
        calendar.checked_id(text)
