"""`changes.json` of an account in the archive: what was added, edited, deleted and moved between two looks at a day."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.toggl.answers import Entry
from timeweave.toggl.archive import read_forgotten

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
    MOVED = "moved"
    """To another day."""


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
    moved_to: str | None = None
    """The UTC day that it starts on now, of one that was moved."""


class Changes(Record, frozen=True, kw_only=True):
    """Sorted by the look that saw them, then day, person and entry."""

    schema: int = 2
    changes: list[Change] = []


def find_changes(
    before: list[Entry],
    after: list[Entry],
    day: date,
    previously: date,
    seen: date,
    *,
    moved: Mapping[int, Entry] | None = None,
    came: Collection[int] = (),
) -> list[Change]:
    """The entries of one day that differ between two looks, in what a person can change.

    `moved`: where entries are now that are not on this day any more; `came`: those that other days say were moved here.
    """
    old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in after}
    found = []
    for id_ in sorted(old.keys() | new.keys()):
        was, now = old.get(id_), new.get(id_)
        place = (moved or {}).get(id_) if now is None else None
        if (
            (was and now and was.content == now.content)
            or (was is None and id_ in came)
            or (place and place.day == day)
        ):
            continue
        found.append(Change(
            day=str(day), seen_as_of=str(seen), previously_as_of=str(previously),
            kind=ChangeKind.MOVED if place else _judge_kind(was is not None, now is not None),
            user_id=(now or old[id_]).row["user_id"], entry_id=id_, before=_take_snapshot(was),
            after=_take_snapshot(now or place), moved_to=str(place.day) if place else None,
        ))  # fmt: skip
    return found


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
