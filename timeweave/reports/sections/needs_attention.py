"""What someone should look at, each kind apart, so that a report can say it first."""

from collections import defaultdict
from collections.abc import Collection, Sequence, Sized
from dataclasses import dataclass

from timeweave.models.aggregated import Finding, FindingKind, PersonTime
from timeweave.models.enriched import EntityStatus
from timeweave.reports.formatting import sanitize
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.sections import activity_rows, item_rows
from timeweave.reports.sections.activity_rows import ActivityRow, Suggestion
from timeweave.reports.sections.item_rows import ItemRow, PersonShare
from timeweave.reports.similar_items import NoItemReason

EXAMPLES = 5


@dataclass(frozen=True)
class Remark:
    """A description that needs a look, as logged."""

    person: ReportPerson
    text: str
    entries: int
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class FindingGroup:
    """A kind of doubt about how descriptions were read, with some examples."""

    kind: FindingKind
    entries: int
    examples: list[Remark]


@dataclass(frozen=True)
class NeedsAttention:
    """Every list is empty where all is well; rows are the ones of the report's own tables."""

    running: list[Remark]
    missing: list[ItemRow]
    """Not found, database unknown, unresolved or failed."""
    overdue: list[ItemRow]
    near_misses: list[Remark]
    undescribed: list[PersonShare]
    undescribed_entries: int
    unmatched: list[ActivityRow]
    """Described time without a work item, near misses apart."""
    doubts: list[FindingGroup]
    without_email: list[ReportPerson]

    @property
    def count(self) -> int:
        """How many things there are to look at; all unmatched time is one."""
        several: list[Sized] = [self.running, self.missing, self.overdue, self.near_misses, self.without_email]
        single: list[Sized] = [self.undescribed, self.unmatched, self.doubts]
        return sum(len(found) for found in several) + sum(1 for found in single if found)


def collect_attention(
    data: ReportData, people: Sequence[PersonTime], items: Sequence[ItemRow], logged: Sequence[ActivityRow]
) -> NeedsAttention:
    """What concerns these people, their items and their other activities."""
    findings = _group_by_kind(data, {person.user_id for person in people})
    blank = [row for row in logged if row.reason is NoItemReason.BLANK]
    near_misses = _build_remarks(data, findings.pop(FindingKind.NEAR_MISS, []), suggested=True)
    remarked = {remark.text for remark in near_misses}
    return NeedsAttention(
        running=_build_remarks(data, findings.pop(FindingKind.RUNNING, [])),
        missing=[row for row in items if row.status is not EntityStatus.FOUND],
        overdue=sorted((row for row in items if row.overdue), key=lambda row: -row.days_late),
        near_misses=near_misses,
        undescribed=[who for row in blank for who in row.people],
        undescribed_entries=sum(row.entries for row in blank),
        unmatched=[row for row in logged if row.reason is not NoItemReason.BLANK and row.text not in remarked],
        without_email=[remark.person for remark in _build_remarks(data, findings.pop(FindingKind.NO_EMAIL, []))],
        doubts=[
            FindingGroup(kind, len(found), _build_remarks(data, found)[:EXAMPLES])
            for kind, found in sorted(findings.items())
            if kind is not FindingKind.NO_DESCRIPTION
        ],
    )


def _group_by_kind(data: ReportData, users: Collection[int]) -> dict[FindingKind, list[Finding]]:
    found: dict[FindingKind, list[Finding]] = defaultdict(list)
    for finding in data.aggregated.warnings:
        if finding.user_id in users:
            found[finding.kind].append(finding)
    return found


def _build_remarks(data: ReportData, findings: Sequence[Finding], suggested: bool = False) -> list[Remark]:
    """One for each person and text."""
    entries: dict[tuple[int, str], int] = defaultdict(int)
    for finding in findings:
        entries[finding.user_id, finding.text] += 1
    return [
        Remark(
            data.people[user],
            sanitize.shorten(text, item_rows.TITLE),
            count,
            activity_rows.make_suggestion(data.similar_items.find(text)) if suggested else None,
        )
        for (user, text), count in entries.items()
    ]
