"""The workspace's schema, asked for once and then only whether it changed (ETag), kept in the archive."""

from typing import Any

import msgspec

from timeweave.archive.files import Files, write_document
from timeweave.archive.location import find_archive, name_folder
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.site import Site
from timeweave.models.record import Record
from timeweave.runtime.errors import TimeweaveError

NAME = "schema.json"


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


class Type(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A database, the options of a select, a primitive, or a part of these."""

    id: str
    name: str
    kind: str
    """database, select, primitive or part."""
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


def find_files(site: Site) -> Files:
    """The workspace's folder in the archive. A sandbox whose code has changed is another workspace."""
    identity: tuple[object, ...] = (site.source, site.account, site.base)
    if site.source == "demo":
        from timeweave.sandbox.fingerprint import find_fingerprint

        identity = (*identity, find_fingerprint())
    return find_archive().below("fibery").below(name_folder(*identity))


def fetch(client: FiberyClient, site: Site, files: Files | None = None) -> SchemaDocument:
    """The schema as it is now; one in `files` that has not changed costs an empty answer. No files: it is not kept."""
    kept = _read_kept(files, site) if files else None
    etag, raw = client.schema(kept.etag if kept else None)
    if raw is None and kept is not None:
        return kept
    found = read_schema(raw, site, etag)
    if files:
        write_document(files, NAME, found)
    return found


def _read_kept(files: Files, site: Site) -> SchemaDocument | None:
    """The last schema, if it is of the same workspace; a damaged file is as good as none."""
    try:
        kept = msgspec.json.decode(files.read(NAME) or b"", type=SchemaDocument)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    same = (kept.source, kept.account, kept.base) == (site.source, site.account, site.base)
    return kept if same and kept.etag and kept.schema == 1 else None


def read_schema(raw: Any, site: Site, etag: str | None) -> SchemaDocument:
    """The types as far as any question needs them, of a schema as Fibery sends it."""
    try:
        types = [_type(one) for one in raw["fibery/types"] if not _flag(one, "fibery/deleted?")]
        version = raw.get("fibery/version")
    except (KeyError, TypeError, AttributeError):
        raise TimeweaveError("Fibery answered with something that is no schema; check fibery.url") from None
    return SchemaDocument(
        source=site.source,
        account=site.account,
        base=site.base,
        version=version if isinstance(version, int) else None,
        etag=etag,
        types=sorted(types, key=lambda one: one.name),
    )


def _type(raw: dict[str, Any]) -> Type:
    meta = raw.get("fibery/meta") or {}
    fields = [_field(one) for one in raw.get("fibery/fields") or [] if not _flag(one, "fibery/deleted?")]
    return Type(
        id=str(raw.get("fibery/id") or ""),
        name=raw["fibery/name"],
        kind=_kind(raw["fibery/name"], meta),
        fields=sorted(fields, key=lambda one: one.name),
    )


def _kind(name: str, meta: dict[str, Any]) -> str:
    if meta.get("fibery/enum?"):
        return "select"
    if meta.get("fibery/primitive?"):
        return "primitive"
    ours = meta.get("fibery/domain?") and not meta.get("fibery/platform?") and not name.startswith("fibery/")
    return "database" if ours else "part"


def _field(raw: dict[str, Any]) -> Field:
    meta = raw.get("fibery/meta") or {}
    return Field(
        id=str(raw.get("fibery/id") or ""),
        name=raw["fibery/name"],
        type=raw["fibery/type"],
        many=bool(meta.get("fibery/collection?")),
        title=bool(meta.get("ui/title?")),
        formula=bool(meta.get("formula/formula?") or meta.get("formula/lookup?")),
        any_of=bool(meta.get("fibery/multi-relation")),
    )


def _flag(raw: dict[str, Any], name: str) -> bool:
    return bool(raw.get(name) or (raw.get("fibery/meta") or {}).get(name))
