"""Walks that are under way: the days they have brought, which do not count before the whole walk adds up."""

from datetime import date

import msgspec

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.toggl.day_files import DayFiles

WALK = "walk.json"
DAYS = "days"


class Walk(Record, frozen=True, kw_only=True):
    """`walk.json`: what a later run needs in order to finish a walk and to prove it as a whole."""

    first: date
    last: date
    as_of: date
    before: int = 0
    """Seconds of rows that the question gave for the day before `first`."""
    after: int | None = None
    """The same for the day after `last`; null while the walk has not reached its end."""
    verified: bool = False
    """The walk adds up: its days are on their way into the archive."""


class StagedWalk:
    """A walk with its days, in a folder of its own. Days without `walk.json` beside them are nobody's."""

    def __init__(self, files: Files, walk: Walk, folder: str = "") -> None:
        """`files`: of all walks of the account; `folder`: its own among them, whatever has become of its range since."""
        self.walk = walk
        self.folder = folder or f"{walk.first}_{walk.last}_{walk.as_of}"
        self._walks, self._files = files, files.below(self.folder)
        self.days = DayFiles(self._files.below(DAYS))

    @classmethod
    def begin(cls, files: Files, walk: Walk) -> "StagedWalk":
        """A new one; nothing is written before its first day is."""
        found = cls(files, walk)
        found.discard()
        return found

    def save(self, **changes: object) -> None:
        """Say how far the walk has come, before its days are written."""
        self.walk = msgspec.structs.replace(self.walk, **changes)
        write_document(self._files, WALK, self.walk)

    def verify(self) -> None:
        """The walk adds up."""
        self.save(verified=True)

    def discard(self) -> None:
        """The walk does not add up, or will not be finished: its days must be asked for again."""
        # First of all what makes the days count.
        self._files.remove(WALK)
        self._walks.remove(self.folder)


def find_walks(files: Files) -> list[StagedWalk]:
    """All walks under way, by the folder of all walks of an account."""
    found = ((name, read_document(files, f"{name}/{WALK}", Walk)) for name in files.names())
    return [StagedWalk(files, walk, name) for name, walk in found if walk]
