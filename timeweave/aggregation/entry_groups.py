"""Entries grouped by person, project, billable and description: what is kept never grows with the number of entries."""

from collections.abc import Callable, Iterable
from functools import lru_cache

import msgspec

from timeweave.matching.match import Match, match
from timeweave.matching.tags import Flag
from timeweave.models.aggregated import Finding, FindingKind
from timeweave.models.time_entry_days import Entry, Row

REMEMBERED_DESCRIPTIONS = 1 << 15
LONGEST_TEXT = 200

UNREMARKABLE = frozenset({Flag.COMBINED_TAG, Flag.DOUBLED_BRACKETS, Flag.LINK, Flag.NESTED_TAGS, Flag.SEVERAL_IDS})
"""Flags of the matching that leave no doubt about which item was meant."""

GroupKey = tuple[int | None, bool, str | None]
"""Toggl project id, billable, description: what the entries of a group have in common."""


class EntryGroup(msgspec.Struct, gc=False):
    """One person's time on one project, billable or not, under one description."""

    project_id: int | None
    billable: bool
    match: Match
    kinds: tuple[FindingKind, ...]
    """What each of its entries is listed for."""
    entries: int = 0
    seconds: int = 0
    days: dict[str, int] = {}
    """Seconds by local day; every day that has an entry is a key."""


class EntryGroups:
    """Counts the entries of rows and keeps no row. `learn` is called with each row that has an entry in the period."""

    def __init__(self, learn: Callable[[Row], None]) -> None:
        self.by_person: dict[int, dict[GroupKey, EntryGroup]] = {}
        """Everyone's groups by user id; none for who has running timers only."""
        self.running: dict[int, int] = {}
        """Timers that are not stopped, by user id."""
        self.findings: list[Finding] = []
        self._learn = learn
        self._match = lru_cache(REMEMBERED_DESCRIPTIONS)(match)

    def add(self, rows: Iterable[Row], find_day: Callable[[str], str | None]) -> None:
        """Count every entry that starts in the period, the running ones apart; `find_day` gives the day of a start."""
        for row in rows:
            for entry in row.time_entries:
                day = find_day(entry.start)
                if day is None:
                    continue
                self._learn(row)
                if entry.stop is None or entry.seconds < 0:
                    self._add_running(row, entry)
                    continue
                key = (row.project_id, bool(row.billable), row.description)
                try:
                    group = self.by_person[row.user_id][key]
                except KeyError:
                    group = self._open(row.user_id, key)
                group.entries += 1
                group.seconds += entry.seconds
                group.days[day] = group.days.get(day, 0) + entry.seconds
                if group.kinds:
                    self._note(group.kinds, row, entry)

    def _open(self, user_id: int, key: GroupKey) -> EntryGroup:
        project_id, billable, description = key
        found = self._match(description or "")
        group = EntryGroup(project_id, billable, found, find_kinds(found))
        self.by_person.setdefault(user_id, {})[key] = group
        return group

    def _add_running(self, row: Row, entry: Entry) -> None:
        self.by_person.setdefault(row.user_id, {})
        self.running[row.user_id] = self.running.get(row.user_id, 0) + 1
        self._note((FindingKind.RUNNING,), row, entry)

    def _note(self, kinds: Iterable[FindingKind], row: Row, entry: Entry) -> None:
        text = shorten(row.description or "")
        self.findings += [Finding(kind=kind, user_id=row.user_id, entry_id=entry.id, text=text) for kind in kinds]


def find_kinds(match: Match) -> tuple[FindingKind, ...]:
    """The kinds of finding that every entry with this description is, sorted."""
    kinds = {FindingKind(flag) for flag in match.flags if flag not in UNREMARKABLE}
    if match.reference is None and not match.text:
        kinds.add(FindingKind.NO_DESCRIPTION)
    return tuple(sorted(kinds))


def shorten(text: str) -> str:
    """At most `LONGEST_TEXT` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
