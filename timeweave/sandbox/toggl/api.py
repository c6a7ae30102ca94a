"""Toggl's APIs: authentication and quota first, then the answer."""

import re
import time
from collections.abc import Callable

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import ORGANIZATION_ID, WORKSPACE_ID
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.toggl import lists, report
from timeweave.sandbox.toggl.call import Call, Refusal, authenticate, reply
from timeweave.sandbox.world import World

_V9, _V3 = "GET /api/v9", "POST /reports/api/v3/workspace/{}"
_LISTS = f"{_V9}/workspaces/{{}}"
_ROUTES: dict[str, Callable[[Call], Response]] = {
    f"{_V9}/me": lists.me,
    f"{_V9}/me/logged": lambda call: Response(b"", headers={"X-Service-Level": "GREEN"}),
    f"{_V9}/me/time_entries": lists.my_time_entries,
    f"{_V9}/me/time_entries/current": lists.my_running_entry,
    f"{_V9}/me/workspaces": lambda call: reply([lists.workspace(call)]),
    f"{_V9}/workspaces": lambda call: reply([lists.workspace(call)]),
    _LISTS: lambda call: reply(lists.workspace(call)),
    f"{_LISTS}/users": lambda call: reply([lists.record("user", one) for one in call.world.members]),
    f"{_LISTS}/workspace_users": lists.workspace_users,
    f"{_LISTS}/projects": lists.projects,
    f"{_LISTS}/clients": lists.clients,
    f"{_LISTS}/tags": lists.tags,
    f"{_LISTS}/tasks": lists.tasks,
    f"{_V3}/search/users": lists.found_users,
    f"{_V3}/filters/users": lists.filtered_users,
    f"{_V3}/search/time_entries": report.page,
    f"{_V3}/search/time_entries/totals": report.totals,
    f"{_V3}/summary/time_entries": report.summary,
}
_WORKSPACE = re.compile(r"(?<=/workspaces/)\w+|(?<=/workspace/)\w+")


class Quota:
    """A window opens with the first request and lasts for its time, then the next request opens another."""

    def __init__(self, behaviour: Behaviour, *, own: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """`own`: the quota of the user alone, smaller than that of the organization."""
        self._behaviour, self._own, self._clock = behaviour, own, clock
        self.reset()

    def reset(self) -> None:
        self._opened, self._used = 0.0, 0

    def spend(self) -> bool:
        """Take one request; False where nothing is left."""
        now, total = self._clock() + self._behaviour.clock_offset, self.state["total"]
        if self._used == 0 or now - self._opened >= self._behaviour.quota_window:
            self._opened, self._used = now, 0
        if total is not None and self._used >= total:
            return False
        self._used += 1
        return True

    @property
    def state(self) -> dict[str, int | None]:
        """Requests left, requests granted (None where quotas are off), whole seconds until the window is over."""
        granted, window = self._behaviour.quota, self._behaviour.quota_window
        total = self._behaviour.own_quota if self._own and granted is not None else granted
        passed = self._clock() + self._behaviour.clock_offset - self._opened if self._used else 0.0
        left, resets_in = max(0, (total or 0) - self._used), max(0, round(window - passed))
        return {"remaining": left, "total": total, "resets_in_secs": resets_in}


class TogglApi:
    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self._world, self._behaviour = world, behaviour
        self._quotas = {None: Quota(behaviour, own=True), ORGANIZATION_ID: Quota(behaviour)}
        """By organization; None: requests that belong to none."""

    def reset(self) -> None:
        """Give back the spent quota."""
        for quota in self._quotas.values():
            quota.reset()

    def respond(self, request: Request) -> Response:
        own = request.path.startswith("/api/v9/me") or request.path == "/api/v9/workspaces"
        quota = self._quotas[None if own else ORGANIZATION_ID]
        try:
            person, admin = authenticate(request, self._world.people)
            if not quota.spend():
                when = f"Your quota will reset in {quota.state['resets_in_secs']} seconds."
                raise Refusal(402, f"You have hit your hourly limit for API calls. {when}")
            response = self._answer(Call(self._world, self._behaviour, request, person, admin))
        except Refusal as refusal:
            response = refusal.response
        state = quota.state
        if state["total"] is not None:
            names = {"X-Toggl-Quota-Remaining": "remaining", "X-Toggl-Quota-Resets-In": "resets_in_secs"}
            response.headers |= {name: str(state[key]) for name, key in names.items()}
        return response

    def _answer(self, call: Call) -> Response:
        address = f"{call.request.method} {call.request.path}"
        if address == f"{_V9}/me/quota":
            return reply([{"organization_id": one, **quota.state} for one, quota in self._quotas.items()])
        route = _ROUTES.get(_WORKSPACE.sub("{}", address))
        if route is None:
            raise Refusal(404, "Resource can not be found")
        named = _WORKSPACE.search(address)
        if named and named[0] != str(WORKSPACE_ID):
            raise Refusal(403, lists.NO_ACCESS if address.startswith(_V9) else "Workspace not found/accessible")
        return route(call)
