"""The value of an entity's field, by the type that Fibery's editor gives the field."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from timeweave.sandbox.company import first_day, season, sprint_of
from timeweave.sandbox.fibery import texts
from timeweave.sandbox.fibery.entities import Entity, instant
from timeweave.sandbox.fibery.schema import PROJECT, Field
from timeweave.sandbox.fibery.workspace import Workspace

_ROUND_HOURS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80)
_OPEN, _TO_DO, _IN_PROGRESS, _IN_REVIEW, _DONE, _CANCELLED = range(1, 7)


def find_value(workspace: Workspace, entity: Entity, field: Field) -> object:
    """What an entity shows in a field: a JSON scalar, an entity, a list of entities, or None."""
    find = _BY_EDITOR_TYPE.get(field.editor_type)
    empty = field.settings.get("empty")
    if find is None or (empty and entity.fraction(field.name, "empty") < empty):
        return None
    return find(workspace, entity, field, field.settings)


def _find_modified(workspace: Workspace, item: Entity, *_: object) -> str:
    """The last thing that happened to an item so far."""
    life = item.timeline
    moments = (life.created, life.started, life.completed, *texts.comment_times(workspace, item))
    return instant(max((at for at in moments if at is not None and at <= workspace.now), default=life.created))


def _find_date(workspace: Workspace, item: Entity, field: Field, settings: Any) -> str | None:
    """A planned day, or a moment that is unknown until it has come."""
    at = getattr(item.timeline, settings["moment"])
    if not isinstance(at, datetime):
        return at and str(at)
    if at > workspace.now:
        return None
    return instant(at) if field.type == "fibery/date-time" else str(at.date())


def _find_state(workspace: Workspace, item: Entity, field: Field, _: Any) -> Entity:
    now, life = workspace.now, item.timeline
    if life.completed is not None and life.completed <= now:
        place = _CANCELLED if life.cancelled else _DONE
    elif life.started <= now:
        place = _IN_REVIEW if life.completed is not None and (life.completed - now).days < 2 else _IN_PROGRESS
    else:
        place = _TO_DO if (life.started - now).days < 7 else _OPEN
    return workspace.option(field.type, place)


def _find_assignees(workspace: Workspace, item: Entity, *_: object) -> list[Entity]:
    if item.fraction("unassigned") < 0.05:
        return []
    people = [workspace.owner(item)]
    if item.fraction("pair") < 0.2:
        candidates = workspace.candidates(item.type.name, item.sprint)
        people.append(candidates[item.draw("second") % len(candidates)].user_id)
    return [workspace.users[user_id] for user_id in dict.fromkeys(people)]


def _find_relation(workspace: Workspace, item: Entity, field: Field, _: Any) -> Entity | None:
    found = workspace.find_related(item, field)
    return found if found is not None and workspace.exists(field.type, found.number) else None


def _find_collection(workspace: Workspace, item: Entity, field: Field, settings: Any) -> list[Entity]:
    def leads_here(value: object) -> bool:
        return value is item or (isinstance(value, list) and any(one is item for one in value))

    return [one for one in workspace.find_relating(item, field) if leads_here(one.get(settings["of"]))]


def _look_up(_: Workspace, item: Entity, field: Field, settings: Any) -> object:
    found: Any = item
    for name in settings["path"]:
        if found is None:
            return [] if field.many else None
        found = found.get(name)
    return found


def _find_source(workspace: Workspace, item: Entity, field: Field, _: Any) -> Entity:
    """Where a bug was noticed: for eight sprints more and more often by customers, until a clean-up."""
    customers = 0.15 + 0.5 * season(item.sprint)
    others = item.draw(field.name) % (len(field.settings["options"]) - 1)
    return workspace.option(field.type, 1 if item.fraction(field.name) < customers else 2 + others)


def _find_estimate(workspace: Workspace, item: Entity, field: Field, settings: Any) -> str | None:
    """Hours as people estimate them: round numbers around what it takes in the end, more often too few than too many."""
    if choices := settings.get("choices"):
        return str(choices[item.draw(field.name) % len(choices)])
    needed = workspace.time_needed(item)
    if needed is None:
        return None
    hours = needed / 3600 * (0.85 + 0.9 * item.fraction(field.name)) or 2 + item.draw(field.name) % 7
    return str(next((one for one in _ROUND_HOURS if one >= hours), _ROUND_HOURS[-1]))


def _find_time_spent(workspace: Workspace, item: Entity, _: Field, settings: Any) -> str | None:
    """Hours logged on an item and its parts so far."""
    items = [item, *(one for name in settings.get("parts", ()) for one in item.get(name))]
    below = settings.get("parts_of_parts", ())
    items += [one for part in items[1:] for name in below if name in part.type.fields for one in part.get(name)]
    spent = [seconds for one in items if (seconds := workspace.time_spent(one)) is not None]
    return str(round(Decimal(sum(spent)) / 3600, 2)) if spent else None


_BY_EDITOR_TYPE: dict[str, Callable[[Workspace, Entity, Field, Any], object]] = {
    "id": lambda w, item, field, of: item.id,
    "public id": lambda w, item, field, of: str(item.number),
    "number": lambda w, item, field, of: item.number,
    "position": lambda w, item, field, of: item.number * 1024,
    "rank": lambda w, item, field, of: item.draw("rank") % 2**52 - 2**51,
    "creation date": lambda w, item, field, of: instant(item.timeline.created),
    "modification date": _find_modified,
    "creator": lambda w, item, field, of: w.users[w.owner(item)],
    "references": lambda w, item, field, of: [],
    "title": lambda w, item, field, of: texts.title(w, item, of["template"]),
    "formula title": lambda w, item, field, of: texts.title(w, item, of["template"]),
    "text": lambda w, item, field, of: texts.title(w, item, of["template"]),
    "int": lambda w, item, field, of: of["lowest"] + item.draw(field.name) % (of["highest"] - of["lowest"] + 1),
    "decimal": lambda w, item, field, of: str(Decimal(of["step"]) * (1 + item.draw(field.name) % of["steps"])),
    "estimate": _find_estimate, "time spent": _find_time_spent, "source": _find_source,
    "checkbox": lambda w, item, field, of: item.fraction(field.name) < of["share"],
    "date": _find_date, "date-time": _find_date,
    "select": lambda w, item, field, of: w.option(field.type, 1 + item.draw(field.name) % len(of["options"])),
    "multi-select": lambda w, item, field, of: [
        w.option(field.type, n) for n in range(1, len(of["options"]) + 1) if item.draw(field.name, n) % 3 == 0
    ],
    "workflow state": _find_state, "assignees": _find_assignees,
    "rich text": lambda w, item, field, of: texts.document(w, item, field.name),
    "comments": lambda w, item, field, of: texts.comments(w, item),
    "files": lambda w, item, field, of: texts.files(w, item),
    "relation": _find_relation, "collection": _find_collection, "lookup": _look_up,
    "project": lambda w, item, field, of: w.item(PROJECT, w.project(item).number),
    "project name": lambda w, item, field, of: w.project(item).name,
    "project id": lambda w, item, field, of: str(w.project(item).id),
    "toggl text": lambda w, item, field, of: texts.toggl_text(w, item),
    "current sprint": lambda w, item, field, of: sprint_of(w.as_of) == item.sprint,
    "sprint dates": lambda w, item, *_: {"start": str(first_day(item.sprint)), "end": str(first_day(item.sprint + 1))},
}  # fmt: skip
"""`w` is the workspace, `of` the field's settings."""
