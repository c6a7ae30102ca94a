"""What a query shows of each row (`q/select`): Fibery's vector form, its map form, and aggregates."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.query_context import CommandError, QueryContext
from timeweave.sandbox.fibery.schema import Field, Type

Show = Callable[[Entity], object]
AGGREGATES: dict[str, Callable[[list[Any]], object]] = {
    "q/count": len, "q/sum": sum,
    "q/min": lambda values: min(values, default=None), "q/max": lambda values: max(values, default=None),
    "q/avg": lambda values: Decimal(sum(values)) / len(values) if values else None,
}  # fmt: skip


class Selection:
    """Compiles a `q/select` for rows of a type; `sub_query` compiles the query of a collection."""

    def __init__(self, context: QueryContext, sub_query: Callable[[Type, Any], Callable[[Any], list[object]]]) -> None:
        self._context, self._sub_query = context, sub_query

    def show(self, kind: Type, select: object) -> Show:
        if isinstance(select, dict):
            parts = [(alias, self._show_mapped(kind, value)) for alias, value in select.items()]
        else:
            parts = [(name, self._show_nested(kind, name, value)) for name, value in _read_entries(select)]
        return lambda entity: {alias: show(entity) for alias, show in parts}

    def _show_mapped(self, kind: Type, value: Any) -> Show:
        if is_aggregate(value):
            return self._show_aggregate(kind, value)
        if not isinstance(value, dict):
            return self._context.path(kind, value, through_collections=False).read
        if "q/from" not in value:
            return self.show(kind, value)
        source = value["q/from"]
        field, target = self._context.reference(kind, source[0] if isinstance(source, list) and source else source)
        return self._show_collection(field, target, value)

    def _show_nested(self, kind: Type, name: str, value: Any) -> Show:
        """An entry of the vector form: a field, or its name with what to show of where it leads."""
        if value is None:
            return self._context.path(kind, name).read
        if is_aggregate(value):
            return self._show_aggregate(kind, value)
        field, target = self._context.reference(kind, name)
        if field.many and not isinstance(value, dict):
            message = f'"{name}" collection field should be selected by a sub query.'
            raise CommandError("query-select-collection-field-vector-shape-invalid", message, field=[name])
        return self._show_collection(field, target, value) if field.many else self._show_reference(field, target, value)

    def _show_reference(self, field: Field, target: Type, select: Any) -> Show:
        show, aliases = self.show(target, select), select if isinstance(select, dict) else dict(_read_entries(select))
        empty = dict.fromkeys(aliases) if self._context.behaviour.null_as_object else None
        return lambda entity: empty if entity.get(field.name) is None else show(entity.get(field.name))

    def _show_collection(self, field: Field, target: Type, query: Mapping[str, Any]) -> Show:
        answer = self._sub_query(target, query)
        empty: list[object] | None = None if self._context.behaviour.null_collections else []
        return lambda entity: answer(entity.get(field.name)) or empty

    def _show_aggregate(self, kind: Type, call: Any) -> Show:
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
        found = gather([one for end in ends for one in (end if isinstance(end, list) else [end]) if one is not None])
        return str(found) if isinstance(found, Decimal) else found

    return total


def is_aggregate(value: object) -> bool:
    """Whether a part of a select is a call of an aggregate function."""
    return isinstance(value, list) and bool(value) and value[0] in AGGREGATES


def _read_entries(select: Any) -> list[tuple[str, Any]]:
    """The entries of a select in vector form: names, each with what is nested in it or None."""
    found: list[tuple[str, Any]] = []
    for entry in select if isinstance(select, list) else [None]:
        if isinstance(entry, str):
            found.append((entry, None))
        elif isinstance(entry, dict):
            found += entry.items()
        else:
            message = '"q/select" expression is invalid.'
            raise CommandError("query-select-expr-invalid", message, expression=entry or select)
    return found
