"""All time on each item since a day: sums that are kept however many entries and descriptions there are."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache

import msgspec

from timeweave.aggregation.entry_groups import REMEMBERED_DESCRIPTIONS, EntryGroups, Matcher
from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.name_lookup import CommonSpelling, fold
from timeweave.matching.parsed_description import Match
from timeweave.matching.reference import Reference
from timeweave.models.entities import NO_ITEM_FIRST, EntityKey
from timeweave.models.history import Since, SinceRow
from timeweave.models.time_entry_days import Row


class _ItemTime(msgspec.Struct, gc=False):
    reference: Reference | None
    text: str | None
    people: dict[int, int] = {}
    """Seconds by user id."""
    spellings: dict[tuple[str | None, str | None], int] = {}
    """How many entries write space and database like this."""


class SinceTotals:
    """Everybody's seconds on each item from a day on; nothing is kept of a description that names its item.

    Of texts that name none, those in `texts` are summed.
    """

    def __init__(self, first: date, match: Matcher, texts: Collection[str]) -> None:
        self.first = first
        self._match = match
        self._texts = texts
        self._items: dict[tuple[str, str, str, str | None], _ItemTime] = {}
        self._find = lru_cache(REMEMBERED_DESCRIPTIONS)(self._find_item)

    def add_groups(self, groups: EntryGroups) -> None:
        """Count what was summed already, as far as it is from that day on; its spellings count elsewhere."""
        first = self.first.isoformat()
        for user_id, own in groups.by_person.items():
            for group in own.values():
                days = [seconds for day, seconds in group.days.items() if day >= first]
                if days and (item := self._open(group.match)):
                    item.people[user_id] = item.people.get(user_id, 0) + sum(days)

    def add(self, rows: Iterable[Row], local_days: LocalDays) -> None:
        """Count every entry that starts on one of the days, and none whose timer is running."""
        for row in rows:
            for entry in row.time_entries:
                if entry.stop is None or entry.seconds < 0 or local_days.find(entry.start) is None:
                    continue
                item, spelled = self._find(row.description)
                if item:
                    item.people[row.user_id] = item.people.get(row.user_id, 0) + entry.seconds
                    item.spellings[spelled] = item.spellings.get(spelled, 0) + 1

    def list_spellings(self) -> Iterator[tuple[Reference, int]]:
        """How the entries of `add` write their items, and how many of them."""
        for item in self._items.values():
            if item.reference:
                for (space, database), entries in item.spellings.items():
                    yield Reference(item.reference.public_id, space, database, None, ()), entries

    def list_people(self) -> set[int]:
        """Everyone whose time is counted."""
        return {user_id for item in self._items.values() for user_id in item.people}

    def describe(self, end: date, chosen: Collection[int], spelling: CommonSpelling) -> Since:
        """The time of the people chosen; what none of them logged time on is left out."""
        rows = []
        for item in self._items.values():
            people = {str(user_id): seconds for user_id, seconds in item.people.items() if user_id in chosen}
            if people:
                key = spelling.find_item(item.reference) if item.reference else None
                rows.append(
                    (key.sort_key if key else NO_ITEM_FIRST, item.text or "", _describe(key, item.text, people))
                )
        rows.sort(key=lambda row: row[:2])
        return Since(start=self.first.isoformat(), end=end.isoformat(), rows=[row for _, _, row in rows])

    def _find_item(self, description: str | None) -> tuple[_ItemTime | None, tuple[str | None, str | None]]:
        match = self._match(description or "")
        named = match.reference
        return self._open(match), (named.space, named.database) if named else (None, None)

    def _open(self, match: Match) -> _ItemTime | None:
        reference = match.reference
        if reference is None and match.text not in self._texts:
            return None
        text = None if reference and reference.is_complete else match.text
        key = (*fold(reference), text) if reference else ("", "", "", text)
        if key not in self._items:
            self._items[key] = _ItemTime(reference, text)
        return self._items[key]


def _describe(item: EntityKey | None, text: str | None, people: dict[str, int]) -> SinceRow:
    return SinceRow(
        space=item.space if item else None,
        database=item.database if item else None,
        public_id=item.public_id if item else None,
        text=text,
        seconds=sum(people.values()),
        people=people,
    )
