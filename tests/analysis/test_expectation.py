"""What was to be worked on a day, against a count that goes through hours, holidays and absences by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.analysis.expectation import UNKNOWN, DayKind, Expectations, ExpectedDay
from timeweave.analysis.team_file import TeamFile
from timeweave.analysis.work_calendar import _list_holidays, find_holiday

FIRST, LAST = date(2025, 9, 22), date(2025, 10, 19)
LATER = date(2025, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
HOLIDAYS = {"DE-BE": {date(2025, 10, 3)}, "PT": {date(2025, 10, 5)}, "US": {date(2025, 10, 13)}, None: set()}
"""Of these days, as the calendars on the wall have them."""
WEEKDAYS = "mon tue wed thu fri sat sun".split()


def read(person, as_of=LATER, **defaults):
    """What finds the days of one person, whose file is as YAML would be read."""
    file = TeamFile.model_validate({"defaults": defaults, "people": [{"email": "a@b.example"} | person]})
    return lambda day: Expectations(file, as_of).find_day(file.people[0], day)


def expect(person, day, as_of=LATER, **defaults):
    return read(person, as_of, **defaults)(day)


days = st.sampled_from(DAYS)
hours = st.integers(0, 96).map(lambda quarters: quarters / 4)
weeks = st.dictionaries(st.sampled_from(WEEKDAYS), hours, min_size=1) | st.integers(0, 168).map(lambda n: {"weekly": n})


def dated(values):
    """Some of them with days from which they hold, at most one without."""
    return st.dictionaries(st.none() | days, values, max_size=3)


def write(by_day, inline=False):
    """As the file has them, in whatever order."""
    return [
        ({"from": since} if since else {}) | (value if inline else {"value": value}) for since, value in by_day.items()
    ]


def hold(by_day, default, day):
    """The value of the latest day that has come."""
    begun = [since for since in by_day if since is None or since <= day]
    return by_day[max(begun, key=lambda since: since or date.min)] if begun else default


absences = st.lists(st.tuples(days, st.integers(0, 9), st.sampled_from([1, 0.5, 0.25, 0.1])), max_size=4)


@given(
    st.none() | weeks, dated(weeks), st.sampled_from([*HOLIDAYS]), dated(st.sampled_from([*HOLIDAYS])), absences,
    st.none() | days, st.none() | days, days,
)  # fmt: skip
def test_what_is_expected_equals_a_count_day_by_day(default, own, region, regions, absent, first, last, as_of):
    if first and last and last < first:
        first, last = last, first
    person = {"hours": write(own, inline=True), "holidays": write(regions), "from": first, "until": last}
    person["absences"] = [{"from": day, "to": day + timedelta(days=n), "part": part} for day, n, part in absent]
    find_day = read(person, as_of, hours=default, holidays=region)
    for day in DAYS:
        found = find_day(day)
        counted = count(day, hold(own, default, day), hold(regions, region, day), person, as_of)
        assert (found.expected, found.absent) == counted
        assert found.kind is not DayKind.UNKNOWN or found == UNKNOWN


def count(day, week, region, person, as_of):
    if week is None:
        return None, 0
    if day >= as_of or (person["from"] and day < person["from"]) or (person["until"] and day > person["until"]):
        return 0, 0
    seconds = spread(week, day.weekday())
    if day in HOLIDAYS[region]:
        return 0, 0
    absent = 0
    for one in person["absences"]:
        if one["from"] <= day <= one["to"]:
            absent += round(seconds * one["part"])
    return max(0, seconds - absent), min(seconds, absent)


def spread(week, weekday):
    if "weekly" not in week:
        return int(week.get(WEEKDAYS[weekday], 0) * 3600)
    return week["weekly"] * 3600 // 5 if weekday < 5 else 0


FULL_TIME = {"hours": {"weekly": 40}, "holidays": "DE-BE"}


def absence(day, **more):
    return {"absences": [{"from": day, "reason": "vacation"} | more]}


@pytest.mark.parametrize(
    ("person", "day", "found"),
    [
        ({}, date(2025, 10, 6), ExpectedDay(DayKind.WORKDAY, 28800)),
        ({}, date(2025, 10, 4), ExpectedDay(DayKind.FREE_DAY, 0)),
        ({}, date(2025, 10, 3), ExpectedDay(DayKind.HOLIDAY, 0, 0, "German Unity Day")),
        ({"hours": {"mon": 8}}, date(2025, 10, 3), ExpectedDay(DayKind.FREE_DAY, 0, 0, "German Unity Day")),
        ({"holidays": None}, date(2025, 10, 3), ExpectedDay(DayKind.WORKDAY, 28800)),
        (absence(date(2025, 10, 3)), date(2025, 10, 3), ExpectedDay(DayKind.HOLIDAY, 0, 0, "German Unity Day")),
        (absence(date(2025, 10, 6)), date(2025, 10, 6), ExpectedDay(DayKind.ABSENCE, 0, 28800, "vacation")),
        (absence(date(2025, 10, 6), part=0.5), date(2025, 10, 6), ExpectedDay(DayKind.WORKDAY, 14400, 14400, "vacation")),
        (absence(date(2025, 10, 6)), date(2025, 10, 7), ExpectedDay(DayKind.WORKDAY, 28800)),
        (absence(date(2025, 10, 4)), date(2025, 10, 4), ExpectedDay(DayKind.FREE_DAY, 0)),
        ({"from": date(2025, 10, 7)}, date(2025, 10, 6), ExpectedDay(DayKind.NOT_EMPLOYED, 0)),
        ({"until": date(2025, 10, 6)}, date(2025, 10, 6), ExpectedDay(DayKind.WORKDAY, 28800)),
        ({"until": date(2025, 10, 6)}, date(2025, 10, 7), ExpectedDay(DayKind.NOT_EMPLOYED, 0)),
        ({}, date(2025, 10, 8), ExpectedDay(DayKind.WORKDAY, 28800)),
        ({}, date(2025, 10, 9), ExpectedDay(DayKind.NOT_DUE, 0)),
        ({"hours": None}, date(2025, 10, 6), UNKNOWN),
    ],
)  # fmt: skip
def test_a_day_says_why_so_much_is_expected(person, day, found):
    assert expect(person, day, date(2025, 10, 9), **FULL_TIME) == found


def test_nothing_is_known_of_people_whom_the_file_does_not_name_whatever_its_defaults():
    file = TeamFile.model_validate({"defaults": FULL_TIME | {"utilization_target": 0.8}})
    expectations = Expectations(file, LATER)
    assert expectations.find_day(None, FIRST) == UNKNOWN
    assert expectations.find_utilization_target(None, FIRST) is None


def test_a_target_of_one_s_own_holds_from_its_day_and_the_default_before():
    target = [{"from": date(2025, 10, 1), "value": 0.5}]
    file = TeamFile.model_validate(
        {"defaults": {"utilization_target": 0.8}, "people": [{"email": "a@b.example", "utilization_target": target}]}
    )
    find = Expectations(file, LATER).find_utilization_target
    assert [find(file.people[0], date(2025, *day)) for day in ((9, 30), (10, 1))] == [0.8, 0.5]


@pytest.mark.parametrize(
    ("planned", "logged", "found"),
    [
        ({}, 0, ExpectedDay(DayKind.WORKDAY, 28800)),
        ({}, 3600, ExpectedDay(DayKind.WORKDAY, 25200, 3600)),
        ({}, 28800, ExpectedDay(DayKind.ABSENCE, 0, 28800)),
        ({}, 30000, ExpectedDay(DayKind.ABSENCE, 0, 30000)),
        (absence(date(2025, 10, 6), part=0.5), 14400, ExpectedDay(DayKind.WORKDAY, 14400, 14400, "vacation")),
        (absence(date(2025, 10, 6), part=0.5), 18000, ExpectedDay(DayKind.WORKDAY, 10800, 18000, "vacation")),
        ({"hours": {"tue": 8}}, 3600, ExpectedDay(DayKind.FREE_DAY, 0, 3600)),
        ({"hours": None}, 3600, ExpectedDay(DayKind.UNKNOWN, None, 3600)),
    ],
)
def test_absence_that_is_logged_counts_once_with_what_was_planned(planned, logged, found):
    assert expect(planned, date(2025, 10, 6), **FULL_TIME).add_logged_absence(logged) == found


@pytest.mark.parametrize(("region", "name"), [("DE", "German Unity Day"), ("PL", "National Independence Day")])
def test_holidays_are_named_alike_whatever_language_the_machine_speaks(monkeypatch, region, name):
    monkeypatch.setenv("LANGUAGE", "uk")
    _list_holidays.cache_clear()
    assert name in {find_holiday(region, FIRST + timedelta(days=n)) for n in range(120)}
