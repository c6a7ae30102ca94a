"""The directory: people, projects, clients, tags and tasks by id, the archived and the departed included."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from timeweave.models.directory import Account, Client, Directory, Person, Project, Tag, Task
from timeweave.runtime import document
from timeweave.runtime.errors import CredentialsError
from timeweave.toggl.client import PlanLacksFeature
from timeweave.toggl.workspace import Toggl
from timeweave.web.client import RequestRefused


def kept(path: Path, account: Account, as_of: date) -> Directory | None:
    """The directory of an earlier run, if it is this account's and as new as `as_of` asks."""
    if not path.exists():
        return None
    found = document.read(path, Directory)
    return found if found.account == account and found.fetched_as_of >= str(as_of) else None


def directory(toggl: Toggl, account: Account, as_of: date, everyone: bool = False) -> Directory:
    """All lists as they are now. `everyone`: refuse a token that says of itself that it is no workspace admin's."""
    workspace = toggl.workspace()
    if everyone and workspace.get("admin") is False:
        raise CredentialsError(
            "the Toggl token is no workspace admin's: it sees its owner's own time only. Use an admin's for a team's "
            "report; if it is your own time that you want, set toggl.everyone: false in params.yaml"
        )
    return Directory(
        account=account,
        fetched_as_of=str(as_of),
        workspace=str(workspace.get("name") or f"Workspace {account.workspace_id}"),
        people=_sorted_people(_members(toggl)),
        projects=[
            Project(
                id=row["id"], name=row["name"], client_id=row.get("client_id"), active=bool(row.get("active", True))
            )
            for row in _by_id(toggl.projects())
        ],
        clients=[
            Client(id=row["id"], name=row["name"], archived=bool(row.get("archived")))
            for row in _by_id(toggl.clients())
        ],
        tags=[Tag(id=row["id"], name=row["name"]) for row in _by_id(toggl.tags())],
        tasks=[
            Task(id=row["id"], name=row["name"], project_id=row.get("project_id"), active=bool(row.get("active", True)))
            for row in _by_id(_tasks(toggl))
        ],
    )


def with_departed(directory: Directory, toggl: Toggl, seen: dict[int, dict[str, Any]]) -> Directory:
    """The directory with those people of `seen` (a row of theirs by user id) that no list of members holds any more.

    They are looked up in one question; who is not found even so keeps the name that the row carries.
    """
    unknown = unknown_people(directory, seen)
    found = {row["id"]: row for row in (toggl.users_by_id(unknown) if unknown else [])}
    departed = [
        Person(
            user_id=id_,
            name=found.get(id_, {}).get("fullname") or seen[id_].get("username") or f"User {id_}",
            email=found.get(id_, {}).get("email") or seen[id_].get("email") or None,
            active=False,
        )
        for id_ in unknown
    ]
    return msgspec.structs.replace(directory, people=_sorted_people([*directory.people, *departed]))


def unknown_people(directory: Directory, ids: Iterable[int]) -> list[int]:
    """The user ids that the directory has no name for."""
    return sorted(set(ids) - {person.user_id for person in directory.people})


def _members(toggl: Toggl) -> list[Person]:
    """From the memberships, which have time zones; from the plain list where the token may not see those."""
    try:
        rows = toggl.members()
    except (CredentialsError, PlanLacksFeature, RequestRefused):
        return [_person(row, row["id"]) for row in toggl.users()]
    return [_person(row, row["uid"]) for row in rows]


def _person(row: dict[str, Any], user_id: int) -> Person:
    return Person(
        user_id=user_id,
        name=row.get("name") or row.get("fullname") or row.get("email") or f"User {user_id}",
        email=row.get("email") or None,
        timezone=row.get("timezone") or None,
        active=not row.get("inactive", False),
    )


def _tasks(toggl: Toggl) -> list[dict[str, Any]]:
    try:
        return toggl.tasks()
    except PlanLacksFeature:
        return []


def _by_id(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["id"]))


def _sorted_people(people: list[Person]) -> list[Person]:
    return sorted(people, key=lambda person: person.user_id)
