"""The workspace's schema, put together from schema.json: databases with their fields, enums, both ends of relations."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

NAMESPACE = uuid.UUID("6f1d1f0c-5a5e-5c1b-9a55-0d6f2b5f7a10")
USER, PROJECT = "fibery/user", "Project management/Project"
_DECLARED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
PACES = _DECLARED["paces"]
"""How work runs, in days: from a sprint's start to the planned start, planned, how late it gets."""


class Field(NamedTuple):
    name: str
    type: str
    """The type that the API names: a primitive, a database, an enum, a component."""
    editor_type: str
    """The type as Fibery's editor has it, finer than the API's: it says how values are invented."""
    settings: Mapping[str, Any]
    """What else schema.json says of the field and of its editor type."""
    meta: Mapping[str, object]
    many: bool
    deleted: bool = False


class Type(NamedTuple):
    """A type of the schema: a database, an enum, a component or a primitive. `code` is its place in the schema."""

    name: str
    code: int
    meta: Mapping[str, object]
    fields: dict[str, Field]
    database: Mapping[str, Any]
    """Of a database, what schema.json says of it: `roles` says who its items fall to, `pace` how long they take,
    `per_sprint` how many each sprint adds (a fraction), `count` how many there are where none are added; `permanent`
    ones are never deleted; `booked` is how often time is booked on them; `text` is the part of a feature's texts that
    they have, of the feature to which `text_from` leads (null: the items are features)."""
    options: Sequence[str | Mapping[str, Any]] = ()
    """The choices of an enum: names, of workflow states with their type and whether they are final."""


def uuid_of(name: str) -> str:
    """The UUID of something known by its name: a type, a field, a relation."""
    return str(uuid.uuid5(NAMESPACE, name))


@cache
def types() -> Mapping[str, Type]:
    """Every type by name, in the order of the schema."""
    found: dict[str, Type] = {}
    for name, meta, fields, database, options in _read_types():
        found[name] = Type(name, len(found) + 1, meta, {one.name: one for one in fields}, database, options)
    for kind in list(found.values()):
        for one in list(kind.fields.values()):
            if "back" in one.settings:
                _relate(found, kind, one)
    return found


@cache
def response(with_deleted: bool = True) -> dict[str, Any]:
    """The schema as `fibery.schema/query` answers it; soft-deleted fields only on request."""
    shown = [{
        "fibery/name": kind.name, "fibery/id": uuid_of(f"type:{kind.name}"), "fibery/deleted?": False,
        "fibery/meta": kind.meta, "fibery/fields": [
            {"fibery/name": one.name, "fibery/type": one.type, "fibery/id": uuid_of(f"field:{kind.name}:{one.name}"),
             "fibery/deleted?": one.deleted, "fibery/meta": _describe(one, place)}
            for place, one in enumerate(kind.fields.values()) if with_deleted or not one.deleted
        ],
    } for kind in types().values()]  # fmt: skip
    meta = {"fibery/maintenance?": False}
    return {"fibery/id": uuid_of("schema"), "fibery/version": 4711, "fibery/meta": meta, "fibery/types": shown}


@cache
def etag(with_deleted: bool = True) -> str:
    """The schema's entity tag."""
    return f'W/"{hashlib.sha256(json.dumps(response(with_deleted)).encode()).hexdigest()[:27]}"'


def _read_types() -> Iterator[tuple[str, dict[str, object], Iterable[Field], Mapping[str, Any], Sequence[Any]]]:
    """Name, meta, fields, settings of the database and options of each type."""
    for name in _DECLARED["primitives"]:
        yield name, {"fibery/primitive?": True}, (), {}, ()
    for name, fields in _DECLARED["components"].items():
        domain: dict[str, object] = {"fibery/domain?": True} if name == USER else {}
        yield name, domain | {"fibery/platform?": True}, _read_fields(fields, name), {}, ()
    for name, database in _DECLARED["databases"].items():
        extensions = [_DECLARED["extensions"][one] for one in database["extensions"]]
        own = database["fields"] | {one["field"]: {"type": one["type"]} for one in extensions}
        every = [*_read_fields(_DECLARED["system_fields"] | own, name)]
        meta = {"fibery/domain?": True, "app/mixins": {one["mixin"]: True for one in extensions}}
        yield name, meta, every, _DECLARED["database_defaults"] | database, ()
        for one in every:
            if "options" in one.settings:
                enum = _DECLARED["enum"] | (_DECLARED["workflow_enum"] if one.editor_type == "workflow state" else {})
                meta = {"fibery/enum?": True, "fibery/type-component?": True}
                yield one.type, meta, _read_fields(enum, one.type), {}, one.settings["options"]


def _read_fields(declared: Mapping[str, Mapping[str, Any]], owner: str) -> Iterator[Field]:
    for name, own in declared.items():
        base = _DECLARED["field_types"].get(own["type"], {"api_type": own["type"]})
        settings, meta = base | own, base.get("meta", {}) | own.get("meta", {})
        many, deleted = settings.get("many", False), settings.get("deleted", False)
        yield Field(name, settings.get("api_type", f"{name}_{owner}"), own["type"], settings, meta, many, deleted)


def _relate(found: Mapping[str, Type], owner: Type, one: Field) -> None:
    """Give a relation its id, and its target the collection at the other end."""
    space, _, database = owner.name.partition("/")
    back = one.settings["back"].format(space=space, database=database)
    meta = {"fibery/relation": uuid_of(f"relation:{owner.name}:{one.name}")}
    owner.fields[one.name] = one._replace(meta={**one.meta, **meta})
    settings = {"of": one.name, "sprints": one.settings.get("sprints")}
    found[one.type].fields[back] = Field(back, owner.name, "collection", settings, meta, many=True)


def _describe(one: Field, place: int) -> dict[str, object]:
    collection = {"fibery/collection?": True} if one.many else {}
    number = {"ui/number-format": "Number", "ui/number-precision": 2} if one.type == "fibery/decimal" else {}
    return {"ui/object-editor-order": place, **one.meta, **collection, **number}
