"""What hangs on an item: rich text, comments and files, each with an id that leads back to it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from timeweave.sandbox.fibery import ids, texts
from timeweave.sandbox.fibery.entities import Entity, Item, Record
from timeweave.sandbox.fibery.timeline import instant

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.workspace import Workspace

_DOCUMENT = "Collaboration~Documents/Document"
_PREFIX = "Collaboration~Documents/"
_MOST_COMMENTS = 5


def rich_text(item: Item, field: str) -> Record:
    """The document of a rich-text field."""
    part = ids.DOCUMENT + list(item.type.fields).index(field)
    values: dict[str, object] = {
        _PREFIX + "secret": ids.of(item.type, item.number, part),
        _PREFIX + "modification-date": instant(item.timeline.created),
        _PREFIX + "Snippet": texts.document(item, field)[:40],
    }
    return Record(item.workspace, item.workspace.types[_DOCUMENT], item.number, values, part)


def remarks(item: Item) -> list[tuple[datetime, int]]:
    """When comments were written on an item so far, with their numbers."""
    if "comments/comments" not in item.type.fields:
        return []
    life, count = item.timeline, item.draw("comments") % _MOST_COMMENTS
    ended = life.completed or life.started + timedelta(days=9)
    hours = max(1, int((ended - life.created).total_seconds() // 3600))
    moments = sorted(life.created + timedelta(hours=item.draw("comment", n) % hours, minutes=n) for n in range(count))
    return [(at, n) for n, at in enumerate(moments) if at <= item.now]


def comments(item: Item) -> list[Entity]:
    """The comments on an item so far, oldest first."""
    return [_comment(item, at, number) for at, number in remarks(item)]


def files(item: Item) -> list[Entity]:
    """The files of an item."""
    if item.fraction("file") > 0.1:
        return []
    values: dict[str, object] = {
        "fibery/name": f"screenshot-{item.number}.png", "fibery/secret": ids.of(item.type, item.number, ids.FILE),
        "fibery/content-type": "image/png", "fibery/content-length": 40_000 + item.draw("size") % 90_000,
    }  # fmt: skip
    return [Record(item.workspace, item.workspace.types["fibery/file"], item.number, values, item.type.code)]


def markdown(workspace: "Workspace", secret: str) -> str | None:
    """The text behind a document's secret; None where there is none."""
    read = ids.read(secret)
    kind = next((k for k in workspace.types.values() if read and k.code == read[0] and k.database), None)
    if read is None or kind is None or ids.of(kind, *read[1:]) != secret:
        return None
    item, part = workspace.find(kind.name, str(read[1])), read[2]
    if item is None:
        return None
    if part >= ids.COMMENT:
        return texts.remark(item, part - ids.COMMENT)
    fields = list(kind.fields)[part - ids.DOCUMENT :][:1] if part >= ids.DOCUMENT else []
    return texts.document(item, fields[0]) if fields else None


def _comment(item: Item, at: datetime, number: int) -> Record:
    workspace = item.workspace
    people = workspace.candidates(item.database.roles, item.sprint)
    author = workspace.user(people[item.draw("commenter", number) % len(people)].user_id)
    values: dict[str, object] = {
        "fibery/creation-date": instant(at), "fibery/created-by": author, "comment/author": author,
        "comment/document-secret": ids.of(item.type, item.number, ids.COMMENT + number), "comments/parent": None,
    }  # fmt: skip
    part = item.type.code * _MOST_COMMENTS + number
    return Record(workspace, workspace.types["comments/comment"], item.number, values, part)
