"""The team's time entries as they stand on one day: some come late, some change, some go, one timer runs on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from timeweave.sandbox.chance import draw, fraction, pick
from timeweave.sandbox.team import Person
from timeweave.sandbox.toggl import workday
from timeweave.sandbox.toggl.entry import TimeEntry
from timeweave.sandbox.toggl.pool import Pool

_LATE, _EDITED, _DELETED = 0.03, 0.04, 0.012


class Timesheet:
    """Entries on demand; those `given` by hand take the place of the invented ones where they are not None."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], pool: Pool, *, seed: str,
        given: Iterable[TimeEntry] | None = None, added: Iterable[TimeEntry] = (),
    ) -> None:  # fmt: skip
        self.as_of, self.people = as_of, people
        self._pool, self._seed = pool, seed
        self._invented = given is None
        self._by_hand = (*(given or ()), *added)
        self._zones = {person.user_id: ZoneInfo(person.timezone) for person in people}
        self._day = cache(self._visible_day)
        self._end = datetime.combine(as_of + timedelta(days=1), time(), UTC)

    def zone(self, user_id: int) -> ZoneInfo:
        """Where a user lives; UTC for one that nobody knows."""
        return self._zones.get(user_id, _UTC)

    def entries(self, first: date, last: date, zone: ZoneInfo | None = None) -> list[TimeEntry]:
        """Entries that start on the days from `first` to `last`, cut in `zone` or in each owner's own."""
        margin = timedelta(days=1 if zone else 0)
        days = [first - margin + timedelta(days=n) for n in range((last - first).days + 1 + 2 * margin.days)]
        invented = (e for day in days for person in self.people for e in self._day(person, day) if self._invented)
        found = [
            entry for entry in (*invented, *self._by_hand)
            if entry.start < self._end and first <= entry.start.astimezone(zone or self.zone(entry.user_id)).date() <= last
        ]  # fmt: skip
        return sorted(found, key=lambda entry: (entry.start, entry.id))

    def _visible_day(self, person: Person, day: date) -> tuple[TimeEntry, ...]:
        shown = self._seen(person, day)
        if shown and day == self._forgotten_day and person == self._forgetful:
            *rest, last = shown
            return *rest, replace(last, seconds=None, at=last.start)
        return shown

    def _seen(self, person: Person, day: date) -> tuple[TimeEntry, ...]:
        entries = workday.entries(self._pool, self._seed, person, day)
        return tuple(seen for entry in entries if (seen := self._as_seen(entry)) is not None)

    def _as_seen(self, entry: TimeEntry) -> TimeEntry | None:
        """An entry as it shows on the day, None where it does not."""
        if entry.start >= self._end:
            return None
        if self._luck(entry, "late") < _LATE and self._days_ago(entry) < self._after(entry, "late", 3):
            return None
        if self._luck(entry, "deleted") < _DELETED and self._days_ago(entry) >= self._after(entry, "deleted", 9):
            return None
        if self._luck(entry, "edited") < _EDITED and self._days_ago(entry) < self._after(entry, "edited", 6):
            return self._before_edit(entry)
        return self._stamped(entry)

    def _before_edit(self, entry: TimeEntry) -> TimeEntry:
        if draw(self._seed, entry.id, "what") % 2:
            return replace(entry, description=entry.description.partition(" #")[0])
        return replace(entry, seconds=(entry.seconds or 0) + 600 + draw(self._seed, entry.id, "by") % 1800)

    def _stamped(self, entry: TimeEntry) -> TimeEntry:
        """With the moment of its last change."""
        days = [
            self._after(entry, what, most)
            for what, share, most in (("late", _LATE, 3), ("edited", _EDITED, 6))
            if self._luck(entry, what) < share
        ]
        return replace(entry, at=entry.start + timedelta(days=max(days), minutes=7)) if days else entry

    def _luck(self, entry: TimeEntry, what: str) -> float:
        return fraction(self._seed, entry.id, what)

    def _days_ago(self, entry: TimeEntry) -> int:
        return (self.as_of - entry.start.date()).days

    def _after(self, entry: TimeEntry, what: str, most: int) -> int:
        return 1 + draw(self._seed, entry.id, what, "after") % most

    @property
    def _forgotten_day(self) -> date:
        """The working day before the one that is looked at."""
        return self.as_of - timedelta(days={0: 3, 6: 2}.get(self.as_of.weekday(), 1))

    @cached_property
    def _forgetful(self) -> Person | None:
        """Who did not stop their timer on that day."""
        there = [person for person in self.people if self._seen(person, self._forgotten_day)]
        return pick(there, self._seed, self._forgotten_day, "forgot") if there else None


_UTC = ZoneInfo("UTC")
