"""What the invented team writes in Fibery: titles, descriptions in Markdown, comments; from the words in texts.json."""

import json
from pathlib import Path

from timeweave.sandbox.fibery import uuids
from timeweave.sandbox.fibery.entities import Item
from timeweave.sandbox.fibery.schema import USER
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.seeded_random import pick

_WORDS = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


class _Placeholders(dict[str, object]):
    """What a template may name: numbers of the item, or words drawn for it; {Thing} is {thing} with a capital."""

    def __init__(self, item: Item) -> None:
        n = item.number
        super().__init__(number=n, tens=n // 10, ones=n % 10, major=4 + n // 100, minor=n % 100, version=1 + n % 4)
        self._item = item

    def __missing__(self, name: str) -> str:
        kind = name.lower()
        word: str = pick(_WORDS[kind], self._item.draw(kind))
        return word if name == kind else word[0].upper() + word[1:]


def fill(template: str, item: Item) -> str:
    """A template of schema.json with this item's numbers and words."""
    return template.format_map(_Placeholders(item))


def toggl_text(workspace: Workspace, item: Item) -> str:
    """The text that Fibery offers for the timer."""
    space, _, database = item.type.name.partition("/")
    return f"{item.title} #{item.number} [{space}] [{database}] [{workspace.project(item).name}]"


def description(workspace: Workspace, item: Item, field: str) -> str:
    """The Markdown of a rich-text field, empty for some, with Fibery's own marks for callouts and mentions."""
    if item.fraction(field, "empty") < 0.15:
        return ""
    first, second = (pick(_WORDS["sentence"], item.draw(field, n)) for n in (1, 2))
    text = (
        f"{first}\n\n* {pick(_WORDS['thing'], item.draw(field, 'a'))}\n* {pick(_WORDS['thing'], item.draw(field, 'b'))}"
    )
    if item.fraction(field, "callout") < 0.25:
        text += f"\n\n> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> {second}"
    if item.fraction(field, "mention") < 0.2:
        owner = workspace.user(workspace.owner(item))
        text += f"\n\nAsk [[#^{uuids.of_name(f'type:{USER}')}/{owner.id}]] about **{first[:12].lower()}**."
    if item.fraction(field, "hostile") < 0.02:
        text += '\n\n<img src=x onerror="alert(1)"> {{ 7 * 7 }}'
    return text


def remark(item: Item, number: int) -> str:
    """The Markdown of a comment."""
    text: str = pick(_WORDS["remark"], item.draw("remark", number))
    return text
