"""What people type into the timer: Fibery's own text for most, and all that happens to it (descriptions.json)."""

import json
from pathlib import Path
from random import Random
from typing import NamedTuple

from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.texts import toggl_text
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.projects import MEETINGS, Project
from timeweave.sandbox.team import ACCOUNT

_INVENTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_FORMS, _EDITS = ((list(_INVENTED[kind]), list(_INVENTED[kind].values())) for kind in ("forms", "edits"))
"""What descriptions look like, with how often."""


class Description(NamedTuple):
    """A text with the project it was booked on."""

    text: str
    project: Project | None
    is_meeting: bool = False


def describe(random: Random, workspace: Workspace, item: Entity, other: Entity) -> Description:
    """A description of work on `item`; `other` is a second one to mix up with it."""
    [form] = random.choices(*_FORMS)
    project = workspace.project(item)
    if form == "meeting":
        text = random.choice(_INVENTED["meetings"])
        return Description(text, random.choice((MEETINGS, MEETINGS, MEETINGS, None)), is_meeting=True)
    if form == "empty":
        return Description("", random.choice((None, project)))
    if form == "deleted item":
        numbers = range(max(1, item.number - 200), item.number + 1)
        nearby = [workspace.item(item.type.name, number) for number in numbers]
        deleted = [one for one in nearby if one.timeline.deleted is not None]
        form, item = "exact", random.choice(deleted) if deleted else other
    if form == "exact":
        return Description(toggl_text(workspace, item), project)
    if form == "edited":
        [form] = random.choices(*_EDITS)
    words = _find_words(workspace, item, other)
    if form == "invented id":
        words["invented"] = 99_000_000 + random.randrange(900)
    elif form == "hostile":
        words["hostile"] = random.choice(_INVENTED["hostile"])
    templates = _INVENTED["templates"][form]
    template = random.choice(templates) if len(templates) > 1 else templates[0]
    return Description(template.format_map(words), project)


def _find_words(workspace: Workspace, item: Entity, other: Entity) -> dict[str, object]:
    exact, project = toggl_text(workspace, item), workspace.project(item).name
    space, _, database = item.type.name.partition("/")
    tags = f"[{space}] [{database}] [{project}]"
    full_width = {} if "[" in project else {ord("["): "［", ord("]"): "］"}
    return {
        "exact": exact, "title": item.title, "number": item.number, "project": project, "space": space,
        "database": database, "lower_tags": tags.lower(), "tight_tags": tags.replace("] [", "]["),
        "full_width": exact.translate(full_width), "other_title": other.title, "other_number": other.number,
        "account": ACCOUNT, "path": item.type.name.replace(" ", "_"),
        "slug": "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in item.title).split()).lower(),
    }  # fmt: skip
