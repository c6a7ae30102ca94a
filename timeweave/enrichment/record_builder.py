"""Records of `data/enriched.json`: made of the row that Fibery gave, or of the reason why there is none."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import msgspec

from timeweave.enrichment.activities import Item
from timeweave.enrichment.item_query.amounts import read_amounts
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.parents import ParentPath, follow_parents
from timeweave.enrichment.item_query.rich_text import RichTexts
from timeweave.enrichment.item_query.sub_item_lists import ListHolders, count_completion, list_sub_items
from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.query import Row, read_value
from timeweave.models.enriched import Assignee, Comment, EnrichedEntity, EntityStatus, Parent, Part
from timeweave.models.entities import EntityKey
from timeweave.models.states import State
from timeweave.runtime.name_comparison import fold


class Gaps:
    """What Fibery was asked for and did not give, said once for all items that lack it for the same reason."""

    def __init__(self) -> None:
        self._missing: dict[tuple[str, str, str], set[str]] = defaultdict(set)

    def add(self, database: str, what: str, why: str, one: str) -> None:
        """`what` says what is missing of how many, such as `comments of {} items`; `one` is one of these."""
        self._missing[database, what, why].add(one)

    def describe(self) -> list[str]:
        """A sentence for each kind of gap, sorted."""
        return sorted(
            f"{database}: {what.format(f'{len(ones):,}')} did not come: {why}"
            for (database, what, why), ones in self._missing.items()
        )


class RecordBuilder:
    """Makes records of rows, all as of one day."""

    def __init__(self, account: FiberyAccount, as_of: date, texts: RichTexts, holders: ListHolders) -> None:
        self._account, self._as_of, self._texts, self._holders = account, as_of, texts, holders

    def build(self, reference: EntityKey, columns: ItemColumns, row: Row, missing: list[Part]) -> EnrichedEntity:
        """The item as every item is told, then as its activity changes it, then judged: is it overdue?"""
        items = list_sub_items(columns.lists, row, self._holders)
        record = msgspec.structs.replace(self._fill_in(reference, columns, row), missing=missing)
        record = msgspec.structs.replace(record, progress=count_completion(items, row.get("hours")))
        wanted = {fold(label): self._read_field(columns, row, label, record) for label in columns.activity.fields}
        parts = columns.activity(Item(record, items or [], wanted))
        record = msgspec.structs.replace(record, **parts)
        return msgspec.structs.replace(record, overdue=columns.can_be_done and self._is_overdue(record))

    def _fill_in(self, reference: EntityKey, columns: ItemColumns, row: Row) -> EnrichedEntity:
        name = _to_text(row.get(columns.title or ""))
        public_id = str(row["public_id"])
        record = EnrichedEntity(
            space=reference.space,
            database=reference.database,
            public_id=reference.public_id,
            status=EntityStatus.FOUND,
            found_as=columns.database.name,
            activity=columns.activity.name,
            id=_to_text(row.get("id")),
            name=name,
            url=self._account.link(columns.database.name, name, public_id),
            state=_read_state(row, ""),
            created=row.get(columns.created or ""),
            modified=row.get(columns.modified or ""),
            **_read_dates(columns, row),
            assignees=_list_assignees(row),
            description=self._texts.get(row.get(columns.description or "")),
            comments=self._list_comments(row),
            parents=[self._build_parent(parent, row) for parent in follow_parents(columns.parents, row)],
            **read_amounts(columns.amounts, row),
        )
        fields = {label: self._read_field(columns, row, label, record) for label in columns.labels}
        return msgspec.structs.replace(record, fields=fields)

    def _read_field(self, columns: ItemColumns, row: Row, label: str, record: EnrichedEntity) -> Any:
        if columns.is_comments(label):
            return [comment.text for comment in record.comments]
        alias = columns.find_alias(label)
        if alias is None:
            return None
        column = columns.by_alias[alias]
        return self._texts.get(row.get(alias)) if column.is_document else read_value(column, row.get(alias))

    def _list_comments(self, row: Row) -> list[Comment]:
        ordered = sorted(row.get("comments") or [], key=lambda one: (str(one.get("at")), str(one.get("id"))))
        return [
            Comment(at=one.get("at"), author=one.get("author"), text=self._texts.get(one.get("secret")) or "")
            for one in ordered
        ]

    def _build_parent(self, parent: ParentPath, row: Row) -> Parent:
        public_id, name = str(row[f"{parent.alias}public_id"]), _to_text(row.get(f"{parent.alias}name"))
        holder = self._holders.get((parent.database.name, public_id), {})
        items = list_sub_items(parent.lists, holder, self._holders)
        return Parent(
            relation=parent.relation,
            space=parent.database.space,
            database=parent.database.label,
            public_id=public_id,
            name=name or f"#{public_id}",
            state=_read_state(row, parent.alias),
            url=self._account.link(parent.database.name, name, public_id),
            progress=count_completion(items, holder.get("hours")),
        )

    def _is_overdue(self, record: EnrichedEntity) -> bool:
        is_over = record.completed is not None or (record.state is not None and record.state.meaning.is_over)
        return not is_over and record.planned_end is not None and record.planned_end[:10] < str(self._as_of)


def build_missing(reference: EntityKey, status: EntityStatus, reason: str) -> EnrichedEntity:
    """The record of a reference without an item."""
    return EnrichedEntity(
        space=reference.space,
        database=reference.database,
        public_id=reference.public_id,
        status=status,
        reason=reason,
    )


def _read_dates(columns: ItemColumns, row: Row) -> dict[str, Any]:
    def first(part: str) -> Any:
        return next((row[alias] for alias in columns.dates[part] if row.get(alias)), None)

    span = first("planned_range") or {}
    dates = {part: first(part) for part in ("started", "completed", "planned_start", "planned_end")}
    dates["planned_start"] = dates["planned_start"] or span.get("start")
    dates["planned_end"] = dates["planned_end"] or (_find_last_day(span["end"]) if span.get("end") else None)
    return dates


def _find_last_day(exclusive: str) -> str:
    """The last day of a range that ends before `exclusive`, a day; an instant stays as it is."""
    try:
        return str(date.fromisoformat(exclusive) - timedelta(days=1))
    except ValueError:
        return exclusive


def _read_state(row: Row, prefix: str) -> State | None:
    name = row.get(f"{prefix}state_name")
    if name is None:
        return None
    return State(name=str(name), type=row.get(f"{prefix}state_type"), final=row.get(f"{prefix}state_final"))


def _list_assignees(row: Row) -> list[Assignee]:
    people = list(row.get("people") or [])
    if row.get("person_name"):
        people.append({"name": row["person_name"], "email": row.get("person_email")})
    found = [
        Assignee(name=str(one.get("name") or ""), email=(one.get("email") or "").casefold() or None) for one in people
    ]
    return sorted(found, key=lambda one: (one.name, one.email or ""))


def _to_text(raw: Any) -> str | None:
    return None if raw is None else str(raw)
