"""What a query shows of each row (`q/select`): Fibery's vector form, its map form, and aggregates."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.errors import CommandError
from timeweave.sandbox.fibery.query_context import QueryContext
from timeweave.sandbox.fibery.schema import Field, Type

Show = Callable[[Entity], object]
SubQuery = Callable[[Type, Mapping[str, Any]], Callable[[list[Entity]], list[object]]]
"""Checks a query once and answers it for any rows."""

AGGREGATES: dict[str, Callable[[list[Any]], object]] = {
    "q/count": len,
    "q/sum": sum,
    "q/min": lambda values: min(values, default=None),
    "q/max": lambda values: max(values, default=None),
    "q/avg": lambda values: Decimal(sum(values)) / len(values) if values else None,
}


class Selection:
    """Compiles a `q/select` for rows of a type; `sub_query` answers the collections in it."""

    def __init__(self, context: QueryContext, sub_query: SubQuery) -> None:
        self._context, self._sub_query = context, sub_query

    def show(self, kind: Type, select: object) -> Show:
        """The JSON object of a row."""
        if isinstance(select, dict):
            parts = [(alias, self._mapped(kind, value)) for alias, value in select.items()]
        else:
            parts = [
                (name, self._nested(kind, name, value) if nested else self._primitive(kind, name))
                for name, value, nested in _entries(select)
            ]
        return lambda entity: {alias: show(entity) for alias, show in parts}

    def _mapped(self, kind: Type, value: object) -> Show:
        if is_aggregate(value):
            return self._aggregated(kind, value)
        if not isinstance(value, dict):
            return self._primitive(kind, value)
        if "q/from" not in value:
            return self.show(kind, value)
        source = value["q/from"]
        field, target = self._context.reference(kind, source[0] if isinstance(source, list) and source else source)
        return self._collection(field, target, value)

    def _nested(self, kind: Type, name: str, value: Any) -> Show:
        if is_aggregate(value):
            return self._aggregated(kind, value)
        field, target = self._context.reference(kind, name)
        if field.many and not isinstance(value, dict):
            message = f'"{name}" collection field should be selected by a sub query.'
            raise CommandError("query-select-collection-field-vector-shape-invalid", message, field=[name])
        return self._collection(field, target, value) if field.many else self._reference(field, target, value)

    def _primitive(self, kind: Type, names: object) -> Show:
        return self._context.path(kind, names, through_collections=False).read

    def _reference(self, field: Field, target: Type, select: object) -> Show:
        show = self.show(target, select)
        aliases = select if isinstance(select, dict) else [name for name, *_ in _entries(select)]
        empty = dict.fromkeys(aliases) if self._context.null_as_object else None
        return lambda entity: empty if entity.get(field.name) is None else show(entity.get(field.name))

    def _collection(self, field: Field, target: Type, query: Mapping[str, Any]) -> Show:
        answer = self._sub_query(target, query)
        empty: list[object] | None = None if self._context.null_collections else []
        return lambda entity: answer(entity.get(field.name)) or empty

    def _aggregated(self, kind: Type, call: Any) -> Show:
        total = aggregate(self._context, kind, call)
        return lambda entity: total([entity])


def aggregate(context: QueryContext, kind: Type, call: list[Any]) -> Callable[[Iterable[Entity]], object]:
    """A function for the total that a call `[function, path]` asks for, of any rows."""
    if context.limited:
        message = "Sub query aggregate expressions are not supported."
        raise CommandError("query-with-permissions-expr-not-supported", message)
    gather, path = AGGREGATES[call[0]], context.path(kind, call[1] if len(call) > 1 else None)

    def total(rows: Iterable[Entity]) -> object:
        ends = [path.compare(row) for row in rows]
        values = [one for end in ends for one in (end if isinstance(end, list) else [end]) if one is not None]
        found = gather(values)
        return str(found) if isinstance(found, Decimal) else found

    return total


def is_aggregate(value: object) -> bool:
    """Whether a part of a select is a call of an aggregate function."""
    return isinstance(value, list) and bool(value) and value[0] in AGGREGATES


def _entries(select: object) -> list[tuple[str, object, bool]]:
    """Name, value and whether there is one, for each entry of a select in vector form."""
    found: list[tuple[str, object, bool]] = []
    for entry in select if isinstance(select, list) else [select]:
        if isinstance(entry, str) and isinstance(select, list):
            found.append((entry, None, False))
        elif isinstance(entry, dict):
            found += [(name, value, True) for name, value in entry.items()]
        else:
            raise CommandError("query-select-expr-invalid", '"q/select" expression is invalid.', expression=entry)
    return found
