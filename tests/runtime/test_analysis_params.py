"""How far back is looked: which periods are compared, and which days that needs."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from timeweave.runtime.analysis_params import AnalysisSettings, Thresholds
from timeweave.runtime.period import Period

WEEK = Period(start="2025-10-07", end="2025-10-13")
AS_OF = date(2025, 10, 14)


def test_a_week_is_compared_with_the_seven_days_before():
    assert AnalysisSettings().list_compared(WEEK, AS_OF) == [Period(start="2025-09-30", end="2025-10-06")]


def test_nothing_is_compared_where_no_period_before_is_asked_for():
    settings = AnalysisSettings(compare_periods=0)
    assert settings.list_compared(WEEK, AS_OF) == []
    assert settings.list_utc_days(WEEK, AS_OF) == WEEK.utc_days


def test_periods_that_have_not_begun_are_left_out_and_their_days_not_needed():
    settings, week = AnalysisSettings(compare_periods=3), Period(start="2025-10-21", end="2025-10-27")
    assert [one.start.day for one in settings.list_compared(week, AS_OF)] == [14, 7, 30]
    assert [one.start.day for one in settings.list_compared(week, AS_OF - timedelta(days=1))] == [7, 30]
    days = settings.list_utc_days(week, AS_OF)
    assert (days[0], AS_OF in days, date(2025, 10, 15) in days, days[-1]) == (
        date(2025, 9, 30), True, False, date(2025, 10, 27),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("since", "found"),
    [
        pytest.param(None, None, id="none"),
        pytest.param("2025-10-14", None, id="after the period"),
        pytest.param("2025-10-13", date(2025, 10, 13), id="its last day"),
        pytest.param("2025-01-01", date(2025, 1, 1), id="long before"),
        pytest.param("1999-12-31", date(2006, 1, 1), id="before there was a Toggl"),
    ],
)
def test_whole_time_counts_from_a_day_up_to_the_period_s_end(since, found):
    assert AnalysisSettings(since=since).find_since(WEEK) == found


ZONES = st.sampled_from(["UTC", "America/New_York", "Pacific/Kiritimati"])
DAYS = st.dates(date(2006, 1, 1), date(2060, 1, 1))


@given(DAYS, st.integers(0, 70), ZONES, st.integers(0, 6), st.none() | DAYS, DAYS)
def test_every_day_that_is_looked_at_is_there_and_the_others_are_not(start, length, zone, count, since, as_of):
    period = Period(start=start, end=start + timedelta(days=length), timezone=zone)
    settings = AnalysisSettings(compare_periods=count, since=since)
    looked_at = {day for one in settings.list_compared(period, as_of) for day in one.utc_days}
    if (first := settings.find_since(period)) is not None:
        looked_at.update(Period(start=first, end=period.end, timezone=zone).utc_days)
    own = set(period.utc_days)
    needed = own | {day for day in looked_at if day <= as_of or day >= min(own)}
    assert settings.list_utc_days(period, as_of) == sorted(needed)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("short_day", 1.1), ("short_day", "0.9"), ("short_day", True), ("long_day", 0.9), ("long_entry_hours", 0),
        ("longest_day_hours", float("inf")), ("estimate_warning", -0.1), ("uncategorized", float("nan")),
        ("unusual_periods", 1), ("unusual_periods", 6.5), ("forecast_completion", 0), ("forecast_items", 0),
        ("title_similarity", 2), ("short_days", 0.9),
    ],
)  # fmt: skip
def test_a_threshold_without_meaning_is_refused(key, value):
    with pytest.raises(ValidationError, match=key):
        Thresholds.model_validate({key: value})


@pytest.mark.parametrize(("key", "value"), [("compare_periods", -1), ("compare_periods", 121), ("compare_periods", True), ("since", "soon")])  # fmt: skip
def test_a_look_back_without_meaning_is_refused(key, value):
    with pytest.raises(ValidationError, match=key):
        AnalysisSettings.model_validate({key: value})
