"""The time entries of a person's day: when they start, how long they work on what, on the clock of where they live."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from timeweave.sandbox.company import ACCOUNT, MEETING_TAG, MEETINGS, PEOPLE, TAGS, TASKS, Person, Project, sprint_of
from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.texts import toggl_text
from timeweave.sandbox.fibery.workspace import Workspace
from timeweave.sandbox.seeded_random import SEED, pick

_INVENTED = json.loads(Path(__file__).with_name("descriptions.json").read_text("utf-8"))
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


_FIRST_ID, _DAYS_FROM, _MOST_PEOPLE, _MOST_ENTRIES = 3_400_000_000, date(2020, 1, 1), 10_000, 16
_DAY_OFF, _WEEKEND = 0.03, 0.04
_HOUR = 3600


class TimeEntry(NamedTuple):
    """A stretch of logged time; moments carry a zone, `seconds` is None while the timer runs."""

    id: int
    user_id: int
    start: datetime
    seconds: int | None
    description: str = ""
    project_id: int | None = None
    task_id: int | None = None
    billable: bool = False
    tag_ids: tuple[int, ...] = ()
    at: datetime | None = None
    """The last change; None: when it ended."""

    @property
    def stop(self) -> datetime | None:
        return None if self.seconds is None else self.start + timedelta(seconds=self.seconds)

    @property
    def changed(self) -> datetime:
        return self.at or self.stop or self.start


class TimeEntries:
    """What everybody logs, as it is once nobody changes it any more."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._assigned = workspace, cache(self._assign)

    def of_day(self, person: Person, day: date) -> Iterator[TimeEntry]:
        """The entries that a person starts on a local day."""
        if person.has_left(day):
            return
        random = Random(f"{SEED}:{person.user_id}:{day}")  # noqa: S311 - invented data, no secret
        sprint = sprint_of(day)
        assigned = self._assigned(sprint)
        everybody = list(assigned.values())
        # Likelier items stand there several times; who has none works on somebody else's.
        own = assigned.get(person.user_id) or [pick(everybody, person.user_id, sprint)[0]]
        focus = [random.choice(own) for _ in range(3)]
        number = (day - _DAYS_FROM).days * _MOST_PEOPLE + person.user_id - PEOPLE[0].user_id
        for place, (start, seconds) in enumerate(_plan_day(random, person, day)):
            if random.random() < 0.85:
                item = random.choice(focus)
            else:
                key = (SEED, person.user_id, day, place)
                item = pick(pick(everybody, *key, "who"), *key, "what")
            said = describe(random, self._workspace, item, focus[0])
            yield TimeEntry(
                _FIRST_ID + number * _MOST_ENTRIES + place, person.user_id, start, seconds // (1 + said.is_meeting),
                said.text, said.project.id if said.project else None, *_book(random, said),
            )  # fmt: skip

    def _assign(self, sprint: int) -> dict[int, list[Entity]]:
        """The items of a sprint by the person that they fall to."""
        found: dict[int, list[Entity]] = defaultdict(list)
        for kind in self._workspace.types.values():
            if weight := kind.database.get("booked"):
                first = sprint - 2 if kind.database["pace"] == "long" else sprint
                for number in self._workspace.numbering(kind.name).numbers(first, sprint):
                    item = self._workspace.item(kind.name, number)
                    if item.timeline.deleted is None:
                        found[self._workspace.owner(item)] += [item] * weight
        return dict(sorted(found.items()))


def _plan_day(random: Random, person: Person, day: date) -> Iterator[tuple[datetime, int]]:
    """Starts and lengths in seconds, before anybody says what they were for."""
    weekend, luck = day.weekday() > 4, random.random()
    if luck >= _WEEKEND if weekend else luck < _DAY_OFF:
        return

    def at(seconds: int) -> datetime:
        local = datetime.combine(day, time()) + timedelta(seconds=seconds)
        return local.replace(tzinfo=ZoneInfo(person.timezone)).astimezone(UTC)

    count = random.randint(1, 2) if weekend else random.randint(4, 7)
    total = random.uniform(6.2, 8.7) * _HOUR * count / (5.5 if weekend else count)
    shares = [random.uniform(0.5, 1.5) for _ in range(count)]
    if random.random() < 0.02:
        yield at(0), random.randint(1500, 3000)
    clock = random.uniform(8.2, 10) * _HOUR
    for number, share in enumerate(shares):
        seconds = total * share / sum(shares)
        seconds = max(300, round(seconds / 300) * 300) if random.random() < 0.3 else max(61, int(seconds))
        yield at(int(clock)), seconds
        clock += seconds + random.choice((0, 0, 1, random.randint(20, 900))) + (2700 if number == count // 2 else 0)
    if random.random() < 0.03:
        yield at(random.randint(int(22.5 * _HOUR), int(23.8 * _HOUR))), random.randint(5400, 8000)
    if random.random() < 0.015:
        yield at(int(clock) + 60), 0


def _book(random: Random, said: Description) -> tuple[int | None, bool, tuple[int, ...]]:
    tasks = [task.id for task in TASKS if said.project and task.project_id == said.project.id]
    task = random.choice(tasks) if tasks and random.random() < 0.1 else None
    billable = said.project is not None and said.project.billable and random.random() < 0.9
    if said.project is MEETINGS:
        return task, billable, (MEETING_TAG,)
    others = [tag for tag in TAGS if tag != MEETING_TAG]
    return task, billable, tuple(sorted(random.sample(others, random.choice((0, 0, 0, 1, 2)))))
