"""How far a feature is: its items, how many are in a final state, and the time Fibery has on record."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from timeweave.enrichment.activity import Path, SubItem
from timeweave.enrichment.state import state_columns
from timeweave.fibery import names
from timeweave.fibery.database import Database
from timeweave.fibery.query import Column, Row, count_column, list_column, number
from timeweave.fibery.schema import Field
from timeweave.models.enriched import Progress

HOURS = ("Feature time spent (H)", "Time spent (H)", "Time spent")
"""Fields that hold hours, on a feature itself or on its items."""
PARTS_OF_A_FEATURE: tuple[Path, ...] = ("Tasks", "Bugs")
Owners = dict[tuple[str, str], Row]
"""Rows of items that have lists, by database and public id."""


@dataclass(frozen=True)
class ItemList:
    """A collection whose items count as progress."""

    alias: str
    """Under which the list comes back, in any row of `owner`."""
    owner: Database
    items: Database
    column: Column
    count: Column
    via: str | None = None
    """Alias of the public id of the owner, where that is not the item itself."""


def lists_of(owner: Database, paths: tuple[Path, ...] = ()) -> list[ItemList]:
    """The lists that `paths` name and the schema has; without any, those that every feature has."""
    if not paths and names.key(owner.label) == "feature":
        paths = PARTS_OF_A_FEATURE
    found = []
    for path in paths:
        if isinstance(path, str):
            found.append(_list(owner, path))
        elif (relation := owner.field(path[0])) and not relation.many:
            other = owner.workspace.type(relation.type)
            found.append(_list(other, path[1], via_alias(owner, relation)) if other else None)
    return [one for one in found if one]


def columns(lists: list[ItemList], owner: Database) -> dict[str, Column]:
    """What to ask of an owner for its own lists, the hours it keeps itself included."""
    asked = {one.alias: one.column for one in lists if one.owner is owner}
    asked |= {f"{one.alias}_count": one.count for one in lists if one.owner is owner}
    hours = _hours(owner)
    if lists and hours:
        asked["hours"] = Column([hours.name])
    return asked


def via_columns(owner: Database, paths: tuple[Path, ...]) -> dict[str, Column]:
    """What to ask of an item whose lists belong to another one."""
    relations = [owner.field(path[0]) for path in paths if not isinstance(path, str)]
    return {
        via_alias(owner, relation): Column([relation.name, "fibery/public-id"])
        for relation in relations
        if relation and not relation.many
    }


def via_alias(owner: Database, relation: Field) -> str:
    """The alias of the public id at the other end of a relation."""
    return f"via{owner.shape.fields.index(relation)}"


def sub_items(lists: list[ItemList], row: Row, owners: Owners) -> list[SubItem] | None:
    """What belongs to an item, each once; null where there is no list that could be read."""
    found: dict[tuple[str, Any], SubItem] = {}
    readable = False
    for listed in lists:
        holder = row if listed.via is None else owners.get((listed.owner.name, str(row.get(listed.via))), {})
        readable = readable or listed.alias in holder
        for one in holder.get(listed.alias) or []:
            item = SubItem(
                listed.items.name, one.get("name"), one.get("state_final") is True, _number(one.get("hours"))
            )
            found[listed.items.name, one.get("id")] = item
    return list(found.values()) if readable else None


def progress(items: list[SubItem] | None, hours: Any = None) -> Progress | None:
    """The counts; `seconds` by the feature's own hours, else by those of its items, null where neither is kept."""
    if items is None:
        return None
    spent = _number(hours)
    kept = [Decimal(str(item.hours)) for item in items if item.hours is not None]
    exact = Decimal(str(spent)) if spent is not None else sum(kept, Decimal()) if kept else None
    seconds = None if exact is None else round(exact * 3600)
    return Progress(items=len(items), final=sum(item.final for item in items), seconds=seconds)


def _list(owner: Database, label: str, via: str | None = None) -> ItemList | None:
    field = owner.field(label)
    target = owner.workspace.type(field.type) if field and field.many else None
    if field is None or target is None or target.shape.kind != "database":
        return None
    select = {name: column.ask for name, column in state_columns(target, (), "").items()}
    if target.title:
        select["name"] = target.title.name
    if hours := _hours(target):
        select["hours"] = hours.name
    alias = f"items{owner.shape.fields.index(field)}"
    return ItemList(alias, owner, target, list_column(field, select), count_column(field), via)


def _hours(database: Database) -> Field | None:
    found = (database.field(label) for label in HOURS)
    return next((field for field in found if field and field.type in ("fibery/decimal", "fibery/int")), None)


def _number(raw: Any) -> float | None:
    found = number(raw) if isinstance(raw, str) else raw
    return None if isinstance(found, bool) or not isinstance(found, int | float) else float(found)
