"""Hours and shares as people read them: each value is rounded by itself, half up, so that the same time is the same text everywhere."""

from dataclasses import dataclass
from enum import StrEnum
from math import floor

from timeweave.runtime.params import Section

HOUR, MINUTE = 3600, 60
MINUS = "\u2212"


class HoursStyle(StrEnum):
    """`reports.hours` in params.yaml."""

    DECIMAL = "decimal"
    """39.20, and 39.2 in tiles and sentences."""
    CLOCK = "clock"
    """39:12 everywhere."""


class ReportSettings(Section):
    """`reports` in params.yaml."""

    hours: HoursStyle = HoursStyle.DECIMAL


class ReportParams(Section):
    """What report stages take from params.yaml."""

    reports: ReportSettings = ReportSettings()


@dataclass(frozen=True)
class HoursFormat:
    """How seconds are written as hours; a total is the rounded true total, not the total of rounded rows."""

    style: HoursStyle = HoursStyle.DECIMAL

    def exact(self, seconds: int) -> str:
        """For tables: `1,234.50` or `1,234:30`."""
        return _sign(seconds, self._write(abs(seconds), 2))

    def brief(self, seconds: int) -> str:
        """For tiles, sentences and cells of the heat map: `365.9` or `365:54`."""
        return _sign(seconds, self._write(abs(seconds), 1))

    def change(self, seconds: int, *, exact: bool = False) -> str:
        """A difference with its sign; without one where nothing is left after rounding."""
        shown = self._write(abs(seconds), 2 if exact else 1)
        return f"+{shown}" if seconds > 0 and shown.strip("0:.") else _sign(seconds, shown)

    def _write(self, seconds: int, digits: int) -> str:
        if self.style is HoursStyle.CLOCK:
            minutes = _round(seconds, MINUTE)
            return f"{minutes // 60:,}:{minutes % 60:02d}"
        parts = 10**digits
        amount = _round(seconds * parts, HOUR)
        return f"{amount // parts:,}.{amount % parts:0{digits}d}"


def format_exactly(seconds: int) -> str:
    """`365:53:24`: to the second, as Toggl writes a total."""
    return f"{seconds // HOUR:,}:{seconds // MINUTE % 60:02d}:{seconds % MINUTE:02d}"


def to_hundredths(seconds: int) -> int:
    """Hundredths of an hour, the nearest; halves go up."""
    return _round(seconds * 100, HOUR)


def to_percent(part: int, whole: int) -> int:
    """The share in whole percent, halves up; 0 where there is nothing to share."""
    return _round(100 * part, whole) if whole > 0 else 0


def round_share(share: float) -> int:
    """A share between 0 and 1 in whole percent, halves up."""
    return floor(100 * share + 0.5)


def change_points(part: int, whole: int, before: int, whole_before: int) -> str:
    """How many percentage points a share is more or less than the one before: `+3`."""
    numerator, unit = 100 * (part * whole_before - before * whole), whole * whole_before
    points = _round(abs(numerator), unit)
    return f"+{points}" if points and numerator > 0 else _sign(numerator, str(points))


def _round(amount: int, unit: int) -> int:
    return (2 * amount + unit) // (2 * unit)


def _sign(seconds: int, shown: str) -> str:
    return f"{MINUS}{shown}" if seconds < 0 and shown.strip("0:.") else shown
