"""Work items as rows to show: hours that add up, dates as days, text in brief, addresses checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timeweave.models.aggregated import PersonTime
from timeweave.models.enriched import EnrichedEntity, EntityStatus, StateMeaning
from timeweave.reports import work_items
from timeweave.reports.formatting import dates, hours, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.work_items import WorkItem

TITLE, LABEL, REASON, DESCRIPTION = 160, 60, 300, 300
"""Characters shown of each."""


@dataclass(frozen=True)
class PersonShare:
    """A person's part in a row."""

    person: ReportPerson
    hours: str


@dataclass(frozen=True)
class ParentRow:
    """A parent of an item."""

    title: str
    reference: str
    url: str | None
    state: str | None


@dataclass(frozen=True)
class ItemRow:
    """A work item."""

    title: str
    """Never empty: the reference stands in for a missing name."""
    reference: str
    """`Space/Database #12`, as far as it is known."""
    url: str | None
    status: EntityStatus
    reason: str | None
    state: str | None
    progress: StateMeaning
    hours: str
    seconds: int
    entries: int
    people: list[PersonShare]
    planned_start: Day | None
    planned_end: Day | None
    started: Day | None
    completed: Day | None
    overdue: bool
    days_late: int
    """Days from the planned end to the completion, or to the day of the report where it is overdue; 0 where on time."""
    parents: list[ParentRow]
    assignees: list[str]
    description: str
    summary: str | None
    fields: list[tuple[str, str]]


def build_item_rows(data: ReportData, items: Sequence[WorkItem], whole: int) -> list[ItemRow]:
    """The rows of `items`, whose hours add up to `whole` hundredths."""
    amounts = hours.split([item.seconds for item in items], whole)
    return [_build_item_row(data, item, amount) for item, amount in zip(items, amounts, strict=True)]


def _build_item_row(data: ReportData, item: WorkItem, amount: int) -> ItemRow:
    entity = item.entity
    planned_end = dates.parse_day(entity.planned_end, data.zone)
    completed = dates.parse_day(entity.completed, data.zone)
    return ItemRow(
        title=format_title(item),
        reference=format_reference(item),
        url=sanitize.filter_url(entity.url),
        status=entity.status,
        reason=sanitize.shorten(entity.reason, REASON) if entity.reason else None,
        state=sanitize.shorten(entity.state.name, LABEL) if entity.state else None,
        progress=entity.state.meaning if entity.state else StateMeaning.UNKNOWN,
        hours=hours.format_hours(amount),
        seconds=item.seconds,
        entries=item.entries,
        people=share_among(data, item.people, amount),
        planned_start=dates.parse_day(entity.planned_start, data.zone),
        planned_end=planned_end,
        started=dates.parse_day(entity.started, data.zone),
        completed=completed,
        overdue=entity.overdue,
        days_late=_count_days_late(planned_end, data.as_of if entity.overdue else completed),
        parents=_build_parents(entity),
        assignees=[sanitize.shorten(assignee.name, LABEL) for assignee in entity.assignees],
        description=sanitize.strip_markdown(entity.description or "", DESCRIPTION),
        summary=_find_summary(data, item),
        fields=[
            (sanitize.shorten(label, LABEL), shown)
            for label, value in entity.fields.items()
            if (shown := format_value(value))
        ],
    )


def _count_days_late(planned: Day | None, actual: Day | None) -> int:
    return max(0, (actual.date - planned.date).days) if planned and actual else 0


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


def format_title(item: WorkItem) -> str:
    """What an item is called in a report; never empty."""
    return sanitize.shorten(item.title, TITLE) or format_reference(item)


def format_reference(item: WorkItem) -> str:
    """`Space/Database #12`, as far as it is known."""
    return join_reference(item.place, item.entity.public_id)


def join_reference(place: str | None, public_id: str) -> str:
    """The same of anything in Fibery; the number is never cut."""
    return f"{sanitize.shorten(place or '', TITLE)} #{sanitize.shorten(public_id, LABEL)}".strip()


def share_among(data: ReportData, people: Sequence[tuple[PersonTime, int]], whole: int) -> list[PersonShare]:
    """The people of a row, whose hours add up to its `whole` hundredths."""
    shown = hours.format_parts([seconds for _, seconds in people], whole)
    return [PersonShare(data.people[person.user_id], text) for (person, _), text in zip(people, shown, strict=True)]


def _build_parents(entity: EnrichedEntity) -> list[ParentRow]:
    return [
        ParentRow(
            sanitize.shorten(parent.name, TITLE) or f"#{parent.public_id}",
            join_reference(work_items.format_place(parent.space, parent.database), parent.public_id),
            sanitize.filter_url(parent.url),
            sanitize.shorten(parent.state.name, LABEL) if parent.state else None,
        )
        for parent in entity.parents
    ]


def _find_summary(data: ReportData, item: WorkItem) -> str | None:
    texts = (data.item_summaries.get(work_items.get_key(time), "") for _, time in item.times)
    return next((sanitize.shorten(text, 2 * DESCRIPTION) for text in texts if text.strip()), None)
