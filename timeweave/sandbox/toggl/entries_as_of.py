"""The team's time entries as they stand on one day: some come late, some change, some go, one timer runs on."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from timeweave.sandbox.company import DAYS, PEOPLE, SEED, Person, draw, first_day, fraction, pick
from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.toggl.invented_entries import TimeEntries, TimeEntry

_HAPPENINGS = (("late", 0.03, 3), ("edited", 0.04, 6), ("deleted", 0.012, 9))
"""What happens to entries, to which share of them, after how many days at most."""

_COUNTED_FROM = 136
"""The sprint, in March 2025, in which the team began to estimate in hours and to copy the time logged into Fibery."""
Day = Callable[[Person, date], Iterable[TimeEntry]]


class Timesheet:
    """Entries on demand. Those `given` take the place of the invented ones; `by_hand` may grow while it is served."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], logged: TimeEntries, given: Iterable[TimeEntry] | None = None
    ) -> None:
        self._as_of, self._people, self._logged = as_of, people, logged
        self._inventing, self.by_hand = people if given is None else (), [*(given or ())]
        self._zones = {person.user_id: ZoneInfo(person.timezone) for person in people}
        self._shown_day = cache(self._show_day)
        self._sums = cache(self._sum_sprint)
        # The working day before the one that is looked at.
        self._forgotten_day = as_of - timedelta(days={0: 3, 6: 2}.get(as_of.weekday(), 1))
        self._end = datetime.combine(as_of + timedelta(days=1), time(), UTC)

    def zone(self, user_id: int) -> ZoneInfo:
        """Where a user lives; UTC for one that nobody knows."""
        return self._zones.get(user_id, ZoneInfo("UTC"))

    def entries(self, first: date, last: date, zone: ZoneInfo | None = None) -> list[TimeEntry]:
        """Entries that start on the days from `first` to `last`, cut in `zone` or in each owner's own."""
        margin = timedelta(days=1 if zone else 0)
        days = [first - margin + timedelta(days=n) for n in range((last - first).days + 1 + 2 * margin.days)]
        found = [entry for day in days for person in self._inventing for entry in self._shown_day(person, day)]
        if zone is not None:
            found = [entry for entry in found if first <= entry.start.astimezone(zone).date() <= last]
        for entry in self.by_hand:
            local_day = entry.start.astimezone(zone or self.zone(entry.user_id)).date()
            if entry.start < self._end and first <= local_day <= last:
                found.append(entry)
        return sorted(found, key=lambda entry: (entry.start, entry.id))

    def time_spent(self, item: Entity) -> int | None:
        """Seconds logged on an item so far, in its sprint and the two after it; None: nobody adds them up."""
        return self._add_up(item, range(item.sprint, item.sprint + 3), self._shown_day)

    def time_needed(self, item: Entity) -> int | None:
        """Seconds that will have been logged on an item in its sprint and the next; None: nobody adds them up."""
        return self._add_up(item, range(item.sprint, item.sprint + 2), self._logged.of_day)

    def _add_up(self, item: Entity, sprints: range, of_day: Day) -> int | None:
        if item.sprint < _COUNTED_FROM or not 0 < len(self._inventing) <= len(PEOPLE):
            return None
        return sum(self._sums(sprint, of_day)[item.type.name, item.number] for sprint in sprints)

    def _sum_sprint(self, sprint: int, of_day: Day) -> Counter[tuple[str, int]]:
        """Seconds by database and public id."""
        sums: Counter[tuple[str, int]] = Counter()
        days = (first_day(sprint) + timedelta(days=n) for n in range(DAYS))
        for entry in (entry for day in days for person in self._inventing for entry in of_day(person, day)):
            if entry.item is not None:
                sums[entry.item] += entry.seconds or 0
        return sums

    def _show_day(self, person: Person, day: date) -> list[TimeEntry]:
        """The entries of a person's day that show, the last of them running where somebody forgot to stop it."""
        shown = self._show_stopped(person, day)
        if shown and day == self._forgotten_day and person == self._forgetful:
            shown[-1] = shown[-1]._replace(seconds=None, at=shown[-1].start)
        return shown

    def _show_stopped(self, person: Person, day: date) -> list[TimeEntry]:
        return [seen for entry in self._logged.of_day(person, day) if (seen := self._show(entry)) is not None]

    def _show(self, entry: TimeEntry) -> TimeEntry | None:
        """An entry as it shows on the day, None where it does not."""
        age = (self._as_of - entry.start.date()).days
        late, edited, deleted = (self._days_until(entry, *one) for one in _HAPPENINGS)
        if entry.start < self._end and entry.at is not None:
            # What a story tells stays as it is.
            return entry
        if entry.start >= self._end or (late and age < late) or (deleted and age >= deleted):
            return None
        if edited and age < edited:
            if draw(SEED, entry.id, "what") % 2:
                return entry._replace(description=entry.description.partition(" #")[0])
            return entry._replace(seconds=(entry.seconds or 0) + 600 + draw(SEED, entry.id, "by") % 1800)
        changed = entry.start + timedelta(days=max(late, edited), minutes=7)
        return entry._replace(at=changed) if late or edited else entry

    def _days_until(self, entry: TimeEntry, what: str, share: float, most: int) -> int:
        """Days from an entry's start until something happens to it; 0 where it never does."""
        happens = fraction(SEED, entry.id, what) < share
        return 1 + draw(SEED, entry.id, what, "after") % most if happens else 0

    @cached_property
    def _forgetful(self) -> Person | None:
        there = [person for person in self._people if self._show_stopped(person, self._forgotten_day)]
        return pick(there, SEED, self._forgotten_day, "left running") if there else None
