"""What hangs on an item: rich text, comments and files, each with an id that leads back to it."""

from datetime import datetime, timedelta

from timeweave.sandbox.fibery import texts, uuids
from timeweave.sandbox.fibery.entities import Entity, Item
from timeweave.sandbox.fibery.timeline import instant
from timeweave.sandbox.fibery.workspace import Workspace

_MOST_COMMENTS = 5
_DOCUMENT, _FILE, _COMMENT = 1, 999, 1000
"""Parts of an item that have ids of their own: its documents, files and comments count up from here."""


def rich_text(workspace: Workspace, item: Item, field: str) -> Entity:
    """The document of a rich-text field."""
    part = _DOCUMENT + list(item.type.fields).index(field)
    return workspace.part("Collaboration~Documents/Document", item.number, {
        "Collaboration~Documents/secret": _secret(item, part),
        "Collaboration~Documents/modification-date": instant(item.timeline.created),
        "Collaboration~Documents/Snippet": texts.description(workspace, item, field)[:40],
    }, part)  # fmt: skip


def comment_times(workspace: Workspace, item: Item) -> list[datetime]:
    """When comments were written on an item so far, in order."""
    if "comments/comments" not in item.type.fields:
        return []
    life, count = item.timeline, item.draw("comments") % _MOST_COMMENTS
    ended = life.completed or life.started + timedelta(days=9)
    hours = max(1, int((ended - life.created).total_seconds() // 3600))
    moments = (life.created + timedelta(hours=item.draw("comment", n) % hours, minutes=n) for n in range(count))
    return sorted(at for at in moments if at <= workspace.now)


def comments(workspace: Workspace, item: Item) -> list[Entity]:
    """The comments on an item so far, oldest first."""
    people = workspace.candidates(item.database.roles, item.sprint)
    found = []
    for number, at in enumerate(comment_times(workspace, item)):
        author = workspace.user(people[item.draw("commenter", number) % len(people)].user_id)
        found.append(workspace.part("comments/comment", item.number, {
            "fibery/creation-date": instant(at), "fibery/created-by": author, "comment/author": author,
            "comment/document-secret": _secret(item, _COMMENT + number), "comments/parent": None,
        }, item.type.code * _MOST_COMMENTS + number))  # fmt: skip
    return found


def files(workspace: Workspace, item: Item) -> list[Entity]:
    """The files of an item."""
    if item.fraction("file") > 0.1:
        return []
    return [workspace.part("fibery/file", item.number, {
        "fibery/name": f"screenshot-{item.number}.png", "fibery/secret": _secret(item, _FILE),
        "fibery/content-type": "image/png", "fibery/content-length": 40_000 + item.draw("size") % 90_000,
    }, item.type.code)]  # fmt: skip


def markdown(workspace: Workspace, secret: str) -> str | None:
    """The text behind a document's secret; None where there is none."""
    code, number, part = uuids.parse(secret) or (0, 0, 0)
    kind = next((one for one in workspace.types.values() if one.code == code and one.database), None)
    item = workspace.find(kind.name, str(number)) if kind else None
    if item is None or _secret(item, part) != secret:
        return None
    if part >= _COMMENT:
        return texts.remark(item, part - _COMMENT)
    fields = list(item.type.fields)[part - _DOCUMENT :][:1] if part >= _DOCUMENT else []
    return texts.description(workspace, item, fields[0]) if fields else None


def _secret(item: Item, part: int) -> str:
    return uuids.of_entity(item.type.name, item.type.code, item.number, part)
