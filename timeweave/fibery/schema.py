"""The schema of a workspace: its databases, selects and other types, with their fields."""

from enum import StrEnum

from timeweave.runtime.document import Record


class Field(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A field of a type; what is false or null is left out of the file."""

    id: str
    name: str
    """As the API names it: `Scrum/Story Points`, `workflow/state`."""
    type: str
    many: bool = False
    title: bool = False
    formula: bool = False
    """Worked out by Fibery, a lookup included."""
    any_of: bool = False
    """Leads to entities of several databases."""


class TypeKind(StrEnum):
    """What Fibery keeps under a type."""

    DATABASE = "database"
    SELECT = "select"
    """The options of a select or of a workflow."""
    PRIMITIVE = "primitive"
    PART = "part"
    """A part of these, such as a comment."""


class Type(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A database, the options of a select, a primitive, or a part of these."""

    id: str
    name: str
    kind: TypeKind
    fields: list[Field]


class SchemaDocument(Record, frozen=True, kw_only=True):
    """`schema.json` of a workspace in the archive: the types as far as any question needs them, sorted by name, deleted ones left out."""

    schema: int = 1
    source: str
    account: str | None
    base: str
    version: int | None
    etag: str | None
    types: list[Type]
