"""`api.json` of an account in the archive: what its Toggl was found to do where nobody documents it."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from timeweave.archive.files import Files, read_document, write_document
from timeweave.runtime.document import Record
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.workspace_requests import LONGEST, Page
from timeweave.web.client import RequestRefused

NAME = "api.json"
LOSS = "What was learnt of the API is learnt again"
MOST_ROWS = 1000
"""Asked for where `toggl.page_size` is `auto`."""
SAFE_ROWS = 50
"""What a page holds at least, whatever is asked (clients of the Reports API v3), and what is asked after a refusal."""
SHORTEST_SPAN = 28
"""Days; a question about no more than these is not refused for its length."""
Answer = TypeVar("Answer")


class ApiFacts(Record, frozen=True, kw_only=True):
    """Null is: not known yet."""

    schema: int = 1
    page_rows: int | None = None
    """The most rows that a page was said to hold when more were asked for."""
    refuses_large_pages: bool = False
    """A question for `MOST_ROWS` was refused, and one for `SAFE_ROWS` was not."""
    longest_span: int | None = None
    """Days of the longest question that was answered after a longer one was refused."""
    probed: dict[str, str] = msgspec.field(default_factory=dict)
    """What `timeweave doctor --probe` found, by the name of the question."""


def read_facts(files: Files) -> ApiFacts:
    """What is known of an account's."""
    return read_document(files, NAME, ApiFacts, LOSS) or ApiFacts()


def learn(files: Files, **facts: object) -> None:
    """Remember what was found."""
    known = read_facts(files)
    if (found := msgspec.structs.replace(known, **facts)) != known:
        write_document(files, NAME, found)


def find_longest_walk(facts: ApiFacts) -> int:
    """Days of a walk at most; it asks for one more on each side."""
    return min(LONGEST, (facts.longest_span or LONGEST + 2) - 2)


def find_page_rows(settings: TogglSettings, facts: ApiFacts) -> tuple[int, int]:
    """Rows that a page will hold at least and at most."""
    asked = settings.page_size
    if asked == "auto":
        asked = SAFE_ROWS if facts.refuses_large_pages else MOST_ROWS
    sure = min(asked, facts.page_rows or SAFE_ROWS)
    return sure, min(asked, facts.page_rows or asked)


class PageSize:
    """How many rows a page is asked for: as set, or the most that is taken."""

    def __init__(self, files: Files, settings: TogglSettings) -> None:
        self._files, self._is_auto = files, settings.page_size == "auto"
        self._facts = read_facts(files)
        large = SAFE_ROWS if self._facts.refuses_large_pages else MOST_ROWS
        self._asked = large if settings.page_size == "auto" else settings.page_size

    def ask(self, question: Callable[[int], Page]) -> Page:
        """A page; where so many rows are refused, which is learnt once, with fewer."""
        may_be_refused = self._is_auto and self._asked > SAFE_ROWS and self._facts.page_rows is None
        try:
            found = question(self._asked)
        except RequestRefused:
            if not may_be_refused:
                raise
            found = question(SAFE_ROWS)
            self._asked = SAFE_ROWS
            self._learn(refuses_large_pages=True)
        if found.size is not None and 0 < found.size != self._facts.page_rows and self._asked >= MOST_ROWS:
            self._learn(page_rows=found.size)
        return found

    def _learn(self, **facts: object) -> None:
        learn(self._files, **facts)
        self._facts = read_facts(self._files)
