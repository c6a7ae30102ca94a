"""One spelling for what people write in different case, so that everyone's hours on it meet under one name."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from timeweave.aggregation.entry_groups import EntryGroup
from timeweave.aggregation.name_lookup import NameLookup
from timeweave.matching.reference import Reference
from timeweave.models.entities import EntityKey

Key = TypeVar("Key")


class _SpellingCounts(Generic[Key]):
    """How many entries write each thing in each way; a spelling is one string for each part of a name."""

    def __init__(self) -> None:
        self._counts: dict[Key, dict[tuple[str, ...], int]] = {}

    def add(self, key: Key, spelling: tuple[str, ...], entries: int) -> None:
        """Note that `entries` more entries spell `key` like this."""
        counts = self._counts.setdefault(key, {})
        counts[spelling] = counts.get(spelling, 0) + entries

    def find_common(self, key: Key) -> tuple[str, ...]:
        """The spelling of most entries; of equals, the smallest."""
        counts = self._counts[key]
        return min(counts, key=lambda spelling: (-counts[spelling], spelling))


class CommonSpelling:
    """The names of items and projects as most entries of the period spell them, whoever's time is shown."""

    def __init__(self, groups: Iterable[EntryGroup], names: NameLookup) -> None:
        self._names = names
        self._items: _SpellingCounts[tuple[str, str, str]] = _SpellingCounts()
        self._projects: _SpellingCounts[str] = _SpellingCounts()
        for group in groups:
            if group.match.reference is not None:
                self._items.add(_fold(group.match.reference), _list_names(group.match.reference), group.entries)
            if (project := self._read_project(group)) is not None:
                self._projects.add(project.casefold(), (project,), group.entries)

    def find_item(self, reference: Reference) -> EntityKey:
        """The work item that a reference means, under its one spelling."""
        space, database = self._items.find_common(_fold(reference))
        return EntityKey(space=space or None, database=database or None, public_id=reference.public_id)

    def find_project(self, group: EntryGroup) -> str | None:
        """Toggl's project of the entries, else the project that their description names, else None."""
        project = self._read_project(group)
        return None if project is None else self._projects.find_common(project.casefold())[0]

    def _read_project(self, group: EntryGroup) -> str | None:
        reference = group.match.reference
        return self._names.find_project(group.project_id) or (reference.project if reference else None)


def _list_names(reference: Reference) -> tuple[str, str]:
    return reference.space or "", reference.database or ""


def _fold(reference: Reference) -> tuple[str, str, str]:
    space, database = _list_names(reference)
    return space.casefold(), database.casefold(), reference.public_id
