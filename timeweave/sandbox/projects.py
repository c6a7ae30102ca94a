"""The invented team's clients and projects (projects.json): one list, seen as Toggl's projects and as Fibery's."""

import json
from pathlib import Path
from typing import NamedTuple


class Client(NamedTuple):
    id: int
    name: str
    archived: bool = False


class Project(NamedTuple):
    """A project in both systems; `number` is its public id in Fibery, 0 for one that only Toggl knows."""

    id: int
    number: int
    name: str
    client_id: int | None
    color: str
    billable: bool = True
    active: bool = True
    status: str = "active"
    weight: int = 0
    """How often new work falls to it."""


class Task(NamedTuple):
    """A task of a project in Toggl."""

    id: int
    project_id: int
    name: str


_INVENTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
CLIENTS = tuple(Client(**one) for one in _INVENTED["clients"])
PROJECTS = tuple(Project(**one) for one in _INVENTED["projects"])
TASKS = tuple(Task(**one) for one in _INVENTED["tasks"])
TAGS: dict[int, str] = {one["id"]: one["name"] for one in _INVENTED["tags"]}
MEETINGS, MEETING_TAG = PROJECTS[-1], min(TAGS)
BY_NUMBER = {project.number: project for project in PROJECTS if project.number}
DRAWN = tuple(project for project in PROJECTS for _ in range(project.weight))
HOURLY_RATE_IN_CENTS, CURRENCY = 9200, "EUR"
