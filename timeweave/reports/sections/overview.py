"""What a report begins with: the headline, and what needs attention."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Sized
from dataclasses import dataclass

from timeweave.models.aggregated import Finding, FindingKind, PersonTime
from timeweave.models.enriched import EntityStatus
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.sections import activity_rows, item_rows
from timeweave.reports.sections.activity_rows import ActivityRow, Suggestion
from timeweave.reports.sections.item_rows import ItemRow, PersonShare
from timeweave.reports.similar_items import NoItemReason


@dataclass(frozen=True)
class Headline:
    """Hours as text; the parts add up to `hours`. Shares in whole percent."""

    hours: str
    matched_hours: str
    unmatched_hours: str
    matched_percent: int
    unmatched_percent: int
    billable_hours: str
    billable_percent: int
    entries: int
    people: int
    """Those with time in the period."""
    items: int
    days_worked: int
    """Days on which anyone logged time."""
    seconds: int
    whole: int
    """All, matched and unmatched time as shown, in hundredths of an hour."""
    matched_whole: int
    unmatched_whole: int


def compute_headline(people: Sequence[PersonTime], items: int) -> Headline:
    """The numbers of these people together."""
    matched, unmatched = (sum(p.matched_seconds for p in people), sum(p.unmatched_seconds for p in people))
    seconds, billable = (matched + unmatched, sum(p.billable_seconds for p in people))
    matched_whole, unmatched_whole = hours.split([matched, unmatched])
    matched_percent = hours.to_percent(matched, seconds)
    return Headline(
        hours=hours.format_hours(matched_whole + unmatched_whole),
        matched_hours=hours.format_hours(matched_whole),
        unmatched_hours=hours.format_hours(unmatched_whole),
        matched_percent=matched_percent,
        unmatched_percent=100 - matched_percent if seconds else 0,
        billable_hours=hours.format_hours(hours.to_hundredths(billable)),
        billable_percent=hours.to_percent(billable, seconds),
        entries=sum(person.entries for person in people),
        people=sum(1 for person in people if person.entries),
        items=items,
        days_worked=len(find_days_worked(people)),
        seconds=seconds,
        whole=matched_whole + unmatched_whole,
        matched_whole=matched_whole,
        unmatched_whole=unmatched_whole,
    )


def find_days_worked(people: Iterable[PersonTime]) -> set[str]:
    """The days with any time."""
    return {day for person in people for day, seconds in person.days.items() if seconds}


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
