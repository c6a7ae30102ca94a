"""The directory: people, projects, clients, tags and tasks by id, the archived and the departed included."""

from typing import Any

from timeweave.models.directory import Account, Client, Directory, Person, Project, Tag, Task
from timeweave.runtime.errors import CredentialsError
from timeweave.toggl.client import PlanLacksFeature
from timeweave.toggl.known_names import Departed
from timeweave.toggl.workspace import Toggl
from timeweave.web.client import RequestRefused


def fetch_lists(toggl: Toggl, account: Account, everyone: bool = False) -> Directory:
    """All lists as they are now. `everyone`: refuse a token that says of itself that it is no workspace admin's."""
    workspace = toggl.workspace()
    if everyone and workspace.get("admin") is False:
        raise CredentialsError(
            "the Toggl token is no workspace admin's: it sees its owner's own time only. Use an admin's for a team's "
            "report; if it is your own time that you want, set toggl.everyone: false in params.yaml"
        )
    return Directory(
        account=account,
        workspace=str(workspace.get("name") or f"Workspace {account.workspace_id}"),
        people=sorted(_members(toggl), key=lambda person: person.user_id),
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


def look_up(toggl: Toggl, ids: list[int]) -> list[Departed]:
    """What Toggl says of people whom no list holds, in one question; every id has its answer."""
    found = {row["id"]: row for row in (toggl.users_by_id(ids) if ids else [])}
    told = ((id_, found.get(id_, {})) for id_ in ids)
    return [
        Departed(user_id=id_, name=row.get("fullname") or None, email=row.get("email") or None) for id_, row in told
    ]


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
