"""The team's time entries as they stand on one day: some come late, some change, some go, one timer runs on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from timeweave.sandbox.seeded_random import draw, fraction, pick
from timeweave.sandbox.team import Person
from timeweave.sandbox.toggl import workday
from timeweave.sandbox.toggl.assigned_items import AssignedItems
from timeweave.sandbox.toggl.time_entry import TimeEntry

_LATE, _EDITED, _DELETED = 0.03, 0.04, 0.012
_UTC = ZoneInfo("UTC")


class Timesheet:
    """Entries on demand; those `given` by hand take the place of the invented ones where they are not None."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], items: AssignedItems, *, seed: str,
        given: Iterable[TimeEntry] | None = None, added: Iterable[TimeEntry] = (),
    ) -> None:  # fmt: skip
        self._as_of, self._people, self._items, self._seed = as_of, people, items, seed
        self._inventing = people if given is None else ()
        self._by_hand = [*(given or ()), *added]
        self._zones = {person.user_id: ZoneInfo(person.timezone) for person in people}
        self._of_day = cache(self._visible)
        self._end = datetime.combine(as_of + timedelta(days=1), time(), UTC)

    @property
    def revision(self) -> int:
        """Grows when an entry is added."""
        return len(self._by_hand)

    def add(self, entry: TimeEntry) -> None:
        """Log an entry by hand."""
        self._by_hand.append(entry)

    def zone(self, user_id: int) -> ZoneInfo:
        """Where a user lives; UTC for one that nobody knows."""
        return self._zones.get(user_id, _UTC)

    def entries(self, first: date, last: date, zone: ZoneInfo | None = None) -> list[TimeEntry]:
        """Entries that start on the days from `first` to `last`, cut in `zone` or in each owner's own."""
        margin = timedelta(days=1 if zone else 0)
        days = [first - margin + timedelta(days=n) for n in range((last - first).days + 1 + 2 * margin.days)]
        found = [entry for day in days for person in self._inventing for entry in self._of_day(person, day)]
        if zone is not None:
            found = [entry for entry in found if first <= entry.start.astimezone(zone).date() <= last]
        for entry in self._by_hand:
            local_day = entry.start.astimezone(zone or self.zone(entry.user_id)).date()
            if entry.start < self._end and first <= local_day <= last:
                found.append(entry)
        return sorted(found, key=lambda entry: (entry.start, entry.id))

    def _visible(self, person: Person, day: date) -> tuple[TimeEntry, ...]:
        """The entries of a person's day that show, the last of them running where somebody forgot to stop it."""
        shown = self._seen(person, day)
        if shown and day == self._forgotten_day and person == self._forgetful:
            *rest, last = shown
            return *rest, replace(last, seconds=None, at=last.start)
        return shown

    def _seen(self, person: Person, day: date) -> tuple[TimeEntry, ...]:
        entries = workday.entries(self._items, self._seed, person, day)
        return tuple(seen for entry in entries if (seen := self._as_seen(entry)) is not None)

    def _as_seen(self, entry: TimeEntry) -> TimeEntry | None:
        """An entry as it shows on the day, None where it does not."""
        age = (self._as_of - entry.start.date()).days
        late, deleted, edited = (
            self._days_until(entry, *one)
            for one in (("late", _LATE, 3), ("deleted", _DELETED, 9), ("edited", _EDITED, 6))
        )
        if entry.start >= self._end or (late and age < late) or (deleted and age >= deleted):
            return None
        if edited and age < edited:
            return self._before_edit(entry)
        return (
            replace(entry, at=entry.start + timedelta(days=max(late, edited), minutes=7)) if late or edited else entry
        )

    def _before_edit(self, entry: TimeEntry) -> TimeEntry:
        if draw(self._seed, entry.id, "what") % 2:
            return replace(entry, description=entry.description.partition(" #")[0])
        return replace(entry, seconds=(entry.seconds or 0) + 600 + draw(self._seed, entry.id, "by") % 1800)

    def _days_until(self, entry: TimeEntry, what: str, share: float, most: int) -> int:
        """Days from an entry's start until something happens to it; 0 where it never does."""
        if fraction(self._seed, entry.id, what) >= share:
            return 0
        return 1 + draw(self._seed, entry.id, what, "after") % most

    @property
    def _forgotten_day(self) -> date:
        """The working day before the one that is looked at."""
        return self._as_of - timedelta(days={0: 3, 6: 2}.get(self._as_of.weekday(), 1))

    @cached_property
    def _forgetful(self) -> Person | None:
        """Who did not stop their timer on that day."""
        there = [person for person in self._people if self._seen(person, self._forgotten_day)]
        return pick(there, self._seed, self._forgotten_day, "forgot") if there else None
