"""Toggl Reports API v3: the detailed report with its cursor, its totals, and the summary by user."""

import time
from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.team import Person
from timeweave.sandbox.toggl.entry import TimeEntry
from timeweave.sandbox.toggl.filters import checked, fits
from timeweave.sandbox.toggl.reply import Refusal, reply
from timeweave.sandbox.toggl.row import cents, row
from timeweave.sandbox.world import World


class Report:
    """The entries that a body asks for."""

    def __init__(self, world: World, behaviour: Behaviour, caller: Person, admin: bool, body: Any) -> None:
        self.world, self.behaviour, self.body = world, behaviour, checked(body)
        self.first, self.last = self._range()
        zone = ZoneInfo(caller.timezone) if behaviour.zone == "caller" else None
        found = world.timesheet.entries(self.first, self.last, zone)
        self.entries = [entry for entry in found if self._wanted(entry) and (admin or entry.user_id == caller.user_id)]

    def page(self) -> Response:
        """One page of rows; headers say where the next begins."""
        entries = self._ordered()[self.behaviour.dropped_rows :]
        size = min(self._int("page_size", 50), self.behaviour.page_cap)
        start = self._int("first_row_number", 1) - 1
        if "first_id" in self.body and "first_timestamp" not in self.body:
            entries = []  # the form that clients saw give nothing at all
        shown, after = entries[start : start + size], entries[start + size :]
        if self.behaviour.duplicated_rows and start:
            shown = [entries[start - 1], *shown]
        headers = {"X-Page-Size": str(size), "X-Range-Start": str(self.first), "X-Range-End": str(self.last)}
        if self.behaviour.empty_page and start:
            shown, after = [], after or entries[-1:]
        if after:
            headers |= self._cursor(after[0], size + 1 if self.behaviour.repeated_cursor else start + size + 1)
        rows = [
            row(entry, number, self.world, self.body, self.behaviour) for number, entry in enumerate(shown, start + 1)
        ]
        return reply(rows or (None if self.behaviour.null_lists else []), headers)

    def totals(self) -> Response:
        """The sum over the same entries, running ones left out where behaviour does not count them."""
        days = {e.start.astimezone(self.world.timesheet.zone(e.user_id)).date() for e in self.entries}
        return reply({
            "seconds": sum(self._counted(e) for e in self.entries), "tracked_days": len(days), "resolution": "day",
            "billable_amount_in_cents": sum(cents(e, self.body) or 0 for e in self.entries), "labour_cost_in_cents": None, "rates": [],
        })  # fmt: skip

    def summary(self) -> Response:
        """Seconds by user and description."""
        if self.body.get("grouping") != "users":
            raise Refusal(400, "Invalid 'grouping' value, allowed values are: 'users'")
        users: dict[int, dict[str, list[TimeEntry]]] = defaultdict(lambda: defaultdict(list))
        for entry in self.entries:
            users[entry.user_id][entry.description].append(entry)
        groups = [
            {"id": user, "sub_groups": [self._part(title, entries) for title, entries in sorted(titles.items())]}
            for user, titles in sorted(users.items())
        ]
        return reply({"groups": groups}, {"X-Grouping": "users", "X-Sub-Grouping": "time_entries"})

    def _counted(self, entry: TimeEntry) -> int:
        if entry.seconds is None and self.behaviour.totals_count_running:
            return int(time.time() - entry.start.timestamp())
        return entry.seconds or 0

    def _part(self, title: str, entries: list[TimeEntry]) -> dict[str, Any]:
        part: dict[str, Any] = {"id": None, "title": title, "seconds": sum(e.seconds or 0 for e in entries)}
        return part | ({"ids": [e.id for e in entries]} if self.body.get("include_time_entry_ids") else {})

    def _range(self) -> tuple[date, date]:
        first, last = self._day("start_date"), self._day("end_date")
        first = first or (last or self.world.as_of) - timedelta(days=6)
        last = last or first + timedelta(days=6)
        if last < first:
            raise Refusal(400, "Invalid 'end_date' value: it is before 'start_date'")
        if (last - first).days >= 366:
            raise Refusal(400, "The range must not be longer than 366 days")
        return first, last

    def _day(self, key: str) -> date | None:
        value = self.body.get(key)
        try:
            day = None if value is None else date.fromisoformat(value)
        except (TypeError, ValueError):
            raise Refusal(400, f"Invalid '{key}' value") from None
        # Python reads 20251007 and 2025-W41-2 too.
        if day is not None and str(day) != value:
            raise Refusal(400, f"Invalid '{key}' value")
        return day

    def _wanted(self, entry: TimeEntry) -> bool:
        if entry.seconds is None and self.behaviour.running == "omitted":
            return False
        return fits(entry, self.body)

    def _ordered(self) -> list[TimeEntry]:
        names = {person.user_id: person.name for person in self.world.people}
        keys: dict[str, Any] = {
            "date": lambda e: e.start, "user": lambda e: names.get(e.user_id, ""), "duration": lambda e: e.seconds or 0,
            "description": lambda e: e.description, "last_update": lambda e: e.changed,
        }  # fmt: skip
        ordered = sorted(self.entries, key=lambda e: e.id)
        return sorted(
            ordered, key=keys[self.body.get("order_by", "date")], reverse=self.body.get("order_dir", "ASC") == "DESC"
        )

    def _cursor(self, following: TimeEntry, number: int) -> dict[str, str]:
        headers = {"X-Next-Row-Number": str(number)}
        if self.behaviour.cursor == "all":
            headers |= {"X-Next-ID": str(following.id), "X-Next-Timestamp": str(int(following.start.timestamp()))}
        return headers

    def _int(self, key: str, default: int) -> int:
        value = self.body.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise Refusal(400, f"Invalid '{key}' value")
        return value
