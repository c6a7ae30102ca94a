"""One walk through the pages of a range: entries in order, each once, and how far it is safe to believe."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.runtime.errors import IncompleteData
from timeweave.toggl.answers import Entry
from timeweave.toggl.day_files import DAY, DayFiles
from timeweave.toggl.workspace import Toggl

WIDEST_ZONE = timedelta(hours=14)
"""The farthest that a clock on Earth is from UTC."""
CLOCKS_DIFFER = 10
"""Seconds between this machine's clock and Toggl's, at the most."""


@dataclass
class PageReader:
    """The entries of a range of UTC days as they come in, page by page."""

    first: date
    last: date
    page_size: int
    duplicates: int = 0
    seconds_by_user_and_day: dict[tuple[int, date], int] = field(default_factory=dict)
    """Sums by user and local day of start, as Toggl's totals cut them: days outside the range included."""
    running: list[datetime] = field(default_factory=list)
    """When the timers started that still run."""

    def pages(self, toggl: Toggl) -> Iterator[tuple[list[Entry], date]]:
        """New entries of each page, and the first UTC day that later pages may still hold entries of.

        Toggl cuts days on each owner's clock, so the question is a day wider on both sides.
        """
        seen: dict[int, Entry] = {}
        complete_before = self.first - 2 * DAY
        for page in toggl.pages(self.first - DAY, self.last + DAY, self.page_size):
            found = [entry for entry in page if self._is_new(entry, seen)]
            for entry in found:
                if entry.day < complete_before:
                    raise IncompleteData(
                        f"Toggl sent entry {entry.id} of {entry.day} after later ones: its pages are not in order, "
                        f"or the list changed while it was read; run again"
                    )
                if entry.is_running:
                    self.running.append(entry.start)
                key = entry.row["user_id"], entry.local_start.date()
                self.seconds_by_user_and_day[key] = self.seconds_by_user_and_day.get(key, 0) + entry.seconds
            if found:
                complete_before = max(complete_before, _complete_before(found[-1]))
            yield found, complete_before

    def explains(self, difference: int, now: datetime) -> bool:
        """Whether totals that count running timers up to now would differ by so many seconds.

        It is not known whether Toggl's do. Clocks may differ, and time passes between two questions.
        """
        elapsed = sum((now - start).total_seconds() for start in self.running)
        return bool(self.running) and abs(difference - elapsed) <= CLOCKS_DIFFER * len(self.running)

    def _is_new(self, entry: Entry, seen: dict[int, Entry]) -> bool:
        known = seen.setdefault(entry.id, entry)
        if known is entry:
            return True
        if known.content != entry.content:
            raise IncompleteData(f"Toggl entry {entry.id} was edited while the list was read; run again")
        self.duplicates += 1
        return False


def _complete_before(last: Entry) -> date:
    """The first UTC day that may still come after this entry, whether rows are in order of instants or of clocks."""
    passed = min(last.start.replace(tzinfo=None), last.local_start) - WIDEST_ZONE
    return datetime.combine(passed.date(), time(), UTC).date()


WALK = "walk.json"
LOSS = "The fetch that it belongs to was interrupted, and begins again with its first day"
DAYS = "days"


class Walk(Record, frozen=True, kw_only=True):
    """`walk.json`: what a later run needs in order to finish a walk and to prove it as a whole."""

    first: date
    last: date
    as_of: date
    before: int = 0
    """Seconds of rows that the question gave for the day before `first`."""
    after: int | None = None
    """The same for the day after `last`; null while the walk has not reached its end."""
    verified: bool = False
    """The walk adds up: its days are on their way into the archive."""


class StagedWalk:
    """A walk with its days, in a folder of its own. Days without `walk.json` beside them are nobody's."""

    def __init__(self, files: Files, walk: Walk, folder: str = "") -> None:
        """`files`: of all walks of the account; `folder`: its own among them, whatever has become of its range since."""
        self.walk = walk
        self.folder = folder or f"{walk.first}_{walk.last}_{walk.as_of}"
        self._walks, self._files = files, files.below(self.folder)
        self.days = DayFiles(self._files.below(DAYS))

    @classmethod
    def begin(cls, files: Files, walk: Walk) -> "StagedWalk":
        """A new one; nothing is written before its first day is."""
        found = cls(files, walk)
        found.discard()
        return found

    def save(self, **changes: object) -> None:
        """Say how far the walk has come, before its days are written."""
        self.walk = msgspec.structs.replace(self.walk, **changes)
        write_document(self._files, WALK, self.walk)

    def verify(self) -> None:
        """The walk adds up."""
        self.save(verified=True)

    def discard(self) -> None:
        """The walk does not add up, or will not be finished: its days must be asked for again."""
        # First of all what makes the days count.
        self._files.remove(WALK)
        self._walks.remove(self.folder)


def find_walks(files: Files) -> list[StagedWalk]:
    """All walks under way, by the folder of all walks of an account."""
    found = ((name, read_document(files, f"{name}/{WALK}", Walk, LOSS)) for name in files.names())
    return [StagedWalk(files, walk, name) for name, walk in found if walk]
