"""`fibery.entity/query`: rows of a type that fulfil a condition, ordered, cut and shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.fieldpath import Path, Reader
from timeweave.sandbox.fibery.problem import Problem
from timeweave.sandbox.fibery.selection import AGGREGATES, Selection, no_aggregates
from timeweave.sandbox.fibery.shape import Type
from timeweave.sandbox.fibery.where import Params, path, predicate

HARD_CAP = 3001
SubQuery = Callable[[Type, Mapping[str, object], Params], Callable[[list[Entity]], list[object]]]


def run(reader: Reader, query: Mapping[str, object], params: Params) -> list[Any]:
    """The rows of a query, in the shape it asks for."""
    kind = reader.type(query.get("q/from"))
    totals = _root_aggregates(query.get("q/select"))
    if totals is not None and reader.limited:
        raise no_aggregates()
    answer = compiled(reader)(kind, {**query, "q/select": {}} if totals else query, params)
    rows = _candidates(reader, kind, query.get("q/where"), params)
    if totals is None:
        return answer(list(rows))
    keep = _condition(reader, kind, query, params)
    chosen = [row for row in rows if keep(row)]
    return [
        {alias: AGGREGATES[call[0]](_values(chosen, path(reader, kind, call[1]))) for alias, call in totals.items()}
    ]


def compiled(reader: Reader) -> SubQuery:
    """A function that checks a query once and answers it for any rows."""

    def sub_query(kind: Type, query: Mapping[str, object], params: Params) -> Callable[[list[Entity]], list[object]]:
        limit, offset = _limit(query), query.get("q/offset", 0)
        keep = _condition(reader, kind, query, params)
        order = _order(reader, kind, query.get("q/order-by"))
        show = Selection(reader, params, sub_query).show(kind, query.get("q/select", []))

        def answer(rows: list[Entity]) -> list[object]:
            chosen = order([row for row in rows if keep(row)])
            return [show(row) for row in chosen[cast(int, offset) :][:limit]]

        return answer

    return sub_query


def _limit(query: Mapping[str, object]) -> int:
    limit = query.get("q/limit")
    if limit == "q/no-limit":
        return HARD_CAP
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise Problem(
            "entity.error/query-limit-expr-not-found", '"q/limit" expression was not found.', query=dict(query)
        )
    return min(limit, HARD_CAP)


def _condition(reader: Reader, kind: Type, query: Mapping[str, object], params: Params) -> Callable[[Entity], bool]:
    clause = query.get("q/where")
    return predicate(reader, kind, clause, params) if clause is not None else lambda _row: True


def _order(reader: Reader, kind: Type, clauses: object) -> Callable[[list[Entity]], list[Entity]]:
    declared = cast("list[tuple[object, str]]", clauses or [])
    keys = [(path(reader, kind, names), direction == "q/desc") for names, direction in declared]
    if not keys:
        default = ("fibery/creation-date", "fibery/id")
        keys = [(Path([name], decimal=False), False) for name in default if name in kind.fields]

    def ordered(rows: list[Entity]) -> list[Entity]:
        for key, backwards in reversed(keys):
            rows = sorted(rows, key=lambda row: _sortable(key.of(row)), reverse=backwards)
        return rows

    return ordered


def _sortable(value: object) -> tuple[bool, Any]:
    return (value is None, "" if value is None else value)


def _candidates(reader: Reader, kind: Type, clause: object, params: Params) -> Iterable[Entity]:
    """The rows worth testing: those named by id where the condition names ids, else all."""
    for operator, operand, value in _conjuncts(clause):
        field = operand[0] if isinstance(operand, list) and len(operand) == 1 else operand
        named = {"$my-id": reader.my_id, **params}.get(value) if isinstance(value, str) else value
        names = [named] if operator == "=" else named if operator == "q/in" and isinstance(named, list) else None
        if names is None or kind.database is None:
            continue
        if field == "fibery/public-id":
            found = (reader.workspace.find(kind.name, n) for n in dict.fromkeys(names) if isinstance(n, str) and n)
            return [row for row in found if row is not None]
        if field == "fibery/id":
            by_id = (reader.workspace.by_id(kind, n) for n in dict.fromkeys(names) if isinstance(n, str))
            return [row for row in by_id if row is not None]
    return reader.workspace.rows(kind)


def _conjuncts(clause: object) -> list[tuple[object, object, object]]:
    if not isinstance(clause, list) or not clause:
        return []
    if clause[0] == "q/and":
        return [one for part in clause[1:] for one in _conjuncts(part)]
    return [(clause[0], clause[1], clause[2])] if len(clause) == 3 and clause[0] != "q/or" else []


def _root_aggregates(select: object) -> dict[str, Any] | None:
    """The calls of a select that asks for nothing but totals over all rows."""
    if not isinstance(select, dict) or not select:
        return None
    calls = {alias: call for alias, call in select.items() if isinstance(call, list) and call and call[0] in AGGREGATES}
    # An aggregate over a collection's field belongs to each row; over a field of the row itself, to all rows.
    own = all(not isinstance(call[1], list) or len(call[1]) == 1 for call in calls.values() if len(call) > 1)
    return calls if len(calls) == len(select) and own else None


def _values(rows: list[Entity], operand: Path) -> list[Any]:
    return [value for row in rows if (value := operand.of(row)) is not None]
