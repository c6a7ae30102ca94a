"""`fibery.entity/query`: rows of a type that fulfil a condition, ordered, cut and shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.errors import CommandError
from timeweave.sandbox.fibery.query_context import Path, QueryContext
from timeweave.sandbox.fibery.schema import Type
from timeweave.sandbox.fibery.selection import Selection, aggregate, is_aggregate
from timeweave.sandbox.fibery.where import predicate

HARD_CAP = 3001


def run(context: QueryContext, query: Mapping[str, Any]) -> list[Any]:
    """The rows of a query, in the shape it asks for."""
    kind = context.type(query.get("q/from"))
    calls = _root_aggregates(query.get("q/select"))
    totals = {alias: aggregate(context, kind, call) for alias, call in calls.items()}
    answer = _compile(context, kind, {**query, "q/select": {}} if calls else query)
    rows = _candidates(context, kind, query.get("q/where"))
    if not calls:
        return answer(list(rows))
    keep = predicate(context, kind, query.get("q/where"))
    chosen = [row for row in rows if keep(row)]
    return [{alias: total(chosen) for alias, total in totals.items()}]


def _compile(context: QueryContext, kind: Type, query: Mapping[str, Any]) -> Callable[[list[Entity]], list[object]]:
    """A function that answers a query for any rows of a type; a faulty query is refused at once."""
    limit, offset = _limit(query), query.get("q/offset", 0)
    keep = predicate(context, kind, query.get("q/where"))
    order = _order(context, kind, query.get("q/order-by"))
    selection = Selection(context, lambda target, sub_query: _compile(context, target, sub_query))
    show = selection.show(kind, query.get("q/select", []))

    def answer(rows: list[Entity]) -> list[object]:
        chosen = order([row for row in rows if keep(row)])
        return [show(row) for row in chosen[offset:][:limit]]

    return answer


def _limit(query: Mapping[str, object]) -> int:
    limit = query.get("q/limit")
    if limit == "q/no-limit":
        return HARD_CAP
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise CommandError("query-limit-expr-not-found", '"q/limit" expression was not found.', query=dict(query))
    return min(limit, HARD_CAP)


def _order(context: QueryContext, kind: Type, clauses: Any) -> Callable[[list[Entity]], list[Entity]]:
    keys = [(context.path(kind, names), direction == "q/desc") for names, direction in clauses or ()]
    if not keys:
        default = ("fibery/creation-date", "fibery/id")
        keys = [(Path([name], is_decimal=False), False) for name in default if name in kind.fields]

    def ordered(rows: list[Entity]) -> list[Entity]:
        for key, backwards in reversed(keys):
            rows = sorted(rows, key=lambda row: _sortable(key.compare(row)), reverse=backwards)
        return rows

    return ordered


def _sortable(value: object) -> tuple[bool, Any]:
    return (value is None, "" if value is None else value)


def _candidates(context: QueryContext, kind: Type, clause: object) -> Iterable[Entity]:
    """The rows worth testing: those named by id where the condition names ids, else all."""
    workspace = context.workspace
    for operator, operand, parameter in _conjuncts(clause) if kind.database else ():
        field = operand[0] if isinstance(operand, list) and len(operand) == 1 else operand
        given = context.params.get(parameter) if isinstance(parameter, str) else parameter
        names = [given] if operator == "=" else given
        if operator not in ("=", "q/in") or not isinstance(names, list):
            continue
        wanted = [name for name in dict.fromkeys(names) if isinstance(name, str) and name]
        if field == "fibery/public-id":
            return [row for name in wanted if (row := workspace.find(kind.name, name)) is not None]
        if field == "fibery/id":
            return [found for name in wanted if (found := workspace.by_id(kind, name)) is not None]
    return workspace.rows(kind)


def _conjuncts(clause: object) -> Iterator[tuple[object, object, object]]:
    """Operator and operands of each condition that must hold."""
    if isinstance(clause, list) and clause and clause[0] == "q/and":
        for part in clause[1:]:
            yield from _conjuncts(part)
    elif isinstance(clause, list) and len(clause) == 3 and clause[0] != "q/or":
        yield clause[0], clause[1], clause[2]


def _root_aggregates(select: object) -> dict[str, list[Any]]:
    """The calls of a select that asks for nothing but totals over all rows."""
    calls = select if isinstance(select, dict) else {}
    # An aggregate over a collection's field belongs to each row; over a field of the row itself, to all rows.
    every = all(
        is_aggregate(call) and (len(call) < 2 or not isinstance(call[1], list) or len(call[1]) == 1)
        for call in calls.values()
    )
    return calls if every else {}
