"""Conditions of a query (`q/where`) as predicates."""

from collections.abc import Callable

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.errors import CommandError
from timeweave.sandbox.fibery.query_context import QueryContext
from timeweave.sandbox.fibery.schema import Type

Predicate = Callable[[Entity], bool]


def predicate(context: QueryContext, kind: Type, clause: object) -> Predicate:
    """The test that a clause `[operator, operand, operand…]` stands for; None lets everything through."""
    if clause is None:
        return lambda _: True
    if not isinstance(clause, list) or not clause or not isinstance(clause[0], str):
        raise _invalid(clause)
    operator, *operands = clause
    if operator in ("q/and", "q/or"):
        tests = [predicate(context, kind, one) for one in operands]
        join = all if operator == "q/and" else any
        return lambda entity: join(test(entity) for test in tests)
    compare = _OPERATORS.get(operator)
    if compare is None or len(operands) != 2:
        raise _invalid(clause)
    left, right = operands[0], context.parameter(operands[1])
    if isinstance(left, list) and left and str(left[0]).startswith("q/"):
        call, path = _FUNCTIONS.get(left[0]), context.path(kind, left[1] if len(left) > 1 else None)
        if call is None:
            raise _invalid(left)
        return lambda entity: compare(call(path.compare(entity)), right)
    path = context.path(kind, left)
    exact = path.comparable(right)
    return lambda entity: compare(path.compare(entity), exact)


def _invalid(clause: object) -> CommandError:
    return CommandError("query-where-expr-invalid", '"q/where" expression is invalid.', expression=clause)


def _ordered(test: Callable[[int], bool]) -> Callable[[object, object], bool]:
    def compare(left: object, right: object) -> bool:
        if left is None or right is None or isinstance(left, str) != isinstance(right, str):
            return False
        return test((left > right) - (left < right))  # type: ignore[operator]

    return compare


def _equal(left: object, right: object) -> bool:
    return any(one == right for one in left) if isinstance(left, list) else left == right


def _contains(left: object, right: object) -> bool:
    return right in left if isinstance(left, list) else isinstance(left, str) and str(right) in left


def _in(left: object, right: object) -> bool:
    options = right if isinstance(right, list) else []
    return any(one in options for one in left) if isinstance(left, list) else left in options


def _ignoring_case(test: Callable[[str, str], bool]) -> Callable[[object, object], bool]:
    return lambda left, right: isinstance(left, str) and test(left.casefold(), str(right).casefold())


_OPERATORS: dict[str, Callable[[object, object], bool]] = {
    "=": _equal, "!=": lambda a, b: not _equal(a, b),
    "<": _ordered(lambda sign: sign < 0), "<=": _ordered(lambda sign: sign <= 0),
    ">": _ordered(lambda sign: sign > 0), ">=": _ordered(lambda sign: sign >= 0),
    "q/in": _in, "q/not-in": lambda a, b: not _in(a, b),
    "q/contains": _contains, "q/not-contains": lambda a, b: not _contains(a, b),
    "q/contains-ignoring-case?": _ignoring_case(lambda a, b: b in a),
    "q/not-contains-ignoring-case?": _ignoring_case(lambda a, b: b not in a),
    "q/equals-ignoring-case?": _ignoring_case(lambda a, b: a == b),
    "q/not-equals-ignoring-case?": _ignoring_case(lambda a, b: a != b),
    "q/starts-with-ignoring-case?": _ignoring_case(str.startswith),
    "q/ends-with-ignoring-case?": _ignoring_case(str.endswith),
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[object], object]] = {
    "q/null?": lambda value: value is None,
    "q/null-or-empty?": lambda value: value in (None, "", []),
    "q/count": lambda value: len(value) if isinstance(value, list) else int(value is not None),
    "q/start": lambda value: value.get("start") if isinstance(value, dict) else None,
    "q/end": lambda value: value.get("end") if isinstance(value, dict) else None,
}
