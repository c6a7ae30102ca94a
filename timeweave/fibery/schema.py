"""The schema of a workspace: its databases, selects and other types with their fields; asked for once, then only whether it changed (ETag), and kept in the archive."""

from enum import StrEnum
from typing import Any

from timeweave.archive.files import Files, read_document, write_document
from timeweave.archive.location import find_account
from timeweave.fibery.answers import FieldAnswer, SchemaAnswer, TypeAnswer
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.connection import FiberyAccount
from timeweave.runtime.document import Record
from timeweave.web.answers import check


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


NAME = "schema.json"
LOSS = "Fibery is asked for its schema again"


def find_files(account: FiberyAccount) -> Files:
    """The workspace's folder in the archive."""
    return find_account("fibery", account.source, account.name, account.base)


def fetch_schema(client: FiberyClient, account: FiberyAccount, files: Files | None = None) -> SchemaDocument:
    """The schema as it is now; one in `files` that has not changed costs an empty answer. No files: it is not kept."""
    kept = read_kept(files, account) if files else None
    etag, raw = client.fetch_schema(kept.etag if kept else None)
    if raw is None and kept is not None:
        return kept
    found = parse_schema(raw, account, etag)
    if files:
        write_document(files, NAME, found)
    return found


def read_kept(files: Files, account: FiberyAccount) -> SchemaDocument | None:
    """The last schema, if it is of the same workspace."""
    kept = read_document(files, NAME, SchemaDocument, LOSS)
    same = kept and (kept.source, kept.account, kept.base) == (account.source, account.name, account.base)
    return kept if kept and same and kept.etag else None


def parse_schema(raw: Any, account: FiberyAccount, etag: str | None) -> SchemaDocument:
    """The types as far as any question needs them, of a schema as Fibery sends it."""
    found = check(raw, SchemaAnswer, "Fibery's answer to GET /api/schema is not a schema and")
    types = [_read_type(one) for one in found.types if not one.is_deleted]
    return SchemaDocument(
        source=account.source,
        account=account.name,
        base=account.base,
        version=found.version,
        etag=etag,
        types=sorted(types, key=lambda one: one.name),
    )


def _read_type(raw: TypeAnswer) -> Type:
    fields = [_read_field(one) for one in raw.fields or [] if not one.is_deleted]
    return Type(id=raw.id or "", name=raw.name, kind=_judge_kind(raw), fields=sorted(fields, key=lambda one: one.name))


def _judge_kind(raw: TypeAnswer) -> TypeKind:
    if raw.meta.enum:
        return TypeKind.SELECT
    if raw.meta.primitive:
        return TypeKind.PRIMITIVE
    ours = raw.meta.domain and not raw.meta.platform and not raw.name.startswith("fibery/")
    return TypeKind.DATABASE if ours else TypeKind.PART


def _read_field(raw: FieldAnswer) -> Field:
    return Field(
        id=raw.id or "",
        name=raw.name,
        type=raw.type,
        many=bool(raw.meta.collection),
        title=bool(raw.meta.title),
        formula=bool(raw.meta.formula or raw.meta.lookup),
        any_of=bool(raw.meta.several),
    )
