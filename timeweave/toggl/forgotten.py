"""People and months of whom the archive keeps nothing: who that is, and how they go from it."""

from collections.abc import Callable, Iterator
from datetime import date

from timeweave.archive.files import Files, read_document, write_document
from timeweave.archive.location import find_archive, take_turn
from timeweave.toggl import changes
from timeweave.toggl.archive import FORGOTTEN, NAMES, NAMES_LOST, WALKS, Forgotten, read_forgotten
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.names import KnownNames
from timeweave.toggl.walk import DAYS, StagedWalk, find_walks

Say = Callable[[str], None]


def list_accounts() -> list[tuple[str, Files]]:
    """The folder of each Toggl account, by its name."""
    toggl = find_archive().below("toggl")
    return [(name, toggl.below(name)) for name in toggl.names()]


def list_people(files: Files) -> Iterator[tuple[int, str, str]]:
    """Number, name and e-mail of everyone whom an account's folder knows, from lists and from rows."""
    names = read_document(files, NAMES, KnownNames, NAMES_LOST)
    if names:
        yield from ((one.user_id, one.name, one.email or "") for one in names.lists.people)
        yield from ((one.user_id, one.name or "", one.email or "") for one in names.departed)
    days = DayFiles(files.below(DAYS))
    for author in days.read_authors(days.list_days()).values():
        yield author.user_id, author.username or "", author.email or ""


def forget_users(files: Files, ids: set[int], say: Say) -> None:
    """Their entries, names and changes go from an account's folder, and do not come back with what is fetched later."""
    with take_turn(files, say):
        # First of all what keeps them from coming back.
        write_document(files, FORGOTTEN, Forgotten(users=tuple(sorted(ids | read_forgotten(files)))))
        days = DayFiles(files.below(DAYS))
        for day in days.list_days():
            if ids & set(days.read_authors([day])):
                days.drop(day, ids)
        if names := read_document(files, NAMES, KnownNames, NAMES_LOST):
            write_document(files, NAMES, names.drop(ids))
        changes.drop(files, lambda change: change.user_id in ids)
        _discard(files, lambda walk: bool(ids & set(walk.days.read_authors(walk.days.list_days()))))


def forget_days(files: Files, before: date, say: Say) -> None:
    """The days before that one go; whoever asks for them has them fetched again."""
    with take_turn(files, say):
        days = DayFiles(files.below(DAYS))
        for day in days.list_days():
            if day < before:
                days.remove(day)
        changes.drop(files, lambda change: date.fromisoformat(change.day) < before)
        _discard(files, lambda walk: walk.walk.first < before)


def _discard(files: Files, is_meant: Callable[[StagedWalk], bool]) -> None:
    """A walk cannot be proven with something missing: it begins again."""
    for walk in find_walks(files.below(WALKS)):
        if is_meant(walk):
            walk.discard()
