"""The schema as Fibery's `fibery.schema/query` answers it."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from timeweave.sandbox.fibery import catalogue, ids
from timeweave.sandbox.fibery.shape import Field, Type

VERSION = 4711


@cache
def schema(with_deleted: bool = True) -> dict[str, Any]:
    """The whole schema; soft-deleted fields only on request."""
    return {
        "fibery/id": ids.named("schema"),
        "fibery/version": VERSION,
        "fibery/meta": {"fibery/maintenance?": False},
        "fibery/types": [_type(kind, with_deleted) for kind in catalogue.types().values()],
    }


@cache
def etag(with_deleted: bool = True) -> str:
    """The schema's entity tag."""
    return f'W/"{hashlib.sha256(json.dumps(schema(with_deleted)).encode()).hexdigest()[:27]}"'


def _type(kind: Type, with_deleted: bool) -> dict[str, Any]:
    return {
        "fibery/name": kind.name,
        "fibery/id": ids.named(f"type:{kind.name}"),
        "fibery/deleted?": False,
        "fibery/meta": dict(kind.meta),
        "fibery/fields": [
            _field(kind, field, order)
            for order, field in enumerate(kind.fields.values())
            if with_deleted or not field.deleted
        ],
    }


def _field(kind: Type, field: Field, order: int) -> dict[str, Any]:
    return {
        "fibery/name": field.name,
        "fibery/type": field.type,
        "fibery/id": ids.named(f"field:{kind.name}:{field.name}"),
        "fibery/deleted?": field.deleted,
        "fibery/meta": _meta(field, order),
    }


def _meta(field: Field, order: int) -> Mapping[str, object]:
    meta = {name: value for name, value in field.meta.items() if not name.startswith("sandbox/")}
    if field.many:
        meta["fibery/collection?"] = True
    if field.type == "fibery/decimal":
        meta |= {"ui/number-format": "Number", "ui/number-precision": 2}
    return {"ui/object-editor-order": order, **meta}
