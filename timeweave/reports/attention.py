"""What someone should look at, each kind apart, so that a report can say it first."""

from collections import defaultdict
from collections.abc import Collection, Sequence, Sized
from dataclasses import dataclass

from timeweave.models.aggregated import Finding, PersonTime
from timeweave.reports import activities, plain, rows
from timeweave.reports.activities import ActivityRow, Suggestion
from timeweave.reports.edition import Byline, Edition
from timeweave.reports.rows import ItemRow, Who

EXAMPLES = 5


@dataclass(frozen=True)
class Remark:
    """A description that needs a look, as logged."""

    person: Byline
    text: str
    entries: int
    suggestion: Suggestion | None = None


@dataclass(frozen=True)
class Doubt:
    """A kind of doubt about how descriptions were read, with some examples."""

    kind: str
    entries: int
    examples: list[Remark]


@dataclass(frozen=True)
class Attention:
    """Every list is empty where all is well; rows are the ones of the report's own tables."""

    running: list[Remark]
    missing: list[ItemRow]
    """Not found, database unknown, unresolved or failed."""
    overdue: list[ItemRow]
    near_misses: list[Remark]
    undescribed: list[Who]
    undescribed_entries: int
    unmatched: list[ActivityRow]
    """Described time without a work item, near misses apart."""
    doubts: list[Doubt]
    without_email: list[Byline]

    @property
    def count(self) -> int:
        """How many things there are to look at; all unmatched time is one."""
        several: list[Sized] = [self.running, self.missing, self.overdue, self.near_misses, self.without_email]
        single: list[Sized] = [self.undescribed, self.unmatched, self.doubts]
        return sum(len(found) for found in several) + sum(1 for found in single if found)


def attention(
    edition: Edition, people: Sequence[PersonTime], items: Sequence[ItemRow], logged: Sequence[ActivityRow]
) -> Attention:
    """What concerns these people, their items and their other activities."""
    findings = _by_kind(edition, {person.user_id for person in people})
    blank = [row for row in logged if row.reason == "blank"]
    near_misses = _remarks(edition, findings.pop("near_miss", []), suggested=True)
    told = {remark.text for remark in near_misses}
    return Attention(
        running=_remarks(edition, findings.pop("running", [])),
        missing=[row for row in items if row.status != "found"],
        overdue=sorted((row for row in items if row.overdue), key=lambda row: -row.days_late),
        near_misses=near_misses,
        undescribed=[who for row in blank for who in row.people],
        undescribed_entries=sum(row.entries for row in blank),
        unmatched=[row for row in logged if row.reason != "blank" and row.text not in told],
        without_email=[remark.person for remark in _remarks(edition, findings.pop("no_email", []))],
        doubts=[
            Doubt(kind, len(found), _remarks(edition, found)[:EXAMPLES])
            for kind, found in sorted(findings.items())
            if kind != "no_description"
        ],
    )


def _by_kind(edition: Edition, users: Collection[int]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in edition.aggregated.warnings:
        if finding.user_id in users:
            found[finding.kind].append(finding)
    return found


def _remarks(edition: Edition, findings: Sequence[Finding], suggested: bool = False) -> list[Remark]:
    """One for each person and text."""
    entries: dict[tuple[int, str], int] = defaultdict(int)
    for finding in findings:
        entries[finding.user_id, finding.text] += 1
    return [
        Remark(
            edition.bylines[user],
            plain.brief(text, rows.TITLE),
            count,
            activities.suggestion(edition.likely.nearest(text)) if suggested else None,
        )
        for (user, text), count in entries.items()
    ]
