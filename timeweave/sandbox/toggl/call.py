"""A call of Toggl's APIs: who asks what, and refusals as Toggl words them, as JSON strings."""

import base64
import binascii
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from timeweave.sandbox import company
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.world import World

_JSON = {"Content-Type": "application/json; charset=utf-8"}


@dataclass
class Call:
    world: World
    behaviour: Behaviour
    request: Request
    person: company.Person
    admin: bool

    @cached_property
    def body(self) -> Any:
        """The body; None where it is not JSON."""
        try:
            return self.request.json()
        except ValueError:
            return None


class Refusal(Exception):
    """An answer other than 200; without a text its body is empty."""

    def __init__(self, status: int, text: str | None, headers: dict[str, str] | None = None) -> None:
        super().__init__(text)
        more = headers or {}
        self.response = Response(b"", status, more) if text is None else Response.of_json(text, status, _JSON | more)


def reply(content: Any, headers: dict[str, str] | None = None) -> Response:
    return Response.of_json(content, 200, {"X-Service-Level": "GREEN"} | (headers or {}) | _JSON)


def authenticate(request: Request, people: tuple[company.Person, ...]) -> tuple[company.Person, bool]:
    """Who asks, by basic authentication with an API token, and whether they are an admin of the workspace."""
    kind, _, coded = request.headers.get("authorization", "").partition(" ")
    if not coded:
        raise Refusal(401, None, {"X-Authorization-Missing": "true"})
    try:
        credentials = base64.b64decode(coded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        credentials = ""
    for person, token in zip(people, (company.TOGGL_TOKEN, company.TOGGL_MEMBER_TOKEN), strict=False):
        if kind.lower() == "basic" and credentials == f"{token}:api_token":
            return person, token == company.TOGGL_TOKEN
    raise Refusal(403, "Incorrect username and/or password")
