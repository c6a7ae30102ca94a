"""One row of an answer as the record that `data/enriched.json` keeps."""

from datetime import date, timedelta
from typing import Any

import msgspec

from timeweave.enrichment.activity import Item
from timeweave.enrichment.documents import Texts
from timeweave.enrichment.lineage import Step, chain
from timeweave.enrichment.plan import Plan
from timeweave.enrichment.progress import Owners, progress, sub_items
from timeweave.fibery import names
from timeweave.fibery.query import Row, value
from timeweave.fibery.site import Site
from timeweave.models.enriched import Assignee, Comment, EnrichedEntity, Parent, State
from timeweave.models.entities import EntityKey


class Records:
    """Makes records of rows, all as of one day."""

    def __init__(self, site: Site, as_of: date, texts: Texts, owners: Owners) -> None:
        self._site, self._as_of, self._texts, self._owners = site, as_of, texts, owners

    def found(self, reference: EntityKey, plan: Plan, row: Row) -> EnrichedEntity:
        """The item as every item is told, then as its activity changes it, then judged: is it overdue?"""
        items = sub_items(plan.lists, row, self._owners)
        record = self._common(reference, plan, row)
        record = msgspec.structs.replace(record, progress=progress(items, row.get("hours")))
        wanted = {names.key(label): self._value(plan, row, label, record) for label in plan.activity.fields}
        parts = plan.activity(Item(record, items or [], wanted))
        record = msgspec.structs.replace(record, **parts)
        return msgspec.structs.replace(record, overdue=plan.ends and self._overdue(record))

    def _common(self, reference: EntityKey, plan: Plan, row: Row) -> EnrichedEntity:
        name = _text(row.get(plan.title or ""))
        public_id = str(row["public_id"])
        record = EnrichedEntity(
            space=reference.space,
            database=reference.database,
            public_id=reference.public_id,
            status="found",
            found_as=plan.database.name,
            activity=plan.activity.name,
            id=row["id"],
            name=name,
            url=self._site.link(plan.database.name, name, public_id),
            state=_state(row, ""),
            created=row.get(plan.created or ""),
            modified=row.get(plan.modified or ""),
            **_dates(plan, row),
            assignees=_assignees(row),
            description=self._texts.of(row.get(plan.description or "")),
            comments=self._comments(row),
            parents=[self._parent(step, row) for step in chain(plan.steps, row)],
        )
        fields = {label: self._value(plan, row, label, record) for label in plan.configured}
        return msgspec.structs.replace(record, fields=fields)

    def _value(self, plan: Plan, row: Row, label: str, record: EnrichedEntity) -> Any:
        if plan.is_comments(label):
            return [comment.text for comment in record.comments]
        alias = plan.alias(label)
        if alias is None:
            return None
        column = plan.columns[alias]
        return self._texts.of(row.get(alias)) if column.is_document else value(column, row.get(alias))

    def _comments(self, row: Row) -> list[Comment]:
        ordered = sorted(row.get("comments") or [], key=lambda one: (str(one.get("at")), str(one.get("id"))))
        return [
            Comment(at=one.get("at"), author=one.get("author"), text=self._texts.of(one.get("secret")) or "")
            for one in ordered
        ]

    def _parent(self, step: Step, row: Row) -> Parent:
        public_id, name = str(row[f"{step.alias}public_id"]), _text(row.get(f"{step.alias}name"))
        owner = self._owners.get((step.database.name, public_id), {})
        items = sub_items(step.lists, owner, self._owners)
        return Parent(
            relation=step.relation,
            space=step.database.space,
            database=step.database.label,
            public_id=public_id,
            name=name or f"#{public_id}",
            state=_state(row, step.alias),
            url=self._site.link(step.database.name, name, public_id),
            progress=progress(items, owner.get("hours")),
        )

    def _overdue(self, record: EnrichedEntity) -> bool:
        done = record.completed is not None or (record.state is not None and record.state.final is True)
        return not done and record.planned_end is not None and record.planned_end[:10] < str(self._as_of)


def last_day(exclusive: str) -> str:
    """The last day of a range that ends before `exclusive`, a day; an instant stays as it is."""
    try:
        return str(date.fromisoformat(exclusive) - timedelta(days=1))
    except ValueError:
        return exclusive


def _dates(plan: Plan, row: Row) -> dict[str, Any]:
    def first(part: str) -> Any:
        return next((row[alias] for alias in plan.dates[part] if row.get(alias)), None)

    span = first("planned_range") or {}
    dates = {part: first(part) for part in ("started", "completed", "planned_start", "planned_end")}
    dates["planned_start"] = dates["planned_start"] or span.get("start")
    dates["planned_end"] = dates["planned_end"] or (last_day(span["end"]) if span.get("end") else None)
    return dates


def _state(row: Row, prefix: str) -> State | None:
    name = row.get(f"{prefix}state_name")
    if name is None:
        return None
    return State(name=str(name), type=row.get(f"{prefix}state_type"), final=row.get(f"{prefix}state_final"))


def _assignees(row: Row) -> list[Assignee]:
    people = list(row.get("people") or [])
    if row.get("person_name"):
        people.append({"name": row["person_name"], "email": row.get("person_email")})
    found = [
        Assignee(name=str(one.get("name") or ""), email=(one.get("email") or "").casefold() or None) for one in people
    ]
    return sorted(found, key=lambda one: (one.name, one.email or ""))


def _text(raw: Any) -> str | None:
    return None if raw is None else str(raw)
