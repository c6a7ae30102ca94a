"""Paths of fields: checked against the schema first, followed from row to row after."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.problem import Problem
from timeweave.sandbox.fibery.shape import Field, Type

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.workspace import Workspace


@dataclass(frozen=True)
class Reader:
    """What a query needs to know besides itself: the workspace, and what its key may not see."""

    workspace: "Workspace"
    limited: bool = False
    secured: Collection[str] = ()
    vanished: Collection[str] = ()
    null_collections: bool = False
    null_as_object: bool = False
    my_id: str = ""

    def type(self, name: object) -> Type:
        """The type that a query names."""
        kind = self.workspace.types.get(name) if isinstance(name, str) else None
        if kind is None or kind.name in self.vanished or "fibery/primitive?" in kind.meta:
            raise Problem("entity.error/schema-type-not-found", f'"{name}" database was not found.', type=name)
        return kind

    def field(self, kind: Type, name: object) -> Field:
        """The field of a type that a query names."""
        field = kind.fields.get(name) if isinstance(name, str) else None
        if field is None or field.deleted:
            alive = [other.name for other in kind.fields.values() if not other.deleted]
            near = difflib.get_close_matches(str(name), alive, 1, 0.8)
            hint = f' Maybe you meant "{near[0]}"' if near else ""
            message = f'"{name}" field was not found in "{kind.name}" database.{hint}'
            raise Problem("entity.error/schema-field-not-found", message, field=name, type=kind.name)
        self._permit(kind, field)
        return field

    def reference(self, kind: Type, name: object) -> tuple[Field, Type]:
        """A field that leads to another type, and that type."""
        field = self.field(kind, name)
        if scalar(self.workspace, field):
            raise Problem(
                "entity.error/query-primitive-field-expr-invalid",
                f'"{name}" is a primitive field and has no fields of its own.', field=[name], type=kind.name,
            )  # fmt: skip
        return field, self.workspace.types[field.type]

    def _permit(self, kind: Type, field: Field) -> None:
        closed = field.name in self.secured or (self.limited and bool(field.meta.get("fibery/secured?")))
        if closed:
            raise Problem(
                "entity.error/query-with-permissions-field-expression-invalid",
                f'"{field.name}" is a secured field of "{kind.name}", use sub query expression.',
                field=[field.name], type=kind.name,
            )  # fmt: skip


@dataclass(frozen=True)
class Path:
    """A checked path to plain values."""

    names: list[str]
    decimal: bool
    """Whether it ends in decimals, which are strings on the wire only."""

    def of(self, entity: Entity) -> object:
        """What is at its end, as it compares and adds up."""
        return self.exact(follow(entity, self.names))

    def exact(self, value: object) -> object:
        """A value to compare with: numbers instead of their text; raises Problem where it is none."""
        if not self.decimal or value is None:
            return value
        if isinstance(value, list):
            return [self.exact(one) for one in value]
        try:
            return Decimal(str(value))
        except ArithmeticError:
            raise Problem("entity.error/query-parameter-invalid", f'"{value}" is not a number.') from None


def scalar(workspace: "Workspace", field: Field) -> bool:
    """Whether a field holds a plain value."""
    return "fibery/primitive?" in workspace.types[field.type].meta


def follow(entity: Entity, path: list[str]) -> object:
    """The value at the end of a path: a list where the path passes a collection, None where it breaks off."""
    value: object = entity
    for name in path:
        if isinstance(value, list):
            steps = [follow(one, [name]) for one in value]
            value = [end for step in steps for end in (step if isinstance(step, list) else [step])]
        elif isinstance(value, Entity):
            value = value.get(name)
    return value
