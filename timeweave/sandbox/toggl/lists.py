"""Toggl API v9: who asks, the workspace, and its lists of names."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from timeweave.sandbox import projects
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.team import ORGANIZATION_ID, WORKSPACE_ID, Person
from timeweave.sandbox.toggl.reply import Refusal, reply
from timeweave.sandbox.world import World

MEMBERSHIP = 40_000_000
"""Membership ids are not user ids: whoever mixes them up finds nobody."""
_AT = "2024-03-01T09:00:00+00:00"


def me(person: Person) -> dict[str, Any]:
    """The caller's profile, without the secrets that the real one holds."""
    return {
        "id": person.user_id, "email": person.email, "fullname": person.name, "timezone": person.timezone,
        "default_workspace_id": WORKSPACE_ID, "beginning_of_week": 1, "at": _AT, "created_at": _AT, "updated_at": _AT,
        "toggl_accounts_id": f"sandbox-{person.user_id}", "country_id": None, "has_password": True, "image_url": "",
        "openid_email": None, "openid_enabled": False,
    }  # fmt: skip


def workspace(admin: bool) -> dict[str, Any]:
    """The one workspace."""
    return {
        "id": WORKSPACE_ID, "organization_id": ORGANIZATION_ID, "name": "Heliotrope", "premium": True, "business_ws": False,
        "admin": admin, "role": "admin" if admin else "user", "default_currency": projects.CURRENCY, "rounding": 1,
        "rounding_minutes": 0, "at": _AT, "last_modified": _AT, "max_data_retention_days": None,
    }  # fmt: skip


def users(world: World) -> list[dict[str, Any]]:
    """`/workspaces/{id}/users`: ids are those of time entries; deactivated people are not among them."""
    return [
        {"id": p.user_id, "fullname": p.name, "email": p.email, "is_active": True, "is_admin": p.role == "lead",
         "inactive": False}
        for p in world.people if not p.gone(world.as_of)
    ]  # fmt: skip


def workspace_users(world: World) -> list[dict[str, Any]]:
    """`/workspaces/{id}/workspace_users`: memberships, the only list with time zones."""
    return [
        {"id": MEMBERSHIP + number, "uid": p.user_id, "wid": WORKSPACE_ID, "name": p.name, "email": p.email,
         "timezone": p.timezone, "active": True, "inactive": False, "admin": p.role == "lead",
         "role": "admin" if p.role == "lead" else "user", "group_ids": [], "at": _AT}
        for number, p in enumerate(world.people, 1) if not p.gone(world.as_of)
    ]  # fmt: skip


def found_users(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    """`search/users`: departed people too, unless the body asks otherwise."""
    left = {p.user_id: datetime(p.left.year, p.left.month, p.left.day, 18, tzinfo=UTC) for p in world.people if p.left}
    return [
        {"id": p.user_id, "email": p.email, "fullname": p.name, "active": not p.gone(world.as_of),
         "deactivated": p.gone(world.as_of), "avatar": "", "workspace_user_id": MEMBERSHIP + number,
         "deleted_at": left[p.user_id].isoformat() if p.gone(world.as_of) else None}
        for number, p in enumerate(world.people, 1) if _asked_for(p, world, body, body.get("active"))
    ]  # fmt: skip


def filtered_users(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    """`filters/users`: names by id, active people's unless the body asks otherwise."""
    return [
        {"id": p.user_id, "name": p.name} for p in world.people if _asked_for(p, world, body, body.get("active", True))
    ]


def _asked_for(person: Person, world: World, body: dict[str, Any], active: bool | None) -> bool:
    """Whether the ids, the first id (`start`) and the state that are asked for fit a person."""
    wanted = not body.get("ids") or person.user_id in body["ids"]
    return wanted and person.user_id >= (body.get("start") or 0) and active in (None, not person.gone(world.as_of))


def project_rows(request: HttpRequest, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/projects`: active ones unless asked otherwise, in pages that announce no end."""
    wanted = {"true": (False,), "false": (True,), "both": (False, True)}.get(request.query_params.get("active", "true"))
    if wanted is None:
        raise Refusal(400, "Invalid 'active' value, allowed values are: 'true', 'false', 'both'")
    rows = [_project(p) for p in projects.PROJECTS if p.archived in wanted]
    page, size = max(1, _number(request, "page", 1)), min(max(1, _number(request, "per_page", 151)), 200)
    shown = rows[(page - 1) * size : page * size]
    return reply(_list(shown, behaviour), {"X-Page": str(page), "X-Page-Size": str(size)})


def client_rows(request: HttpRequest, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/clients`: active ones unless asked otherwise, unpaged."""
    wanted = {"active": (False,), "archived": (True,), "both": (False, True)}.get(
        request.query_params.get("status", "active")
    )
    if wanted is None:
        raise Refusal(400, "Client status is invalid")
    rows = [
        {"id": c.id, "wid": WORKSPACE_ID, "archived": c.archived, "name": c.name, "at": _AT, "creator_id": 9100001}
        for c in projects.CLIENTS if c.archived in wanted
    ]  # fmt: skip
    return reply(_list(rows, behaviour))


def tag_rows(request: HttpRequest, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/tags`."""
    rows = [
        {"id": i, "workspace_id": WORKSPACE_ID, "name": n, "at": _AT, "creator_id": 9100001} for i, n in projects.TAGS
    ]
    page, size = max(1, _number(request, "page", 1)), max(1, _number(request, "per_page", 50))
    return reply(_list(rows[(page - 1) * size : page * size], behaviour))


def task_rows(request: HttpRequest, behaviour: Behaviour) -> Response:
    """`/workspaces/{id}/tasks`: an object around the list; a paid feature."""
    if behaviour.tasks_need_plan:
        raise Refusal(402, "Tasks are available only for premium plans")
    rows: list[dict[str, Any]] = [
        {"id": i, "workspace_id": WORKSPACE_ID, "project_id": p, "name": n, "active": True, "at": _AT,
         "estimated_seconds": None, "tracked_seconds": 0, "user_id": None, "server_deleted_at": None, "recurring": False}
        for i, p, n in projects.TASKS
    ]  # fmt: skip
    page, size = max(1, _number(request, "page", 1)), max(1, _number(request, "per_page", 50))
    data = rows[(page - 1) * size : page * size]
    return reply({"data": _list(data, behaviour), "page": page, "per_page": size, "sort_field": "name", "sort_order": "ASC",
                  "total_count": len(rows)})  # fmt: skip


def _list(rows: list[dict[str, Any]], behaviour: Behaviour) -> list[dict[str, Any]] | None:
    return rows or (None if behaviour.null_lists else [])


def _number(request: HttpRequest, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() else default


def _project(p: projects.Project) -> dict[str, Any]:
    client = p.client.id if p.client else None
    return {
        "id": p.id, "workspace_id": WORKSPACE_ID, "client_id": client, "name": p.name, "is_private": False,
        "active": not p.archived, "at": _AT, "created_at": _AT, "server_deleted_at": None, "color": p.color,
        "billable": p.billable, "template": None, "auto_estimates": None, "estimated_hours": None,
        "estimated_seconds": None, "rate": None, "rate_last_updated": None, "currency": projects.CURRENCY,
        "recurring": False, "template_id": None, "recurring_parameters": None, "fixed_fee": None, "actual_hours": None,
        "actual_seconds": None, "start_date": "2024-03-01", "status": "archived" if p.archived else "active",
        "wid": WORKSPACE_ID, "cid": client, "permissions": None,
    }  # fmt: skip
