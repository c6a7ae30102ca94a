"""What a query needs to know besides itself, and the paths of fields that it names, checked against the schema."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.schema import Field, Type
from timeweave.sandbox.fibery.workspace import Workspace


class CommandError(Exception):
    """A command that fails; `result` is what the envelope says of it: name, message and data."""

    def __init__(self, name: str, message: str, **data: object) -> None:
        super().__init__(message)
        name = name if "/" in name else f"entity.error/{name}"
        self.result: dict[str, Any] = {"name": name, "message": message, "data": data}


class Path(NamedTuple):
    """A checked path to plain values; decimals at its end are strings on the wire only."""

    names: list[str]
    is_decimal: bool = False

    def read(self, entity: Entity) -> object:
        """What is at its end, as the wire has it: a list where it passes a collection, None where it breaks off."""
        value: object = entity
        for name in self.names:
            if isinstance(value, list):
                ends = [one.get(name) for one in value]
                value = [one for end in ends for one in (end if isinstance(end, list) else [end])]
            elif isinstance(value, Entity):
                value = value.get(name)
        return value

    def compare(self, entity: Entity) -> object:
        """What is at its end, as it compares and adds up."""
        return self.comparable(self.read(entity))

    def sort_key(self, entity: Entity) -> tuple[bool, Any]:
        value = self.compare(entity)
        return value is None, "" if value is None else value

    def comparable(self, value: object) -> object:
        """A value to compare with: numbers instead of their text; raises CommandError where it is none."""
        if not self.is_decimal or value is None:
            return value
        if isinstance(value, list):
            return [self.comparable(one) for one in value]
        try:
            return Decimal(str(value))
        except ArithmeticError:
            raise CommandError("query-parameter-invalid", f'"{value}" is not a number.') from None


@dataclass(frozen=True)
class QueryContext:
    """The workspace, the query's parameters, and what its key may not see: a limited one no secured fields."""

    workspace: Workspace
    behaviour: Behaviour = field(default_factory=Behaviour)
    limited: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)

    def type(self, name: object) -> Type:
        kind = self.workspace.types.get(name) if isinstance(name, str) else None
        if kind is None or kind.name in self.behaviour.vanished or "fibery/primitive?" in kind.meta:
            raise CommandError("schema-type-not-found", f'"{name}" database was not found.', type=name)
        return kind

    def field(self, kind: Type, name: object) -> Field:
        known = [one.name for one in kind.fields.values() if not one.deleted]
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1, 0.8)
            hint = f' Maybe you meant "{near[0]}"' if near else ""
            message = f'"{name}" field was not found in "{kind.name}" database.{hint}'
            raise CommandError("schema-field-not-found", message, field=name, type=kind.name)
        field = kind.fields[str(name)]
        if field.name in self.behaviour.secured or (self.limited and field.meta.get("fibery/secured?")):
            message = f'"{field.name}" is a secured field of "{kind.name}", use sub query expression.'
            error = "query-with-permissions-field-expression-invalid"
            raise CommandError(error, message, field=[field.name], type=kind.name)
        return field

    def reference(self, kind: Type, name: object) -> tuple[Field, Type]:
        """A field that leads to another type, and that type."""
        field = self.field(kind, name)
        target = self.workspace.types[field.type]
        if "fibery/primitive?" in target.meta:
            message = f'"{name}" is a primitive field and has no fields of its own.'
            raise CommandError("query-primitive-field-expr-invalid", message, field=[name], type=kind.name)
        return field, target

    def path(self, kind: Type, operand: object, *, through_collections: bool = True) -> Path:
        """A path of field names to plain values; a bare string is a path of one."""
        names: list[Any] = operand if isinstance(operand, list) else [operand]
        here, passed = kind, False
        for name in names[:-1]:
            field, here = self.reference(here, name)
            passed = passed or field.many
        last = self.field(here, names[-1] if names else None)
        primitive = "fibery/primitive?" in self.workspace.types[last.type].meta
        if not primitive or (passed and not through_collections):
            message = f'"{names[-1]}" is not a primitive field.'
            raise CommandError("query-primitive-field-expr-invalid", message, field=names)
        return Path(names, last.type == "fibery/decimal")

    def parameter(self, operand: object) -> object:
        """The value that an operand of a condition stands for."""
        if not isinstance(operand, str) or not operand.startswith("$"):
            return operand
        if operand not in self.params:
            raise CommandError("query-parameter-not-found", f'"{operand}" parameter was not found.', param=operand)
        return self.params[operand]
