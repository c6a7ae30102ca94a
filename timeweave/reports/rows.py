"""Work items as rows to show: hours that add up, dates as days, text in brief, addresses checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from timeweave.models.aggregated import PersonTime
from timeweave.models.enriched import EnrichedEntity, State
from timeweave.reports import calendar, hours, ledger, plain
from timeweave.reports.calendar import Day
from timeweave.reports.edition import Byline, Edition
from timeweave.reports.ledger import Item

TITLE, LABEL, REASON, DESCRIPTION = 160, 60, 300, 300
"""Characters shown of each."""


@dataclass(frozen=True)
class Who:
    """A person's part in a row."""

    person: Byline
    hours: str


@dataclass(frozen=True)
class Step:
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
    status: str
    reason: str | None
    state: str | None
    progress: str
    """done, started, waiting or unknown: what the state means."""
    hours: str
    seconds: int
    entries: int
    people: list[Who]
    planned_start: Day | None
    planned_end: Day | None
    started: Day | None
    completed: Day | None
    overdue: bool
    days_late: int
    """Days from the planned end to the completion, or to the edition's day where it is overdue; 0 where on time."""
    parents: list[Step]
    assignees: list[str]
    description: str
    summary: str | None
    fields: list[tuple[str, str]]


def item_rows(edition: Edition, items: Sequence[Item], whole: int) -> list[ItemRow]:
    """The rows of `items`, whose hours add up to `whole` hundredths."""
    amounts = hours.split([item.seconds for item in items], whole)
    return [_item_row(edition, item, amount) for item, amount in zip(items, amounts, strict=True)]


def _item_row(edition: Edition, item: Item, amount: int) -> ItemRow:
    entity = item.entity
    planned_end = calendar.day(entity.planned_end, edition.zone)
    completed = calendar.day(entity.completed, edition.zone)
    return ItemRow(
        title=title(item),
        reference=reference(item),
        url=plain.url(entity.url),
        status=entity.status,
        reason=plain.brief(entity.reason, REASON) if entity.reason else None,
        state=plain.brief(entity.state.name, LABEL) if entity.state else None,
        progress=progress(entity.state),
        hours=hours.text(amount),
        seconds=item.seconds,
        entries=item.entries,
        people=who(edition, item.people, amount),
        planned_start=calendar.day(entity.planned_start, edition.zone),
        planned_end=planned_end,
        started=calendar.day(entity.started, edition.zone),
        completed=completed,
        overdue=entity.overdue,
        days_late=_days_late(planned_end, edition.as_of if entity.overdue else completed),
        parents=_steps(entity),
        assignees=[plain.brief(assignee.name, LABEL) for assignee in entity.assignees],
        description=plain.from_markdown(entity.description or "", DESCRIPTION),
        summary=_summary(edition, item),
        fields=[(plain.brief(label, LABEL), shown) for label, value in entity.fields.items() if (shown := told(value))],
    )


def _days_late(planned: Day | None, actual: Day | None) -> int:
    return max(0, (actual.date - planned.date).days) if planned and actual else 0


def progress(state: State | None) -> str:
    """What a state means, whatever it is called."""
    if state is None:
        return "unknown"
    if state.final or state.type == "Finished":
        return "done"
    return {"Started": "started", "Not started": "waiting"}.get(state.type or "", "unknown")


def told(value: Any) -> str:
    """A configured field's value in brief; empty where there is none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " – ".join(told(value[end]) or "…" for end in ("start", "end") if end in value)
    if isinstance(value, list):
        return plain.brief(", ".join(told(part) for part in value), TITLE)
    return plain.from_markdown(f"{value:.10g}" if isinstance(value, float) else str(value), TITLE)


def title(item: Item) -> str:
    """What an item is called in a report; never empty."""
    return plain.brief(item.title, TITLE) or reference(item)


def reference(item: Item) -> str:
    """`Space/Database #12`, as far as it is known."""
    return referred(item.place, item.entity.public_id)


def referred(place: str | None, public_id: str) -> str:
    """The same of anything in Fibery; the number is never cut."""
    return f"{plain.brief(place or '', TITLE)} #{plain.brief(public_id, LABEL)}".strip()


def who(edition: Edition, people: Sequence[tuple[PersonTime, int]], whole: int) -> list[Who]:
    """The people of a row, whose hours add up to its `whole` hundredths."""
    shown = hours.texts([seconds for _, seconds in people], whole)
    return [Who(edition.bylines[person.user_id], text) for (person, _), text in zip(people, shown, strict=True)]


def _steps(entity: EnrichedEntity) -> list[Step]:
    return [
        Step(
            plain.brief(parent.name, TITLE) or f"#{parent.public_id}",
            referred(ledger.place(parent.space, parent.database), parent.public_id),
            plain.url(parent.url),
            plain.brief(parent.state.name, LABEL) if parent.state else None,
        )
        for parent in entity.parents
    ]


def _summary(edition: Edition, item: Item) -> str | None:
    texts = (edition.prose.get(ledger.key(time), "") for _, time in item.times)
    return next((plain.brief(text, 2 * DESCRIPTION) for text in texts if text.strip()), None)
