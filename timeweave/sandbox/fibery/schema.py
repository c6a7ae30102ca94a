"""The workspace's types, put together from schema.json: databases with their fields, enums, both ends of relations."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from timeweave.sandbox.fibery import uuids

USER = "fibery/user"
PROJECT = "Project management/Project"
_DECLARED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


@dataclass(frozen=True)
class Field:
    """A field of a type."""

    name: str
    type: str
    """The type that the API names: a primitive, a database, an enum, a component."""
    editor_type: str
    """The type as Fibery's editor has it, finer than the API's: it says how values are invented."""
    settings: Mapping[str, Any]
    """What else schema.json says of the field and of its editor type."""
    meta: Mapping[str, object] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """Whether it is a collection."""
        return bool(self.settings.get("many"))

    @property
    def deleted(self) -> bool:
        """Whether it was deleted, and stands in the schema all the same."""
        return bool(self.settings.get("deleted"))


@dataclass(frozen=True)
class Option:
    """A choice of a select; `type` and `final` are known of workflow states only."""

    name: str
    type: str | None = None
    final: bool | None = None


@dataclass(frozen=True)
class Database:
    """What is said of a database besides its fields."""

    name: str
    title: str
    """The title field's name."""
    roles: tuple[str, ...]
    """Who its entities fall to."""
    pace: Mapping[str, tuple[int, int]]
    """How its work runs, in days: from a sprint's start to the planned start, planned, how late it gets."""
    per_sprint: Fraction
    """How many entities each sprint adds."""
    count: int
    """How many entities there are, where their number does not grow; else 0."""
    permanent: bool
    """Whether none of its entities is ever deleted."""
    project_from: tuple[str, ...]
    """Relations that a project is inherited through, the first one set wins."""

    @property
    def space(self) -> str:
        """The text before the slash."""
        return self.name.partition("/")[0]


@dataclass(frozen=True)
class Type:
    """A type of the schema: a database, an enum, a component or a primitive. `code` is its place in the schema."""

    name: str
    code: int
    meta: Mapping[str, object]
    fields: dict[str, Field] = field(default_factory=dict)
    database: Database | None = None
    options: tuple[Option, ...] = ()


@cache
def types() -> Mapping[str, Type]:
    """Every type by name, in the order of the schema."""
    found: dict[str, Type] = {}

    def add(name: str, meta: Mapping[str, object], fields: Iterable[Field] = (), **more: Any) -> None:
        found[name] = Type(name, len(found) + 1, meta, {one.name: one for one in fields}, **more)

    for name in _DECLARED["primitives"]:
        add(name, {"fibery/primitive?": True})
    for name, fields in _DECLARED["components"].items():
        domain = {"fibery/domain?": True} if name == USER else {}
        add(name, domain | {"fibery/platform?": True}, _fields(fields, name))
    for name, declared in _DECLARED["databases"].items():
        extensions = [_DECLARED["extensions"][one] for one in declared["extensions"]]
        own = declared["fields"] | {one["field"]: {"type": one["type"]} for one in extensions}
        every = [*_fields(_DECLARED["system_fields"] | own, name)]
        meta = {"fibery/domain?": True, "app/mixins": {one["mixin"]: True for one in extensions}}
        add(name, meta, every, database=_database(name, declared, every))
        for one in every:
            if options := _options(one):
                enum = _DECLARED["enum"] | (_DECLARED["workflow_enum"] if options[0].type else {})
                add(
                    one.type,
                    {"fibery/enum?": True, "fibery/type-component?": True},
                    _fields(enum, one.type),
                    options=options,
                )
    for kind in list(found.values()):
        for one in list(kind.fields.values()):
            _relate(found, kind, one)
    return found


def _fields(declared: Mapping[str, Mapping[str, Any]], owner: str) -> Iterable[Field]:
    for name, own in declared.items():
        base = _DECLARED["field_types"].get(own["type"], {"api_type": own["type"]})
        settings = base | own
        default = settings.get("enum", f"{name}_{owner}")
        meta = base.get("meta", {}) | own.get("meta", {})
        yield Field(name, settings.get("to", settings.get("api_type", default)), own["type"], settings, meta)


def _options(one: Field) -> tuple[Option, ...]:
    if one.editor_type == "workflow state":
        return tuple(Option(**state) for state in _DECLARED["workflow_states"])
    return tuple(map(Option, one.settings.get("options", ())))


def _database(name: str, declared: Mapping[str, Any], fields: Iterable[Field]) -> Database:
    return Database(
        name, next(one.name for one in fields if one.meta.get("ui/title?")), tuple(declared["roles"]),
        _DECLARED["paces"][declared.get("pace", "short")], Fraction(declared.get("per_sprint", 1)),
        declared.get("count", 0), declared.get("permanent", False), tuple(declared.get("project_from", ())),
    )  # fmt: skip


def _relate(found: Mapping[str, Type], owner: Type, one: Field) -> None:
    """Give a relation its id, and its target the collection at the other end."""
    if "back" not in one.settings or owner.database is None:
        return
    space, _, database = owner.name.partition("/")
    back = one.settings["back"].format(space=space, database=database)
    meta = {"fibery/relation": uuids.of_name(f"relation:{owner.name}:{one.name}")}
    owner.fields[one.name] = replace(one, meta={**one.meta, **meta})
    settings = {"many": True, "of": one.name, "sprints": one.settings.get("sprints")}
    found[one.type].fields[back] = Field(back, owner.name, "collection", settings, meta)
