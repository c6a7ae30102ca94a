"""People and months of whom the archive keeps nothing: who that is, and how they go from it."""

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from timeweave.archive.files import Files, read_document, write_document
from timeweave.archive.location import find_archive, take_turn
from timeweave.runtime.name_comparison import find_nearest
from timeweave.toggl import changes
from timeweave.toggl.archive import NAMES, NAMES_LOST, WALKS, write_forgotten
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.names import KnownNames
from timeweave.toggl.paged_walk import DAYS, StagedWalk, find_walks

Say = Callable[[str], None]
EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@(?:[^\W_][\w-]*\.)+[^\W_]+")
_BEFORE = r"(?:(?<![\w.+%-])|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9a-fA-F]{2}))"
"""Where an e-mail begins: not within a longer one, yet behind the escapes of JSON and of addresses."""
_AFTER = r"(?![.-]?[^\W_])"


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


class Person:
    """Somebody by their e-mail, with the numbers and names that the archive knows them by, and further names."""

    def __init__(self, email: str, further: Collection[str] = ()) -> None:
        self.email = email
        self.ids: dict[str, set[int]] = {}
        """By the folder of each account that knows them."""
        names, others = set[str](), set[str]()
        for folder, files in list_accounts():
            for user_id, name, address in list_people(files):
                others.add(address)
                if address.casefold() == email.casefold():
                    self.ids.setdefault(folder, set()).add(user_id)
                    # Toggl gives who has no name their e-mail for one.
                    names |= {name} - {address, ""}
        near = find_nearest(email, others - {""})
        self.hint = f"; did you mean {' or '.join(near)}?" if near else ""
        full = {name for name in names if len(split_name(name)) > 1}
        self.short = sorted(names - full.union(further))
        """Names of one word, or of none: too many others may have it, or be called by it, to look for it."""
        ids = {str(one) for found in self.ids.values() for one in found}
        address = re.escape(email).replace("@", "(?:@|%40)")
        words = [rf"{_BEFORE}(?i:{address}){_AFTER}", *(rf"(?<!\d){one}(?!\d)" for one in ids)]
        self._traces = re.compile("|".join([*words, *map(_match_name, full.union(further))]))

    def is_named_in(self, text: str) -> bool:
        """By e-mail, number or name."""
        return bool(self._traces.search(text))

    def is_in(self, path: Path) -> bool:
        """Whether a file names them."""
        return self.is_named_in(path.read_text(encoding="utf-8", errors="replace"))


def split_name(name: str) -> list[str]:
    """Its words; none of a name without letters and digits."""
    return re.findall(r"\w+", name)


def _match_name(name: str) -> str:
    # Between the words of a name stands whatever a report's format makes of blanks and apostrophes.
    words = ".{1,8}?".join(map(re.escape, split_name(name)))
    return rf"(?<![\w-]){words}(?![\w-])"


def forget_users(files: Files, ids: set[int], say: Say) -> None:
    """Their entries, names and changes go from an account's folder, and do not come back with what is fetched later."""
    with take_turn(files, say):
        # First of all what keeps them from coming back.
        write_forgotten(files, ids)
        days = DayFiles(files.below(DAYS))
        for day in days.list_days():
            if ids & set(days.read_authors([day])):
                days.drop(day, ids)
        if names := read_document(files, NAMES, KnownNames, NAMES_LOST):
            write_document(files, NAMES, names.drop(ids))
        changes.drop(files, lambda change: change.user_id in ids)
        _discard(files, lambda walk: bool(ids & set(walk.read_authors())))


def forget_email(files: Files, email: str, say: Say) -> None:
    """Whoever has the e-mail is forgotten as soon as Toggl sends their number with it."""
    with take_turn(files, say):
        write_forgotten(files, emails=[email])
        _discard(files, lambda walk: email.casefold() in _list_emails(walk))


def plan_days(files: Files, before: date, say: Say) -> tuple[int, Callable[[], None]]:
    """Of how many days before that one an account's folder tells, and what makes them go."""
    return len(list_days_before(files, before)), partial(forget_days, files, before, say)


def list_days_before(files: Files, before: date) -> list[date]:
    """The days before that one of which an account's folder holds entries, changes, or the beginning of a walk."""
    days = {*DayFiles(files.below(DAYS)).list_days(), *(walk.walk.first for walk in find_walks(files.below(WALKS)))}
    days |= {date.fromisoformat(change.day) for change in changes.read(files).changes}
    return sorted(day for day in days if day < before)


def forget_days(files: Files, before: date, say: Say) -> None:
    """The days before that one go; whoever asks for them has them fetched again."""
    with take_turn(files, say):
        days = DayFiles(files.below(DAYS))
        for day in days.list_days():
            if day < before:
                days.remove(day)
        changes.drop(files, lambda change: date.fromisoformat(change.day) < before)
        _discard(files, lambda walk: walk.walk.first < before)


def _list_emails(walk: StagedWalk) -> set[str]:
    return {(one.email or "").casefold() for one in walk.read_authors().values()}


def _discard(files: Files, is_meant: Callable[[StagedWalk], bool]) -> None:
    """A walk cannot be proven with something missing: it begins again."""
    for walk in find_walks(files.below(WALKS)):
        if is_meant(walk):
            walk.discard()
