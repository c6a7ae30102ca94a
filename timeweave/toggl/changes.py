"""What changed in a day since it was last looked at."""

from datetime import date

from timeweave.archive.files import Files, read_document, write_document
from timeweave.models.changes import Change, ChangeKind, Changes, EntrySnapshot
from timeweave.toggl.entry import Entry

NAME = "changes.json"


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
    if not found:
        return
    known = read(files).changes
    held = {_key(change) for change in known}
    merged = [*known, *(change for change in found if _key(change) not in held)]
    write_document(files, NAME, Changes(changes=sorted(merged, key=_key)))


def read(files: Files) -> Changes:
    """All changes noted so far in an account's folder."""
    return read_document(files, NAME, Changes) or Changes()


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
