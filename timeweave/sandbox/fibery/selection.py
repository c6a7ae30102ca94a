"""What a query shows of each row (`q/select`): Fibery's vector form, its map form, and aggregates."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.fieldpath import Reader, follow, scalar
from timeweave.sandbox.fibery.problem import Problem
from timeweave.sandbox.fibery.shape import Field, Type
from timeweave.sandbox.fibery.where import Params, path

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.query import SubQuery

Show = Callable[[Entity], object]
AGGREGATES: dict[str, Callable[[list[Any]], object]] = {
    "q/count": len,
    "q/sum": lambda values: _plain(sum(values)),
    "q/min": lambda values: _plain(min(values, default=None)),
    "q/max": lambda values: _plain(max(values, default=None)),
    "q/avg": lambda values: _plain(Decimal(sum(values)) / len(values)) if values else None,
}


class Selection:
    """Compiles a `q/select` for rows of a type; `sub_query` answers the collections in it."""

    def __init__(self, reader: Reader, params: Params, sub_query: "SubQuery") -> None:
        self._reader, self._params, self._sub_query = reader, params, sub_query

    def show(self, kind: Type, select: object) -> Show:
        """The JSON object of a row."""
        if isinstance(select, list):
            parts = [part for entry in select for part in self._vector(kind, entry)]
        elif isinstance(select, dict):
            parts = [(alias, self._mapped(kind, value)) for alias, value in select.items()]
        else:
            raise Problem(
                "entity.error/query-select-expr-invalid", '"q/select" expression is invalid.', expression=select
            )
        return lambda entity: {alias: show(entity) for alias, show in parts}

    def _vector(self, kind: Type, entry: object) -> list[tuple[str, Show]]:
        if isinstance(entry, str):
            return [(entry, self._primitive(kind, [entry]))]
        if isinstance(entry, dict):
            return [(name, self._nested(kind, name, value)) for name, value in entry.items()]
        raise Problem("entity.error/query-select-expr-invalid", '"q/select" expression is invalid.', expression=entry)

    def _nested(self, kind: Type, name: str, value: object) -> Show:
        if _aggregate(value):
            return self._aggregated(kind, cast("list[object]", value))
        field, target = self._reader.reference(kind, name)
        if field.many:
            if not isinstance(value, dict):
                raise Problem(
                    "entity.error/query-select-collection-field-vector-shape-invalid",
                    f'"{name}" collection field should be selected by a sub query.', field=[name],
                )  # fmt: skip
            return self._collection(field, target, value)
        return self._reference(field, self.show(target, value), _aliases(value))

    def _mapped(self, kind: Type, value: object) -> Show:
        if isinstance(value, dict):
            if "q/from" not in value:
                return self.show(kind, value)
            source = value["q/from"]
            field, target = self._reader.reference(kind, source[0] if isinstance(source, list) and source else source)
            return self._collection(field, target, value)
        if _aggregate(value):
            return self._aggregated(kind, cast("list[object]", value))
        return self._primitive(kind, value if isinstance(value, list) else [value])

    def _primitive(self, kind: Type, names: list[object]) -> Show:
        here = kind
        for name in names[:-1]:
            field, here = self._reader.reference(here, name)
            if field.many:
                raise _not_primitive(names)
        last = self._reader.field(here, names[-1] if names else None)
        if not scalar(self._reader.workspace, last):
            raise _not_primitive(names)
        checked = cast("list[str]", names)
        return lambda entity: follow(entity, checked)

    def _reference(self, field: Field, show: Show, aliases: list[str]) -> Show:
        def value(entity: Entity) -> object:
            found = entity.get(field.name)
            if isinstance(found, Entity):
                return show(found)
            return dict.fromkeys(aliases) if self._reader.null_as_object else None

        return value

    def _collection(self, field: Field, target: Type, query: dict[str, object]) -> Show:
        answer = self._sub_query(target, query, self._params)

        def value(entity: Entity) -> object:
            rows = answer(cast("list[Entity]", entity.get(field.name)))
            return rows or (None if self._reader.null_collections else [])

        return value

    def _aggregated(self, kind: Type, call: list[object]) -> Show:
        if self._reader.limited:
            raise no_aggregates()
        operand = path(self._reader, kind, call[1] if len(call) > 1 else None)
        gather = AGGREGATES[str(call[0])]

        def value(entity: Entity) -> object:
            found = operand.of(entity)
            return gather([one for one in (found if isinstance(found, list) else [found]) if one is not None])

        return value


def _aggregate(value: object) -> bool:
    return isinstance(value, list) and bool(value) and value[0] in AGGREGATES


def _aliases(select: object) -> list[str]:
    """The keys of the object that a checked select shows."""
    entries: list[Any] = select if isinstance(select, list) else [select]
    return [alias for entry in entries for alias in ([entry] if isinstance(entry, str) else entry)]


def _not_primitive(names: list[object]) -> Problem:
    return Problem(
        "entity.error/query-primitive-field-expr-invalid", f'"{names[-1]}" is not a primitive field.', field=names
    )


def no_aggregates() -> Problem:
    """What a key hears that does not see everything."""
    return Problem(
        "entity.error/query-with-permissions-expr-not-supported", "Sub query aggregate expressions are not supported."
    )


def _plain(value: object) -> object:
    """A decimal as the wire has it."""
    return str(value) if isinstance(value, Decimal) else value
