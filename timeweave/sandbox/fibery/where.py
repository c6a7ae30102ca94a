"""Conditions of a query (`q/where`) as predicates."""

from collections.abc import Callable, Mapping
from typing import cast

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.fieldpath import Path, Reader, scalar
from timeweave.sandbox.fibery.problem import Problem
from timeweave.sandbox.fibery.shape import Type

Predicate = Callable[[Entity], bool]
Operand = Callable[[Entity], object]
Params = Mapping[str, object]


def predicate(reader: Reader, kind: Type, clause: object, params: Params) -> Predicate:
    """The test that a clause `[operator, operand, operand…]` stands for."""
    if not isinstance(clause, list) or not clause or not isinstance(clause[0], str):
        raise _invalid(clause)
    operator, rest = clause[0], clause[1:]
    if operator in ("q/and", "q/or"):
        tests = [predicate(reader, kind, one, params) for one in rest]
        join = all if operator == "q/and" else any
        return lambda entity: join(test(entity) for test in tests)
    compare = _OPERATORS.get(operator)
    if compare is None or len(rest) != 2:
        raise _invalid(clause)
    right = _right(reader, rest[1], params)
    if isinstance(rest[0], list) and rest[0] and str(rest[0][0]).startswith("q/"):
        call = _function(reader, kind, rest[0])
        return lambda entity: compare(call(entity), right)
    left = path(reader, kind, rest[0])
    exact = left.exact(right)
    return lambda entity: compare(left.of(entity), exact)


def path(reader: Reader, kind: Type, operand: object) -> Path:
    """A checked path of field names; a bare string is a path of one."""
    names = operand if isinstance(operand, list) else [operand]
    here = kind
    for name in names[:-1]:
        _, here = reader.reference(here, name)
    last = reader.field(here, names[-1] if names else None)
    if not scalar(reader.workspace, last):
        raise Problem(
            "entity.error/query-primitive-field-expr-invalid", f'"{last.name}" is not a primitive field.', field=names
        )
    return Path(cast("list[str]", names), last.type == "fibery/decimal")


def _function(reader: Reader, kind: Type, call: list[object]) -> Operand:
    name, operand = call[0], path(reader, kind, call[1] if len(call) > 1 else None)
    found = _FUNCTIONS.get(str(name))
    if found is None:
        raise _invalid(call)
    return lambda entity: found(operand.of(entity))


def _right(reader: Reader, operand: object, params: Params) -> object:
    if isinstance(operand, str) and operand.startswith("$"):
        if operand == "$my-id":
            return reader.my_id
        if operand not in params:
            raise Problem(
                "entity.error/query-parameter-not-found", f'"{operand}" parameter was not found.', param=operand
            )
        return params[operand]
    return operand


def _invalid(clause: object) -> Problem:
    return Problem("entity.error/query-where-expr-invalid", '"q/where" expression is invalid.', expression=clause)


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


def _folded(test: Callable[[str, str], bool]) -> Callable[[object, object], bool]:
    return lambda left, right: isinstance(left, str) and test(left.casefold(), str(right).casefold())


_OPERATORS: dict[str, Callable[[object, object], bool]] = {
    "=": _equal, "!=": lambda a, b: not _equal(a, b),
    "<": _ordered(lambda sign: sign < 0), "<=": _ordered(lambda sign: sign <= 0),
    ">": _ordered(lambda sign: sign > 0), ">=": _ordered(lambda sign: sign >= 0),
    "q/in": _in, "q/not-in": lambda a, b: not _in(a, b),
    "q/contains": _contains, "q/not-contains": lambda a, b: not _contains(a, b),
    "q/contains-ignoring-case?": _folded(lambda a, b: b in a),
    "q/not-contains-ignoring-case?": _folded(lambda a, b: b not in a),
    "q/equals-ignoring-case?": _folded(lambda a, b: a == b),
    "q/not-equals-ignoring-case?": _folded(lambda a, b: a != b),
    "q/starts-with-ignoring-case?": _folded(str.startswith),
    "q/ends-with-ignoring-case?": _folded(str.endswith),
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[object], object]] = {
    "q/null?": lambda value: value is None,
    "q/null-or-empty?": lambda value: value in (None, "", []),
    "q/count": lambda value: len(value) if isinstance(value, list) else int(value is not None),
    "q/start": lambda value: value.get("start") if isinstance(value, dict) else None,
    "q/end": lambda value: value.get("end") if isinstance(value, dict) else None,
}
