"""The archive: one file for each UTC day of entry starts, and what is known of how trustworthy each day is."""

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import msgspec

from timeweave.models.directory import Account
from timeweave.runtime import document
from timeweave.runtime.document import Record
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl import aside
from timeweave.toggl.aside import LEDGER, Ledger, seen_as_of
from timeweave.toggl.entry import Entry, entries

WALK = "walk.json"
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


class InFlight(Record, frozen=True, kw_only=True):
    """`walk.json` beside the days of a walk that have been fetched but do not count yet."""

    account: Account
    walk: Walk
    proven: bool = False
    """The walk adds up: its days are on their way into the archive."""


class _Day(msgspec.Struct):
    rows: list[dict[str, object]]


class _Id(msgspec.Struct):
    id: int


class _Ids(msgspec.Struct):
    time_entries: list[_Id]


class _Index(msgspec.Struct):
    rows: list[_Ids]


class Archive:
    """The folder `data/toggl/days/`. Every change is atomic, so that it is whole whenever a process ends.

    Days of a walk are written at once to a folder beside it, and go into the archive together when the walk is proven.
    That folder is no output of DVC: an experiment sets outputs back to what was committed before it begins, and would
    take away what an interrupted one has paid for.
    """

    def __init__(self, folder: Path, account: Account, looking: bool = False) -> None:
        """`looking`: only to be read; another account's days stay where they are, and nothing on disk changes."""
        self.folder = folder
        self._flight = folder.with_name(f"{folder.name}-in-flight")
        self._check_owned()
        if looking:
            self.folder = aside.found(folder, account)
        else:
            aside.change_account(folder, account)
        self.ledger = aside.ledger(self.folder) or Ledger(account=account)
        found = None if looking else self._in_flight()
        if found and found.proven:
            self._land(found.walk)

    @property
    def unproven(self) -> Walk | None:
        """The walk that was interrupted, if there is one of this account."""
        found = self._in_flight()
        return found.walk if found else None

    def stale(self, days: Iterable[date], as_of: date, settle_days: int) -> list[date]:
        """Those of `days` that must be asked for: never fetched, or looked at before they were settled."""
        return [day for day in days if self._is_stale(day, as_of, settle_days)]

    def seen_as_of(self, day: date) -> date | None:
        """When the day was last looked at; None if never."""
        return seen_as_of(self._path(day))

    def entries(self, day: date) -> list[Entry]:
        """The entries of a day that is in the archive, by start and id; none for a day that is not."""
        return _entries(self._path(day))

    def fetched(self, day: date) -> list[Entry]:
        """The entries of a day of the walk that is not proven yet."""
        return _entries(self._waiting(day))

    def ids(self, day: date) -> list[int]:
        """The ids of a day's entries, read without the rest of them."""
        if not self._path(day).exists():
            return []
        return [entry.id for row in document.read(self._path(day), _Index).rows for entry in row.time_entries]

    def days(self) -> list[date]:
        """All days that the archive holds, ascending."""
        return sorted(date.fromisoformat(path.stem) for path in self.folder.glob("????-??-??.json"))

    def note(self, walk: Walk) -> None:
        """Say how far a walk has come, before its days are written."""
        before = self.unproven
        if before is None or (before.first, before.last) != (walk.first, walk.last):
            # Whatever lies there is of another walk, or of another account.
            self.discard()
        document.write(self._flight / WALK, InFlight(account=self.ledger.account, walk=walk))

    def keep(self, day: date, found: list[Entry], as_of: date) -> None:
        """Keep a finished day of the walk until the walk is proven."""
        document.write_bytes(self._waiting(day), _encoded(day, found, as_of))

    def write(self, day: date, found: list[Entry], as_of: date) -> None:
        """Replace a day of the archive whole."""
        document.write_bytes(self._path(day), _encoded(day, found, as_of))

    def prove(self, walk: Walk) -> None:
        """The walk adds up: its days go into the archive and count."""
        document.write(self._flight / WALK, InFlight(account=self.ledger.account, walk=walk, proven=True))
        self._land(walk)

    def discard(self) -> None:
        """The walk does not add up, or will not be finished: its days must be asked for again."""
        # The note goes first: days without it are nobody's.
        (self._flight / WALK).unlink(missing_ok=True)
        shutil.rmtree(self._flight, ignore_errors=True)

    def doubt(self, days: Iterable[date]) -> None:
        """Have these days asked for again, as far as they are here."""
        held = set(self.days())
        doubted = sorted({*self.ledger.doubted, *(day for day in days if day in held)})
        if doubted != self.ledger.doubted:
            self._write_ledger(msgspec.structs.replace(self.ledger, doubted=doubted))

    def _land(self, walk: Walk) -> None:
        """Move the days of a proven walk into the archive; may be begun again after it was cut off."""
        if not (self.folder / LEDGER).exists():
            self._write_ledger(self.ledger)
        for day in span(walk.first, walk.last):
            if self._waiting(day).exists():
                self._waiting(day).replace(self._path(day))
        highest = max([self.ledger.highest_id, *(id_ for day in span(walk.first, walk.last) for id_ in self.ids(day))])
        doubted = [day for day in self.ledger.doubted if not walk.first <= day <= walk.last]
        self._write_ledger(msgspec.structs.replace(self.ledger, highest_id=highest, doubted=doubted))
        self.discard()

    def _is_stale(self, day: date, as_of: date, settle_days: int) -> bool:
        waiting = seen_as_of(self._waiting(day)) if self.unproven else None
        if waiting is None and day in self.ledger.doubted:
            return True
        seen = waiting or self.seen_as_of(day)
        return seen is None or (seen < as_of and not is_settled(day, seen, settle_days))

    def _in_flight(self) -> InFlight | None:
        path = self._flight / WALK
        found = document.read(path, InFlight) if path.exists() else None
        return found if found and found.account == self.ledger.account else None

    def _check_owned(self) -> None:
        if not (self.folder / LEDGER).exists() and any(self.folder.glob("????-??-??.json")):
            raise TimeweaveError(f"{self.folder} holds days but no {LEDGER} that says whose; move the folder away")

    def _write_ledger(self, ledger: Ledger) -> None:
        document.write(self.folder / LEDGER, ledger)
        self.ledger = ledger

    def _path(self, day: date) -> Path:
        return self.folder / f"{day}.json"

    def _waiting(self, day: date) -> Path:
        return self._flight / f"{day}.json"


def _entries(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    return [entry for row in document.read(path, _Day).rows for entry in entries(row)]


def _encoded(day: date, found: list[Entry], as_of: date) -> bytes:
    """Rows by start and entry id, one on a line."""
    rows = [msgspec.json.encode(entry.row, order="sorted") for entry in sorted(found, key=lambda e: (e.start, e.id))]
    head = f'{{"day":"{day}","fetched_as_of":"{as_of}","rows":['.encode()
    return head + b",".join(b"\n" + row for row in rows) + b'\n],"schema":1}\n'


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
