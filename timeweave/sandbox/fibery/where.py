"""Conditions of a query (`q/where`) as predicates."""

import operator
from collections.abc import Callable
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.query_context import CommandError, QueryContext
from timeweave.sandbox.fibery.schema import Type

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
