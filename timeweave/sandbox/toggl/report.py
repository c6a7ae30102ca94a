"""Toggl Reports API v3: the detailed report with its cursor, its totals, and the summary by user."""

import json
import time
from collections import defaultdict
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.team import Person
from timeweave.sandbox.toggl import report_filters
from timeweave.sandbox.toggl.report_filters import Body
from timeweave.sandbox.toggl.report_row import cents, row
from timeweave.sandbox.toggl.responses import Refusal, reply
from timeweave.sandbox.toggl.time_entry import TimeEntry
from timeweave.sandbox.world import World

_OF_THE_PAGE = {"page_size", "first_row_number", "first_id", "first_timestamp", "enrich_response", "hide_amounts"}


class Reports:
    """Reports on one world. `only` is the person whose entries alone may be seen; the caller's clock may cut days."""

    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self._world, self._behaviour = world, behaviour
        # The pages of a walk are cut from one list.
        self._find = lru_cache(maxsize=8)(self._find_entries)

    def page(self, body: Any, only: Person | None, caller: Person) -> Response:
        """One page of rows; headers say where the next begins."""
        entries = self._entries(body, only, caller)[self._behaviour.dropped_rows :]
        size = min(report_filters.positive(body, "page_size", 50), self._behaviour.page_cap)
        start = report_filters.positive(body, "first_row_number", 1) - 1
        if "first_id" in body and "first_timestamp" not in body:
            entries = []  # the form that clients saw give nothing at all
        shown, following = entries[start : start + size], entries[start + size : start + size + 1]
        if self._behaviour.duplicated_rows and start:
            shown = [entries[start - 1], *shown]
        if self._behaviour.empty_page and start:
            shown, following = [], following or entries[-1:]
        first, last = report_filters.days(body, self._world.as_of)
        headers = {"X-Page-Size": str(size), "X-Range-Start": str(first), "X-Range-End": str(last)}
        for entry in following:
            headers |= self._cursor(entry, size + 1 if self._behaviour.repeated_cursor else start + size + 1)
        rows = [row(entry, number, self._world, body, self._behaviour) for number, entry in enumerate(shown, start + 1)]
        return reply(rows or (None if self._behaviour.null_lists else []), headers)

    def totals(self, body: Any, only: Person | None, caller: Person) -> Response:
        """The sum over the same entries, running ones left out where behaviour does not count them."""
        entries = self._entries(body, only, caller)
        days = {entry.start.astimezone(self._world.timesheet.zone(entry.user_id)).date() for entry in entries}
        return reply({
            "seconds": sum(self._seconds(entry) for entry in entries), "tracked_days": len(days), "resolution": "day",
            "billable_amount_in_cents": sum(cents(entry, body) or 0 for entry in entries),
            "labour_cost_in_cents": None, "rates": [],
        })  # fmt: skip

    def summary(self, body: Any, only: Person | None, caller: Person) -> Response:
        """Seconds by user and description."""
        users: dict[int, dict[str, list[TimeEntry]]] = defaultdict(lambda: defaultdict(list))
        for entry in self._entries(body, only, caller):
            users[entry.user_id][entry.description].append(entry)
        if body.get("grouping") != "users":
            raise Refusal(400, "Invalid 'grouping' value, allowed values are: 'users'")
        groups = []
        for user_id, titles in sorted(users.items()):
            parts: list[dict[str, Any]] = []
            for title, entries in sorted(titles.items()):
                parts.append({"id": None, "title": title, "seconds": sum(entry.seconds or 0 for entry in entries)})
                if body.get("include_time_entry_ids"):
                    parts[-1]["ids"] = [entry.id for entry in entries]
            groups.append({"id": user_id, "sub_groups": parts})
        return reply({"groups": groups}, {"X-Grouping": "users", "X-Sub-Grouping": "time_entries"})

    def _entries(self, body: Any, only: Person | None, caller: Person) -> list[TimeEntry]:
        asked = {key: value for key, value in report_filters.check(body).items() if key not in _OF_THE_PAGE}
        zone = caller.timezone if self._behaviour.zone == "caller" else None
        running = self._behaviour.running != "omitted"
        return self._find(json.dumps(asked, sort_keys=True), only, zone, running, self._world.timesheet.revision)

    def _find_entries(
        self, asked: str, only: Person | None, zone: str | None, running: bool, _revision: int
    ) -> list[TimeEntry]:
        """The entries that fit, in the order that is asked for."""
        body: Body = json.loads(asked)
        names = {person.user_id: person.name for person in self._world.people}
        keys: dict[str, Any] = {
            "date": lambda entry: entry.start, "user": lambda entry: names.get(entry.user_id, ""),
            "duration": lambda entry: entry.seconds or 0, "description": lambda entry: entry.description,
            "last_update": lambda entry: entry.changed,
        }  # fmt: skip
        fits = report_filters.predicate(body)
        days = report_filters.days(body, self._world.as_of)
        found = [
            entry for entry in self._world.timesheet.entries(*days, ZoneInfo(zone) if zone else None)
            if fits(entry) and (running or entry.seconds is not None) and (only is None or entry.user_id == only.user_id)
        ]  # fmt: skip
        found.sort(key=lambda entry: entry.id)
        return sorted(found, key=keys[body.get("order_by", "date")], reverse=body.get("order_dir") == "DESC")

    def _seconds(self, entry: TimeEntry) -> int:
        if entry.seconds is None and self._behaviour.totals_count_running:
            return int(time.time() - entry.start.timestamp())
        return entry.seconds or 0

    def _cursor(self, following: TimeEntry, number: int) -> dict[str, str]:
        headers = {"X-Next-Row-Number": str(number)}
        if self._behaviour.cursor == "all":
            headers |= {"X-Next-ID": str(following.id), "X-Next-Timestamp": str(int(following.start.timestamp()))}
        return headers
