"""One walk through the pages of a range of days: each is kept as it comes, and a list that shifted meanwhile is noticed."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

import msgspec

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.runtime.errors import IncompleteData
from timeweave.runtime.period import DAY, span
from timeweave.toggl.client import Cursor
from timeweave.toggl.day_files import Author, DayFiles
from timeweave.toggl.kept_pages import KeptPages
from timeweave.toggl.learned_limits import PageSize
from timeweave.toggl.workspace_requests import EMPTY_PAGE, Page, Toggl

WALK = "walk.json"
LOSS = "The fetch that it belongs to was interrupted, and begins again with its first day"
DAYS = "days"
PAGES = "pages"
MOST_SHIFTS = 5
"""How often in one go the place is looked for where a list goes on that changed while it was read."""


class Walk(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """`walk.json`: what a later run needs in order to finish a walk and to prove it as a whole.

    Open to unknown keys: an earlier version noted how far it had come.
    """

    first: date
    last: date
    as_of: date
    is_grouped: bool = False
    """Its rows are numbered by groups of entries."""
    is_doubtful: bool = False
    """It was interrupted, or its list changed meanwhile: a sum that fits does not prove it alone."""
    overlap: int = 1
    """Rows before its cursor from which it goes on: more where its place in a list that changed is not found yet."""
    is_proven: bool = False
    """It adds up."""
    verified: bool = False
    """Nothing is to be asked any more: its days are on their way into the archive."""
    invalidated: tuple[date, ...] = ()
    """Days that entries of its days were moved to: they are asked for again when it is committed."""


class StagedWalk:
    """A walk with its pages, in a folder of its own. Pages without `walk.json` beside them are nobody's."""

    def __init__(self, files: Files, walk: Walk, folder: str = "") -> None:
        """`files`: of all walks of the account; `folder`: its own among them, whatever has become of its range since."""
        self.walk = walk
        self.folder = folder or f"{walk.first}_{walk.last}_{walk.as_of}"
        self._walks, self._files = files, files.below(self.folder)
        self.days = DayFiles(self._files.below(DAYS))
        """The days that are cut from the pages in the end."""

    @cached_property
    def pages(self) -> KeptPages:
        """The pages that it has come to."""
        return KeptPages(self._files.below(PAGES))

    @property
    def edges(self) -> tuple[date, date]:
        """What is asked for: Toggl cuts days on each owner's clock, so that is a day more on both sides."""
        return self.walk.first - DAY, self.walk.last + DAY

    @property
    def next_day(self) -> date:
        """The first UTC day of which it has not all yet; behind its end where its pages are complete."""
        if self.pages.is_complete:
            return self.walk.last + DAY
        return min(max(self.pages.complete_before or self.walk.first, self.walk.first), self.walk.last)

    @classmethod
    def begin(cls, files: Files, walk: Walk) -> "StagedWalk":
        """A new one."""
        found = cls(files, walk)
        found.discard()
        found.save()
        return found

    def renew(self, as_of: date, settle_days: int, last: date) -> None:
        """Go on as of another day, without what may have changed since, and as far as `last`."""
        if self.walk.as_of != as_of:
            self.pages.keep_until(self.walk.as_of - timedelta(days=settle_days))
        if last < self.walk.last:
            behind = [id_ for id_, one in self.pages.entries.items() if one.local_day > last + DAY]
            if behind:
                self.pages.add([], self.pages.cursor, behind)
        changes = {} if (as_of, last) == (self.walk.as_of, self.walk.last) else {"is_proven": False}
        self.save(as_of=as_of, last=last, is_doubtful=self.walk.is_doubtful or self.pages.count > 0, **changes)

    def cut_days(self) -> None:
        """Write its days from its pages, in place of any that were cut before."""
        self._files.remove(DAYS)
        for day, entries in self.pages.cut_days(span(self.walk.first, self.walk.last)):
            self.days.write(day, entries, self.walk.as_of)

    @property
    def day_count(self) -> int:
        """How many days it is about."""
        return (self.walk.last - self.walk.first).days + 1

    def read_authors(self) -> dict[int, Author]:
        """Everyone whose entries it has, by user id."""
        return self.pages.read_authors() | self.days.read_authors(self.days.list_days())

    def save(self, **changes: object) -> None:
        """Note what has become of it."""
        self.walk = msgspec.structs.replace(self.walk, **changes)
        write_document(self._files, WALK, self.walk)

    def discard(self) -> None:
        """The walk does not add up, or will not be finished: its days must be asked for again."""
        # First of all what makes the pages count.
        self._files.remove(WALK)
        self._walks.remove(self.folder)
        self.__dict__.pop("pages", None)


def find_walks(files: Files) -> list[StagedWalk]:
    """All walks under way, by the folder of all walks of an account."""
    found = ((name, read_document(files, f"{name}/{WALK}", Walk, LOSS)) for name in files.names())
    return [StagedWalk(files, walk, name) for name, walk in found if walk]


class PageReader:
    """Reads the pages that a walk lacks. A page counts where it goes on from an entry that was read before."""

    def __init__(self, toggl: Toggl, walk: StagedWalk, size: PageSize, is_grouped: bool = False) -> None:
        self._toggl, self._walk, self._size = toggl, walk, size
        self._chosen = {"grouped": True} if is_grouped else None
        self._shifts = 0
        self.duplicates = 0
        """Entries that came again without being asked for."""

    def read(self) -> Iterator[None]:
        """Go on to the last page; yields after each one that is kept."""
        pages, is_resumed = self._walk.pages, self._walk.pages.count > 0
        while not pages.is_complete:
            cursor = pages.cursor
            # One row more, to compare: after an interruption, and where it is not said with which entry the page begins.
            overlaps = cursor is not None and (is_resumed or cursor.id is None)
            page = self._ask(Cursor(max(1, cursor.row - self._walk.walk.overlap)) if cursor and overlaps else cursor)
            if cursor and not self._goes_on(page, cursor):
                page = self._find_place(page, cursor)
            elif not overlaps:
                self.duplicates += sum(map(pages.holds, page.entries))
            pages.add(page.entries, page.cursor)
            if self._walk.walk.overlap > 1:
                self._walk.save(overlap=1)
            is_resumed = False
            yield

    def _goes_on(self, page: Page, cursor: Cursor) -> bool:
        """Whether it begins with the entry that was announced, or has one before it that was read already."""
        begins = bool(page.entries) and page.entries[0].id == cursor.id
        return begins or any(map(self._walk.pages.holds, page.entries))

    def _find_place(self, page: Page, cursor: Cursor) -> Page:
        """A page that goes on from what was read. Rows were added or taken away before it, so it begins further back."""
        self._shifts += 1
        if self._shifts > MOST_SHIFTS:
            raise IncompleteData(
                f"Toggl's list changed {MOST_SHIFTS} times while it was read; what was read is kept: run again later"
            )
        was_empty, overlap = not page.entries, max(self._walk.walk.overlap, self._walk.pages.rows // 4)
        while True:
            overlap *= 2
            # A spent quota must not let the search begin again.
            self._walk.save(is_doubtful=True, overlap=overlap)
            row = max(1, cursor.row - overlap)
            page = self._ask(Cursor(row))
            if was_empty and page.cursor and page.cursor.row >= cursor.row:
                raise IncompleteData(EMPTY_PAGE)
            if row == 1 or any(map(self._walk.pages.holds, page.entries)):
                return page

    def _ask(self, cursor: Cursor | None) -> Page:
        first, last = self._walk.edges
        return self._size.ask(lambda size: self._toggl.page(first, last, size, cursor, self._chosen))
