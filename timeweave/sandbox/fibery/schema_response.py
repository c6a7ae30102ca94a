"""The schema as Fibery's `fibery.schema/query` answers it."""

import hashlib
import json
from functools import cache
from typing import Any

from timeweave.sandbox.fibery import schema, uuids

VERSION = 4711


@cache
def whole(with_deleted: bool = True) -> dict[str, Any]:
    """The whole schema; soft-deleted fields only on request."""
    return {
        "fibery/id": uuids.of_name("schema"),
        "fibery/version": VERSION,
        "fibery/meta": {"fibery/maintenance?": False},
        "fibery/types": [_type(kind, with_deleted) for kind in schema.types().values()],
    }


@cache
def etag(with_deleted: bool = True) -> str:
    """The schema's entity tag."""
    return f'W/"{hashlib.sha256(json.dumps(whole(with_deleted)).encode()).hexdigest()[:27]}"'


def _type(kind: schema.Type, with_deleted: bool) -> dict[str, Any]:
    fields = [_field(kind, field, order) for order, field in enumerate(kind.fields.values())]
    return {
        "fibery/name": kind.name,
        "fibery/id": uuids.of_name(f"type:{kind.name}"),
        "fibery/deleted?": False,
        "fibery/meta": kind.meta,
        "fibery/fields": [field for field in fields if with_deleted or not field["fibery/deleted?"]],
    }


def _field(kind: schema.Type, field: schema.Field, order: int) -> dict[str, Any]:
    meta = {"ui/object-editor-order": order, **field.meta}
    if field.many:
        meta["fibery/collection?"] = True
    if field.type == "fibery/decimal":
        meta |= {"ui/number-format": "Number", "ui/number-precision": 2}
    return {
        "fibery/name": field.name,
        "fibery/type": field.type,
        "fibery/id": uuids.of_name(f"field:{kind.name}:{field.name}"),
        "fibery/deleted?": field.deleted,
        "fibery/meta": meta,
    }
