"""Toggl API v9: who asks, the workspace, and its lists of names; lists.json holds what all records of a kind share."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from timeweave.sandbox import projects
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.team import Person
from timeweave.sandbox.toggl.responses import Refusal, reply
from timeweave.sandbox.world import World

MEMBERSHIP = 40_000_000
"""Membership ids are not user ids: whoever mixes them up finds nobody."""
_RECORDS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))


def me(person: Person) -> dict[str, Any]:
    """The caller's profile, without the secrets that the real one holds."""
    known = {"id": person.user_id, "email": person.email, "fullname": person.name, "timezone": person.timezone}
    return _RECORDS["me"] | known | {"toggl_accounts_id": f"sandbox-{person.user_id}"}


def workspace(admin: bool) -> dict[str, Any]:
    """The one workspace."""
    return _RECORDS["workspace"] | {"admin": admin, "role": "admin" if admin else "user"}


def users(world: World) -> list[dict[str, Any]]:
    """`/workspaces/{id}/users`: ids are those of time entries; deactivated people are not among them."""
    return [
        _RECORDS["user"] | {"id": p.user_id, "fullname": p.name, "email": p.email, "is_admin": p.is_admin}
        for p in world.people if not p.has_left(world.as_of)
    ]  # fmt: skip


def workspace_users(world: World) -> list[dict[str, Any]]:
    """`/workspaces/{id}/workspace_users`: memberships, the only list with time zones."""
    return [
        _RECORDS["workspace_user"] | {
            "id": MEMBERSHIP + number, "uid": p.user_id, "name": p.name, "email": p.email, "timezone": p.timezone,
            "admin": p.is_admin, "role": "admin" if p.is_admin else "user",
        }
        for number, p in enumerate(world.people, 1) if not p.has_left(world.as_of)
    ]  # fmt: skip


def found_users(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    """`search/users`: departed people too, unless the body asks otherwise."""
    found = []
    for number, person in _find(world, body, body.get("active")):
        gone = person.left if person.has_left(world.as_of) else None
        found.append(_RECORDS["found_user"] | {
            "id": person.user_id, "email": person.email, "fullname": person.name, "active": gone is None,
            "deactivated": gone is not None, "workspace_user_id": MEMBERSHIP + number,
            "deleted_at": gone and datetime(gone.year, gone.month, gone.day, 18, tzinfo=UTC).isoformat(),
        })  # fmt: skip
    return found


def filtered_users(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    """`filters/users`: names by id, active people's unless the body asks otherwise."""
    return [{"id": p.user_id, "name": p.name} for _, p in _find(world, body, body.get("active", True))]


def _find(world: World, body: dict[str, Any], active: bool | None) -> Iterator[tuple[int, Person]]:
    """The people whom the ids, the first id (`start`) and the state fit, with their place in the team."""
    for number, person in enumerate(world.people, 1):
        wanted = not body.get("ids") or person.user_id in body["ids"]
        if wanted and person.user_id >= (body.get("start") or 0) and active in (None, not person.has_left(world.as_of)):
            yield number, person


def project_rows(request: Request, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/projects`: active ones unless asked otherwise, in pages that announce no end."""
    archived = {"true": (False,), "false": (True,), "both": (False, True)}.get(request.query.get("active", "true"))
    if archived is None:
        raise Refusal(400, "Invalid 'active' value, allowed values are: 'true', 'false', 'both'")
    rows = [
        _RECORDS["project"] | {
            "id": p.id, "client_id": p.client_id, "name": p.name, "active": not p.archived, "color": p.color,
            "billable": p.billable, "status": "archived" if p.archived else "active", "cid": p.client_id,
        }
        for p in projects.PROJECTS if p.archived in archived
    ]  # fmt: skip
    shown, page, size = _page(rows, request, 151, 200)
    return reply(_or_null(shown, behaviour), {"X-Page": str(page), "X-Page-Size": str(size)})


def client_rows(request: Request, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/clients`: active ones unless asked otherwise, unpaged."""
    states = {"active": (False,), "archived": (True,), "both": (False, True)}
    archived = states.get(request.query.get("status", "active"))
    if archived is None:
        raise Refusal(400, "Client status is invalid")
    found = (client for client in projects.CLIENTS if client.archived in archived)
    rows = [_RECORDS["client"] | {"id": c.id, "archived": c.archived, "name": c.name} for c in found]
    return reply(_or_null(rows, behaviour))


def tag_rows(request: Request, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/tags`."""
    rows = [_RECORDS["tag"] | {"id": tag, "name": name} for tag, name in projects.TAGS.items()]
    return reply(_or_null(_page(rows, request)[0], behaviour))


def task_rows(request: Request, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/tasks`: an object around the list; a paid feature."""
    if behaviour.tasks_need_plan:
        raise Refusal(402, "Tasks are available only for premium plans")
    rows = [_RECORDS["task"] | vars(task) for task in projects.TASKS]
    shown, page, size = _page(rows, request)
    data = {
        "data": _or_null(shown, behaviour),
        "page": page,
        "per_page": size,
        "sort_field": "name",
        "sort_order": "ASC",
    }
    return reply(data | {"total_count": len(rows)})


def _page(rows: list[Any], request: Request, default: int = 50, most: int | None = None) -> tuple[list[Any], int, int]:
    """The rows of the page that is asked for, its number and its size."""
    page, size = (
        max(1, int(value)) if (value := request.query.get(name, "")).isdecimal() else otherwise
        for name, otherwise in (("page", 1), ("per_page", default))
    )
    size = min(size, most or size)
    return rows[(page - 1) * size : page * size], page, size


def _or_null(rows: list[Any], behaviour: Behaviour) -> list[Any] | None:
    return rows or (None if behaviour.null_lists else [])
