"""Files of UTC days: the entries that start on a day, as Toggl sent them, and the day on which they were looked at."""

import contextlib
import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import TypeVar

import msgspec

from timeweave.archive.files import Files, seal, set_aside, unseal
from timeweave.runtime import document
from timeweave.runtime.document import Damaged
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl.answers import Entry, read_entries
from timeweave.web.answers import UnusableAnswer

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
        return self._read_rows(day, found.rows) if found else []

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
        self._write(day, [one.row for one in sorted(entries, key=lambda e: (e.start, e.id))], as_of)

    def drop(self, day: date, users: Collection[int]) -> int:
        """Take everything of these users out of a day; how many entries that was."""
        found, look = self._read(day, _Day), self.find_look(day)
        rows = found.rows if found else []
        kept = [row for row in rows if row.get("user_id") not in users]
        if look and len(kept) < len(rows):
            self._write(day, kept, look)
        return len(rows) - len(kept)

    def remove(self, day: date) -> None:
        """Let a day go."""
        self._files.remove(_name(day))

    def _write(self, day: date, rows: Iterable[dict[str, object]], as_of: date) -> None:
        encoded = [msgspec.json.encode(row, order="sorted") for row in rows]
        self._files.write(_name(day), seal(_encode(day, encoded, as_of)))

    def _read(self, day: date, shape: type[Shape]) -> Shape | None:
        """None for a day that is not there, and for one that is damaged: it is not there any more then."""
        content = self._files.read(_name(day))
        if content is None:
            return None
        try:
            found = self._decode(day, content, shape)
            if found.day == day:
                return found
            reason = f"it holds {found.day}"
        except Damaged as damage:
            self._refuse_misfit(day, content)
            reason = damage.reason
        set_aside(self._files, _name(day), content, reason, LOSS)
        return None

    def _decode(self, day: date, content: bytes, shape: type[Shape]) -> Shape:
        return document.decode(unseal(content), shape, self._files.address(_name(day)))

    def _refuse_misfit(self, day: date, content: bytes) -> None:
        """A day is not damaged by a row that does not fit: Toggl may have sent just that to an earlier version."""
        with contextlib.suppress(Damaged):
            self._read_rows(day, self._decode(day, content, _Day).rows)

    def _read_rows(self, day: date, rows: list[dict[str, object]]) -> list[Entry]:
        place = self._files.address(_name(day))
        try:
            return read_entries(rows, place)
        except UnusableAnswer as error:
            raise TimeweaveError(
                f"{place} cannot be used: {error.field} of {day}: {error.fault}; correct it in Toggl if it is the same "
                "there, then remove the file and run again: the day is fetched again"
            ) from None


def _name(day: date) -> str:
    return f"{day}.json"


def _encode(day: date, rows: list[bytes], as_of: date | None) -> bytes:
    """Keys sorted, one row on a line."""
    look = f'"fetched_as_of":"{as_of}",' if as_of else ""
    return f'{{"day":"{day}",{look}"rows":['.encode() + b",".join(b"\n" + row for row in rows) + b'\n],"schema":1}\n'
