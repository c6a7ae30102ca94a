"""What the invented team writes in Fibery: titles, rich text, comments, from features.json and texts.json; its files."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import Any

from timeweave.sandbox.company import CLIENTS, EPICS, Person, feature, first_day, pick
from timeweave.sandbox.fibery.entities import Entity, instant, parse_id
from timeweave.sandbox.fibery.schema import USER, uuid_of
from timeweave.sandbox.fibery.workspace import Workspace

_MOST_COMMENTS = 5
_DOCUMENT, _FILE, _COMMENT = 1, 999, 1000
"""Parts of an item that have ids of their own: its documents, files and comments count up from here."""
_WORDS: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


def title(workspace: Workspace, item: Entity, template: str) -> str:
    """An item's title: a template of schema.json, which may name the item's numbers and its texts."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    return template.format(**{name: _TITLE_WORDS[name](workspace, item) for name in names})


_TITLE_WORDS: Mapping[str, Callable[[Workspace, Entity], object]] = {
    "number": lambda workspace, item: item.number,
    "tens": lambda workspace, item: item.number // 10, "ones": lambda workspace, item: item.number % 10,
    "major": lambda workspace, item: 4 + item.number // 100, "minor": lambda workspace, item: item.number % 100,
    "version": lambda workspace, item: 1 + (item.number - 1) % 4,
    "text": lambda workspace, item: _find_text(workspace, item)[0],
    "step": lambda workspace, item: pick(_WORDS["steps"], item.draw("step")),
    "parent": lambda workspace, item: _find_parent(workspace, item).title,
    "quarter": lambda workspace, item: f"Q{(first_day(item.sprint).month + 2) // 3} {first_day(item.sprint):%Y}",
}  # fmt: skip


def _find_text(workspace: Workspace, item: Entity) -> tuple[str, str]:
    """The title that somebody wrote for an item, and its description; empty where nobody wrote one."""
    kind: str = item.type.database["text"]
    if kind == "epic":
        epic = EPICS[(item.number - 1) % len(EPICS)]
        return epic["title"], epic["about"]
    number = workspace.feature_number(item)
    if number is None:
        return _WORDS[kind][(item.number - 1) % len(_WORDS[kind])], ""
    texts = feature(number)
    # Not every feature goes by another name in design and marketing.
    found = texts.get(kind, texts["title"])
    one = found[(item.number - 1) % len(found)] if isinstance(found, list) else (found, texts["about"])
    name, about = (one, "") if isinstance(one, str) else one
    return f"{name} – {texts['harbour']}" if texts["harbour"] else name, about


def _find_parent(workspace: Workspace, item: Entity) -> Entity:
    related = (workspace.find_related(item, item.type.fields[name]) for name in ("Scrum/Task", "Scrum/Bug"))
    return next(one for one in related if one is not None)


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
    found = []
    for number, at in enumerate(comment_times(workspace, item)):
        author = workspace.users[_find_author(workspace, item, number).user_id]
        found.append(workspace.part("comments/comment", item.number, {
            "fibery/creation-date": instant(at), "fibery/created-by": author, "comment/author": author,
            "comment/document-secret": item.part_id(_COMMENT + number), "comments/parent": None,
        }, item.type.code * _MOST_COMMENTS + number))  # fmt: skip
    return found


def _find_author(workspace: Workspace, item: Entity, number: int) -> Person:
    """Who wrote a comment: one of those who could do the work, or who is often asked."""
    return pick([*workspace.candidates(item.type.name, item.sprint), *workspace.leads], item.draw("commenter", number))


def _remark(workspace: Workspace, item: Entity, number: int) -> str:
    """The text of a comment, now and then in a way that only its author has."""
    remarks: Mapping[str, list[str]] = _WORDS["remarks"]
    own = remarks.get(str(_find_author(workspace, item, number).user_id), [])
    said = [*remarks["any"], *own, *own, *own]
    return said[(item.draw("remark") + 7 * number) % len(said)]


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
        return _remark(workspace, item, part - _COMMENT)
    fields = list(item.type.fields)[part - _DOCUMENT :][:1] if part >= _DOCUMENT else []
    return _write(workspace, item, fields[0]) if fields else None


def _write(workspace: Workspace, item: Entity, field: str) -> str:
    """The Markdown of a field, empty for some, with Fibery's own marks for callouts and mentions."""
    if item.fraction(field, "empty") < 0.15:
        return ""
    pool = _WORDS["documents"].get(field.partition("/")[2])
    paragraphs = [pick(pool, item.draw(field))] if pool else _describe(workspace, item)
    if item.fraction(field, "callout") < 0.2:
        hint = pick(_WORDS["done_when"], item.draw(field, "hint"))
        paragraphs.append(f"> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> {hint}")
    if item.fraction(field, "mention") < 0.15:
        owner = workspace.users[workspace.owner(item)]
        paragraphs.append(f"[[#^{uuid_of(f'type:{USER}')}/{owner.id}]] knows **more** about this.")
    if item.fraction(field, "hostile") < 0.02:
        paragraphs.append('<img src=x onerror="alert(1)"> {{ 7 * 7 }}')
    return "\n\n".join(paragraphs)


def _describe(workspace: Workspace, item: Entity) -> list[str]:
    """What somebody wrote about an item, or could have, from sentences about its feature."""
    number = workspace.feature_number(item)
    kind = item.type.database["text"]
    if kind == "epic":
        return [_find_text(workspace, item)[1]]
    if number is None:
        return [pick(_WORDS["other_documents"], item.draw("other"))]
    facts = feature(number)["facts"]
    if kind in ("title", "design", "product"):
        return [feature(number)["about"], "\n".join(f"* {fact}" for fact in facts)]
    written = _find_text(workspace, item)[1] if kind != "steps" else ""
    if kind in ("bugs", "sub_bugs"):
        source = item.get("Scrum/Source").title if kind == "bugs" else "QA"
        client = next((one.name for one in CLIENTS if one.id == workspace.project(item).client_id), "a customer")
        noticed = pick(_WORDS["bug_sources"][source], item.draw("noticed")).format(client=client)
        return [noticed, *filter(None, [written]), pick(_WORDS["expected"], item.draw("expected"))]
    paragraphs = [written or pick(facts, item.draw("fact"))]
    if item.fraction("facts") < 0.3:
        paragraphs.append("\n".join(f"* {fact}" for fact in facts if fact != paragraphs[0]))
    elif item.fraction("facts") < 0.7:
        paragraphs.append(pick(_WORDS["done_when"], item.draw("done when")))
    return paragraphs
