"""What Fibery's extensions add to a database: a workflow, people, comments, files, and the system fields."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from timeweave.sandbox.fibery import attachments
from timeweave.sandbox.fibery.shape import Field, Option
from timeweave.sandbox.fibery.timeline import instant

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Entity, Item

NAMES = {
    "workflow": "workflow/workflow",
    "assignments": "assignments/assignments",
    "Assignments": "assignments/assignments",
    "comments": "comments/comments-mixin",
    "files": "Files/Files-mixin",
}
STATES = (
    Option("Open", "Not started", False), Option("To Do", "Not started", False), Option("In Progress", "Started", False),
    Option("In Review", "Started", False), Option("Done", "Finished", True), Option("Cancelled", "Finished", True),
)  # fmt: skip
_OPEN, _TODO, _DOING, _REVIEW, _DONE, _CANCELLED = range(1, 7)


def fields(mixins: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields of a database's extensions."""
    return tuple(_FIELDS[name] for name in mixins)


def system() -> tuple[Field, ...]:
    """The fields that every database has."""
    return (
        Field("fibery/id", "fibery/uuid", lambda e, _: e.id, meta={"fibery/id?": True, "fibery/readonly?": True}),
        Field("fibery/public-id", "fibery/text", lambda e, _: str(e.number), meta={"fibery/public-id?": True, "fibery/readonly?": True}),
        Field("fibery/creation-date", "fibery/date-time", lambda e, _: instant(_item(e).timeline.created),
              meta={"fibery/creation-date?": True, "fibery/readonly?": True, "fibery/default-value": "$now"}),
        Field("fibery/modification-date", "fibery/date-time", lambda e, _: instant(modified(_item(e))),
              meta={"fibery/modification-date?": True, "fibery/readonly?": True, "fibery/default-value": "$now"}),
        Field("fibery/rank", "fibery/rank", lambda e, _: e.draw("rank") % 2**52 - 2**51),
        Field("fibery/created-by", "fibery/user", lambda e, _: e.workspace.user(_item(e).owner),
              meta={"fibery/readonly?": True, "fibery/default-value": {"fibery/id": "$my-id"}}),
        Field("Collaboration~Documents/References", "Collaboration~Documents/Reference", lambda e, _: [], many=True),
    )  # fmt: skip


def modified(item: "Item") -> datetime:
    """The last thing that happened to an item so far."""
    life = item.timeline
    moments = [life.created, life.started, life.completed, *(at for at, _ in attachments.remarks(item))]
    return max((at for at in moments if at is not None and at <= item.now), default=life.created)


def _item(entity: "Entity") -> "Item":
    return cast("Item", entity)


def _state(entity: "Entity", field: Field) -> object:
    item, now, life = _item(entity), _item(entity).now, _item(entity).timeline
    if life.completed is not None and life.completed <= now:
        number = _CANCELLED if item.fraction("cancelled") < 0.04 else _DONE
    elif life.started <= now:
        nearly = life.completed is not None and (life.completed - now).days < 2
        number = _REVIEW if nearly else _DOING
    else:
        number = _TODO if (life.started - now).days < 7 else _OPEN
    return entity.workspace.option(field.type, number)


def _assignees(entity: "Entity", _field: Field) -> object:
    item, workspace = _item(entity), entity.workspace
    if item.fraction("unassigned") < 0.05:
        return []
    people = [item.owner]
    if item.fraction("pair") < 0.2:
        second = workspace.candidates(item.database.roles, item.sprint)
        people.append(second[item.draw("second") % len(second)].user_id)
    return [workspace.user(user_id) for user_id in dict.fromkeys(people)]


_FIELDS = {
    "workflow": Field("workflow/state", "", _state, options=STATES, meta={"fibery/required?": True}),
    "assignments": Field("assignments/assignees", "fibery/user", _assignees, many=True, back="assigned"),
    "Assignments": Field("assignments/Assignees", "fibery/user", _assignees, many=True, back="assigned"),
    "comments": Field("comments/comments", "comments/comment", lambda e, _: attachments.comments(_item(e)), many=True,
                      meta={"fibery/entity-component?": True}),
    "files": Field("Files/Files", "fibery/file", lambda e, _: attachments.files(_item(e)), many=True,
                   meta={"fibery/entity-component?": True}),
}  # fmt: skip
