"""Fibery's API: commands in envelopes, the schema with its tag, documents by secret."""

from typing import Any

from timeweave.sandbox import team
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.fibery import documents, schema_response
from timeweave.sandbox.fibery.commands import Commands
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.world import World

_KEYS = {team.FIBERY_TOKEN: False, team.FIBERY_LIMITED_TOKEN: True}
"""Whether secured fields are closed to a key."""


class FiberyApi:
    """Serves one world."""

    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self._world, self._behaviour = world, behaviour

    def respond(self, request: Request) -> Response:
        """The answer to a request."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme not in ("Token", "Bearer") or key not in _KEYS:
            return Response.of_text("Unauthorized", 401)
        match request.method, request.path.split("/")[2:]:
            case "POST", ["commands"]:
                return self._run(request, _KEYS[key])
            case "GET", ["schema"]:
                return _schema(request)
            case "POST", ["documents", "commands"]:
                return self._documents(request)
            case "GET", ["documents", secret]:
                return self._document(request, secret)
        return Response.of_text("Not Found", 404)

    def _run(self, request: Request, limited: bool) -> Response:
        try:
            body = request.json()
        except ValueError:
            return _error(500, "malformed-json", "Malformed JSON in the request")
        commands = Commands(self._world, self._behaviour, limited)
        if isinstance(body, list):
            return Response.of_json([commands.envelope(command, place) for place, command in enumerate(body)])
        if not commands.knows(body):
            return _error(500, "unknown-command", "Unknown command")
        return Response.of_json(commands.envelope(body))

    def _document(self, request: Request, secret: str) -> Response:
        if request.query.get("format", "md") != "md":
            return _only_markdown()
        content = documents.markdown(self._world.workspace, secret)
        if content is None:
            return _error(404, "not-found", "Document was not found")
        return Response.of_json({"secret": secret, "content": content})

    def _documents(self, request: Request) -> Response:
        try:
            body: Any = request.json()
        except ValueError:
            return _error(500, "malformed-json", "Malformed JSON in the request")
        if not isinstance(body, dict) or body.get("command") != "get-documents":
            return _error(403, "forbidden", "The sandbox is read-only: get-documents is the only command")
        if request.query.get("format", "md") != "md":
            return _only_markdown()
        secrets = [arg["secret"] if isinstance(arg, dict) else arg for arg in body.get("args", [])]
        found = ((secret, documents.markdown(self._world.workspace, secret)) for secret in secrets)
        # In no order that was asked for: who matches by place instead of by secret mixes texts up.
        return Response.of_json(
            [{"secret": secret, "content": content} for secret, content in sorted(found) if content is not None]
        )


def _schema(request: Request) -> Response:
    with_deleted = request.query.get("with-soft-deleted", "true") == "true"
    tag = schema_response.etag(with_deleted)
    if request.headers.get("if-none-match") == tag:
        return Response(b"", 304, {"ETag": tag})
    return Response.of_json(schema_response.whole(with_deleted), headers={"ETag": tag})


def _only_markdown() -> Response:
    return _error(400, "bad-request", "The sandbox keeps Markdown only: ask for format=md")


def _error(status: int, name: str, message: str) -> Response:
    return Response.of_json({"name": name, "message": message, "data": {}}, status)
