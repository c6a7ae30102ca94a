"""The routes of Toggl's APIs: authentication and quota first, then the answer."""

from collections.abc import Callable
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.quota import Quota
from timeweave.sandbox.team import ORGANIZATION_ID, WORKSPACE_ID, Person
from timeweave.sandbox.toggl import lists
from timeweave.sandbox.toggl.reply import OK_HEADERS, Refusal, caller, reply
from timeweave.sandbox.toggl.report import Report
from timeweave.sandbox.world import World

V9, V3 = "/api/v9", "/reports/api/v3/workspace/{wid}"


class TogglApi:
    """Serves one world."""

    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self.world, self.behaviour = world, behaviour
        self.quota, self.own_quota = Quota(behaviour), Quota(behaviour, own=True)

    def routes(self) -> list[Route]:
        """All paths there are; others are 404."""
        mine: dict[str, Callable[[Person, bool], Any]] = {
            "/me": lambda person, _: lists.me(person), "/me/workspaces": lambda _, admin: [lists.workspace(admin)],
            "/workspaces": lambda _, admin: [lists.workspace(admin)], "/me/quota": lambda *_: self._quotas(),
        }  # fmt: skip
        gets: dict[str, Callable[[HttpRequest, bool], Response]] = {
            "": lambda _, admin: reply(lists.workspace(admin)),
            "/users": lambda *_: reply(lists.users(self.world)),
            "/workspace_users": lambda _, admin: reply(lists.workspace_users(self.world)) if admin else _closed(),
            "/projects": lambda request, _: lists.project_rows(request, self.behaviour),
            "/clients": lambda request, _: lists.client_rows(request, self.behaviour),
            "/tags": lambda request, _: lists.tag_rows(request, self.behaviour),
            "/tasks": lambda request, _: lists.task_rows(request, self.behaviour),
        }
        reports: dict[str, Callable[[Report], Response]] = {
            "/search/time_entries": Report.page, "/search/time_entries/totals": Report.totals,
            "/summary/time_entries": Report.summary,
        }  # fmt: skip
        return [
            *(Route(V9 + path, self._mine(answer)) for path, answer in mine.items()),
            Route(f"{V9}/me/logged", self._mine(lambda *_: None, empty=True)),
            *(Route(f"{V9}/workspaces/{{wid}}{path}", self._get(answer)) for path, answer in gets.items()),
            *(Route(V3 + path, self._post(answer), methods=["POST"]) for path, answer in reports.items()),
            Route(f"{V3}/search/users", self._listed(lists.found_users, empty=False), methods=["POST"]),
            Route(f"{V3}/filters/users", self._listed(lists.filtered_users, empty=True), methods=["POST"]),
            Route("/api/v9/{rest:path}", self._unknown),
            Route("/reports/{rest:path}", self._unknown, methods=["GET", "POST"]),
        ]

    def _mine(self, answer: Callable[[Person, bool], Any], empty: bool = False) -> Callable[[HttpRequest], Any]:
        async def endpoint(request: HttpRequest) -> Response:
            nothing = Response(b"", headers=OK_HEADERS)
            return self._guarded(request, self.own_quota, lambda p, a: nothing if empty else reply(answer(p, a)))

        return endpoint

    def _get(self, answer: Callable[[HttpRequest, bool], Response]) -> Callable[[HttpRequest], Any]:
        async def endpoint(request: HttpRequest) -> Response:
            def served(_: Person, admin: bool) -> Response:
                _check(request, "User does not have access to this resource.")
                return answer(request, admin)

            return self._guarded(request, self.quota, served)

        return endpoint

    def _post(self, answer: Callable[[Report], Response]) -> Callable[[HttpRequest], Any]:
        async def endpoint(request: HttpRequest) -> Response:
            body = await _json(request)

            def served(person: Person, admin: bool) -> Response:
                _check(request, "Workspace not found/accessible")
                return answer(Report(self.world, self.behaviour, person, admin, body))

            return self._guarded(request, self.quota, served)

        return endpoint

    def _listed(self, find: Callable[[World, dict[str, Any]], Any], empty: bool) -> Callable[[HttpRequest], Any]:
        """Users by what the body asks; `empty` where it may ask nothing."""

        async def endpoint(request: HttpRequest) -> Response:
            body = await _json(request)

            def served(*_: object) -> Response:
                _check(request, "Workspace not found/accessible")
                if not isinstance(body, dict) or not (body or empty):
                    raise Refusal(400, "At least one parameter must be set")
                if len(body.get("ids") or []) > 100:
                    raise Refusal(400, "Maximum count of posted IDs is 100")
                return reply(find(self.world, body))

            return self._guarded(request, self.quota, served)

        return endpoint

    async def _unknown(self, request: HttpRequest) -> Response:
        def served(*_: object) -> Response:
            raise Refusal(404, "Resource can not be found")

        return self._guarded(request, self.quota, served)

    def _guarded(self, request: HttpRequest, quota: Quota, answer: Callable[[Person, bool], Response]) -> Response:
        try:
            person, admin = caller(request, self.world.people)
            if not quota.spend():
                words = (
                    f"You have hit your hourly limit for API calls. Your quota will reset in {quota.resets_in} seconds."
                )
                raise Refusal(402, words)
            response = answer(person, admin)
        except Refusal as refusal:
            response = refusal.response
        response.headers.update(quota.headers)
        return response

    def _quotas(self) -> list[dict[str, int | None]]:
        return [
            {"organization_id": organization, "remaining": quota.remaining, "total": quota.total,
             "resets_in_secs": quota.resets_in}
            for organization, quota in ((None, self.own_quota), (ORGANIZATION_ID, self.quota))
        ]  # fmt: skip


def _check(request: HttpRequest, words: str) -> None:
    if request.path_params["wid"] != str(WORKSPACE_ID):
        raise Refusal(403, words)


def _closed() -> Response:
    raise Refusal(403, "User does not have access to this resource.")


async def _json(request: HttpRequest) -> Any:
    try:
        return await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        return None
