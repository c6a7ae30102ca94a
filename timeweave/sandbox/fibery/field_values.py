"""The value of an entity's field, by the type that Fibery's editor gives the field."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from timeweave.sandbox.fibery import documents, texts
from timeweave.sandbox.fibery.entities import Entity, Item
from timeweave.sandbox.fibery.schema import PROJECT, Field
from timeweave.sandbox.fibery.timeline import instant
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.sprints import DAYS, first_day, sprint_of

_OPEN, _TO_DO, _IN_PROGRESS, _IN_REVIEW, _DONE, _CANCELLED = range(1, 7)
"""Places in the list of workflow states."""


def find_value(workspace: Workspace, entity: Any, field: Field) -> object:
    """What an entity shows in a field: a JSON scalar, an entity, a list of entities, or None."""
    find = _BY_EDITOR_TYPE.get(field.editor_type)
    empty = field.settings.get("empty")
    if find is None or (empty and entity.fraction(field.name, "empty") < empty):
        return None
    return find(workspace, entity, field)


def _modified(workspace: Workspace, item: Item, _: Field) -> str:
    """The last thing that happened to an item so far."""
    life = item.timeline
    moments = (life.created, life.started, life.completed, *documents.comment_times(workspace, item))
    return instant(max((at for at in moments if at is not None and at <= workspace.now), default=life.created))


def _date(workspace: Workspace, item: Item, field: Field) -> str | None:
    """A planned day, or a moment that is unknown until it has come."""
    at = getattr(item.timeline, field.settings["moment"])
    if isinstance(at, datetime):
        if at > workspace.now:
            return None
        return instant(at) if field.type == "fibery/date-time" else str(at.date())
    return None if at is None else str(at)


def _integer(_: Workspace, item: Item, field: Field) -> int:
    lowest, highest = field.settings["lowest"], field.settings["highest"]
    return int(lowest + item.draw(field.name) % (highest - lowest + 1))


def _decimal(_: Workspace, item: Item, field: Field) -> str:
    """A decimal, which the API writes as a string."""
    return str(Decimal(field.settings["step"]) * (1 + item.draw(field.name) % field.settings["steps"]))


def _text(_: Workspace, item: Item, field: Field) -> str | None:
    template = field.settings.get("template")
    return template and texts.fill(template, item)


def _option(workspace: Workspace, item: Item, field: Field) -> Entity:
    return workspace.option(field.type, 1 + item.draw(field.name) % len(field.settings["options"]))


def _options(workspace: Workspace, item: Item, field: Field) -> list[Entity]:
    places = range(1, len(field.settings["options"]) + 1)
    return [workspace.option(field.type, n) for n in places if item.draw(field.name, n) % 3 == 0]


def _state(workspace: Workspace, item: Item, field: Field) -> Entity:
    now, life = workspace.now, item.timeline
    if life.completed is not None and life.completed <= now:
        place = _CANCELLED if item.fraction("cancelled") < 0.04 else _DONE
    elif life.started <= now:
        place = _IN_REVIEW if life.completed is not None and (life.completed - now).days < 2 else _IN_PROGRESS
    else:
        place = _TO_DO if (life.started - now).days < 7 else _OPEN
    return workspace.option(field.type, place)


def _assignees(workspace: Workspace, item: Item, _: Field) -> list[Entity]:
    if item.fraction("unassigned") < 0.05:
        return []
    people = [workspace.owner(item)]
    if item.fraction("pair") < 0.2:
        candidates = workspace.candidates(item.database.roles, item.sprint)
        people.append(candidates[item.draw("second") % len(candidates)].user_id)
    return [workspace.user(user_id) for user_id in dict.fromkeys(people)]


def _relation(workspace: Workspace, item: Item, field: Field) -> Item | None:
    found = workspace.related(item, field)
    return found if found is not None and workspace.exists(field.type, found.number) else None


def _collection(workspace: Workspace, item: Item, field: Field) -> list[Item]:
    """The other end of a relation."""
    name, sprints = field.settings["of"], field.settings["sprints"]
    return [
        one for one in workspace.nearby(field.type, getattr(item, "sprint", 0), sprints) if _leads(one.get(name), item)
    ]


def _leads(value: object, target: Entity) -> bool:
    return value is target or (isinstance(value, list) and any(one is target for one in value))


def _lookup(_: Workspace, item: Item, field: Field) -> object:
    found: Any = item
    for name in field.settings["path"]:
        if found is None:
            return [] if field.many else None
        found = found.get(name)
    return found


def _sprint_dates(_: Workspace, item: Item, __: Field) -> dict[str, str]:
    """A sprint's days, the end not included."""
    first = first_day(item.sprint)
    return {"start": str(first), "end": str(first + timedelta(days=DAYS))}


_BY_EDITOR_TYPE: dict[str, Callable[[Workspace, Any, Field], object]] = {
    "id": lambda _, entity, __: entity.id,
    "public id": lambda _, entity, __: str(entity.number),
    "number": lambda _, item, __: item.number,
    "position": lambda _, entity, __: entity.number * 1024,
    "rank": lambda _, item, __: item.draw("rank") % 2**52 - 2**51,
    "creation date": lambda _, item, __: instant(item.timeline.created),
    "modification date": _modified,
    "creator": lambda workspace, item, _: workspace.user(workspace.owner(item)),
    "references": lambda *_: [],
    "title": _text, "formula title": _text, "text": _text,
    "int": _integer, "decimal": _decimal, "date": _date, "date-time": _date,
    "checkbox": lambda _, item, field: item.fraction(field.name) < field.settings["share"],
    "select": _option, "multi-select": _options, "workflow state": _state, "assignees": _assignees,
    "rich text": lambda workspace, item, field: documents.rich_text(workspace, item, field.name),
    "comments": lambda workspace, item, _: documents.comments(workspace, item),
    "files": lambda workspace, item, _: documents.files(workspace, item),
    "relation": _relation, "collection": _collection, "lookup": _lookup,
    "project": lambda workspace, item, _: workspace.item(PROJECT, workspace.project(item).number),
    "project name": lambda workspace, item, _: workspace.project(item).name,
    "project id": lambda workspace, item, _: str(workspace.project(item).id),
    "toggl text": lambda workspace, item, _: texts.toggl_text(workspace, item),
    "current sprint": lambda workspace, item, _: sprint_of(workspace.as_of) == item.sprint,
    "sprint dates": _sprint_dates,
}  # fmt: skip
