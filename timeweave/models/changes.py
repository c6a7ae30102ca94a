"""`changes.json` of an account in the archive: what was added, edited and deleted between two looks at the same day."""

from enum import StrEnum

from timeweave.runtime.document import Record


class ChangeKind(StrEnum):
    """What somebody did to an entry."""

    ADDED = "added"
    EDITED = "edited"
    DELETED = "deleted"


class EntrySnapshot(Record, frozen=True, kw_only=True):
    """An entry as it stood at one look."""

    seconds: int
    description: str
    project_id: int | None


class Change(Record, frozen=True, kw_only=True):
    """One entry that was not the same at two looks."""

    day: str
    """UTC day of its start."""
    seen_as_of: str
    previously_as_of: str
    kind: ChangeKind
    user_id: int
    entry_id: int
    before: EntrySnapshot | None
    after: EntrySnapshot | None


class Changes(Record, frozen=True, kw_only=True):
    """Sorted by the look that saw them, then day, person and entry."""

    schema: int = 1
    changes: list[Change] = []
