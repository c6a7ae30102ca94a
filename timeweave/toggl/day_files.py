"""Files of UTC days: the entries that start on a day, as Toggl sent them, and the day on which they were looked at."""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import TypeVar

import msgspec

from timeweave.archive.files import Files, read_document, seal, set_aside
from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.toggl.answers import Entry, read_entries

DAY = timedelta(days=1)
LOSS = "The day is asked for again"
_NAME = re.compile(r"\d{4}-\d\d-\d\d\.json")


class _File(msgspec.Struct, kw_only=True):
    day: date
    schema: int = 1


class _Look(_File, kw_only=True):
    fetched_as_of: date


class _Day(_File, kw_only=True):
    rows: list[dict[str, object]]


class _RawDay(_File, kw_only=True):
    rows: list[msgspec.Raw]


class _Id(msgspec.Struct):
    id: int


class _Ids(msgspec.Struct):
    time_entries: list[_Id]


class _IdsOfDay(_File, kw_only=True):
    rows: list[_Ids]


class Author(msgspec.Struct):
    """Whose entry a row is, in the words of the row."""

    user_id: int
    username: str | None = None
    email: str | None = None


class _Authors(_File, kw_only=True):
    rows: list[Author]


Shape = TypeVar("Shape", bound=_File)


class DayFiles:
    """The files of a folder, each read without what is not asked for."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def list_days(self) -> list[date]:
        """All days that there are, ascending."""
        return [date.fromisoformat(name[:10]) for name in self._files.names() if _NAME.fullmatch(name)]

    def find_look(self, day: date) -> date | None:
        """When the day was last looked at; None if never."""
        found = self._read(day, _Look)
        return found.fetched_as_of if found else None

    def read_entries(self, day: date) -> list[Entry]:
        """The entries of a day, by start and id; none for a day that is not there."""
        found = self._read(day, _Day)
        try:
            return read_entries(found.rows, self._files.address(_name(day))) if found else []
        except IncompleteData:
            self._set_aside(day, "a row of it is of another shape")
            return []

    def read_ids(self, day: date) -> list[int]:
        """The ids of a day's entries."""
        found = self._read(day, _IdsOfDay)
        return [entry.id for row in found.rows for entry in row.time_entries] if found else []

    def read_authors(self, days: Iterable[date]) -> dict[int, Author]:
        """Everyone who has entries on these days, by user id, each as their last row says."""
        found = (self._read(day, _Authors) for day in days)
        return {author.user_id: author for one in found if one for author in one.rows}

    def export(self, day: date) -> bytes:
        """The day for the stages: without the day of the look, so that a look that found nothing new changes nothing."""
        found = self._read(day, _RawDay)
        if found is None:
            raise TimeweaveError(f"{self._files.address(_name(day))} does not exist; run again, and it is fetched")
        return _encode(day, [bytes(row) for row in found.rows], None)

    def write(self, day: date, entries: Iterable[Entry], as_of: date) -> None:
        """Replace a day whole."""
        rows = [msgspec.json.encode(one.row, order="sorted") for one in sorted(entries, key=lambda e: (e.start, e.id))]
        self._files.write(_name(day), seal(_encode(day, rows, as_of)))

    def drop(self, day: date, users: Collection[int]) -> int:
        """Take everything of these users out of a day; how many entries that was."""
        found, look = self.read_entries(day), self.find_look(day)
        kept = [entry for entry in found if entry.row["user_id"] not in users]
        if look and len(kept) < len(found):
            self.write(day, kept, look)
        return len(found) - len(kept)

    def remove(self, day: date) -> None:
        """Let a day go."""
        self._files.remove(_name(day))

    def _read(self, day: date, shape: type[Shape]) -> Shape | None:
        """None for a day that is not there, and for one that is damaged: it is not there any more then."""
        found = read_document(self._files, _name(day), shape, LOSS)
        if found is not None and found.day != day:
            self._set_aside(day, f"it holds {found.day}")
            return None
        return found

    def _set_aside(self, day: date, reason: str) -> None:
        set_aside(self._files, _name(day), self._files.read(_name(day)), reason, LOSS)


def span(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def _name(day: date) -> str:
    return f"{day}.json"


def _encode(day: date, rows: list[bytes], as_of: date | None) -> bytes:
    """Keys sorted, one row on a line."""
    look = f'"fetched_as_of":"{as_of}",' if as_of else ""
    return f'{{"day":"{day}",{look}"rows":['.encode() + b",".join(b"\n" + row for row in rows) + b'\n],"schema":1}\n'
