"""Trouble on the way: an ASGI layer that delays, refuses, cuts and counts."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.quota import Rate
from timeweave.sandbox.recorder import Request, service_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_HTML = (
    "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)


class Faults:
    """Wraps the application; every request to one of the APIs is recorded."""

    def __init__(
        self, app: App, behaviour: Behaviour, requests: list[Request], hang_up: Callable[[Any, bool], None]
    ) -> None:
        self._app, self._behaviour, self._requests, self._hang_up = app, behaviour, requests, hang_up
        self._rates = {"toggl": Rate(), "fibery": Rate(), "llm": Rate()}
        self.reset()

    def reset(self) -> None:
        """Begin the random faults and delays anew."""
        self._chance = random.Random(self._behaviour.fault_seed)  # noqa: S311 - reproducible on purpose
        self._delay = random.Random(self._behaviour.latency_seed)  # noqa: S311
        self._in_a_row = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        service = service_of(scope.get("path", "")) if scope["type"] == "http" else None
        if service is None:
            await self._app(scope, receive, send)
            return
        record = Request(service, scope["method"], scope["path"], time.monotonic())
        self._requests.append(record)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status, record.answered = message["status"], time.monotonic()
            await send(message)

        await self._wait()
        fault = self._next(service)
        if fault == "reset":
            record.answered = time.monotonic()
            self._hang_up(scope["client"], False)
        elif fault == "cut":
            await self._app(scope, receive, self._cut(noted, scope["client"]))
        elif fault:
            await _refusal(fault, service)(scope, receive, noted)
        else:
            await self._app(scope, receive, noted)

    async def _wait(self) -> None:
        latency = self._behaviour.latency
        if self._behaviour.latency_seed is not None:
            latency *= self._delay.random()
        if latency:
            await asyncio.sleep(latency)

    def _next(self, service: str) -> str | None:
        """The fault that falls to this request."""
        behaviour = self._behaviour
        limit = {"toggl": behaviour.toggl_per_second, "fibery": behaviour.fibery_per_second}.get(service)
        if not self._rates[service].allows(limit):
            return "429"
        if behaviour.only_service not in (None, service):
            return None
        if behaviour.script:
            fault = behaviour.script.pop(0)
            return None if fault == "ok" else fault
        if (
            behaviour.faults
            and self._in_a_row < behaviour.most_in_a_row
            and self._chance.random() < behaviour.fault_rate
        ):
            self._in_a_row += 1
            return self._chance.choice(behaviour.faults)
        self._in_a_row = 0
        return None

    def _cut(self, send: Send, client: object) -> Send:
        """Send half of the first part of a body, then hang up."""

        async def half(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                await send({**message, "body": body[: len(body) // 2], "more_body": True})
                self._hang_up(client, True)
            else:
                await send(message)

        return half


def _refusal(fault: str, service: str) -> Response:
    if fault == "429" and service == "fibery":
        return PlainTextResponse("Too Many Requests", 429)
    if fault == "500" and service == "fibery":
        return JSONResponse({"name": "internal-error", "message": "Internal Server Error", "data": {}}, 500)
    if fault == "500":
        return JSONResponse("Internal Server Error", 500)
    words = {"429": "429 Too Many Requests", "502": "502 Bad Gateway", "503": "503 Service Unavailable"}[fault]
    return Response(_HTML.format(words), int(fault), media_type="text/html")
