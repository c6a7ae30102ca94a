"""What Fibery answers, checked as it comes in: the schema, documents, and what a column of a query can hold."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from timeweave.web.answers import LONGEST_TEXT, Text

LONGEST_DOCUMENT = 100_000
"""Characters of a rich text that are kept."""
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
Scalar = bool | int | float | Text | None
Value = Scalar | list[Any] | dict[str, Any]
Key = int | str | None
Count = Annotated[int, Meta(ge=0, le=2**31)] | None


class Flags(msgspec.Struct, rename=lambda name: f"fibery/{name}?"):
    """`fibery/meta` of a type or a field, as far as it is used."""

    enum: bool | None = None
    primitive: bool | None = None
    domain: bool | None = None
    platform: bool | None = None
    deleted: bool | None = None
    collection: bool | None = None
    title: bool | None = msgspec.field(name="ui/title?", default=None)
    formula: Any = msgspec.field(name="formula/formula?", default=None)
    lookup: Any = msgspec.field(name="formula/lookup?", default=None)
    several: Any = msgspec.field(name="fibery/multi-relation", default=None)


class _Named(msgspec.Struct, kw_only=True):
    name: Name = msgspec.field(name="fibery/name")
    id: Text | None = msgspec.field(name="fibery/id", default=None)
    flag: bool | None = msgspec.field(name="fibery/deleted?", default=None)
    flags: Flags | None = msgspec.field(name="fibery/meta", default=None)

    @property
    def meta(self) -> Flags:
        """Its flags, none of them set where it has none."""
        return self.flags or Flags()

    @property
    def is_deleted(self) -> bool:
        """It stays in the schema, and is not for queries any more."""
        return bool(self.flag or self.meta.deleted)


class FieldAnswer(_Named, kw_only=True):
    """A field of a type."""

    type: Name = msgspec.field(name="fibery/type")


class TypeAnswer(_Named, kw_only=True):
    """A type: a database, the options of a select, a primitive, or a part of these."""

    fields: list[FieldAnswer] | None = msgspec.field(name="fibery/fields", default=None)


class SchemaAnswer(msgspec.Struct):
    """The schema of a workspace."""

    types: list[TypeAnswer] = msgspec.field(name="fibery/types")
    version: int | None = msgspec.field(name="fibery/version", default=None)


class DocumentAnswer(msgspec.Struct):
    """The Markdown of a document."""

    secret: str
    content: str | None = None


class ListItem(msgspec.Struct):
    """A row of a collection, by whichever of these aliases it was asked for."""

    id: Key = None
    name: Scalar = None
    email: Text | None = None
    at: Text | None = None
    author: Text | None = None
    secret: Text | None = None
    state_name: Scalar = None
    state_type: Text | None = None
    state_final: bool | None = None
    hours: Scalar = None


class Range(msgspec.Struct):
    """Two days or instants."""

    start: Text | None = None
    end: Text | None = None
