"""`fibery.entity/query`: rows of a type that fulfil a condition, ordered, cut and shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.query_context import CommandError, Path, QueryContext
from timeweave.sandbox.fibery.schema import Type
from timeweave.sandbox.fibery.selection import Selection, aggregate, is_aggregate
from timeweave.sandbox.fibery.where import predicate

HARD_CAP = 3001


def run(context: QueryContext, query: Mapping[str, Any]) -> list[Any]:
    """The rows of a query, in the shape it asks for."""
    kind = context.type(query.get("q/from"))
    calls = _read_root_aggregates(query.get("q/select"))
    totals = {alias: aggregate(context, kind, call) for alias, call in calls.items()}
    answer = _compile(context, kind, {**query, "q/select": {}} if calls else query)
    rows = _find_candidates(context, kind, query.get("q/where"))
    if not calls:
        return answer(list(rows))
    chosen = list(filter(predicate(context, kind, query.get("q/where")), rows))
    return [{alias: total(chosen) for alias, total in totals.items()}]


def _compile(context: QueryContext, kind: Type, query: Mapping[str, Any]) -> Callable[[list[Entity]], list[object]]:
    """A function that answers a query for any rows of a type; a faulty query is refused at once."""
    limit, offset = query.get("q/limit"), query.get("q/offset", 0)
    limit = HARD_CAP if limit == "q/no-limit" else limit
    if not isinstance(limit, int) or isinstance(limit, bool):
        raise CommandError("query-limit-expr-not-found", '"q/limit" expression was not found.', query=dict(query))
    keep = predicate(context, kind, query.get("q/where"))
    order = _compile_order(context, kind, query.get("q/order-by") or ())
    selection = Selection(context, lambda target, sub_query: _compile(context, target, sub_query))
    show = selection.show(kind, query.get("q/select", []))
    return lambda rows: [show(row) for row in order(list(filter(keep, rows)))[offset:][: min(limit, HARD_CAP)]]


def _compile_order(context: QueryContext, kind: Type, clauses: Iterable[Any]) -> Callable[[list[Entity]], list[Entity]]:
    keys = [(context.path(kind, names), direction == "q/desc") for names, direction in clauses]
    if not keys:
        default = ("fibery/creation-date", "fibery/id")
        keys = [(Path([name]), False) for name in default if name in kind.fields]

    def ordered(rows: list[Entity]) -> list[Entity]:
        for path, backwards in reversed(keys):
            rows = sorted(rows, key=path.sort_key, reverse=backwards)
        return rows

    return ordered


def _find_candidates(context: QueryContext, kind: Type, clause: object) -> Iterable[Entity]:
    """The rows worth testing: those named by id where the condition names ids, else all."""
    find = {"fibery/public-id": context.workspace.find, "fibery/id": context.workspace.find_by_id}
    conditions = clause[1:] if isinstance(clause, list) and clause[:1] == ["q/and"] else [clause]
    for condition in conditions if kind.database else ():
        name, operand, parameter = condition if isinstance(condition, list) and len(condition) == 3 else (None,) * 3
        field = operand[0] if isinstance(operand, list) and len(operand) == 1 else operand
        given = context.params.get(parameter) if isinstance(parameter, str) else parameter
        ids = [given] if name == "=" else given
        if name in ("=", "q/in") and isinstance(ids, list) and isinstance(field, str) and field in find:
            wanted = [one for one in dict.fromkeys(ids) if isinstance(one, str) and one]
            return [row for one in wanted if (row := find[field](kind.name, one)) is not None]
    return context.workspace.rows(kind)


def _read_root_aggregates(select: object) -> dict[str, list[Any]]:
    """The calls of a select that asks for nothing but totals over all rows."""
    calls = select if isinstance(select, dict) else {}
    # An aggregate over a collection's field belongs to each row; over a field of the row itself, to all rows.
    own = (is_aggregate(call) and (isinstance(call[-1], str) or len(call[-1]) == 1) for call in calls.values())
    return calls if all(own) else {}
