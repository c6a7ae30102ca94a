"""What the invented team writes in Fibery: titles, rich text, comments, from the words in texts.json; and its files."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from timeweave.sandbox.fibery.entities import Entity, instant, parse_id
from timeweave.sandbox.fibery.schema import USER, uuid_of
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.seeded_random import pick

_MOST_COMMENTS = 5
_DOCUMENT, _FILE, _COMMENT = 1, 999, 1000
"""Parts of an item that have ids of their own: its documents, files and comments count up from here."""
_WORDS: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


class Placeholders(dict[str, object]):
    """What templates of schema.json may name: the item's numbers, words drawn for it; {Thing} begins with a capital."""

    def __init__(self, item: Entity) -> None:
        n = item.number
        super().__init__(number=n, tens=n // 10, ones=n % 10, major=4 + n // 100, minor=n % 100, version=1 + n % 4)
        self._item = item

    def __missing__(self, name: str) -> str:
        kind = name.lower()
        word = pick(_WORDS[kind], self._item.draw(kind))
        return word if name == kind else word[0].upper() + word[1:]


def toggl_text(workspace: Workspace, item: Entity) -> str:
    """The text that Fibery offers for the timer."""
    space, _, database = item.type.name.partition("/")
    return f"{item.title} #{item.number} [{space}] [{database}] [{workspace.project(item).name}]"


def document(workspace: Workspace, item: Entity, field: str) -> Entity:
    part = _DOCUMENT + list(item.type.fields).index(field)
    return workspace.part("Collaboration~Documents/Document", item.number, {
        "Collaboration~Documents/secret": item.part_id(part),
        "Collaboration~Documents/modification-date": instant(item.timeline.created),
        "Collaboration~Documents/Snippet": _write(workspace, item, field)[:40],
    }, part)  # fmt: skip


def comment_times(workspace: Workspace, item: Entity) -> list[datetime]:
    """When comments were written on an item so far, in order."""
    if "comments/comments" not in item.type.fields:
        return []
    life, count = item.timeline, item.draw("comments") % _MOST_COMMENTS
    ended = life.completed or life.started + timedelta(days=9)
    hours = max(1, int((ended - life.created).total_seconds() // 3600))
    moments = (life.created + timedelta(hours=item.draw("comment", n) % hours, minutes=n) for n in range(count))
    return sorted(at for at in moments if at <= workspace.now)


def comments(workspace: Workspace, item: Entity) -> list[Entity]:
    """The comments on an item so far, oldest first."""
    people = workspace.candidates(item.type.name, item.sprint)
    found = []
    for number, at in enumerate(comment_times(workspace, item)):
        author = workspace.users[people[item.draw("commenter", number) % len(people)].user_id]
        found.append(workspace.part("comments/comment", item.number, {
            "fibery/creation-date": instant(at), "fibery/created-by": author, "comment/author": author,
            "comment/document-secret": item.part_id(_COMMENT + number), "comments/parent": None,
        }, item.type.code * _MOST_COMMENTS + number))  # fmt: skip
    return found


def files(workspace: Workspace, item: Entity) -> list[Entity]:
    file = workspace.part("fibery/file", item.number, {
        "fibery/name": f"screenshot-{item.number}.png", "fibery/secret": item.part_id(_FILE),
        "fibery/content-type": "image/png", "fibery/content-length": 40_000 + item.draw("size") % 90_000,
    }, item.type.code)  # fmt: skip
    return [file] if item.fraction("file") <= 0.1 else []


def markdown(workspace: Workspace, secret: str) -> str | None:
    """The text behind a document's secret; None where there is none."""
    code, number, part = parse_id(secret)
    name = next((kind.name for kind in workspace.types.values() if kind.code == code and kind.database), None)
    item = workspace.find(name, str(number)) if name else None
    if item is None or item.part_id(part) != secret:
        return None
    if part >= _COMMENT:
        return pick(_WORDS["remark"], item.draw("remark", part - _COMMENT))
    fields = list(item.type.fields)[part - _DOCUMENT :][:1] if part >= _DOCUMENT else []
    return _write(workspace, item, fields[0]) if fields else None


def _write(workspace: Workspace, item: Entity, field: str) -> str:
    """The Markdown of a field, empty for some, with Fibery's own marks for callouts and mentions."""
    if item.fraction(field, "empty") < 0.15:
        return ""
    first, second = (pick(_WORDS["sentence"], item.draw(field, n)) for n in (1, 2))
    text = f"{first}\n\n" + "\n".join(f"* {pick(_WORDS['thing'], item.draw(field, place))}" for place in "ab")
    if item.fraction(field, "callout") < 0.25:
        text += f"\n\n> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> {second}"
    if item.fraction(field, "mention") < 0.2:
        owner = workspace.users[workspace.owner(item)]
        text += f"\n\nAsk [[#^{uuid_of(f'type:{USER}')}/{owner.id}]] about **{first[:12].lower()}**."
    if item.fraction(field, "hostile") < 0.02:
        text += '\n\n<img src=x onerror="alert(1)"> {{ 7 * 7 }}'
    return text
