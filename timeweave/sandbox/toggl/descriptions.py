"""What people write into their time entries (descriptions.json): mostly what Fibery offers, now and then anything else."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from timeweave.sandbox.company import ACCOUNT, DAYS, MEETINGS, PEOPLE, Person, Project, first_day, sprint_of
from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.texts import toggl_text
from timeweave.sandbox.fibery.workspace import Workspace

_INVENTED: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_FORMS, _EDITS, _ACTIVITIES = (
    (list(_INVENTED[kind]), list(_INVENTED[kind].values())) for kind in ("forms", "edits", "activities")
)
"""What descriptions look like, with how often."""
_MEETINGS = _INVENTED["meetings"]


class Description(NamedTuple):
    """A text with the project it was booked on, and the item that was meant."""

    text: str
    project: Project | None
    item: Entity | None = None


def describe(random: Random, workspace: Workspace, item: Entity, other: Entity) -> Description:
    """A description of work on `item`; `other` is a second one to mix up with it."""
    [form] = random.choices(*_FORMS)
    project = workspace.project(item)
    if form == "activity":
        [text] = random.choices(*_ACTIVITIES)
        return Description(text, random.choice((None, project)))
    if form == "empty":
        return Description("", random.choice((None, project)))
    if form == "deleted item":
        numbers = range(max(1, item.number - 200), item.number + 1)
        nearby = [workspace.item(item.type.name, number) for number in numbers]
        deleted = [one for one in nearby if one.timeline.deleted is not None]
        form, item = "exact", random.choice(deleted) if deleted else other
    if form == "exact":
        return Description(toggl_text(workspace, item), project, item)
    if form == "edited":
        [form] = random.choices(*_EDITS)
    words = _find_words(workspace, item, other)
    if form == "invented id":
        words["invented"] = 99_000_000 + random.randrange(900)
    elif form == "hostile":
        words["hostile"] = random.choice(_INVENTED["hostile"])
    templates = _INVENTED["templates"][form]
    template = random.choice(templates) if len(templates) > 1 else templates[0]
    return Description(template.format_map(words), project, item)


def find_meetings(random: Random, person: Person, day: date) -> Iterator[tuple[int, Description]]:
    """The meetings of a person's day with their seconds: the rhythm of the sprint, a talk with the lead, candidates."""
    day_of_sprint = (day - first_day(sprint_of(day))).days
    held = [("stand-up", 8, 20)] if random.random() < 0.9 else []
    held += [("planning", 60, 100)] if day_of_sprint == 0 else []
    held += [("retro", 45, 65)] if day_of_sprint == DAYS - 3 else []
    held += [("all hands", 40, 60)] if day.weekday() == 2 and day.day < 8 else []
    held += [("hiring", 40, 75)] if random.random() < 0.03 else []
    for kind, shortest, longest in held:
        yield random.randint(shortest * 60, longest * 60), Description(random.choice(_MEETINGS[kind]), MEETINGS)
    for other in PEOPLE:
        present = other.has_joined(day) and not other.has_left(day) and not other.is_admin
        if present and other.user_id % 5 == day.weekday() and (person.is_admin or person == other):
            name = (other if person.is_admin else PEOPLE[0]).name.partition(" ")[0]
            said = Description(_MEETINGS["one to one"].format(name=name), MEETINGS)
            yield random.randint(20 * 60, 40 * 60), said


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
