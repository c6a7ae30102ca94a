"""Entries that were moved from a day that is not looked at any more: they must not count on both days."""

from collections import defaultdict
from datetime import date
from functools import cached_property

from timeweave.toggl import changes
from timeweave.toggl.archive import Archive
from timeweave.toggl.entry import Entry


class Moves:
    """Knows which day of the archive an entry stood on, for the days outside a walk."""

    def __init__(self, archive: Archive, walked: list[date], as_of: date) -> None:
        self._archive, self._walked, self._as_of = archive, walked, as_of

    def settle(self, found: list[Entry]) -> None:
        """Take the entries that came just now out of other days they are still filed under.

        Ids grow: an entry with a higher one than any before is new and stands nowhere else. Nor does one that stood on
        a day of the walk, so that the other days are read only where something did move.
        """
        old = {entry.id for entry in found if entry.id <= self._archive.index.highest_id} - self._ids_of_walk
        leaving: dict[date, set[int]] = defaultdict(set)
        for id_ in old:
            if id_ in self._other_days:
                leaving[self._other_days[id_]].add(id_)
        for day, ids in sorted(leaving.items()):
            self._take_out(day, ids)

    @cached_property
    def _ids_of_walk(self) -> set[int]:
        return {id_ for day in self._walked for id_ in self._archive.days.read_ids(day)}

    @cached_property
    def _other_days(self) -> dict[int, date]:
        walked = set(self._walked)
        days = [day for day in self._archive.days.list_days() if day not in walked]
        return {id_: day for day in days for id_ in self._archive.days.read_ids(day)}

    def _take_out(self, day: date, ids: set[int]) -> None:
        look = self._archive.days.find_look(day)
        assert look is not None, "a day that holds entries was looked at"  # noqa: S101
        before = self._archive.days.read_entries(day)
        after = [entry for entry in before if entry.id not in ids]
        changes.record(self._archive.files, changes.find_changes(before, after, day, look, self._as_of))
        self._archive.days.write(day, after, look)
