"""Entries that were moved from a day that is not looked at any more: they must not count on both days."""

from collections import defaultdict
from datetime import date
from functools import cached_property
from pathlib import Path

from timeweave.toggl import changes
from timeweave.toggl.archive import Archive, Walk, span
from timeweave.toggl.entry import Entry


class Moves:
    """Knows which day of the archive an entry stood on, for the days outside a walk."""

    def __init__(self, archive: Archive, changed: Path, as_of: date, besides: Walk) -> None:
        self._archive, self._changed, self._as_of = archive, changed, as_of
        self._walked = set(span(besides.first, besides.last))

    def settle(self, found: list[Entry]) -> None:
        """Take the entries that came just now out of other days they are still filed under.

        Ids grow: an entry with a higher one than any before is new and stands nowhere else.
        """
        old = [entry.id for entry in found if entry.id <= self._archive.ledger.highest_id]
        leaving: dict[date, set[int]] = defaultdict(set)
        for id_ in old:
            if id_ in self._homes:
                leaving[self._homes[id_]].add(id_)
        for day, ids in sorted(leaving.items()):
            self._take_out(day, ids)

    @cached_property
    def _homes(self) -> dict[int, date]:
        days = [day for day in self._archive.days() if day not in self._walked]
        return {id_: day for day in days for id_ in self._archive.ids(day)}

    def _take_out(self, day: date, ids: set[int]) -> None:
        seen = self._archive.seen_as_of(day)
        assert seen is not None, "a day that holds entries was looked at"  # noqa: S101
        before = self._archive.entries(day)
        after = [entry for entry in before if entry.id not in ids]
        changes.record(self._changed, changes.between(before, after, day, seen, self._as_of))
        self._archive.write(day, after, seen)
