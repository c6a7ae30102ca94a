"""Queries of `fibery.entity/query`, and how to read what they answer (Fibery HTTP API, entity commands)."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from timeweave.fibery.database import COMMENT, DOCUMENT, Database
from timeweave.fibery.schema import Field, TypeKind
from timeweave.runtime.errors import TimeweaveError

LIST_LIMIT = 100
"""Rows of a sub-query; Fibery advises no more. A list of exactly this length may be cut and is asked further."""
PUBLIC_ID = "fibery/public-id"
OLDEST_FIRST = [[["fibery/id"], "q/asc"]]

Row = dict[str, Any]
"""One item as it came, by the aliases of the columns."""


@dataclass(frozen=True)
class Column:
    """A part of a query's select."""

    ask: Any
    is_list: bool = False
    is_count: bool = False
    """The length of the list whose alias comes before `_count`."""
    is_document: bool = False
    """The value is the secret of a document."""
    type: str = ""
    """The primitive type, where the value is one."""

    @property
    def path(self) -> str:
        """The fields it asks for, as the API names them."""
        if self.is_list:
            return str(self.ask["q/from"])
        return " → ".join(self.ask[1] if self.is_count else self.ask)

    def page(self, offset: int) -> Any:
        """The part of a list after `offset` rows."""
        return {**self.ask, "q/offset": offset}


IDENTITY = {"id": Column(["fibery/id"]), "public_id": Column([PUBLIC_ID])}
"""The columns that every query of items has."""


def build_value_column(database: Database, field: Field) -> Column:
    """A field as people see it: relations by title, lists of titles, selects by name, rich text by its document."""
    if field.type == DOCUMENT:
        return Column([field.name, "Collaboration~Documents/secret"], is_document=True)
    if field.type == COMMENT:
        return build_list_column(field, {"secret": "comment/document-secret"})
    if database.workspace.is_primitive(field.type):
        return Column([field.name], type=field.type)
    target = database.workspace.get_type(field.type)
    if target is None or target.title is None:
        raise TimeweaveError(f"{field.name} of {database.name} cannot be read")
    if field.many:
        return build_list_column(field, {"name": target.title.name})
    return Column([field.name, target.title.name], type=target.title.type)


def build_list_column(field: Field, select: dict[str, Any]) -> Column:
    """A collection, its rows with their `id` and what `select` names."""
    ask = {
        "q/from": field.name,
        "q/select": {"id": "fibery/id", **select},
        "q/order-by": OLDEST_FIRST,
        "q/limit": LIST_LIMIT,
    }
    return Column(ask, is_list=True)


def build_count_column(field: Field) -> Column:
    """How long a collection is, however much of it comes; a limited token may be refused it."""
    return Column(["q/count", [field.name, "fibery/id"]], is_count=True)


def build_state_columns(database: Database, path: tuple[str, ...], prefix: str) -> dict[str, Column]:
    """Name, type and finality of the state of the item that `path` leads to, as far as the schema has them.

    A state is kept in a workflow, or in a plain select that the database calls its State.
    """
    field = database.get_field("workflow/state") or database.find_field("State")
    target = database.workspace.get_type(field.type) if field and not field.many else None
    if field is None or target is None or target.shape.kind is not TypeKind.SELECT or target.title is None:
        return {}
    parts = {"name": target.title.name, "type": "workflow/Type", "final": "workflow/Final"}
    return {
        f"{prefix}state_{part}": Column([*path, field.name, name])
        for part, name in parts.items()
        if target.get_field(name)
    }


def select_by_values(
    database: str, field: str, select: dict[str, Any], values: tuple[str, ...], limit: int, after: str = ""
) -> dict[str, Any]:
    """The arguments of a query for the items whose `field` has one of these values; those after a `fibery/id`, if one is given."""
    wanted: list[Any] = ["q/in", [field], "$ids"]
    query = {"q/from": database, "q/select": select, "q/where": wanted, "q/limit": limit}
    params: dict[str, Any] = {"$ids": list(values)}
    if field != PUBLIC_ID:
        query |= {"q/order-by": OLDEST_FIRST}
    if after:
        query |= {"q/where": ["q/and", wanted, [">", ["fibery/id"], "$after"]]}
        params |= {"$after": after}
    return {"query": query, "params": params}


def read_value(column: Column, raw: Any) -> Any:
    """What a report may show: text, number, bool, null, a sorted list of names, or `{start, end}`."""
    if column.is_list:
        return sorted(str(one.get("name") or "") for one in raw or [])
    if raw is None or isinstance(raw, bool | int | float):
        return raw
    if column.type == "fibery/decimal" and isinstance(raw, str):
        return parse_number(raw)
    if isinstance(raw, dict) and {"start", "end"} <= set(raw):
        return {"start": raw["start"], "end": raw["end"]}
    return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False, sort_keys=True)


def parse_number(text: str) -> int | float | str:
    """A decimal, which Fibery writes as text, as the number it is; left as text where no number is exactly it."""
    try:
        exact = Decimal(text)
    except ArithmeticError:
        return text
    if not exact.is_finite():
        return text
    if exact == exact.to_integral_value():
        return int(exact) if abs(exact) < 2**53 else text
    return float(exact) if Decimal(repr(float(exact))) == exact else text
