"""Trouble on the way: an ASGI layer that delays, refuses, cuts and counts."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.chance import fraction, pick
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
        self.reset()

    def reset(self) -> None:
        """Begin the random faults and delays anew, and forget how fast was asked."""
        self._rates = {"toggl": Rate(), "fibery": Rate(), "llm": Rate()}
        self._asked: Counter[str] = Counter()
        self._in_a_row: Counter[str] = Counter()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one request."""
        service = service_of(scope.get("path", "")) if scope["type"] == "http" else None
        if service is None:
            await self._app(scope, receive, send)
            return
        record = Request(service, scope["method"], scope["path"], time.monotonic())
        self._requests.append(record)
        body = await _body(receive)
        # What befalls a request follows from what it asks and how often it was asked, not from who came first.
        digest = sha256(
            b"\0".join((scope["method"].encode(), scope["raw_path"], scope["query_string"], body))
        ).hexdigest()
        self._asked[digest] += 1

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status, record.answered = message["status"], time.monotonic()
            await send(message)

        await self._wait(digest)
        fault = self._next(service, digest)
        if fault == "reset":
            record.answered = time.monotonic()
            self._hang_up(scope["client"], False)
        elif fault == "cut":
            await self._app(scope, _again(body, receive), self._cut(noted, scope["client"]))
        elif fault:
            await _refusal(fault, service)(scope, receive, noted)
        else:
            await self._app(scope, _again(body, receive), noted)

    async def _wait(self, digest: str) -> None:
        latency = self._behaviour.latency
        if self._behaviour.latency_seed is not None:
            latency *= fraction(self._behaviour.latency_seed, digest, self._asked[digest], "delay")
        if latency:
            await asyncio.sleep(latency)

    def _next(self, service: str, digest: str) -> str | None:
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
        draw = (behaviour.fault_seed, digest, self._asked[digest])
        if (
            behaviour.faults
            and self._in_a_row[digest] < behaviour.most_in_a_row
            and fraction(*draw) < behaviour.fault_rate
        ):
            self._in_a_row[digest] += 1
            return pick(behaviour.faults, *draw, "kind")
        self._in_a_row[digest] = 0
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


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _refusal(fault: str, service: str) -> Response:
    if fault == "429" and service == "fibery":
        return PlainTextResponse("Too Many Requests", 429)
    if fault == "500" and service == "fibery":
        return JSONResponse({"name": "internal-error", "message": "Internal Server Error", "data": {}}, 500)
    if fault == "500":
        return JSONResponse("Internal Server Error", 500, {"Content-Type": "application/json; charset=utf-8"})
    words = {
        "429": "429 Too Many Requests", "502": "502 Bad Gateway", "503": "503 Service Unavailable",
        "504": "504 Gateway Timeout",
    }[fault]  # fmt: skip
    return Response(_HTML.format(words), int(fault), media_type="text/html")
