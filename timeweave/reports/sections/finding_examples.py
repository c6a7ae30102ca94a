"""What was remarkable about descriptions and accounts, with some of the entries that it was found at."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from timeweave.models.aggregated import Aggregated, Finding, FindingKind, LoggedEntry
from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.formatting.hours import HoursFormat

MOST, TEXT = 5, 160
"""Entries shown of a kind, and characters of each."""


@dataclass(frozen=True)
class FindingExamples:
    """Findings of one kind; of some of them whose entry it is, with day and hours, and its text."""

    kind: FindingKind
    entries: int
    examples: list[tuple[str, str]]
    more: int


def list_examples(aggregated: Aggregated, names: Mapping[int, str], style: HoursFormat) -> list[FindingExamples]:
    """By kind; `names` are those of the people by user id, whose findings alone are shown."""
    wordings = [
        wording
        for person in aggregated.people
        for parts in (person.entities, person.activities)
        for one in parts
        for wording in one.descriptions
    ]
    entries = {entry.id: entry for wording in wordings for entry in wording.entries}
    by_kind: dict[FindingKind, list[tuple[str, str]]] = defaultdict(list)
    for finding in aggregated.warnings:
        if finding.user_id in names:
            about = _describe_entry(finding, entries.get(finding.entry_id or 0), style)
            who = ", ".join([names[finding.user_id], *about])
            by_kind[finding.kind].append((who, sanitize.shorten(finding.text, TEXT)))
    return [
        FindingExamples(kind, len(found), found[:MOST], len(found[MOST:])) for kind, found in sorted(by_kind.items())
    ]


def _describe_entry(finding: Finding, entry: LoggedEntry | None, style: HoursFormat) -> Iterator[str]:
    """The day and the hours of the entry; of a running timer, the day alone."""
    if start := entry.start if entry else finding.start:
        day = Day.parse(start[:10])
        yield f"{day.weekday} {day.short}"
    if entry:
        yield f"{style.exact(entry.seconds)} h"
