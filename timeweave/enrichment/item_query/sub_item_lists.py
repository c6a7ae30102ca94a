"""Lists of items that belong to another: what to ask for them, and the completion of a feature counted from them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from timeweave.enrichment.activities import Path, SubItem
from timeweave.enrichment.item_query.amounts import count_seconds, is_number, parse_amount
from timeweave.fibery.database import Database
from timeweave.fibery.query import Column, Row, build_count_column, build_list_column, build_state_columns
from timeweave.fibery.schema import Field, TypeKind
from timeweave.models.enriched import Completion
from timeweave.models.states import Progress, State
from timeweave.runtime.name_comparison import fold

HOURS = ("Feature time spent (H)", "Time spent (H)", "Time spent")
"""Fields that hold hours, on a feature itself or on its items."""
PARTS_OF_A_FEATURE: tuple[Path, ...] = ("Tasks", "Bugs")
ListHolders = dict[tuple[str, str], Row]
"""Rows of items that have lists, by database and public id."""


@dataclass(frozen=True)
class SubItemList:
    """A collection whose items are counted."""

    alias: str
    """Under which the list comes back, in any row of `holder`."""
    holder: Database
    items: Database
    column: Column
    count: Column
    via: str | None = None
    """Alias of the public id of the holder, where that is not the item itself."""


def find_sub_item_lists(holder: Database, paths: tuple[Path, ...] = ()) -> list[SubItemList]:
    """The lists that `paths` name and the schema has; without any, those that every feature has."""
    if not paths and fold(holder.label) == "feature":
        paths = PARTS_OF_A_FEATURE
    found = []
    for path in paths:
        if isinstance(path, str):
            found.append(_find_list(holder, path))
        elif (relation := holder.find_field(path[0])) and not relation.many:
            other = holder.workspace.get_type(relation.type)
            found.append(_find_list(other, path[1], _name_via(holder, relation)) if other else None)
    return [one for one in found if one]


def build_list_columns(lists: list[SubItemList], holder: Database) -> dict[str, Column]:
    """What to ask of a holder for its own lists, the hours it keeps itself included."""
    asked = {one.alias: one.column for one in lists if one.holder is holder}
    asked |= {f"{one.alias}_count": one.count for one in lists if one.holder is holder}
    hours = _find_hours(holder)
    if lists and hours:
        asked["hours"] = Column([hours.name])
    return asked


def build_via_columns(holder: Database, paths: tuple[Path, ...]) -> dict[str, Column]:
    """What to ask of an item whose lists belong to another one."""
    relations = [holder.find_field(path[0]) for path in paths if not isinstance(path, str)]
    return {
        _name_via(holder, relation): Column([relation.name, "fibery/public-id"])
        for relation in relations
        if relation and not relation.many
    }


def list_sub_items(lists: list[SubItemList], row: Row, holders: ListHolders) -> list[SubItem] | None:
    """What belongs to an item, each once; null where there is no list that could be read."""
    found: dict[tuple[str, Any], SubItem] = {}
    readable = False
    for listed in lists:
        holder = row if listed.via is None else holders.get((listed.holder.name, str(row.get(listed.via))), {})
        readable = readable or listed.alias in holder
        for one in holder.get(listed.alias) or []:
            meaning, hours = _read_meaning(one), _parse_hours(one.get("hours"))
            final, cancelled = meaning is Progress.DONE, meaning is Progress.CANCELLED
            found[listed.items.name, one.get("id")] = SubItem(
                listed.items.name, one.get("name"), final, hours, cancelled
            )
    return list(found.values()) if readable else None


def count_completion(items: list[SubItem] | None, hours: Any = None) -> Completion | None:
    """The counts; `seconds` by the feature's own hours, else by those of its items, null where neither is kept."""
    if items is None:
        return None
    kept = [Decimal(str(item.hours)) for item in items if item.hours is not None]
    own = parse_amount(hours)
    exact = own if own is not None else sum(kept, Decimal()) if kept else None
    cancelled = sum(item.cancelled for item in items)
    return Completion(
        items=len(items) - cancelled,
        final=sum(item.final for item in items),
        seconds=None if exact is None else count_seconds(exact),
        cancelled=cancelled,
    )


def _name_via(holder: Database, relation: Field) -> str:
    """The alias of the public id at the other end of a relation."""
    return f"via{holder.shape.fields.index(relation)}"


def _find_list(holder: Database, label: str, via: str | None = None) -> SubItemList | None:
    field = holder.find_field(label)
    target = holder.workspace.get_type(field.type) if field and field.many else None
    if field is None or target is None or target.shape.kind is not TypeKind.DATABASE:
        return None
    select = {name: column.ask for name, column in build_state_columns(target, (), "").items()}
    if target.title:
        select["name"] = target.title.name
    if hours := _find_hours(target):
        select["hours"] = hours.name
    alias = f"items{holder.shape.fields.index(field)}"
    return SubItemList(alias, holder, target, build_list_column(field, select), build_count_column(field), via)


def _find_hours(database: Database) -> Field | None:
    found = (database.find_field(label) for label in HOURS)
    return next((field for field in found if field and is_number(field)), None)


def _parse_hours(raw: Any) -> float | None:
    found = parse_amount(raw)
    return None if found is None else float(found)


def _read_meaning(row: Row) -> Progress:
    state = State(name=str(row.get("state_name") or ""), type=row.get("state_type"), final=row.get("state_final"))
    return state.meaning
