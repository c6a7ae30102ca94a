"""`fibery.entity/query`: rows of a type that fulfil a condition (`q/where`), ordered, cut and shown."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.query_context import CommandError, Path, QueryContext
from timeweave.sandbox.fibery.schema import Type
from timeweave.sandbox.fibery.selection import Selection, aggregate, is_aggregate

_Compare = Callable[[Any, Any], bool]


def predicate(context: QueryContext, kind: Type, clause: Any) -> Callable[[Entity], bool]:
    """The test that a clause `[operator, operand, operand…]` stands for; None lets everything through."""
    if clause is None:
        return lambda _: True
    name, *operands = clause if isinstance(clause, list) and clause else [None]
    if name in ("q/and", "q/or"):
        tests = [predicate(context, kind, one) for one in operands]
        join = all if name == "q/and" else any
        return lambda entity: join(test(entity) for test in tests)
    negated = name == "!=" or str(name).startswith("q/not-")
    compare = _OPERATORS.get("=" if name == "!=" else str(name).replace("q/not-", "q/"))
    if compare is None or len(operands) != 2:
        raise _invalid(clause)
    left, right = operands[0], context.parameter(operands[1])
    if isinstance(left, list) and left and str(left[0]).startswith("q/"):
        call, path = _FUNCTIONS.get(left[0]), context.path(kind, left[1] if len(left) > 1 else None)
        if call is None:
            raise _invalid(left)
        return lambda entity: compare(call(path.compare(entity)), right) is not negated
    path = context.path(kind, left)
    exact = path.comparable(right)
    return lambda entity: compare(path.compare(entity), exact) is not negated


def _invalid(clause: object) -> CommandError:
    return CommandError("query-where-expr-invalid", '"q/where" expression is invalid.', expression=clause)


def _ordered(test: _Compare) -> _Compare:
    return lambda a, b: a is not None and b is not None and isinstance(a, str) == isinstance(b, str) and test(a, b)


def _of_any(test: _Compare) -> _Compare:
    """True of a list where it is true of one of its values."""
    return lambda a, b: any(test(one, b) for one in a) if isinstance(a, list) else test(a, b)


def _ignoring_case(test: Callable[[str, str], bool]) -> _Compare:
    return lambda a, b: isinstance(a, str) and test(a.casefold(), str(b).casefold())


_OPERATORS: dict[str, _Compare] = {
    "=": _of_any(operator.eq),
    "<": _ordered(operator.lt), "<=": _ordered(operator.le), ">": _ordered(operator.gt), ">=": _ordered(operator.ge),
    "q/in": _of_any(lambda a, b: isinstance(b, list) and a in b),
    "q/contains": lambda a, b: b in a if isinstance(a, list) else isinstance(a, str) and str(b) in a,
    "q/contains-ignoring-case?": _ignoring_case(operator.contains),
    "q/equals-ignoring-case?": _ignoring_case(operator.eq),
    "q/starts-with-ignoring-case?": _ignoring_case(str.startswith),
    "q/ends-with-ignoring-case?": _ignoring_case(str.endswith),
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[Any], object]] = {
    "q/null?": lambda value: value is None,
    "q/null-or-empty?": lambda value: value in (None, "", []),
    "q/count": lambda value: len(value) if isinstance(value, list) else int(value is not None),
    "q/start": lambda value: value.get("start") if isinstance(value, dict) else None,
    "q/end": lambda value: value.get("end") if isinstance(value, dict) else None,
}


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
    """The rows worth testing: those named by id or title where the condition names such, else all."""
    find = {"fibery/public-id": context.workspace.find, "fibery/id": context.workspace.find_by_id}
    conditions = clause[1:] if isinstance(clause, list) and clause[:1] == ["q/and"] else [clause]
    for condition in conditions if kind.database else ():
        name, operand, parameter = condition if isinstance(condition, list) and len(condition) == 3 else (None,) * 3
        field = operand[0] if isinstance(operand, list) and len(operand) == 1 else operand
        given = context.params.get(str(parameter)) if str(parameter).startswith("$") else parameter
        ids = [given] if name == "=" else given
        if name not in ("=", "q/in") or not isinstance(ids, list) or not isinstance(field, str):
            continue
        wanted = [one for one in dict.fromkeys(ids) if isinstance(one, str) and one]
        if field in find:
            return [row for one in wanted if (row := find[field](kind.name, one)) is not None]
        if field in kind.fields and "ui/title?" in kind.fields[field].meta:
            return context.workspace.find_titled(kind.name, set(wanted))
    return context.workspace.rows(kind)


def _read_root_aggregates(select: object) -> dict[str, list[Any]]:
    """The calls of a select that asks for nothing but totals over all rows."""
    calls = select if isinstance(select, dict) else {}
    # An aggregate over a collection's field belongs to each row; over a field of the row itself, to all rows.
    own = (is_aggregate(call) and (isinstance(call[-1], str) or len(call[-1]) == 1) for call in calls.values())
    return calls if all(own) else {}
