"""The directory: people, projects, clients, tags and tasks by id, the archived and the departed included."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

import msgspec

from timeweave.models.directory import Account, Client, Directory, Person, Project, Tag, Task
from timeweave.runtime.document import Record
from timeweave.runtime.errors import CredentialsError
from timeweave.toggl.answers import UserRow
from timeweave.toggl.client import PlanLacksFeature
from timeweave.toggl.day_files import Author
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.answers import UnusableAnswer
from timeweave.web.client import RequestRefused


class Departed(Record, frozen=True, kw_only=True):
    """Somebody whom no list of members holds any more, in Toggl's words; null where it knows them no more either."""

    user_id: int
    name: str | None
    email: str | None


class KnownNames(Record, frozen=True, kw_only=True):
    """`directory.json` of the archive. The day of the look and the departed of all days stay there."""

    schema: int = 2
    fetched_as_of: date
    lists: Directory
    """As Toggl's lists are."""
    departed: tuple[Departed, ...] = ()
    has_failed: bool = False
    """The list of memberships could not be used: it is asked for again."""

    def drop(self, users: Collection[int]) -> "KnownNames":
        """Without these people."""
        people = [one for one in self.lists.people if one.user_id not in users]
        lists = msgspec.structs.replace(self.lists, people=people)
        departed = tuple(one for one in self.departed if one.user_id not in users)
        return msgspec.structs.replace(self, lists=lists, departed=departed)

    def find_unknown(self, ids: Iterable[int]) -> list[int]:
        """The user ids that there is no name for."""
        known = {person.user_id for person in self.lists.people} | {one.user_id for one in self.departed}
        return sorted(set(ids) - known)

    def describe(self, authors: Mapping[int, Author]) -> Directory:
        """The directory for those who have entries: the lists, and of the departed only them.

        Whom Toggl knows no more keeps the name that their last row carries.
        """
        listed = {person.user_id for person in self.lists.people}
        told = {one.user_id: one for one in self.departed}
        departed = [
            _describe(author, told.get(user_id)) for user_id, author in authors.items() if user_id not in listed
        ]
        people = sorted([*self.lists.people, *departed], key=lambda person: person.user_id)
        return msgspec.structs.replace(self.lists, people=people)


def _describe(author: Author, told: Departed | None) -> Person:
    name, email = (told.name, told.email) if told else (None, None)
    return Person(
        user_id=author.user_id,
        name=name or author.username or f"User {author.user_id}",
        email=email or author.email or None,
        active=False,
    )


class ListsUnderWay(Record, frozen=True, kw_only=True):
    """`lists.json` of the archive: those that were read before an interruption; null is not asked for yet.

    People come last and are not among them, so that nobody who was forgotten is.
    """

    schema: int = 1
    fetched_as_of: date
    workspace: str | None = None
    projects: list[Project] | None = None
    clients: list[Client] | None = None
    tags: list[Tag] | None = None
    tasks: list[Task] | None = None


def fetch_names(
    toggl: Toggl, account: Account, lists: ListsUnderWay, everyone: bool = False,
    keep: Callable[[ListsUnderWay], None] = lambda _: None,
) -> KnownNames:  # fmt: skip
    """All lists as they are now, those of `lists` as they are; `keep` is told after each.

    `everyone`: refuse a token that says of itself that it is no workspace admin's.
    """
    steps: dict[str, Callable[[], object]] = {
        "workspace": lambda: _workspace(toggl, everyone), "projects": lambda: _projects(toggl),
        "clients": lambda: _clients(toggl), "tags": lambda: _tags(toggl), "tasks": lambda: _tasks(toggl),
    }  # fmt: skip
    for name, ask in steps.items():
        if getattr(lists, name) is None:
            lists = msgspec.structs.replace(lists, **{name: ask()})
            keep(lists)
    people, failed = fetch_people(toggl)
    found = Directory(
        account=account, workspace=lists.workspace or "", people=people, projects=lists.projects or [],
        clients=lists.clients or [], tags=lists.tags or [], tasks=lists.tasks or [],
    )  # fmt: skip
    return KnownNames(fetched_as_of=lists.fetched_as_of, lists=found, has_failed=failed)


def fetch_people(toggl: Toggl) -> tuple[list[Person], bool]:
    """From the memberships, which have time zones; from the plain list where those cannot be seen or used.

    The second says whether another time it may be otherwise.
    """
    failed = False
    try:
        found = [_person(row, row.uid) for row in toggl.members() if row.uid is not None]
    except (CredentialsError, PlanLacksFeature, RequestRefused, UnusableAnswer) as error:
        failed = isinstance(error, UnusableAnswer)
        found = [_person(row, row.id) for row in toggl.users()]
    people = {person.user_id: person for person in found}
    return [people[id_] for id_ in sorted(people)], failed


def look_up(toggl: Toggl, ids: list[int]) -> list[Departed]:
    """What Toggl says of people whom no list holds, in one question; every id has its answer."""
    found = {row.id: row for row in (toggl.users_by_id(ids) if ids else [])}
    return [
        Departed(user_id=id_, name=(row and row.fullname) or None, email=(row and row.email) or None)
        for id_, row in ((id_, found.get(id_)) for id_ in ids)
    ]


def _person(row: UserRow, user_id: int) -> Person:
    return Person(
        user_id=user_id,
        name=row.name or row.fullname or row.email or f"User {user_id}",
        email=row.email or None,
        timezone=row.timezone or None,
        active=row.inactive is not True,
    )


def _workspace(toggl: Toggl, everyone: bool) -> str:
    found = toggl.workspace()
    if everyone and not found.shows_everyone:
        raise CredentialsError(
            "the Toggl token is not a workspace admin's: it sees its owner's own time only. Use an admin's for a team's "
            "report; if it is your own time that you want, set toggl.everyone: false in params.yaml"
        )
    return found.name or f"Workspace {toggl.workspace_id}"


def _projects(toggl: Toggl) -> list[Project]:
    return [
        Project(
            id=row.id, name=row.name or f"Project {row.id}", client_id=row.client_id, active=row.active is not False
        )
        for row in toggl.projects()
    ]


def _clients(toggl: Toggl) -> list[Client]:
    rows = toggl.clients()
    return [Client(id=row.id, name=row.name or f"Client {row.id}", archived=row.archived is True) for row in rows]


def _tags(toggl: Toggl) -> list[Tag]:
    return [Tag(id=row.id, name=row.name or f"Tag {row.id}") for row in toggl.tags()]


def _tasks(toggl: Toggl) -> list[Task]:
    """None where the plan has no tasks."""
    try:
        rows = toggl.tasks()
    except PlanLacksFeature:
        return []
    return [
        Task(id=row.id, name=row.name or f"Task {row.id}", project_id=row.project_id, active=row.active is not False)
        for row in rows
    ]
