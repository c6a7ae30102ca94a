"""Answers as Toggl words them: JSON strings for refusals, and who is asking."""

import base64
import binascii
from typing import Any

from timeweave.sandbox import team
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.team import Person

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_OK = {"X-Service-Level": "GREEN"}


class Refusal(Exception):
    """An answer other than 200; without a text its body is empty."""

    def __init__(self, status: int, text: str | None, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        more = headers or {}
        self.response = Response(b"", status, more) if text is None else Response.of_json(text, status, _JSON | more)


def reply(content: Any, headers: dict[str, str] | None = None) -> Response:
    """JSON in UTF-8 with Toggl's usual headers."""
    return Response.of_json(content, 200, _OK | (headers or {}) | _JSON)


def empty_reply() -> Response:
    """A 200 that says nothing."""
    return Response(b"", headers=dict(_OK))


def authenticate(request: Request, people: tuple[Person, ...]) -> tuple[Person, bool]:
    """Who asks, by basic authentication with an API token, and whether they are an admin of the workspace."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if not coded:
        raise Refusal(401, None, {"X-Authorization-Missing": "true"})
    try:
        token, _, password = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        token, password = "", ""
    if kind.lower() == "basic" and password == "api_token":  # noqa: S105 - what Toggl expects in place of a password
        if token == team.TOGGL_TOKEN:
            return people[0], True
        if token == team.TOGGL_MEMBER_TOKEN and len(people) > 1:
            return people[1], False
    raise Refusal(403, "Incorrect username and/or password")
