"""Work items and texts as rows to show: dates as days, text in brief, addresses checked, what is inferred or odd marked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from timeweave.models.enriched import EntityStatus, MatchedBy
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind
from timeweave.models.person_work import PersonItem
from timeweave.models.states import Progress
from timeweave.models.work_items import ItemPerson, WorkItem
from timeweave.reports.formatting import sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections.plan import Dates, Estimate, build_dates, build_estimate

TITLE, LABEL, REASON, DESCRIPTION = 160, 60, 300, 200
"""Characters shown of each."""
FLAGS = frozenset(
    {
        FindingKind.TITLE_DIFFERS, FindingKind.BEFORE_START, FindingKind.AFTER_COMPLETION, FindingKind.ON_CANCELLED,
        FindingKind.NOT_STARTED, FindingKind.REVERSED_PLAN, FindingKind.ESTIMATE_EXCEEDED, FindingKind.ESTIMATE_NEAR,
        FindingKind.NO_ESTIMATE, FindingKind.ASSIGNED_TO_OTHERS, FindingKind.PART_MISSING,
    }
)  # fmt: skip
"""Kinds of findings that are marks at a row; that it could not be had stands instead of its state, that it is late with its
dates, that it stands still with its progress."""


@dataclass(frozen=True)
class PersonShare:
    """A person's part in a row."""

    person: ReportPerson
    hours: str
    seconds: int


@dataclass(frozen=True)
class ItemRow:
    """A work item; or, with `text`, time under a text without one. Hours and changes are texts."""

    anchor: str
    title: str
    """Never empty, but of a text without one."""
    reference: str
    """`Space/Database #12`, as far as it is known; empty for a text."""
    hours: str
    seconds: int
    entries: int
    categories: dict[str, int]
    """Seconds by key, most first."""
    text: bool = False
    url: str | None = None
    status: EntityStatus = EntityStatus.FOUND
    reason: str | None = None
    state: str | None = None
    progress: Progress = Progress.UNKNOWN
    completed_later: bool = False
    change: str | None = None
    change_seconds: int | None = None
    people: list[PersonShare] = field(default_factory=list)
    dates: Dates = field(default_factory=Dates)
    estimate: Estimate | None = None
    flags: list[FindingKind] = field(default_factory=list)
    inferred: str | None = None
    """Hours that no complete reference put here."""
    database: str | None = None
    projects: dict[str, int] = field(default_factory=dict)
    """Seconds by name, most first; "" is none."""
    description: str = ""
    summary: str | None = None
    fields: list[tuple[str, str]] = field(default_factory=list)


def build_item_row(data: ReportData, item: WorkItem, *, detailed: bool = True) -> ItemRow:
    """The row of an item with everybody's time; what Fibery tells at length only where it is `detailed`."""
    entity = item.entity
    change = None if item.previous_seconds is None else item.seconds - item.previous_seconds
    return ItemRow(
        anchor=data.item_anchors[item.key],
        title=format_title(item),
        reference=format_reference(item.place, item.key.public_id),
        hours=data.hours.exact(item.seconds),
        seconds=item.seconds,
        entries=item.entries,
        categories=sort_by_seconds(item.categories),
        url=sanitize.filter_url(entity.url),
        status=entity.status,
        reason=sanitize.shorten(entity.reason, REASON) if entity.reason else None,
        state=sanitize.shorten(entity.state.name, LABEL) if entity.state else None,
        progress=item.progress,
        completed_later=item.completed_later,
        change=None if change is None else data.hours.change(change, exact=True),
        change_seconds=change,
        people=share_among(data, item.people),
        dates=build_dates(data, item),
        estimate=build_estimate(
            data, item.whole_seconds, item.whole_source, item.whole_since, item.estimate_seconds, item.estimate_points
        ),
        flags=list_flags(data.item_findings.get(item.key, [])),
        inferred=_sum_inferred(data, item.matched_by),
        database=item.place,
        projects=sort_by_seconds(item.projects),
        description=sanitize.strip_markdown(entity.description or "", DESCRIPTION) if detailed else "",
        summary=_find_summary(data, item.key),
        fields=_list_fields(entity.fields) if detailed else [],
    )


def narrow(data: ReportData, row: ItemRow, parts: Sequence[PersonItem], person: ReportPerson) -> ItemRow:
    """The same row with one person's time, and what was found about it, alone."""
    seconds = sum(part.seconds for part in parts)
    categories: Counter[str] = Counter()
    projects: Counter[str] = Counter()
    matched: Counter[str] = Counter()
    for part in parts:
        categories[part.category] += part.seconds
        projects.update(part.projects)
        matched[part.matched_by or ""] += part.seconds
    return replace(
        row,
        hours=data.hours.exact(seconds),
        seconds=seconds,
        entries=sum(len(part.entries) for part in parts),
        categories=sort_by_seconds(categories),
        projects=sort_by_seconds(projects),
        flags=list_flags(data.item_findings.get(parts[0].key, []), person),
        inferred=_sum_inferred(data, matched),
        change=None,
        change_seconds=None,
    )


def format_title(item: WorkItem) -> str:
    """What an item is called in a report; never empty."""
    return sanitize.shorten(item.title, TITLE) or format_reference(item.place, item.key.public_id)


def format_reference(place: str | None, public_id: str) -> str:
    """`Space/Database #12`; the number is never cut."""
    return f"{sanitize.shorten(place or '', TITLE)} #{sanitize.shorten(public_id, LABEL)}".strip()


def share_among(data: ReportData, people: Iterable[ItemPerson]) -> list[PersonShare]:
    """Who worked on it, most first."""
    return [
        PersonShare(data.people[one.key], data.hours.exact(one.seconds), one.seconds)
        for one in people
        if one.key in data.people
    ]


def list_flags(findings: Iterable[Finding], person: ReportPerson | None = None) -> list[FindingKind]:
    """What was found at an item or a feature, each kind once; only what concerns the `person`, if one is given."""
    kinds = (one.kind for one in findings if person is None or person.key in one.people)
    return list(dict.fromkeys(kind for kind in kinds if kind in FLAGS))


def sort_by_seconds(seconds: Mapping[str, int]) -> dict[str, int]:
    """The same, most first."""
    return dict(sorted(seconds.items(), key=lambda one: (-one[1], one[0])))


def _list_fields(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    shown = ((sanitize.shorten(label, LABEL), format_value(value)) for label, value in fields.items())
    return [(label, value) for label, value in shown if value]


def format_value(value: Any) -> str:
    """A configured field's value in brief; empty where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " – ".join(format_value(value[end]) or "…" for end in ("start", "end") if end in value)
    if isinstance(value, list):
        return sanitize.shorten(", ".join(format_value(part) for part in value), TITLE)
    return sanitize.strip_markdown(f"{value:.10g}" if isinstance(value, float) else str(value), TITLE)


def _sum_inferred(data: ReportData, matched_by: dict[str, int]) -> str | None:
    seconds = sum(matched_by.get(how, 0) for how in (MatchedBy.ID_AND_TITLE, MatchedBy.TITLE))
    return data.hours.exact(seconds) if seconds else None


def _find_summary(data: ReportData, key: EntityKey) -> str | None:
    text = data.item_summaries.get((key.space, key.database, key.public_id), "")
    return sanitize.shorten(text, 2 * DESCRIPTION) if text.strip() else None
