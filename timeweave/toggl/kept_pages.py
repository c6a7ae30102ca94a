"""The pages of a walk as they came, each in a file with the cursor that it announced: nothing that was read is read again."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

import msgspec

from timeweave.archive.files import Files, read_document, seal
from timeweave.runtime import shapes
from timeweave.runtime.errors import IncompleteData
from timeweave.toggl.answers import Entry, read_entries
from timeweave.toggl.client import Cursor
from timeweave.toggl.day_files import Author

WIDEST_ZONE = timedelta(hours=14)
"""The farthest that a clock on Earth is from UTC."""
LOSS = "That page and those after it are asked for again"
READ_AHEAD = 16
"""Pages that are held while days are cut from them; the rows of a day lie on few."""


class _Page(msgspec.Struct, kw_only=True):
    schema: int = 1
    cursor: Cursor | None
    """Where the next page begins; null on the last one."""
    gone: list[int] = []
    """Entries that came with earlier pages and are not there any more."""


class _Rows(_Page, kw_only=True):
    rows: list[dict[str, object]]


class _Time(msgspec.Struct):
    id: int
    seconds: int
    start: str
    stop: str | None = None


class _Row(msgspec.Struct):
    user_id: int
    time_entries: list[_Time]


class _EntryTimes(_Page, kw_only=True):
    rows: list[_Row]

    def has_after(self, day: date) -> bool:
        return any(_find_day(one.start) > day for row in self.rows for one in row.time_entries)


class _Authors(_Page, kw_only=True):
    rows: list[Author]


class KnownEntry(NamedTuple):
    """What is known of an entry without its row: as its latest page had it."""

    page: int
    user_id: int
    start: str
    """As Toggl wrote it, on its owner's clock."""
    seconds: int
    is_running: bool

    @property
    def day(self) -> date:
        """The UTC day it started on."""
        return _find_day(self.start)

    @property
    def local_day(self) -> date:
        """The same on its owner's clock, as Toggl's totals cut days."""
        return date.fromisoformat(self.start[:10])


Shape = TypeVar("Shape", bound=_Page)


class KeptPages:
    """The pages in a folder, in their order. Of an entry that came with several of them the latest reading counts."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._load()

    def _load(self) -> None:
        self.entries: dict[int, KnownEntry] = {}
        """By id, whatever day they start on."""
        self.count = self.rows = 0
        """Pages; rows of the last one."""
        self.cursor: Cursor | None = None
        self.complete_before: date | None = None
        """The first UTC day that later pages may still hold entries of; None where nothing is known."""
        while found := self._read(self.count, _EntryTimes):
            self._note(found)
        # Behind a page that was damaged they lead nowhere.
        self._behind = self._files.names()[self.count :]

    @property
    def is_complete(self) -> bool:
        """Whether the last page announced no further one."""
        return self.count > 0 and self.cursor is None

    @property
    def row_count(self) -> int:
        """Rows up to the cursor; of a walk that was begun alone all of them are entries."""
        return self.cursor.row - 1 if self.cursor else len(self.entries)

    @property
    def seconds(self) -> int:
        """The sum over all entries."""
        return sum(one.seconds for one in self.entries.values())

    def holds(self, entry: Entry) -> bool:
        """Whether an entry is known and has its old place in the list."""
        known = self.entries.get(entry.id)
        return known is not None and known.start == entry.row["time_entries"][0]["start"]

    def add(self, entries: Iterable[Entry], cursor: Cursor | None, gone: Collection[int] = ()) -> None:
        """Keep a page, and let go of entries that are not there any more."""
        for name in reversed(self._behind):
            self._files.remove(name)
        self._behind = []
        rows = {entry.id: entry.row for entry in entries}
        page = _Rows(cursor=cursor, gone=sorted(gone), rows=list(rows.values()))
        content = msgspec.json.encode(page, order="sorted")
        self._files.write(_name(self.count), seal(content))
        self._note(shapes.decode(content, _EntryTimes))

    def keep_until(self, day: date) -> None:
        """Let go of the first page with an entry that starts after a UTC day, and of all behind it."""
        read = (self._read(number, _EntryTimes) for number in range(self.count))
        late = next((number for number, page in enumerate(read) if page is None or page.has_after(day)), self.count)
        for number in range(self.count - 1, late - 1, -1):
            self._files.remove(_name(number))
        self._load()

    def cut_days(self, days: Iterable[date]) -> Iterable[tuple[date, list[Entry]]]:
        """The entries of each of these UTC days."""
        read, pages_of = lru_cache(READ_AHEAD)(self._read_entries), defaultdict[date, set[int]](set)
        for one in self.entries.values():
            pages_of[one.day].add(one.page)
        for day in days:
            found = ((number, entry) for number in sorted(pages_of[day]) for entry in read(number))
            kept = ((one, self.entries.get(one.id), number) for number, one in found if one.day == day)
            yield day, [one for one, known, number in kept if known and known.page == number]

    def read_authors(self) -> dict[int, Author]:
        """Everyone who has entries on these pages, by user id."""
        found = (self._read(number, _Authors) for number in range(self.count))
        return {author.user_id: author for page in found if page for author in page.rows}

    def _read_entries(self, number: int) -> list[Entry]:
        found = self._read(number, _Rows)
        if found is None:
            raise IncompleteData(f"{self._files.address(_name(number))} was damaged just now; run again")
        return read_entries(found.rows, self._files.address(_name(number)))

    def _note(self, page: _EntryTimes) -> None:
        for row in page.rows:
            [one] = row.time_entries
            is_running = one.stop is None or one.seconds < 0
            seconds = 0 if one.stop is None else max(one.seconds, 0)
            self.entries[one.id] = KnownEntry(self.count, row.user_id, one.start, seconds, is_running)
        for id_ in page.gone:
            self.entries.pop(id_, None)
        if page.rows and not self.is_complete:
            begun = _find_complete_before(page.rows[-1].time_entries[0].start)
            self.complete_before = max(self.complete_before or begun, begun)
        self.cursor, self.rows = page.cursor, len(page.rows)
        self.count += 1

    def _read(self, number: int, shape: type[Shape]) -> Shape | None:
        return read_document(self._files, _name(number), shape, LOSS)


def _name(number: int) -> str:
    return f"{number:06}.json"


def _find_day(start: str) -> date:
    return datetime.fromisoformat(start).astimezone(UTC).date()


def _find_complete_before(start: str) -> date:
    """The first UTC day that may still come after an entry, whether rows are in order of instants or of clocks."""
    local = datetime.fromisoformat(start)
    return (min(local.astimezone(UTC).replace(tzinfo=None), local.replace(tzinfo=None)) - WIDEST_ZONE).date()
