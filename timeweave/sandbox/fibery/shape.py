"""The shape of a Fibery workspace: databases, their fields, the options of selects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Entity

Value = Callable[["Entity", "Field"], object]
"""What an entity shows in a field: a JSON scalar, an entity, a list of entities, or None."""


def nothing(_entity: "Entity", _field: "Field") -> object:
    """The value of a field that nobody fills."""
    return None


@dataclass(frozen=True)
class Option:
    """A choice of a select; `kind` and `final` are known to workflow states only."""

    name: str
    kind: str | None = None
    final: bool | None = None


@dataclass(frozen=True)
class Field:
    """A field, `type` being a primitive, a database, or (empty until assembly) the field's own options."""

    name: str
    type: str = ""
    value: Value = nothing
    many: bool = False
    meta: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    back: str = ""
    """The field at the other end of a relation."""
    span: int | None = None
    """Sprints that a parent takes children from, its own included; None: from any."""
    deleted: bool = False


@dataclass(frozen=True)
class Pace:
    """How work of a kind runs: days from a sprint's start to the planned start, days planned, and how late it gets."""

    offset: tuple[int, int]
    planned: tuple[int, int]
    slip: tuple[int, int]


SHORT = Pace((0, 7), (1, 5), (-2, 4))
LONG = Pace((0, 5), (20, 38), (-4, 12))
EPIC = Pace((0, 10), (70, 110), (-10, 25))


@dataclass(frozen=True)
class Database:
    """A database as declared; assembly adds system fields, enums and the other ends of relations."""

    name: str
    fields: tuple[Field, ...]
    per_sprint: Fraction = Fraction(1)
    fixed: int = 0
    """How many entities there are, where their number does not grow."""
    roles: tuple[str, ...] = ()
    """Who its entities fall to."""
    pace: Pace = SHORT
    home: tuple[str, ...] = ()
    """Relations that a project is inherited through, first one set wins."""
    mixins: tuple[str, ...] = ()
    lasting: bool = False
    """Whether none of its entities is ever deleted."""

    @property
    def space(self) -> str:
        """The text before the slash."""
        return self.name.partition("/")[0]

    @property
    def title(self) -> str:
        """The title field's name."""
        return next(f.name for f in self.fields if f.meta.get("ui/title?"))


@dataclass(frozen=True)
class Type:
    """A type of the schema as queries see it: a database, an enum, a component or a primitive."""

    name: str
    code: int
    meta: Mapping[str, object]
    fields: Mapping[str, Field]
    database: Database | None = None
    options: tuple[Option, ...] = ()
