"""What is asked of Toggl: the detailed report page by page, its totals, and the lists of names."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.toggl.client import TogglClient
from timeweave.web.response import Response

LIST_SIZE = 200
"""The most that the list of projects gives in one page (Toggl API v9)."""
LOOKUP_SIZE = 100
"""The most ids that a look-up of users takes (Reports API v3)."""


class Toggl:
    """One workspace."""

    def __init__(self, client: TogglClient, workspace_id: int) -> None:
        self.client = client
        self.workspace_id = workspace_id

    def pages(self, first: date, last: date, page_size: int) -> Iterator[list[dict[str, Any]]]:
        """Rows of all entries that start on `first` to `last`, days cut on each owner's clock, oldest start first.

        The end is where no cursor comes. Reports API v3, detailed report.
        """
        body = question(first, last) | {"page_size": page_size, "order_by": "date", "order_dir": "ASC"}
        body |= {"enrich_response": True, "hide_amounts": True}
        cursor: dict[str, int] = {}
        seen = set()
        while True:
            answer = self._report("search/time_entries", body | cursor)
            rows = _list(answer)
            cursor = _cursor(answer)
            yield rows
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
        body = self._report("search/time_entries/totals", question(first, last) | chosen).body
        if not isinstance(body, dict) or not isinstance(body.get("seconds"), int):
            raise TimeweaveError(f"Toggl's totals hold no seconds: {str(body)[:100]}")
        return int(body["seconds"])

    def seconds_by_user(self, first: date, last: date) -> dict[int, int]:
        """The same sum for each user id. Reports API v3, summary."""
        body = question(first, last) | {"grouping": "users", "sub_grouping": "time_entries"}
        groups = self._report("summary/time_entries", body).body.get("groups") or []
        return {group["id"]: sum(part["seconds"] for part in group.get("sub_groups") or []) for group in groups}

    def entry_count(self, first: date, last: date) -> int | None:
        """How many entries `pages` would give, in one request; None where Toggl leaves their ids out. Summary report."""
        body = question(first, last) | {"grouping": "users", "sub_grouping": "time_entries"}
        answer = self._report("summary/time_entries", body | {"include_time_entry_ids": True}).body
        parts = [part for group in answer.get("groups") or [] for part in group.get("sub_groups") or []]
        if not all(isinstance(part.get("ids"), list) for part in parts):
            return None
        return sum(len(part["ids"]) for part in parts)

    def workspace(self) -> dict[str, Any]:
        """The workspace itself. API v9."""
        return self._object(f"/api/v9/workspaces/{self.workspace_id}")

    def members(self) -> list[dict[str, Any]]:
        """Memberships: `uid` is the user's id, `id` is not. API v9; the only list with time zones."""
        return _list(self._v9("workspace_users"))

    def users(self) -> list[dict[str, Any]]:
        """Users by their id, without time zones. API v9."""
        return _list(self._v9("users"))

    def users_by_id(self, ids: list[int]) -> list[dict[str, Any]]:
        """Users of any state, deleted ones too. Reports API v3, search."""
        chunks = [ids[at : at + LOOKUP_SIZE] for at in range(0, len(ids), LOOKUP_SIZE)]
        return [user for chunk in chunks for user in _list(self._report("search/users", {"ids": chunk}))]

    def projects(self) -> list[dict[str, Any]]:
        """Projects, archived ones too. API v9."""
        return self._paged("projects", {"active": "both"})

    def clients(self) -> list[dict[str, Any]]:
        """Clients, archived ones too. API v9."""
        return _list(self._v9("clients", {"status": "both"}))

    def tags(self) -> list[dict[str, Any]]:
        """Tags. API v9."""
        return self._paged("tags", {})

    def tasks(self) -> list[dict[str, Any]]:
        """Tasks, done ones too; a paid feature: PlanLacksFeature without it. API v9."""
        return self._paged("tasks", {"active": "both"})

    def _paged(self, name: str, query: dict[str, Any]) -> list[dict[str, Any]]:
        """All pages of a list that announces no end: until a page is short of the size it was served with."""
        found: dict[int, dict[str, Any]] = {}
        page = 1
        while True:
            answer = self._v9(name, query | {"page": page, "per_page": LIST_SIZE})
            size = answer.headers.get("x-page-size", "")
            if isinstance(answer.body, dict):
                size = str(answer.body.get("per_page", size))
            rows = _list(answer)
            fresh = [row for row in rows if row["id"] not in found]
            found.update((row["id"], row) for row in fresh)
            # Where no size is told, only a page that brings nothing new is the end.
            if not fresh or (size.isdecimal() and len(rows) < int(size)):
                return [found[key] for key in sorted(found)]
            page += 1

    def _v9(self, name: str, query: dict[str, Any] | None = None) -> Response:
        return self.client.call("GET", f"/api/v9/workspaces/{self.workspace_id}/{name}", query=query)

    def _object(self, path: str) -> dict[str, Any]:
        body = self.client.call("GET", path).body
        if not isinstance(body, dict):
            raise TimeweaveError(f"Toggl answered {path} with something that is no object: {str(body)[:100]}")
        return body

    def _report(self, name: str, body: dict[str, Any]) -> Response:
        return self.client.call("POST", f"/reports/api/v3/workspace/{self.workspace_id}/{name}", body=body)


def question(first: date, last: date) -> dict[str, Any]:
    """The filter that rows and totals share; rounding off, or it would come from the caller's profile."""
    return {"start_date": str(first), "end_date": str(last), "rounding": 0, "rounding_minutes": 0}


def _cursor(answer: Response) -> dict[str, int]:
    """What to send for the next page: all three values, or the row number alone; id and row give empty pages."""
    names = {"first_id": "x-next-id", "first_row_number": "x-next-row-number", "first_timestamp": "x-next-timestamp"}
    sent = {key: answer.headers[name] for key, name in names.items() if answer.headers.get(name)}
    if not sent:
        return {}
    if "first_row_number" not in sent or not all(value.lstrip("-").isdecimal() for value in sent.values()):
        raise IncompleteData(f"Toggl announces more rows but not where they begin: {sent}")
    cursor = {key: int(value) for key, value in sent.items()}
    return cursor if len(cursor) == 3 else {"first_row_number": cursor["first_row_number"]}


def _list(answer: Response) -> list[dict[str, Any]]:
    """A list, `null` for an empty one, or the `data` of an object."""
    body = answer.body.get("data") if isinstance(answer.body, dict) and "data" in answer.body else answer.body
    if body is None:
        return []
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise TimeweaveError(f"Toggl answered with something that is no list: {str(body)[:100]}")
    return body
