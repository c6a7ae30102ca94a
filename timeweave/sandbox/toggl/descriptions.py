"""What people type into the timer: Fibery's own text for most, and all that happens to it (descriptions.json)."""

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from timeweave.sandbox.fibery.entities import Item
from timeweave.sandbox.fibery.texts import toggl_text
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.projects import MEETINGS, Project
from timeweave.sandbox.team import ACCOUNT

_INVENTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


@dataclass(frozen=True)
class Note:
    """A description with the project it was booked on."""

    text: str
    project: Project | None
    meeting: bool = False


def note(chance: Random, workspace: Workspace, item: Item, other: Item) -> Note:
    """A description of work on `item`; `other` is a second one to mix up with it."""
    form = _weighted("forms", chance)
    project = workspace.project(item)
    if form == "meeting":
        text = chance.choice(_INVENTED["meetings"])
        return Note(text, chance.choice((MEETINGS, MEETINGS, MEETINGS, None)), meeting=True)
    if form == "empty":
        return Note("", chance.choice((None, project)))
    if form == "edited":
        return Note(_edited(chance, workspace, item, other), project)
    if form == "deleted item":
        return Note(toggl_text(workspace, _deleted(chance, workspace, item) or other), project)
    return Note(_text(form, chance, item, toggl_text(workspace, item), project), project)


def _text(form: str, chance: Random, item: Item, exact: str, project: Project) -> str:
    space, _, database = item.type.name.partition("/")
    match form:
        case "id alone":
            return chance.choice((f"#{item.number}", f"{item.title} #{item.number}"))
        case "unknown database":
            return f"{item.title} #{item.number} [Scrum] [Spike] [{project.name}]"
        case "invented id":
            return f"{item.title} #{99_000_000 + chance.randrange(900)} [Scrum] [Task] [{project.name}]"
        case "no number sign":
            return f"fix {item.number} [{space}] [{database}]"
        case "hostile":
            text: str = chance.choice(_INVENTED["hostile"])
            return chance.choice((text, f"{text} {exact}"))
    return exact


def _edited(chance: Random, workspace: Workspace, item: Item, other: Item) -> str:
    """Fibery's text after somebody has been at it."""
    exact, project = toggl_text(workspace, item), workspace.project(item)
    title, _, tags = exact.rpartition(f"#{item.number}")
    match _weighted("edits", chance):
        case "words after":
            return exact + str(chance.choice(_INVENTED["words_after"]))
        case "lower case":
            return f"{title}#{item.number}{tags.lower()}"
        case "no blanks":
            return f"{title}#{item.number}{tags.replace('] [', '][').lstrip()}"
        case "no project":
            return exact.removesuffix(f" [{project.name}]")
        case "two items":
            return f"{other.title} #{other.number}, then {exact}"
        case "link":
            slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in item.title).split()).lower()
            return f"see https://{ACCOUNT}.fibery.io/{item.type.name.replace(' ', '_')}/{slug}-{item.number}"
    return exact if "[" in project.name else exact.translate({ord("["): "［", ord("]"): "］"})


def _deleted(chance: Random, workspace: Workspace, item: Item) -> Item | None:
    """An item of the same database that is deleted sooner or later."""
    numbers = range(max(1, item.number - 200), item.number + 1)
    items = [workspace.item(item.type.name, number) for number in numbers]
    deleted = [one for one in items if one.timeline.deleted is not None]
    return chance.choice(deleted) if deleted else None


def _weighted(what: str, chance: Random) -> str:
    weights: dict[str, int] = _INVENTED[what]
    return chance.choices(list(weights), list(weights.values()))[0]
