"""The invented company: its people, clients and projects (company.json), the features that it builds (features.json),
its rhythm of two-week sprints, and chance, which is the same in every process.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

WORKSPACE_ID, ORGANIZATION_ID = 7001001, 8001001
ACCOUNT = "heliotrope"
TOGGL_TOKEN = "sandbox-toggl-token-of-nobody-0001"  # noqa: S105 - opens nothing but the sandbox
TOGGL_MEMBER_TOKEN = "sandbox-toggl-token-of-nobody-0002"  # noqa: S105 - a member's: sees their own time only
FIBERY_TOKEN = "5a4db0c5.0123456789abcdef0123456789abcdef012"  # noqa: S105 - opens nothing but the sandbox
FIBERY_LIMITED_TOKEN = "5a4db0c6.0123456789abcdef0123456789abcdef013"  # noqa: S105 - secured fields are closed to it
LLM_KEY = "sandbox-model-key-of-nobody"
SEED = "heliotrope"
"""What the invented world follows from."""
T = TypeVar("T")
_INVENTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
_HOLIDAYS = _INVENTED["holidays"]


class Person(NamedTuple):
    """A member of the team: their Toggl user, their Fibery user, their time zone."""

    user_id: int
    name: str
    email: str
    timezone: str
    role: str
    """engineer, qa, designer, product or lead: decides which databases they log time on."""
    left: date | None = None
    """The last working day of a departed colleague: deactivated in both systems since."""
    joined: date | None = None
    """The first working day of a new colleague: unknown to both systems before."""
    free: tuple[int, ...] = ()
    """Weekdays off, from 0 for Monday."""

    def has_left(self, as_of: date) -> bool:
        """Whether the accounts are deactivated on that day."""
        return self.left is not None and as_of > self.left

    def has_joined(self, day: date) -> bool:
        return self.joined is None or day >= self.joined

    def has_holiday(self, day: date) -> bool:
        """Whether a day is a public holiday where they live, or the company is closed."""
        known = (*_HOLIDAYS["everywhere"], *_HOLIDAYS.get(self.timezone, ()))
        return str(day) in known or f"{day:%m-%d}" in known

    @property
    def is_admin(self) -> bool:
        return self.role == "lead"

    @property
    def membership_id(self) -> int:
        """Their membership of Toggl's workspace: whoever takes it for the user id finds nobody."""
        return self.user_id + 30_900_000


def _read_person(one: dict[str, Any]) -> Person:
    days = {name: date.fromisoformat(one[name]) for name in ("left", "joined") if name in one}
    return Person(**one | days | {"free": tuple(one.get("free", ()))})


PEOPLE = tuple(map(_read_person, _INVENTED["people"]))


@cache
def team(size: int) -> tuple[Person, ...]:
    """The first `size` people: those of company.json, then as many more as asked, names and e-mails unique."""
    people, given_names, family_names = list(PEOPLE[:size]), _INVENTED["given_names"], _INVENTED["family_names"]
    for number in range(len(PEOPLE), size):
        round_, index = divmod(number, len(given_names) * len(family_names))
        given = given_names[index % len(given_names)]
        family = family_names[(index // len(given_names) + index) % len(family_names)]
        name = f"{given} {family} {round_ + 1}" if round_ else f"{given} {family}"
        email = f"{given}.{name.removeprefix(given)}@heliotrope.example".lower().replace(" ", "")
        like = PEOPLE[number % (len(PEOPLE) - 1)]
        people.append(Person(PEOPLE[0].user_id + number, name, email, like.timezone, like.role))
    return tuple(people)


DAYS = 14
_FIRST_DAY = date(2019, 12, 23)


def sprint_of(day: date) -> int:
    """The sprint that a day belongs to, counted from 0; days before the first belong to the first."""
    return max(0, (day - _FIRST_DAY).days // DAYS)


def first_day(sprint: int) -> date:
    """A sprint's first day, a Monday."""
    return _FIRST_DAY + timedelta(days=DAYS * sprint)


def season(sprint: int) -> float:
    """How far eight sprints have come, from 0 to 1: the more, the more support there is."""
    return sprint % 8 / 7


class Numbering:
    """How fast a database's public ids grow, so that an id says its sprint without a list of all."""

    def __init__(self, per_sprint: str, scale: int) -> None:
        self._ids, self._sprints = (Fraction(per_sprint) * scale).as_integer_ratio()

    def until(self, sprint: int) -> int:
        return (sprint + 1) * self._ids // self._sprints

    def numbers(self, first: int, last: int) -> range:
        return range(self.until(max(first, 0) - 1) + 1, self.until(last) + 1)

    def sprint(self, number: int) -> int:
        return -(-number * self._sprints // self._ids) - 1


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


class Task(NamedTuple):
    """A task of a project in Toggl."""

    id: int
    project_id: int
    name: str


CLIENTS = tuple(Client(**one) for one in _INVENTED["clients"])
PROJECTS = tuple(Project(**one) for one in _INVENTED["projects"])
TASKS = tuple(Task(**one) for one in _INVENTED["tasks"])
TAGS: dict[int, str] = {one["id"]: one["name"] for one in _INVENTED["tags"]}
MEETINGS, MEETING_TAG = PROJECTS[-1], min(TAGS)
BY_NUMBER = {project.number: project for project in PROJECTS if project.number}
EPICS: list[Mapping[str, Any]] = json.loads(Path(__file__).with_name("features.json").read_text("utf-8"))
STORY: Mapping[str, Any] = json.loads(Path(__file__).with_name("story.json").read_text("utf-8"))
"""What happens around the demo's days beside what is invented: absences, whole days of entries, lives of items."""
_FEATURES: list[Mapping[str, Any]] = [feature for epic in EPICS for feature in epic["features"]]
_FIRST_FEATURE = 10
"""The public id of the first feature of an epic; those before it end the round before."""
HOURLY_RATE_IN_CENTS, CURRENCY = 9200, "EUR"


def feature(number: int) -> Mapping[str, Any]:
    """What the feature of a public id is about: its texts and those of its tasks and bugs.

    After the last one they begin again, for the next harbour, whose name stands behind their titles.
    """
    place, index = divmod(number - _FIRST_FEATURE, len(_FEATURES))
    return {**_FEATURES[index], "harbour": _INVENTED["harbours"][place % len(_INVENTED["harbours"])]}


def draw(*parts: object) -> int:
    """One whole number below 2**64, a function of its arguments alone."""
    return int.from_bytes(blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest(), "big")


def fraction(*parts: object) -> float:
    """One number in [0, 1)."""
    return draw(*parts) / 2**64


def pick(options: Sequence[T], *parts: object) -> T:
    """One of several."""
    return options[draw(*parts) % len(options)]
