"""The period that a run covers, both days included, cut in one declared time zone; and periods as people call them: last-week, 2026-W47, 2026-11 …"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import field_validator, model_validator

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.params import Day, Section


class Period(Section):
    """`period` of params.yaml."""

    start: Day
    end: Day
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _check_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is not an IANA time zone; write one like Europe/Lisbon or UTC") from None
        return name

    @model_validator(mode="after")
    def _check_span(self) -> "Period":
        if self.end < self.start:
            raise ValueError(f"the end {self.end} is before the start {self.start}; swap them")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone that days are cut in."""
        return ZoneInfo(self.timezone)

    @property
    def first_instant(self) -> datetime:
        """When the period begins, in UTC."""
        return datetime.combine(self.start, time(), self.zone).astimezone(UTC)

    @property
    def end_instant(self) -> datetime:
        """When the period is over, in UTC: the first instant that does not belong to it."""
        return datetime.combine(self.end + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def utc_days(self) -> list[date]:
        """The UTC days that its instants lie in, ascending: one more than its own days in most zones."""
        return span(self.first_instant.date(), (self.end_instant - timedelta(microseconds=1)).date())


DAY = timedelta(days=1)
EARLIEST = date(2006, 1, 1)
"""Toggl began in that year: nobody has logged anything before."""
KNOWN = "today, yesterday, this-week, last-week, this-month, last-month, 2026-W47, 2026-11, 2026-Q4 or 2026"


def span(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def parse_period(name: str, today: date) -> tuple[date, date]:
    """Both days included; weeks begin on Monday (ISO 8601). A period that is not over yet is given whole."""
    monday, first = today - DAY * today.weekday(), today.replace(day=1)
    match name.strip().lower():
        case "today":
            return today, today
        case "yesterday":
            return today - DAY, today - DAY
        case "this-week":
            return monday, monday + 6 * DAY
        case "last-week":
            return monday - 7 * DAY, monday - DAY
        case "this-month":
            return find_month(first)
        case "last-month":
            return find_month((first - DAY).replace(day=1))
    return _parse_calendar(name.strip())


def find_month(first: date) -> tuple[date, date]:
    """The month that begins on `first`."""
    return first, (first + 31 * DAY).replace(day=1) - DAY


def cut_span(first: date, last: date, every: str) -> list[tuple[date, date]]:
    """The weeks or months that touch a span, ascending; whole ones, but none reaches out of the span."""
    found = []
    day = first
    while day <= last:
        end = day + (6 - day.weekday()) * DAY if every == "week" else find_month(day.replace(day=1))[1]
        found.append((day, min(end, last)))
        day = end + DAY
    return found


def round_to_weeks(first: date, last: date) -> tuple[date, date]:
    """The whole weeks that begin in a span of at least a week."""
    return first + (-first.weekday() % 7) * DAY, last + (6 - last.weekday()) * DAY


def list_periods_before(start: date, end: date, count: int) -> list[tuple[date, date]]:
    """The `count` equal periods before, newest first, both days included; none begins before `EARLIEST`.

    Before whole calendar months, as many months; before all else, as many days.
    """
    after = end + DAY
    are_months = start.day == after.day == 1
    number, find = (_number_month, _find_month_start) if are_months else (date.toordinal, date.fromordinal)
    length = number(after) - number(start)
    firsts = [number(start) - n * length for n in range(1, count + 1)]
    return [(find(first), find(first + length) - DAY) for first in firsts if first >= number(EARLIEST)]


def _number_month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _find_month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _parse_calendar(name: str) -> tuple[date, date]:
    try:
        if found := re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", name):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return monday, monday + 6 * DAY
        if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
            return find_month(date(int(found[1]), int(found[2]), 1))
        if found := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", name):
            first = date(int(found[1]), 3 * int(found[2]) - 2, 1)
            return first, find_month(first.replace(month=first.month + 2))[1]
        if found := re.fullmatch(r"\d{4}", name):
            return date(int(name), 1, 1), date(int(name), 12, 31)
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(
            f"--period {name}: the calendar has no such period ({error}); write one such as 2026-W47, 2026-11, 2026-Q4 or 2026"
        ) from None
    raise ConfigurationError(f"--period {name[:50]!r} is not known; write {KNOWN}")
