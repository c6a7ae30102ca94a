"""Toggl's APIs: authentication and quota first, then the answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.quota import Quota
from timeweave.sandbox.team import ORGANIZATION_ID, WORKSPACE_ID, Person
from timeweave.sandbox.toggl import lists
from timeweave.sandbox.toggl.report import Reports
from timeweave.sandbox.toggl.responses import Refusal, authenticate, empty_reply, reply
from timeweave.sandbox.world import World

_WORKSPACE = re.compile(r"/api/v9/workspaces/(\w+)(/\w+)?")
_REPORT = re.compile(r"/reports/api/v3/workspace/(\w+)(/.+)")


class TogglApi:
    """Serves one world."""

    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self._world, self._behaviour = world, behaviour
        self._quota, self._own_quota = Quota(behaviour), Quota(behaviour, is_own=True)
        self._reports = Reports(world, behaviour)

    def reset(self) -> None:
        """Give back the spent quota."""
        self._quota.reset()
        self._own_quota.reset()

    def respond(self, request: Request) -> Response:
        """The answer to a request."""
        own = request.path.startswith("/api/v9/me") or request.path == "/api/v9/workspaces"
        quota = self._own_quota if own else self._quota
        try:
            person, admin = authenticate(request, self._world.people)
            if not quota.spend():
                when = f"Your quota will reset in {quota.resets_in} seconds."
                raise Refusal(402, f"You have hit your hourly limit for API calls. {when}")
            response = self._answer(request, person, admin)
        except Refusal as refusal:
            response = refusal.response
        response.headers.update(quota.headers)
        return response

    def _answer(self, request: Request, person: Person, admin: bool) -> Response:
        if request.method == "GET" and (match := _WORKSPACE.fullmatch(request.path)):
            return self._list(request, match, admin)
        if request.method == "POST" and (match := _REPORT.fullmatch(request.path)):
            return self._report(request, match, person, admin)
        match request.method, request.path.removeprefix("/api/v9"):
            case "GET", "/me":
                return reply(lists.me(person))
            case "GET", "/me/logged":
                return empty_reply()
            case "GET", "/me/quota":
                return reply(self._quotas())
            case "GET", "/me/workspaces" | "/workspaces":
                return reply([lists.workspace(admin)])
        raise _unknown()

    def _list(self, request: Request, match: re.Match[str], admin: bool) -> Response:
        """What the workspace has of one kind."""
        answers: Mapping[str | None, Callable[[], Response]] = {
            None: lambda: reply(lists.workspace(admin)),
            "/users": lambda: reply(lists.users(self._world)),
            "/workspace_users": lambda: reply(lists.workspace_users(self._world)),
            "/projects": lambda: lists.project_rows(request, self._behaviour),
            "/clients": lambda: lists.client_rows(request, self._behaviour),
            "/tags": lambda: lists.tag_rows(request, self._behaviour),
            "/tasks": lambda: lists.task_rows(request, self._behaviour),
        }
        if match[2] not in answers:
            raise _unknown()
        if match[1] != str(WORKSPACE_ID) or (match[2] == "/workspace_users" and not admin):
            raise Refusal(403, "User does not have access to this resource.")
        return answers[match[2]]()

    def _report(self, request: Request, match: re.Match[str], person: Person, admin: bool) -> Response:
        """What a report, or a list of the Reports API, says to the body."""
        reports = {
            "/search/time_entries": self._reports.page,
            "/search/time_entries/totals": self._reports.totals,
            "/summary/time_entries": self._reports.summary,
        }
        users = {"/search/users": lists.found_users, "/filters/users": lists.filtered_users}
        if match[2] not in (reports | users):
            raise _unknown()
        if match[1] != str(WORKSPACE_ID):
            raise Refusal(403, "Workspace not found/accessible")
        try:
            body = request.json()
        except ValueError:
            body = None
        if match[2] in reports:
            return reports[match[2]](body, None if admin else person, person)
        _check_ids(body, may_be_empty=match[2] == "/filters/users")
        return reply(users[match[2]](self._world, body))

    def _quotas(self) -> list[dict[str, int | None]]:
        return [
            {"organization_id": organization, "remaining": quota.remaining, "total": quota.total,
             "resets_in_secs": quota.resets_in}
            for organization, quota in ((None, self._own_quota), (ORGANIZATION_ID, self._quota))
        ]  # fmt: skip


def _check_ids(body: Any, may_be_empty: bool) -> None:
    if not isinstance(body, dict) or not (body or may_be_empty):
        raise Refusal(400, "At least one parameter must be set")
    if len(body.get("ids") or []) > 100:
        raise Refusal(400, "Maximum count of posted IDs is 100")


def _unknown() -> Refusal:
    return Refusal(404, "Resource can not be found")
