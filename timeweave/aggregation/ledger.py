"""The books that entries are posted to: what is kept grows with people, wordings and days, never with entries."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from timeweave.aggregation.findings import brief, kinds_of
from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.names import Names
from timeweave.matching.match import Match, match
from timeweave.models.aggregated import Finding, FindingKind
from timeweave.toggl.days import Entry, Row

REMEMBERED_DESCRIPTIONS = 1 << 15

Heading = tuple[int | None, bool, str | None]
"""Toggl project id, billable, description: what the entries of a line have in common."""


class Line(msgspec.Struct, gc=False):
    """One person's time under one heading."""

    project_id: int | None
    billable: bool
    match: Match
    kinds: tuple[str, ...]
    """What each of its entries is listed for."""
    entries: int = 0
    seconds: int = 0
    days: dict[str, int] = {}
    """Seconds by local day; every day that has an entry is a key."""


class Ledger:
    """Posts rows and keeps none. `books` holds everyone's lines and `running` their unstopped timers, by user id."""

    def __init__(self, names: Names) -> None:
        self.books: dict[int, dict[Heading, Line]] = {}
        self.running: dict[int, int] = {}
        self.findings: list[Finding] = []
        self._names = names
        self._match = lru_cache(REMEMBERED_DESCRIPTIONS)(match)

    def post(self, rows: Iterable[Row], local_days: LocalDays) -> None:
        """Count every entry that starts on one of the local days, the running ones apart."""
        people, projects = self._names.people, self._names.projects
        for row in rows:
            for entry in row.time_entries:
                day = local_days.of(entry.start)
                if day is None:
                    continue
                if row.user_id not in people or row.project_id not in projects:
                    self._names.hear(row)
                if entry.stop is None or entry.seconds < 0:
                    self._leave_running(row, entry)
                    continue
                heading = (row.project_id, row.billable, row.description)
                try:
                    line = self.books[row.user_id][heading]
                except KeyError:
                    line = self._open(row.user_id, heading)
                line.entries += 1
                line.seconds += entry.seconds
                line.days[day] = line.days.get(day, 0) + entry.seconds
                if line.kinds:
                    self._note(line.kinds, row, entry)

    def _open(self, user_id: int, heading: Heading) -> Line:
        project_id, billable, description = heading
        found = self._match(description or "")
        line = Line(project_id, billable, found, kinds_of(found))
        self.books.setdefault(user_id, {})[heading] = line
        return line

    def _leave_running(self, row: Row, entry: Entry) -> None:
        self.books.setdefault(row.user_id, {})
        self.running[row.user_id] = self.running.get(row.user_id, 0) + 1
        self._note(("running",), row, entry)

    def _note(self, kinds: Iterable[str], row: Row, entry: Entry) -> None:
        text = brief(row.description or "")
        self.findings += [
            Finding(kind=FindingKind(kind), user_id=row.user_id, entry_id=entry.id, text=text) for kind in kinds
        ]
