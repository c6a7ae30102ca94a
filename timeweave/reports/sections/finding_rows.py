"""Findings as lists: what does not fit, by kind, for the team; and a person's own corrections with what to type."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from timeweave.models.findings import CORRECTIONS, Finding, FindingKind, Severity
from timeweave.reports.formatting import sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.highlights import group_by_kind, sum_seconds
from timeweave.reports.sections.item_rows import PersonShare
from timeweave.reports.sections.sentences import Sentence, Sentences

MOST = 6
"""Sentences shown of a kind."""
MOST_LIKELY = 3
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
    hours: str
    seconds: int
    sentences: list[Sentence]
    more: int
    more_hours: str
    people: list[tuple[PersonShare, int]]
    """With the number of findings."""


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
    groups = [
        _build_group(data, sentences, kind, found) for kind, found in by_kind.items() if kind is not FindingKind.OVERDUE
    ]
    return sorted(groups, key=lambda group: (ORDER.index(group.severity), -group.seconds, group.kind))


def _build_group(data: ReportData, sentences: Sentences, kind: FindingKind, found: list[Finding]) -> FindingGroup:
    listed = kind in CORRECTIONS
    shown = [] if listed else found[:MOST]
    rest = [] if listed else found[MOST:]
    seconds = sum_seconds(found)
    return FindingGroup(
        kind=kind,
        severity=min((one.severity for one in found), key=ORDER.index),
        count=len(found),
        hours=data.hours.brief(seconds),
        seconds=seconds,
        sentences=[sentences.describe(finding) for finding in shown],
        more=len(rest),
        more_hours=data.hours.brief(sum_seconds(rest)),
        people=_share_corrections(data, found) if listed else [],
    )


def _share_corrections(data: ReportData, found: list[Finding]) -> list[tuple[PersonShare, int]]:
    seconds: dict[str, int] = defaultdict(int)
    counts: dict[str, int] = defaultdict(int)
    for finding in found:
        for key in finding.people:
            # Of several people's entries nobody's part is known.
            seconds[key] += finding.seconds if len(finding.people) == 1 else 0
            counts[key] += 1
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
