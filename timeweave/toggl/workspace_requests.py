"""What is asked of Toggl: the detailed report page by page, its totals, and the lists of names."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

import msgspec

from timeweave.runtime.errors import IncompleteData
from timeweave.toggl.answers import Entry, MemberRow, NamedRow, Summary, Totals, UserRow, WorkspaceRow, read_entries
from timeweave.toggl.client import Cursor, TogglClient, find_cursor
from timeweave.web.answers import LONGEST_TEXT, MOST_TAGS, Response, check_rows
from timeweave.web.client import RequestRefused

LIST_SIZE = 200
"""The most that the list of projects gives in one page (Toggl API v9)."""
LOOKUP_SIZE = 100
"""The most ids that a look-up of users takes (Reports API v3)."""
MOST_PAGES = 1_000
"""Of a list of names: one that is longer is no list of names."""
EMPTY_PAGE = "Toggl sent an empty page but says that more rows follow; run again later"
FIND_SIZE = 50
"""Ids of entries that are looked up in one question: no more than a page holds."""
LONGEST = 360
"""Days in one question: Toggl's clients know of a limit at one year."""
Row = TypeVar("Row", bound=msgspec.Struct)
Listed = TypeVar("Listed", UserRow, MemberRow, NamedRow)


class Page(NamedTuple):
    """Entries in the order of the list."""

    entries: list[Entry]
    cursor: Cursor | None
    """Where the next page begins; None where this is the last one."""
    size: int | None
    """Rows of a page as the server says that it counts them."""


class Toggl:
    """One workspace."""

    def __init__(self, client: TogglClient, workspace_id: int) -> None:
        self.client = client
        self.workspace_id = workspace_id
        self._has_cut = False

    def page(
        self, first: date, last: date, size: int, cursor: Cursor | None = None, chosen: dict[str, Any] | None = None
    ) -> Page:
        """Some entries that start on `first` to `last` by their owners' clocks, oldest first; `chosen`: filters. API v3."""
        body = question(first, last) | {"page_size": size, "order_by": "date", "order_dir": "ASC"}
        body |= {"enrich_response": True, "hide_amounts": True} | (chosen or {})
        answer = self._report("search/time_entries", body | (cursor.question if cursor else {}))
        following = find_cursor(answer)
        entries = read_entries(_unwrap(answer), answer.place, self._note_cut)
        if following and not entries:
            raise IncompleteData(EMPTY_PAGE)
        if following and following.row <= (cursor.row if cursor else 1):
            raise IncompleteData("Toggl sends the same page again and again; run again later")
        return Page(entries, following, answer.find_number("x-page-size"))

    def pages(
        self, first: date, last: date, page_size: int, chosen: dict[str, Any] | None = None
    ) -> Iterator[list[Entry]]:
        """All entries that `page` gives, one page after the other. The end is where no cursor comes."""
        cursor: Cursor | None = None
        while True:
            found = self.page(first, last, page_size, cursor, chosen)
            if cursor and not found.entries:
                raise IncompleteData(EMPTY_PAGE)
            yield found.entries
            cursor = found.cursor
            if cursor is None:
                return

    def find_entries(
        self, ids: Iterable[int], first: date, last: date, longest: int = LONGEST
    ) -> Iterator[list[Entry]]:
        """Those of these entries that start on `first` to `last`, in questions about at most `longest` days."""
        wanted = set(ids)
        while wanted and first <= last:
            begin = max(first, last - timedelta(days=longest))
            for chunk in [sorted(wanted)[at : at + FIND_SIZE] for at in range(0, len(wanted), FIND_SIZE)]:
                for page in self.pages(begin, last, FIND_SIZE, {"time_entry_ids": chunk}):
                    yield [entry for entry in page if entry.id in wanted]
                    wanted -= {entry.id for entry in page}
                    if any(entry.id not in chunk for entry in page):
                        raise RequestRefused("Toggl does not look entries up by their ids")
            last = begin - timedelta(days=1)

    def seconds(self, first: date, last: date, users: list[int] | None = None) -> int:
        """Toggl's own sum over the entries that `pages` gives, of these users or of all. Reports API v3, totals."""
        chosen: dict[str, Any] = {} if users is None else {"user_ids": users}
        return self._report("search/time_entries/totals", question(first, last) | chosen).read(Totals).seconds

    def seconds_by_user(self, first: date, last: date) -> dict[int, int]:
        """The same sum for each user id. Reports API v3, summary."""
        found = self._summary(first, last, {})
        return {group.id: sum(part.seconds for part in group.sub_groups or []) for group in found.groups or []}

    def count_entries(self, first: date, last: date) -> int | None:
        """How many entries `pages` would give, in one request; None where Toggl leaves their ids out."""
        found = self.seconds_by_text(first, last)
        return None if found is None else sum(len(ids) for ids, _ in found)

    def seconds_by_text(self, first: date, last: date) -> list[tuple[list[int], int]] | None:
        """The entries of each person and text by id, and their sum; None where Toggl leaves ids out. Summary report."""
        found = self._summary(first, last, {"include_time_entry_ids": True})
        parts = [part for group in found.groups or [] for part in group.sub_groups or []]
        return None if any(part.ids is None for part in parts) else [(part.ids or [], part.seconds) for part in parts]

    def workspace(self) -> WorkspaceRow:
        """The workspace itself. API v9."""
        return self.client.call("GET", f"/api/v9/workspaces/{self.workspace_id}").read(WorkspaceRow)

    def members(self) -> list[MemberRow]:
        """Memberships: `uid` is the user's id, `id` is not. API v9; the only list with time zones."""
        return _drop_repeated(self._read(self._v9("workspace_users"), MemberRow))

    def users(self) -> list[UserRow]:
        """Users by their id, without time zones. API v9."""
        return _drop_repeated(self._read(self._v9("users"), UserRow))

    def users_by_id(self, ids: list[int]) -> list[UserRow]:
        """Users of any state, deleted ones too. Reports API v3, search."""
        chunks = [ids[at : at + LOOKUP_SIZE] for at in range(0, len(ids), LOOKUP_SIZE)]
        answers = (self._report("search/users", {"ids": chunk}) for chunk in chunks)
        return _drop_repeated(user for answer in answers for user in self._read(answer, UserRow))

    def projects(self) -> list[NamedRow]:
        """Projects by id, archived ones too. API v9."""
        return self._paged("projects", {"active": "both"})

    def clients(self) -> list[NamedRow]:
        """Clients by id, archived ones too. API v9."""
        return _drop_repeated(self._read(self._v9("clients", {"status": "both"}), NamedRow))

    def tags(self) -> list[NamedRow]:
        """Tags by id. API v9."""
        return self._paged("tags", {})

    def tasks(self) -> list[NamedRow]:
        """Tasks by id, done ones too; a paid feature: PlanLacksFeature without it. API v9."""
        return self._paged("tasks", {"active": "both"})

    def _paged(self, name: str, query: dict[str, Any]) -> list[NamedRow]:
        """All pages of a list that announces no end: until a page is short of the size it was served with."""
        found: dict[int, NamedRow] = {}
        for page in range(1, MOST_PAGES + 1):
            answer = self._v9(name, query | {"page": page, "per_page": LIST_SIZE})
            size = answer.find_number("x-page-size")
            if isinstance(answer.body, dict) and isinstance(answer.body.get("per_page"), int):
                size = answer.body["per_page"]
            rows = self._read(answer, NamedRow)
            fresh = [row for row in rows if row.id not in found]
            found.update((row.id, row) for row in fresh)
            # Where no size is told, only a page that brings nothing new is the end.
            if not fresh or (size is not None and len(rows) < size):
                return _drop_repeated(found.values())
        raise IncompleteData(f"Toggl's list of {name} has no end after {MOST_PAGES} pages; run again later")

    def _read(self, answer: Response, shape: type[Row]) -> list[Row]:
        return check_rows(_unwrap(answer), shape, answer.place, self._note_cut)

    def _note_cut(self, what: str) -> None:
        if not self._has_cut:
            self.client.say(
                f"Toggl sent a {what}; here and wherever else, names and descriptions are cut to {LONGEST_TEXT:,} "
                f"characters and lists of tags to {MOST_TAGS:,}"
            )
        self._has_cut = True

    def _summary(self, first: date, last: date, more: dict[str, Any]) -> Summary:
        body = question(first, last) | {"grouping": "users", "sub_grouping": "time_entries"} | more
        return self._report("summary/time_entries", body).read(Summary)

    def _v9(self, name: str, query: dict[str, Any] | None = None) -> Response:
        return self.client.call("GET", f"/api/v9/workspaces/{self.workspace_id}/{name}", query=query)

    def _report(self, name: str, body: dict[str, Any]) -> Response:
        return self.client.call("POST", f"/reports/api/v3/workspace/{self.workspace_id}/{name}", body=body)


def _drop_repeated(rows: Iterable[Listed]) -> list[Listed]:
    """Each id once, ascending."""
    found = {row.id: row for row in rows}
    return [found[id_] for id_ in sorted(found)]


def question(first: date, last: date) -> dict[str, Any]:
    """The filter that rows and totals share; rounding off, or it would come from the caller's profile."""
    return {"start_date": str(first), "end_date": str(last), "rounding": 0, "rounding_minutes": 0}


def _unwrap(answer: Response) -> Any:
    """A list, `null` for an empty one, or the `data` of an object."""
    body = answer.body.get("data") if isinstance(answer.body, dict) and "data" in answer.body else answer.body
    return [] if body is None else body
