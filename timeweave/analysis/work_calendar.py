"""Hours of a week and public holidays as config/team.yaml writes them, each with the day from which it holds."""

from collections.abc import Sequence
from datetime import date
from functools import cache, cached_property
from typing import Annotated, Any, Generic, TypeVar

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from timeweave.runtime.name_comparison import fold, suggest
from timeweave.runtime.params import Day, Label, Section
from timeweave.runtime.period import span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKDAYS = 5
_HOUR = 3600
_ENGLISH = "en_US"

Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]


def _check_hours(hours: Any) -> Any:
    # YAML itself reads 7:30 as 450.
    if isinstance(hours, int | float) and hours > 24:
        raise ValueError(f"a day has 24 hours, not {hours}; write half an hour as 7.5, not as 7:30")
    return hours


def _check_region(region: str) -> str:
    """The region as the `holidays` library spells it."""
    country, _, part = (piece.strip() for piece in region.partition("-"))
    country = country.upper()
    if not (len(country) == 2 and country.isalpha()):
        raise ValueError(f"{region!r} is not a country or region; write it like DE or DE-BE")
    try:
        parts = {fold(one): one for one in holidays.country_holidays(country).subdivisions}
    except NotImplementedError:
        known = [one for one in holidays.list_supported_countries() if len(one) == 2]
        raise ValueError(f"no holidays are known of the country {country}; {suggest(country, known)}") from None
    if not part:
        return country
    if fold(part) not in parts:
        raise ValueError(f"{country} has no region {part}; {suggest(part, parts.values())}")
    return f"{country}-{parts[fold(part)]}"


Hours = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False), BeforeValidator(_check_hours)]
Region = Annotated[Label, AfterValidator(_check_region)]


class Dated(Section):
    """Something and the day from which it holds; without one it has always held."""

    since: Day | None = Field(default=None, alias="from")


Value = TypeVar("Value")
Kind = TypeVar("Kind", bound=Dated)


class DatedValue(Dated, Generic[Value]):
    """One value: a team, a region, a share."""

    value: Value


class DatedHours(Dated):
    """Hours of a week: `weekly`, spread evenly over Monday to Friday, or those of single days, the others being free.

    With neither nothing is expected, which is not the same as a week of free days.
    """

    weekly: Annotated[float, Field(strict=True, ge=0, le=168, allow_inf_nan=False)] | None = None
    mon: Hours = 0
    tue: Hours = 0
    wed: Hours = 0
    thu: Hours = 0
    fri: Hours = 0
    sat: Hours = 0
    sun: Hours = 0

    @model_validator(mode="after")
    def _check_choice(self) -> "DatedHours":
        if self.weekly is not None and self.model_fields_set & set(WEEKDAYS):
            raise ValueError("give either weekly or the hours of days, not both")
        return self

    @cached_property
    def seconds(self) -> tuple[int, ...] | None:
        """By weekday from Monday; those of a week add up to `weekly` exactly."""
        if self.weekly is not None:
            each, rest = divmod(round(self.weekly * _HOUR), _WORKDAYS)
            return tuple((each + (day < rest)) * (day < _WORKDAYS) for day in range(7))
        if not self.model_fields_set & set(WEEKDAYS):
            return None
        return tuple(round(getattr(self, day) * _HOUR) for day in WEEKDAYS)


def _wrap(value: Any) -> Any:
    """One value alone has always held."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else [{"value": value}]


def _wrap_hours(value: Any) -> Any:
    return [{} if one is None else one for one in (value if isinstance(value, list) else [value])]


def _check_days(values: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """No two hold from the same day."""
    days = [one.since for one in values]
    if twice := [day for at, day in enumerate(days) if day in days[:at]]:
        raise ValueError(f"two values hold from {twice[0]}" if twice[0] else "two values have no `from`")
    return values


HoursInTime = Annotated[tuple[DatedHours, ...], BeforeValidator(_wrap_hours), AfterValidator(_check_days)]
RegionInTime = Annotated[tuple[DatedValue[Region | None], ...], BeforeValidator(_wrap), AfterValidator(_check_days)]
ShareInTime = Annotated[tuple[DatedValue[Share | None], ...], BeforeValidator(_wrap), AfterValidator(_check_days)]
LabelInTime = Annotated[tuple[DatedValue[Label | None], ...], BeforeValidator(_wrap), AfterValidator(_check_days)]


def list_days(start: str, end: str) -> list[date]:
    """All days of a span, both included."""
    return span(date.fromisoformat(start), date.fromisoformat(end))


def find_valid(values: Sequence[Kind], day: date) -> Kind | None:
    """What holds on the day; None before the first."""
    begun = (one for one in values if one.since is None or one.since <= day)
    return max(begun, key=lambda one: one.since or date.min, default=None)


def find_holiday(region: str, day: date) -> str | None:
    """The name of the day's public holiday, in English where the library has it, else in the country's own language."""
    return _list_holidays(region, day.year).get(day)


@cache
def _list_holidays(region: str, year: int) -> dict[date, str]:
    country, _, part = region.partition("-")
    known = holidays.country_holidays(country)
    # Left to itself the library takes the language of the machine.
    language = _ENGLISH if _ENGLISH in known.supported_languages else known.default_language
    return dict(holidays.country_holidays(country, subdiv=part or None, years=year, language=language))
