"""The period that a run covers: both days included, cut in one declared time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import field_validator, model_validator

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
            raise ValueError(f"{name!r} is no IANA time zone; write one like Europe/Lisbon or UTC") from None
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
        first, last = self.first_instant.date(), (self.end_instant - timedelta(microseconds=1)).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]
