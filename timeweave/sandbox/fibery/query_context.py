"""What a query needs to know besides itself, and the paths of fields that it names, checked against the schema."""

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.errors import CommandError
from timeweave.sandbox.fibery.schema import Field, Type
from timeweave.sandbox.fibery.workspace import Workspace


@dataclass(frozen=True)
class Path:
    """A checked path to plain values."""

    names: list[str]
    is_decimal: bool
    """Whether it ends in decimals, which are strings on the wire only."""

    def read(self, entity: Entity) -> object:
        """What is at its end, as the wire has it: a list where the path passes a collection, None where it breaks off."""
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
    """The workspace, the query's parameters, and what its key may not see."""

    workspace: Workspace
    params: Mapping[str, Any] = field(default_factory=dict)
    limited: bool = False
    secured: Collection[str] = ()
    vanished: Collection[str] = ()
    null_collections: bool = False
    null_as_object: bool = False

    def type(self, name: object) -> Type:
        """The type that a query names."""
        kind = self.workspace.types.get(name) if isinstance(name, str) else None
        if kind is None or kind.name in self.vanished or "fibery/primitive?" in kind.meta:
            raise CommandError("schema-type-not-found", f'"{name}" database was not found.', type=name)
        return kind

    def field(self, kind: Type, name: object) -> Field:
        """The field of a type that a query names."""
        field = kind.fields.get(name) if isinstance(name, str) else None
        if field is None or field.deleted:
            near = difflib.get_close_matches(
                str(name), [one.name for one in kind.fields.values() if not one.deleted], 1, 0.8
            )
            hint = f' Maybe you meant "{near[0]}"' if near else ""
            message = f'"{name}" field was not found in "{kind.name}" database.{hint}'
            raise CommandError("schema-field-not-found", message, field=name, type=kind.name)
        if field.name in self.secured or (self.limited and field.meta.get("fibery/secured?")):
            message = f'"{field.name}" is a secured field of "{kind.name}", use sub query expression.'
            name = "query-with-permissions-field-expression-invalid"
            raise CommandError(name, message, field=[field.name], type=kind.name)
        return field

    def reference(self, kind: Type, name: object) -> tuple[Field, Type]:
        """A field that leads to another type, and that type."""
        field = self.field(kind, name)
        if self._is_primitive(field):
            message = f'"{name}" is a primitive field and has no fields of its own.'
            raise CommandError("query-primitive-field-expr-invalid", message, field=[name], type=kind.name)
        return field, self.workspace.types[field.type]

    def path(self, kind: Type, operand: object, *, through_collections: bool = True) -> Path:
        """A path of field names to plain values; a bare string is a path of one."""
        names: list[Any] = operand if isinstance(operand, list) else [operand]
        here, passed = kind, False
        for name in names[:-1]:
            field, here = self.reference(here, name)
            passed = passed or field.many
        last = self.field(here, names[-1] if names else None)
        if not self._is_primitive(last) or (passed and not through_collections):
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

    def _is_primitive(self, field: Field) -> bool:
        return "fibery/primitive?" in self.workspace.types[field.type].meta
