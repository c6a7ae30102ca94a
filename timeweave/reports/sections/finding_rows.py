"""Findings as lists: what does not fit, by kind, for the team; and a person's own corrections with what to type."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from timeweave.models.findings import CORRECTIONS, Finding, FindingKind, Severity
from timeweave.models.person_work import PersonActivity, PersonItem
from timeweave.reports.formatting import sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.highlights import count_entries, group_by_kind, sum_seconds
from timeweave.reports.sections.item_rows import PersonShare
from timeweave.reports.sections.sentences import Sentence, Sentences

MOST = 6
"""Sentences shown of a kind."""
MOST_LIKELY = 3
Owners = Mapping[int, tuple[str, int]]
"""Whose an entry is, by key, and its seconds; by Toggl's id of the entry."""
ORDER = (Severity.PROBLEM, Severity.WARNING, Severity.NOTICE)
OWN = (
    *CORRECTIONS,
    FindingKind.RUNNING_TIMER, FindingKind.MISSING_DAY, FindingKind.SHORT_DAY, FindingKind.LONG_ENTRY, FindingKind.ZERO_ENTRY,
    FindingKind.OVERLAP, FindingKind.DUPLICATE, FindingKind.DAY_OVER_24_HOURS, FindingKind.ABSENT_BUT_WORKED,
)  # fmt: skip
"""What a person can put right in Toggl."""


@dataclass(frozen=True)
class FindingGroup:
    """Findings of a kind, most time first. Of corrections the people are listed, on whose pages they stand one by one."""

    kind: FindingKind
    severity: Severity
    count: int
    """Of findings; of corrections, of the entries that they are about."""
    hours: str
    seconds: int
    sentences: list[Sentence]
    more: int
    more_hours: str
    people: list[tuple[PersonShare, int]]
    """With the number of their entries."""


@dataclass(frozen=True)
class Correction:
    """Something to put right, and the descriptions to choose from."""

    kind: FindingKind
    severity: Severity
    sentence: Sentence
    hours: str
    days: list[str]
    to_type: list[str]
    toggl_url: str | None
    """The person's entries of the days concerned."""


def group_findings(data: ReportData, sentences: Sentences) -> list[FindingGroup]:
    """All findings of the period, the gravest first; what stands still late has its own list and is left out."""
    by_kind = group_by_kind(data.analysis.findings)
    owners = _find_owners(data)
    groups = [
        _build_group(data, sentences, kind, found, owners)
        for kind, found in by_kind.items()
        if kind is not FindingKind.OVERDUE
    ]
    return sorted(groups, key=lambda group: (ORDER.index(group.severity), -group.seconds, group.kind))


def _build_group(
    data: ReportData, sentences: Sentences, kind: FindingKind, found: list[Finding], owners: Owners
) -> FindingGroup:
    listed = kind in CORRECTIONS
    shown = [] if listed else found[:MOST]
    rest = [] if listed else found[MOST:]
    seconds = sum_seconds(found)
    return FindingGroup(
        kind=kind,
        severity=min((one.severity for one in found), key=ORDER.index),
        count=count_entries(found) if listed else len(found),
        hours=data.hours.brief(seconds),
        seconds=seconds,
        sentences=[sentences.describe(finding) for finding in shown],
        more=len(rest),
        more_hours=data.hours.brief(sum_seconds(rest)),
        people=_share_corrections(data, found, owners) if listed else [],
    )


def _find_owners(data: ReportData) -> Owners:
    found: dict[int, tuple[str, int]] = {}
    for person in data.people.values():
        parts: list[PersonItem | PersonActivity] = [*person.work.items, *person.work.activities]
        found |= {entry.id: (person.key, entry.seconds) for part in parts for entry in part.entries}
    return found


def _share_corrections(data: ReportData, found: list[Finding], owners: Owners) -> list[tuple[PersonShare, int]]:
    """Whose entries they are about, most time first."""
    seconds: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for finding in found:
        alone = finding.people[0] if len(finding.people) == 1 else None
        own = [owners.get(entry, ("", 0)) for entry in finding.entry_ids]
        for key in finding.people:
            counts[key] += len(own) if alone else sum(whose == key for whose, _ in own)
            seconds[key] += finding.seconds if alone else sum(amount for whose, amount in own if whose == key)
    people = data.find_people(sorted(counts, key=lambda key: (-seconds[key], key)))
    return [(PersonShare(one, data.hours.brief(seconds[one.key]), seconds[one.key]), counts[one.key]) for one in people]


def build_corrections(
    data: ReportData, sentences: Sentences, person: ReportPerson
) -> tuple[list[Correction], list[Sentence]]:
    """The person's own to-do, and what else was found about their time and items."""
    found = sorted(data.person_findings.get(person.key, []), key=lambda one: (ORDER.index(one.severity), -one.seconds))
    mine = [_build_correction(data, sentences, person, finding) for finding in found if finding.kind in OWN]
    return mine, [sentences.describe(finding, person) for finding in found if finding.kind not in OWN]


def _build_correction(data: ReportData, sentences: Sentences, person: ReportPerson, finding: Finding) -> Correction:
    url = None
    if person.toggl_url and finding.days:
        url = f"{data.toggl_url.partition('/from/')[0]}/from/{finding.days[0]}/to/{finding.days[-1]}/users/{person.work.user_id}"
    likely = finding.values.get("likely")
    return Correction(
        kind=finding.kind,
        severity=finding.severity,
        sentence=sentences.describe(finding, person),
        hours=data.hours.brief(finding.seconds),
        days=finding.days,
        to_type=[write_description(one) for one in likely[:MOST_LIKELY] if isinstance(one, dict)]
        if isinstance(likely, list)
        else [],
        toggl_url=url,
    )


def write_description(item: Mapping[str, Any]) -> str:
    """What Fibery itself writes into Toggl: `Title #12 [Space] [Database]`."""
    tags = " ".join(f"[{item[part]}]" for part in ("space", "database") if item.get(part))
    return sanitize.clean(f"{item.get('name') or ''} #{item.get('public_id')} {tags}")[:400]
