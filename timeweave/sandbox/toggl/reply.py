"""Answers as Toggl words them: JSON strings for refusals, quota headers on all, and who is asking."""

import base64
import binascii
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from timeweave.sandbox import team
from timeweave.sandbox.team import Person

OK_HEADERS = {"X-Service-Level": "GREEN"}


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, text: str | None, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        self.response: Response = Response(b"", status, headers) if text is None else _json(text, status, headers or {})


def reply(content: Any, headers: dict[str, str] | None = None) -> Response:
    """JSON in UTF-8 with Toggl's usual headers."""
    return _json(content, 200, {**OK_HEADERS, **(headers or {})})


def caller(request: HttpRequest, people: tuple[Person, ...]) -> tuple[Person, bool]:
    """Who asks, by basic authentication with an API token, and whether they are an admin of the workspace."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if not coded:
        raise Refusal(401, None, {"X-Authorization-Missing": "true"})
    try:
        token, _, word = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        token, word = "", ""
    if kind.lower() == "basic" and word == "api_token":
        if token == team.TOGGL_TOKEN:
            return people[0], True
        if token == team.TOGGL_MEMBER_TOKEN and len(people) > 1:
            return people[1], False
    raise Refusal(403, "Incorrect username and/or password")


def _json(content: Any, status: int, headers: dict[str, str]) -> Response:
    return JSONResponse(content, status, {**headers, "Content-Type": "application/json; charset=utf-8"})
