"""What is asked of Toggl: the detailed report page by page, its totals, and the lists of names."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec

from timeweave.runtime.errors import IncompleteData
from timeweave.toggl.answers import Entry, MemberRow, NamedRow, Summary, Totals, UserRow, WorkspaceRow, read_entries
from timeweave.toggl.client import TogglClient
from timeweave.web.answers import LONGEST_TEXT, MOST_TAGS, Response, check_rows

LIST_SIZE = 200
"""The most that the list of projects gives in one page (Toggl API v9)."""
LOOKUP_SIZE = 100
"""The most ids that a look-up of users takes (Reports API v3)."""
MOST_PAGES = 1_000
"""Of a list of names: one that is longer is no list of names."""
Row = TypeVar("Row", bound=msgspec.Struct)


class Toggl:
    """One workspace."""

    def __init__(self, client: TogglClient, workspace_id: int) -> None:
        self.client = client
        self.workspace_id = workspace_id
        self._has_cut = False

    def pages(self, first: date, last: date, page_size: int) -> Iterator[list[Entry]]:
        """All entries that start on `first` to `last`, days cut on each owner's clock, oldest start first.

        The end is where no cursor comes. Reports API v3, detailed report.
        """
        body = question(first, last) | {"page_size": page_size, "order_by": "date", "order_dir": "ASC"}
        body |= {"enrich_response": True, "hide_amounts": True}
        cursor: dict[str, int] = {}
        seen = set()
        while True:
            answer = self._report("search/time_entries", body | cursor)
            rows = _unwrap(answer)
            cursor = _cursor(answer)
            yield read_entries(rows, answer.place, self._note_cut)
            if not cursor:
                return
            if not rows:
                raise IncompleteData("Toggl sent an empty page but says that more rows follow; run again later")
            if tuple(cursor.items()) in seen:
                raise IncompleteData("Toggl sends the same page again and again; run again later")
            seen.add(tuple(cursor.items()))

    def seconds(self, first: date, last: date, users: list[int] | None = None) -> int:
        """Toggl's own sum over the entries that `pages` gives, of these users or of all. Reports API v3, totals."""
        chosen: dict[str, Any] = {} if users is None else {"user_ids": users}
        return self._report("search/time_entries/totals", question(first, last) | chosen).read(Totals).seconds

    def seconds_by_user(self, first: date, last: date) -> dict[int, int]:
        """The same sum for each user id. Reports API v3, summary."""
        found = self._summary(first, last, {})
        return {group.id: sum(part.seconds for part in group.sub_groups or []) for group in found.groups or []}

    def entry_count(self, first: date, last: date) -> int | None:
        """How many entries `pages` would give, in one request; None where Toggl leaves their ids out. Summary report."""
        found = self._summary(first, last, {"include_time_entry_ids": True})
        ids = [part.ids for group in found.groups or [] for part in group.sub_groups or []]
        return None if None in ids else sum(len(one or []) for one in ids)

    def workspace(self) -> WorkspaceRow:
        """The workspace itself. API v9."""
        return self.client.call("GET", f"/api/v9/workspaces/{self.workspace_id}").read(WorkspaceRow)

    def members(self) -> list[MemberRow]:
        """Memberships: `uid` is the user's id, `id` is not. API v9; the only list with time zones."""
        return self._read(self._v9("workspace_users"), MemberRow)

    def users(self) -> list[UserRow]:
        """Users by their id, without time zones. API v9."""
        return self._read(self._v9("users"), UserRow)

    def users_by_id(self, ids: list[int]) -> list[UserRow]:
        """Users of any state, deleted ones too. Reports API v3, search."""
        chunks = [ids[at : at + LOOKUP_SIZE] for at in range(0, len(ids), LOOKUP_SIZE)]
        answers = (self._report("search/users", {"ids": chunk}) for chunk in chunks)
        return [user for answer in answers for user in self._read(answer, UserRow)]

    def projects(self) -> list[NamedRow]:
        """Projects by id, archived ones too. API v9."""
        return self._paged("projects", {"active": "both"})

    def clients(self) -> list[NamedRow]:
        """Clients by id, archived ones too. API v9."""
        found = self._read(self._v9("clients", {"status": "both"}), NamedRow)
        return sorted(found, key=lambda row: row.id)

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
                return [found[key] for key in sorted(found)]
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


def question(first: date, last: date) -> dict[str, Any]:
    """The filter that rows and totals share; rounding off, or it would come from the caller's profile."""
    return {"start_date": str(first), "end_date": str(last), "rounding": 0, "rounding_minutes": 0}


def _cursor(answer: Response) -> dict[str, int]:
    """What to send for the next page: all three values, or the row number alone; id and row give empty pages."""
    names = {"first_id": "x-next-id", "first_row_number": "x-next-row-number", "first_timestamp": "x-next-timestamp"}
    sent = {key: answer.find_number(name) for key, name in names.items() if answer.headers.get(name)}
    if not sent:
        return {}
    cursor = {key: value for key, value in sent.items() if value is not None}
    if "first_row_number" not in cursor or len(cursor) < len(sent):
        told = ", ".join(names[key] for key in sent)
        raise IncompleteData(f"{answer.place} announces more rows but not where they begin ({told}); run again later")
    return cursor if len(cursor) == 3 else {"first_row_number": cursor["first_row_number"]}


def _unwrap(answer: Response) -> Any:
    """A list, `null` for an empty one, or the `data` of an object."""
    body = answer.body.get("data") if isinstance(answer.body, dict) and "data" in answer.body else answer.body
    return [] if body is None else body
