"""One spelling for what people write in different case, so that everyone's hours on it meet under one name."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from timeweave.aggregation.ledger import Line
from timeweave.aggregation.names import Names
from timeweave.matching.reference import Reference
from timeweave.models.entities import EntityKey

Key = TypeVar("Key")


class Spellings(Generic[Key]):
    """How many entries write each thing in each way; a spelling is one string for each part of a name."""

    def __init__(self) -> None:
        self._counts: dict[Key, dict[tuple[str, ...], int]] = {}

    def count(self, key: Key, spelling: tuple[str, ...], entries: int) -> None:
        """Note that `entries` more entries spell `key` like this."""
        counts = self._counts.setdefault(key, {})
        counts[spelling] = counts.get(spelling, 0) + entries

    def __getitem__(self, key: Key) -> tuple[str, ...]:
        """The spelling of most entries; of equals, the smallest."""
        counts = self._counts[key]
        return min(counts, key=lambda spelling: (-counts[spelling], spelling))


class Vocabulary:
    """The names of items and projects as most entries of the period spell them, whoever's time is shown."""

    def __init__(self, lines: Iterable[Line], names: Names) -> None:
        self._names = names
        self._items: Spellings[tuple[str, str, str]] = Spellings()
        self._projects: Spellings[str] = Spellings()
        for line in lines:
            if line.match.reference is not None:
                self._items.count(_folded(line.match.reference), _written(line.match.reference), line.entries)
            if (project := self._project(line)) is not None:
                self._projects.count(project.casefold(), (project,), line.entries)

    def item(self, reference: Reference) -> EntityKey:
        """The work item that a reference means, under its one spelling."""
        space, database = self._items[_folded(reference)]
        return EntityKey(space=space or None, database=database or None, public_id=reference.public_id)

    def project(self, line: Line) -> str | None:
        """Toggl's project of the entries, else the project that their description names, else None."""
        project = self._project(line)
        return None if project is None else self._projects[project.casefold()][0]

    def _project(self, line: Line) -> str | None:
        reference = line.match.reference
        return self._names.project(line.project_id) or (reference.project if reference else None)


def _written(reference: Reference) -> tuple[str, str]:
    return reference.space or "", reference.database or ""


def _folded(reference: Reference) -> tuple[str, str, str]:
    space, database = _written(reference)
    return space.casefold(), database.casefold(), reference.public_id
