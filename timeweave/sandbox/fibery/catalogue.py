"""The workspace's types put together: system fields, extensions, enums, both ends of every relation."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, cast

from timeweave.sandbox.fibery import ids, mixins, platform
from timeweave.sandbox.fibery.shape import Database, Field, Type, Value
from timeweave.sandbox.fibery.spaces import DATABASES

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Item

USER = "fibery/user"


@cache
def types() -> Mapping[str, Type]:
    """Every type by name, in the order of the schema."""
    drafts = dict(_drafts())
    for name, draft in list(drafts.items()):
        for field in draft.fields.values():
            if field.back:
                _add(drafts, name, field)
    return {name: replace(draft, code=code) for code, (name, draft) in enumerate(drafts.items(), 1)}


def relation(kind: str, field: str) -> str:
    """The uuid that both ends of a relation carry."""
    return ids.named(f"relation:{kind}:{field}")


def _drafts() -> Iterator[tuple[str, Type]]:
    for name in platform.PRIMITIVES:
        yield name, Type(name, 0, {"fibery/primitive?": True}, {})
    for name, fields in platform.COMPONENTS.items():
        yield name, Type(name, 0, {"fibery/platform?": True}, _by_name(fields))
    yield USER, Type(USER, 0, {"fibery/domain?": True, "fibery/platform?": True}, _by_name(platform.USER))
    for database in DATABASES:
        fields = tuple(
            replace(f, type=_enum_name(database, f), back=_reverse_name(database, f)) if f.options or f.back else f
            for f in (*mixins.system(), *database.fields, *mixins.fields(database.mixins))
        )
        meta = {"fibery/domain?": True, "app/mixins": {mixins.NAMES[m]: True for m in database.mixins}}
        yield database.name, Type(database.name, 0, meta, _by_name(fields), database)
        yield from ((f.type, _enum(f)) for f in fields if f.options)


def _enum(field: Field) -> Type:
    fields = platform.STATE if field.name == "workflow/state" else platform.ENUM
    return Type(
        field.type, 0, {"fibery/enum?": True, "fibery/type-component?": True}, _by_name(fields), options=field.options
    )


def _enum_name(database: Database, field: Field) -> str:
    # Renamed databases leave their old name in the names of enums, so nobody may build such a name by rule.
    if database.name == "Product Management/Request" and field.name.endswith("/Priority"):
        return "Product Management/Priority_Requests/Request"
    return f"{field.name}_{database.name}" if field.options else field.type


def _reverse_name(database: Database, field: Field) -> str:
    if field.name == "workflow/state":
        return "workflow/objects"
    if field.options:
        return f"{database.space}/entities"
    return f"{database.space}/Assigned {database.name.partition('/')[2]}s" if field.back == "assigned" else field.back


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {field.name: field for field in fields}


def _add(drafts: dict[str, Type], owner: str, field: Field) -> None:
    """The collection at the other end of `field`."""
    target = drafts[field.type]
    uuid = relation(owner, field.name)
    reverse = Field(field.back, owner, _children(owner, field), many=True, meta={"fibery/relation": uuid})
    drafts[field.type] = replace(target, fields={**target.fields, field.back: reverse})
    draft = drafts[owner]
    drafts[owner] = replace(
        draft, fields={**draft.fields, field.name: replace(field, meta={**field.meta, "fibery/relation": uuid})}
    )


def _children(owner: str, field: Field) -> Value:
    def value(entity: object, _field: Field) -> object:
        parent = cast("Item", entity)
        points = cast("Callable[[Item], bool]", lambda child: _points(child.get(field.name), parent))
        return [child for child in parent.workspace.around(owner, parent, field.span) if points(child)]

    return value


def _points(value: object, target: object) -> bool:
    return value is target or (isinstance(value, list) and any(one is target for one in value))
