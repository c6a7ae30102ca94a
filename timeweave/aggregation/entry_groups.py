"""Entries grouped by person, project, billable, description and tags; only of the period itself is each entry kept."""

from collections.abc import Callable, Iterable
from functools import lru_cache

import msgspec

from timeweave.aggregation.local_days import LocalDays
from timeweave.matching.bracket_tags import Flag
from timeweave.matching.parsed_description import Match, match
from timeweave.models.aggregated import Finding, FindingKind, LoggedEntry
from timeweave.models.time_entry_days import Entry, Row
from timeweave.runtime.name_comparison import cut_text

REMEMBERED_DESCRIPTIONS = 1 << 15
LONGEST_TEXT = 200

UNREMARKABLE = frozenset({Flag.COMBINED_TAG, Flag.DOUBLED_BRACKETS, Flag.LINK, Flag.NESTED_TAGS, Flag.SEVERAL_IDS})
"""Flags of the matching that leave no doubt about which item was meant."""

GroupKey = tuple[int | None, bool, str | None, tuple[int, ...]]
"""Toggl project id, billable, description, tag ids: what the entries of a group have in common."""
Matcher = Callable[[str], Match]


class EntryGroup(msgspec.Struct, gc=False):
    """One person's time on one project, billable or not, under one description and with the same tags."""

    project_id: int | None
    billable: bool
    match: Match
    tag_ids: tuple[int, ...] = ()
    """Ascending."""
    kinds: tuple[FindingKind, ...] = ()
    """What each of its entries is listed for."""
    entries: int = 0
    seconds: int = 0
    days: dict[str, int] = {}
    """Seconds by local day; every day that has an entry is a key."""
    logged: list[LoggedEntry] = []
    """The entries themselves, in the order they came; of the period only."""


class EntryGroups:
    """Sums the entries of rows and keeps no row, so that it never grows with their number.

    `learn` is called with each row that has an entry on one of the days.
    """

    def __init__(self, learn: Callable[[Row], None], match: Matcher) -> None:
        self.by_person: dict[int, dict[GroupKey, EntryGroup]] = {}
        """Everyone's groups by user id."""
        self._learn = learn
        self._match = match

    def add(self, rows: Iterable[Row], local_days: LocalDays) -> None:
        """Count every entry that starts on one of the days, and none whose timer is running."""
        for row in rows:
            for entry in row.time_entries:
                day = local_days.find(entry.start)
                if day is None:
                    continue
                self._learn(row)
                if entry.stop is None or entry.seconds < 0:
                    self._note_running(row, entry, local_days)
                    continue
                tag_ids = tuple(sorted(set(row.tag_ids))) if row.tag_ids else ()
                key = (row.project_id, bool(row.billable), row.description, tag_ids)
                try:
                    group = self.by_person[row.user_id][key]
                except KeyError:
                    group = self._open(row.user_id, key)
                group.entries += 1
                group.seconds += entry.seconds
                group.days[day] = group.days.get(day, 0) + entry.seconds
                self._keep(group, row, entry, local_days)

    def _open(self, user_id: int, key: GroupKey) -> EntryGroup:
        project_id, billable, description, tag_ids = key
        group = EntryGroup(project_id, billable, self._match(description or ""), tag_ids)
        self.by_person.setdefault(user_id, {})[key] = group
        return group

    def _keep(self, group: EntryGroup, row: Row, entry: Entry, local_days: LocalDays) -> None:
        """What else becomes of an entry: nothing, where sums are all that is wanted."""

    def _note_running(self, row: Row, entry: Entry, local_days: LocalDays) -> None:
        """What becomes of a running timer: nothing either."""


class PeriodGroups(EntryGroups):
    """Those of the period itself: with each entry, with the running timers, and with what a person should look at."""

    def __init__(self, learn: Callable[[Row], None], match: Matcher) -> None:
        super().__init__(learn, match)
        self.running: dict[int, int] = {}
        """Timers that are not stopped, by user id; who has no other entry has no groups."""
        self.findings: list[Finding] = []

    def _open(self, user_id: int, key: GroupKey) -> EntryGroup:
        group = super()._open(user_id, key)
        group.kinds = find_kinds(group.match)
        return group

    def _keep(self, group: EntryGroup, row: Row, entry: Entry, local_days: LocalDays) -> None:
        start = local_days.write_local(entry.start)
        group.logged.append(LoggedEntry(id=entry.id, start=start, seconds=entry.seconds))
        for kind in group.kinds:
            self._note(kind, row, entry, None)

    def _note_running(self, row: Row, entry: Entry, local_days: LocalDays) -> None:
        self.by_person.setdefault(row.user_id, {})
        self.running[row.user_id] = self.running.get(row.user_id, 0) + 1
        self._note(FindingKind.RUNNING, row, entry, local_days.write_local(entry.start))

    def _note(self, kind: FindingKind, row: Row, entry: Entry, start: str | None) -> None:
        text = cut_text(row.description or "", LONGEST_TEXT)
        self.findings.append(Finding(kind=kind, user_id=row.user_id, entry_id=entry.id, text=text, start=start))


def remember_matches() -> Matcher:
    """Reads a description once, as long as it is among the last `REMEMBERED_DESCRIPTIONS`."""
    return lru_cache(REMEMBERED_DESCRIPTIONS)(match)


def find_kinds(match: Match) -> tuple[FindingKind, ...]:
    """The kinds of finding that every entry with this description is, sorted."""
    kinds = {FindingKind(flag) for flag in match.flags if flag not in UNREMARKABLE}
    if match.reference is None and not match.text:
        kinds.add(FindingKind.NO_DESCRIPTION)
    return tuple(sorted(kinds))
