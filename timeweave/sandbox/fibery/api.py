"""The routes of Fibery's API: commands in envelopes, the schema with its tag, documents by secret."""

from json import JSONDecodeError
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from timeweave.sandbox import team
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.fibery import attachments, schema
from timeweave.sandbox.fibery.commands import Commands
from timeweave.sandbox.world import World


class FiberyApi:
    """Serves one world."""

    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self.world, self.behaviour = world, behaviour

    def routes(self) -> list[Route]:
        """All paths there are."""
        return [
            Route("/api/commands", self._commands, methods=["POST"]),
            Route("/api/schema", self._schema),
            Route("/api/documents/commands", self._documents, methods=["POST"]),
            Route("/api/documents/{secret}", self._document),
        ]

    async def _commands(self, request: HttpRequest) -> Response:
        limited = _limited(request)
        if limited is None:
            return PlainTextResponse("Unauthorized", 401)
        try:
            body = await request.json()
        except (JSONDecodeError, UnicodeDecodeError):
            return JSONResponse({"name": "malformed-json", "message": "Malformed JSON in the request", "data": {}}, 500)
        commands = Commands(self.world, self.behaviour, limited)
        if not isinstance(body, list):
            if not commands.knows(body):
                return JSONResponse({"name": "unknown-command", "message": "Unknown command", "data": {}}, 500)
            return JSONResponse(commands.envelope(body))
        return JSONResponse([commands.envelope(command, place) for place, command in enumerate(body)])

    async def _schema(self, request: HttpRequest) -> Response:
        if _limited(request) is None:
            return PlainTextResponse("Unauthorized", 401)
        with_deleted = request.query_params.get("with-soft-deleted", "true") == "true"
        tag = schema.etag(with_deleted)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return JSONResponse(schema.schema(with_deleted), headers={"ETag": tag})

    async def _document(self, request: HttpRequest) -> Response:
        if _limited(request) is None:
            return PlainTextResponse("Unauthorized", 401)
        if request.query_params.get("format", "md") != "md":
            return _only_markdown()
        secret = request.path_params["secret"]
        content = attachments.markdown(self.world.workspace, secret)
        if content is None:
            return JSONResponse({"name": "not-found", "message": "Document was not found", "data": {}}, 404)
        return JSONResponse({"secret": secret, "content": content})

    async def _documents(self, request: HttpRequest) -> Response:
        if _limited(request) is None:
            return PlainTextResponse("Unauthorized", 401)
        try:
            body: Any = await request.json()
        except (JSONDecodeError, UnicodeDecodeError):
            return JSONResponse({"name": "malformed-json", "message": "Malformed JSON in the request", "data": {}}, 500)
        if not isinstance(body, dict) or body.get("command") != "get-documents":
            message = "The sandbox is read-only: get-documents is the only command"
            return JSONResponse({"name": "forbidden", "message": message, "data": {}}, 403)
        if request.query_params.get("format", "md") != "md":
            return _only_markdown()
        secrets = [arg["secret"] if isinstance(arg, dict) else arg for arg in body.get("args", [])]
        contents = ((secret, attachments.markdown(self.world.workspace, secret)) for secret in secrets)
        # In no order that was asked for: who matches by place instead of by secret mixes texts up.
        return JSONResponse(
            [{"secret": secret, "content": content} for secret, content in sorted(contents) if content is not None]
        )


def _only_markdown() -> Response:
    message = "The sandbox keeps Markdown only: ask for format=md"
    return JSONResponse({"name": "bad-request", "message": message, "data": {}}, 400)


def _limited(request: HttpRequest) -> bool | None:
    """Whether the key may not read secured fields; None where it is no key at all."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind not in ("Token", "Bearer"):
        return None
    return {team.FIBERY_TOKEN: False, team.FIBERY_LIMITED_TOKEN: True}.get(key)
