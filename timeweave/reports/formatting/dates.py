"""Days as people read them, in English and without a locale."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MOST_DAYS = 31
_MOST_WEEKS = 27


@dataclass(frozen=True)
class Day:
    """A day of the calendar; as text `7 Oct 2025`."""

    date: date

    @classmethod
    def parse(cls, text: str) -> "Day":
        """The day of `YYYY-MM-DD`."""
        return cls(date.fromisoformat(text))

    def __str__(self) -> str:
        return f"{self.short} {self.date.year}"

    @property
    def iso(self) -> str:
        return self.date.isoformat()

    @property
    def short(self) -> str:
        return f"{self.date.day} {MONTHS[self.date.month - 1][:3]}"

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.date.weekday()]

    @property
    def weekend(self) -> bool:
        return self.date.weekday() > 4


@dataclass(frozen=True)
class Bucket:
    """One or more whole days of a period, shown as one: a day, a week or a month."""

    label: str
    days: tuple[str, ...]
    """`YYYY-MM-DD`, ascending."""
    weekend: bool = False

    def sum_seconds(self, days: dict[str, int]) -> int:
        return sum(days.get(day, 0) for day in self.days)


def parse_day(value: str | None, zone: ZoneInfo) -> Day | None:
    """The day of a date or an instant, the instant's in `zone`; None where there is none or it is no date."""
    if not value:
        return None
    try:
        if len(value) <= len("YYYY-MM-DD"):
            return Day(date.fromisoformat(value))
        instant = datetime.fromisoformat(value)
        return Day(instant.astimezone(zone).date() if instant.tzinfo else instant.date())
    except (ValueError, OverflowError):
        return None


def format_span(start: date, end: date, letters: int | None = None) -> str:
    """Both days included: `7–13 October 2025`, `29 September – 5 October 2025`, `7 October 2025`; with so many letters of months."""
    last = f"{end.day} {MONTHS[end.month - 1][:letters]} {end.year}"
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    first = f"{start.day} {MONTHS[start.month - 1][:letters]}"
    return f"{first} – {last}" if start.year == end.year else f"{first} {start.year} – {last}"


def list_days(days: Sequence[Day]) -> str:
    """`Fri 10 and Mon 13 Oct`: each month once, after its last day."""
    shown = []
    for at, day in enumerate(days):
        last = at == len(days) - 1 or days[at + 1].date.month != day.date.month
        shown.append(f"{day.weekday} {day.short if last else day.date.day}")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def split_into_buckets(start: date, end: date, logged: Iterable[str] = ()) -> list[Bucket]:
    """The period in days; in weeks when it is longer than a month, in months when longer than half a year.

    A day in `logged` that lies outside the period has its place too, so that nothing is left out of a sum.
    """
    inside = {start + timedelta(days=n) for n in range((end - start).days + 1)}
    days = sorted(inside | {date.fromisoformat(day) for day in logged})
    if len(days) <= _MOST_DAYS:
        return [Bucket(f"{Day(day).weekday} {Day(day).short}", (day.isoformat(),), day.weekday() > 4) for day in days]
    weekly = len(days) <= 7 * _MOST_WEEKS
    found: dict[str, list[str]] = {}
    for day in days:
        monday = Day(day - timedelta(days=day.weekday()))
        label = f"week of {monday.short}" if weekly else f"{MONTHS[day.month - 1][:3]} {day.year}"
        found.setdefault(label, []).append(day.isoformat())
    return [Bucket(label, tuple(part)) for label, part in found.items()]
