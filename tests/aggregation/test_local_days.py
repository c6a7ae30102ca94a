from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.aggregation.local_days import LocalDays, cut_into_local_days
from timeweave.runtime.errors import TimeweaveError

ZONES = (
    "UTC",
    "Europe/Lisbon",
    "America/New_York",
    "America/Havana",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
)

CLOCK_CHANGES = (
    pytest.param("Europe/Lisbon", date(2025, 10, 26), id="an hour back at night"),
    pytest.param("Europe/Lisbon", date(2025, 3, 30), id="an hour forward at night"),
    pytest.param("America/Havana", date(2025, 11, 2), id="midnight comes twice"),
    pytest.param("America/Santiago", date(2025, 9, 7), id="there is no midnight"),
    pytest.param("America/Santiago", date(2025, 4, 6), id="the last hour of a day comes twice"),
    pytest.param("Africa/Cairo", date(2025, 4, 24), id="there is no midnight, east of Greenwich"),
    pytest.param("America/St_Johns", date(2010, 11, 7), id="a new day lasts a minute, then the old one returns"),
    pytest.param("Australia/Lord_Howe", date(2025, 10, 4), id="half an hour"),
    pytest.param("Pacific/Apia", date(2011, 12, 30), id="a day is skipped"),
    pytest.param("Asia/Kathmandu", date(2025, 10, 7), id="an offset of quarters"),
)


@pytest.mark.parametrize(("zone", "utc_day"), CLOCK_CHANGES)
def test_every_half_minute_of_the_day_has_the_date_that_local_clocks_show(zone, utc_day):
    local_days = LocalDays(utc_day, ZoneInfo(zone), date.min, date.max)
    instants = [datetime.combine(utc_day, time(), UTC) + timedelta(seconds=30 * n) for n in range(2880)]
    shown = [str(instant.astimezone(ZoneInfo(zone)).date()) for instant in instants]
    assert [local_days.find(instant.isoformat().replace("+00:00", "Z")) for instant in instants] == shown
    written = [local_days.write_local(instant.isoformat()) for instant in instants]
    assert written == [instant.astimezone(ZoneInfo(zone)).isoformat() for instant in instants]


def test_a_new_day_that_lasts_a_minute_is_cut_out_to_the_second():
    spans = cut_into_local_days(date(2010, 11, 7), ZoneInfo("America/St_Johns"))
    assert [(begin.strftime("%H:%M:%S"), day.day) for begin, _, day in spans] == [
        ("00:00:00", 6),
        ("02:30:00", 7),
        ("02:31:00", 6),
        ("03:30:00", 7),
    ]


@st.composite
def written_starts(draw):
    """A UTC day and starts in it as Toggl may write them: any offset, any number of fraction digits."""
    utc_day = draw(st.dates(date(2007, 1, 1), date(2037, 12, 31)))
    starts = []
    for _ in range(draw(st.integers(1, 12))):
        second = draw(st.integers(0, 86399) | st.sampled_from([0, 1, 3599, 3600, 82799, 82800, 86399]))
        instant = datetime.combine(utc_day, time(), UTC) + timedelta(seconds=second)
        minutes = draw(st.none() | st.sampled_from([0, 60, -60, 120, -480, 330, 345, -210, 840, -720]))
        offset = timezone(timedelta(minutes=minutes or 0))
        fraction = draw(st.text("0123456789", max_size=6))
        text = instant.astimezone(offset).strftime("%Y-%m-%dT%H:%M:%S") + ("." + fraction if fraction else "")
        written = "Z" if minutes is None else datetime.min.replace(tzinfo=offset).isoformat()[-6:]
        starts.append((text + written, instant))
    return utc_day, starts


@given(written_starts(), st.sampled_from(ZONES))
def test_however_a_start_is_written_its_day_is_that_of_its_instant(day_and_starts, zone):
    utc_day, starts = day_and_starts
    local_days = LocalDays(utc_day, ZoneInfo(zone), date.min, date.max)
    for text, instant in starts:
        local = instant.astimezone(ZoneInfo(zone))
        assert local_days.find(text) == str(local.date())
        assert local_days.write_local(text) == local.isoformat()


@pytest.mark.parametrize(
    ("start", "day"),
    [
        pytest.param("2025-10-07T03:59:59Z", None, id="the second before the period"),
        pytest.param("2025-10-07T04:00:00Z", "2025-10-07", id="its first second"),
        pytest.param("2025-10-07T00:00:00-04:00", "2025-10-07", id="its first second, in local time"),
        pytest.param("2025-10-07T23:59:59.999999Z", "2025-10-07", id="the last of the UTC day"),
    ],
)
def test_the_period_begins_with_its_first_local_midnight(start, day):
    new_york = ZoneInfo("America/New_York")
    assert LocalDays(date(2025, 10, 7), new_york, date(2025, 10, 7), date(2025, 10, 13)).find(start) == day


def test_the_period_ends_with_its_last_local_day():
    local_days = LocalDays(date(2025, 10, 8), ZoneInfo("America/New_York"), date(2025, 10, 7), date(2025, 10, 7))
    assert local_days.find("2025-10-08T03:59:59Z") == "2025-10-07"
    assert local_days.find("2025-10-08T04:00:00Z") is None


@pytest.mark.parametrize(
    ("start", "complaint"),
    [
        pytest.param("2025-10-08T00:00:00Z", "another day", id="the next day"),
        pytest.param("2025-10-07T00:30:00+01:00", "another day", id="the day before, by its offset"),
        pytest.param("2025-10-07T10:00:00", "no UTC offset", id="without an offset"),
        pytest.param("lunch", "not an instant", id="no time at all"),
        pytest.param("", "not an instant", id="empty"),
    ],
)
def test_a_start_that_does_not_belong_in_the_file_is_named(start, complaint):
    local_days = LocalDays(date(2025, 10, 7), ZoneInfo("UTC"), date.min, date.max)
    with pytest.raises(TimeweaveError, match=f"2025-10-07 holds .*{complaint}.*--refresh toggl"):
        local_days.find(start)
