"""`changes.json` of an account in the archive: what was added, edited and deleted between two looks at the same day."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cached_property

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.toggl.answers import Entry
from timeweave.toggl.archive import Archive, read_forgotten

NAME = "changes.json"
LOSS = (
    "What had changed between earlier looks cannot be asked for again: `timeweave changes` shows from now on what "
    "changes after this; a copy of the file from a backup, put in its place, brings the rest back"
)


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


def find_changes(before: list[Entry], after: list[Entry], day: date, previously: date, seen: date) -> list[Change]:
    """The entries of one day that differ between two looks, in what a person can change."""
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    return [
        Change(
            day=str(day),
            seen_as_of=str(seen),
            previously_as_of=str(previously),
            kind=_judge_kind(id_ in old, id_ in new),
            user_id=(new.get(id_) or old[id_]).row["user_id"],
            entry_id=id_,
            before=_take_snapshot(old.get(id_)),
            after=_take_snapshot(new.get(id_)),
        )
        for id_ in sorted(old.keys() | new.keys())
        if id_ not in old or id_ not in new or old[id_].content != new[id_].content
    ]


def record(files: Files, found: list[Change]) -> None:
    """Add changes to an account's; those it holds already, from a run that was interrupted, are not added twice."""
    forgotten = read_forgotten(files).users if found else ()
    found = [change for change in found if change.user_id not in forgotten]
    if not found:
        return
    known = read(files).changes
    held = {_key(change) for change in known}
    merged = [*known, *(change for change in found if _key(change) not in held)]
    write_document(files, NAME, Changes(changes=sorted(merged, key=_key)))


def drop(files: Files, is_dropped: Callable[[Change], bool]) -> None:
    """Forget changes for good."""
    known = read(files).changes
    kept = [change for change in known if not is_dropped(change)]
    if len(kept) < len(known):
        write_document(files, NAME, Changes(changes=kept))


def read(files: Files) -> Changes:
    """All changes noted so far in an account's folder."""
    return read_document(files, NAME, Changes, LOSS) or Changes()


def _judge_kind(was_there: bool, is_there: bool) -> ChangeKind:
    if not was_there:
        return ChangeKind.ADDED
    return ChangeKind.EDITED if is_there else ChangeKind.DELETED


def _key(change: Change) -> tuple[str, str, int, int]:
    return change.seen_as_of, change.day, change.user_id, change.entry_id


def _take_snapshot(entry: Entry | None) -> EntrySnapshot | None:
    if entry is None:
        return None
    return EntrySnapshot(
        seconds=entry.seconds, description=entry.row.get("description") or "", project_id=entry.row.get("project_id")
    )


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
        record(self._archive.files, find_changes(before, after, day, look, self._as_of))
        self._archive.days.write(day, after, look)
