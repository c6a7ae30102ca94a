"""Which local day an instant belongs to, for the instants of one UTC day: exact to the second, looked up by the hour."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from timeweave.runtime.document import REMEDY
from timeweave.runtime.errors import TimeweaveError

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class LocalDays:
    """The local days that share a UTC day, those from `first` to `last` by name, the others as None."""

    def __init__(self, utc_day: date, zone: ZoneInfo, first: date, last: date) -> None:
        self._utc_day = utc_day
        self._zone = zone
        self._spans = [
            (begin, end, day.isoformat() if first <= day <= last else None)
            for begin, end, day in cut_into_local_days(utc_day, zone)
        ]
        self._hours: dict[str, str | None] = {}
        self._local_hours: dict[str, tuple[str, str] | None] = {}

    def find(self, start: str) -> str | None:
        """The day, `YYYY-MM-DD`, of a start as Toggl writes it; None outside first..last.

        An instant of another UTC day is an error: the file it came from is not what its name says.
        """
        hour = _get_hour(start)
        try:
            return self._hours[hour]
        except KeyError:
            return self._look_up(start, hour)

    def write_local(self, start: str) -> str:
        """A start as Toggl writes it in local time, to the second, with its offset."""
        hour = _get_hour(start)
        if hour not in self._local_hours:
            self._local_hours[hour] = self._find_local_hour(start)
        if found := self._local_hours[hour]:
            return f"{found[0]}{start[13:19]}{found[1]}"
        return self._to_local(datetime.fromisoformat(start)).isoformat(timespec="seconds")

    def _find_local_hour(self, start: str) -> tuple[str, str] | None:
        """What stands before and after minute and second; None where clocks change in the hour, or differ by minutes."""
        top = datetime.fromisoformat(start).replace(minute=0, second=0, microsecond=0)
        first, last = self._to_local(top), self._to_local(top + HOUR - SECOND)
        if first.minute or first.utcoffset() != last.utcoffset():
            return None
        text = first.isoformat()
        return text[:13], text[19:]

    def _to_local(self, instant: datetime) -> datetime:
        return instant.astimezone(self._zone)

    def _look_up(self, start: str, hour: str) -> str | None:
        instant = self._parse_instant(start)
        begin, end, day = next(span for span in self._spans if instant < span[1])
        top = instant.replace(minute=0, second=0, microsecond=0)
        if begin <= top and top + HOUR <= end:
            self._hours[hour] = day
        return day

    def _parse_instant(self, start: str) -> datetime:
        """Aware, in the offset it was written with, so that its hour is the hour of the text."""
        try:
            instant = datetime.fromisoformat(start)
        except ValueError:
            raise TimeweaveError(f"{self._complaint} {start!r}, which is not an instant; {self._remedy}") from None
        if instant.tzinfo is None:
            raise TimeweaveError(f"{self._complaint} {start!r}, which has no UTC offset; {self._remedy}")
        if not self._spans[0][0] <= instant < self._spans[-1][1]:
            raise TimeweaveError(f"{self._complaint} {start!r}, which is another day; {self._remedy}")
        return instant

    @property
    def _complaint(self) -> str:
        return f"the archive's file of {self._utc_day} holds an entry that starts at"

    @property
    def _remedy(self) -> str:
        return f"{REMEDY}; if that does not help, `timeweave run --refresh toggl` asks Toggl for the day again"


def _get_hour(start: str) -> str:
    """The hour of a start with its offset, which is the same text for all starts in it."""
    return start[:13] if start[-1:] == "Z" else start[:13] + start[-6:]


def cut_into_local_days(utc_day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime, date]]:
    """The UTC day cut where the local date changes: [begin, end) in UTC and the date there, ascending, without gaps.

    The date changes when local clocks pass midnight or are moved across it, so only those instants are tried.
    """
    begin = datetime.combine(utc_day, time(), UTC)
    end = begin + timedelta(days=1)
    tried = {begin, _find_clock_change(begin, end, zone)}
    for midnight in (utc_day, utc_day + timedelta(days=1)):
        tried |= {datetime.combine(midnight, time(fold=fold), zone).astimezone(UTC) for fold in (0, 1)}
    cuts: list[tuple[datetime, date]] = []
    for instant in sorted(instant for instant in tried if begin <= instant < end):
        day = instant.astimezone(zone).date()
        if not cuts or cuts[-1][1] != day:
            cuts.append((instant, day))
    ends = [instant for instant, _ in cuts[1:]] + [end]
    return [(instant, until, day) for (instant, day), until in zip(cuts, ends, strict=True)]


def _find_clock_change(begin: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """The first second that has the offset of `end`: clocks change at most once in a day, and on a second."""
    settled = end.astimezone(zone).utcoffset()
    seconds = range((end - begin) // SECOND)
    change = bisect_left(seconds, True, key=lambda n: (begin + n * SECOND).astimezone(zone).utcoffset() == settled)
    return begin + change * SECOND
