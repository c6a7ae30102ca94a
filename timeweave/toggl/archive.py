"""The archive: one file for each UTC day of entry starts, and what is known of how trustworthy each day is."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import msgspec

from timeweave import document
from timeweave.errors import TimeweaveError
from timeweave.models.directory import Account
from timeweave.models.record import Record
from timeweave.toggl.entry import Entry, entries

LEDGER = "archive.json"
DAY = timedelta(days=1)


class Walk(Record, frozen=True, kw_only=True):
    """A walk that is not proven complete yet: what a resumed run needs in order to prove it as a whole."""

    first: date
    last: date
    as_of: date
    before: int = 0
    """Seconds of rows that the question gave for the day before `first`."""
    after: int | None = None
    """The same for the day after `last`; null while the walk has not reached its end."""


class Ledger(Record, frozen=True, kw_only=True):
    """`archive.json`: whose data this is, and which of its days are not proven."""

    schema: int = 1
    account: Account
    unproven: Walk | None = None
    doubted: list[date] = []
    """Days whose walk did not add up or was given up: asked again before they count."""
    highest_id: int = 0
    """The highest entry id of all proven walks: what is new has a higher one, what was moved has not."""


class _Head(msgspec.Struct):
    fetched_as_of: date


class _Day(msgspec.Struct):
    rows: list[dict[str, object]]


class _Id(msgspec.Struct):
    id: int


class _Ids(msgspec.Struct):
    time_entries: list[_Id]


class _Index(msgspec.Struct):
    rows: list[_Ids]


class Archive:
    """The folder `data/toggl/days/`. Every change is atomic, so that it is whole whenever a process ends."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder = folder
        self.ledger = self._opened(account)
        if self.ledger.account != account:
            self._change_account(self.ledger.account, account)

    def stale(self, days: Iterable[date], as_of: date, settle_days: int) -> list[date]:
        """Those of `days` that must be asked for: never fetched, not proven, or looked at before they were settled."""
        return [day for day in days if self._is_stale(day, as_of, settle_days)]

    def seen_as_of(self, day: date) -> date | None:
        """When the day was last looked at; None if never."""
        try:
            return document.read(self._path(day), _Head).fetched_as_of
        except TimeweaveError:
            if self._path(day).exists():
                raise
            return None

    def entries(self, day: date) -> list[Entry]:
        """The entries of a day that is in the archive, by start and id; none for a day that is not."""
        if not self._path(day).exists():
            return []
        return [entry for row in document.read(self._path(day), _Day).rows for entry in entries(row)]

    def ids(self, day: date) -> list[int]:
        """The ids of a day's entries, read without the rest of them."""
        if not self._path(day).exists():
            return []
        return [entry.id for row in document.read(self._path(day), _Index).rows for entry in row.time_entries]

    def days(self) -> list[date]:
        """All days that the archive holds, ascending."""
        return sorted(date.fromisoformat(path.stem) for path in self.folder.glob("????-??-??.json"))

    def write(self, day: date, found: list[Entry], as_of: date) -> None:
        """Replace the day whole; rows by start and entry id, one on a line."""
        rows = [
            msgspec.json.encode(entry.row, order="sorted") for entry in sorted(found, key=lambda e: (e.start, e.id))
        ]
        head = f'{{"day":"{day}","fetched_as_of":"{as_of}","rows":['.encode()
        document.write_bytes(self._path(day), head + b",".join(b"\n" + row for row in rows) + b'\n],"schema":1}\n')

    def note(self, walk: Walk) -> None:
        """Say how far a walk has come, before its days are written."""
        self._write_ledger(msgspec.structs.replace(self.ledger, unproven=walk))

    def prove(self, walk: Walk) -> None:
        """The walk adds up: its days count."""
        proven = span(walk.first, walk.last)
        doubted = [day for day in self.ledger.doubted if day not in set(proven)]
        highest = max([self.ledger.highest_id, *(id_ for day in proven for id_ in self.ids(day))])
        ledger = msgspec.structs.replace(self.ledger, unproven=None, doubted=doubted, highest_id=highest)
        self._write_ledger(ledger)

    def doubt(self, walk: Walk) -> None:
        """The walk does not add up, or will not be finished: its days must be asked for again."""
        written = {day for day in span(walk.first, walk.last) if self._path(day).exists()}
        doubted = sorted({*self.ledger.doubted, *written})
        self._write_ledger(msgspec.structs.replace(self.ledger, unproven=None, doubted=doubted))

    def _is_stale(self, day: date, as_of: date, settle_days: int) -> bool:
        seen = self.seen_as_of(day)
        if seen is None or day in self.ledger.doubted:
            return True
        return seen < as_of and not is_settled(day, seen, settle_days)

    def _opened(self, account: Account) -> Ledger:
        if (self.folder / LEDGER).exists():
            return document.read(self.folder / LEDGER, Ledger)
        if any(self.folder.glob("????-??-??.json")):
            raise TimeweaveError(f"{self.folder} holds days but no {LEDGER} that says whose; move the folder away")
        # Named after nobody, so that what was set aside for this account is taken up.
        return Ledger(account=Account(source="", url=None, workspace_id=0))

    def _change_account(self, old: Account, new: Account) -> None:
        """Set the other account's days aside and take up what was set aside for this one, if anything was."""
        if (self.folder / LEDGER).exists():
            self.folder.rename(_aside(self.folder, old))
        self.ledger = Ledger(account=new)
        if _aside(self.folder, new).exists():
            if self.folder.exists():
                self.folder.rmdir()
            _aside(self.folder, new).rename(self.folder)
            self.ledger = document.read(self.folder / LEDGER, Ledger)

    def _write_ledger(self, ledger: Ledger) -> None:
        document.write(self.folder / LEDGER, ledger)
        self.ledger = ledger

    def _path(self, day: date) -> Path:
        return self.folder / f"{day}.json"


def _aside(folder: Path, account: Account) -> Path:
    """Where an account's days wait while another account is in use; named by what makes it another."""
    place = "".join(letter if letter.isalnum() else "-" for letter in account.url or "sandbox")
    return folder.with_name(f"{folder.name}-of-{account.source}-{account.workspace_id}-{place}")


def is_settled(day: date, seen_as_of: date, settle_days: int) -> bool:
    """Whether a look on `seen_as_of` came late enough for the day not to change any more."""
    return seen_as_of - day >= timedelta(days=settle_days)


def span(first: date, last: date) -> list[date]:
    """All days from `first` to `last`, both included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def ranges(days: list[date], longest: int) -> list[tuple[date, date]]:
    """Ascending days as contiguous ranges of at most `longest` days."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + DAY == day and (day - found[-1][0]).days < longest:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
