"""Fibery's API: commands in envelopes, the schema with its tag, documents by secret."""

import re
from dataclasses import replace
from typing import Any

from timeweave.sandbox import company
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.fibery import query, schema, texts
from timeweave.sandbox.fibery.query_context import CommandError, QueryContext
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.world import World

_KEYS = {company.FIBERY_TOKEN: False, company.FIBERY_LIMITED_TOKEN: True}
"""Whether secured fields are closed to a key."""
_COMMANDS = re.compile(
    r"fibery\.(schema/(query|batch)|command/batch|entity/(query|create|update|delete|(add|remove)-collection-items)"
    r"|entity\.batch/create-or-update)"
)
"""What Fibery knows, allowed here or not."""


class FiberyApi:
    def __init__(self, world: World, behaviour: Behaviour) -> None:
        self._workspace, self._behaviour = world.workspace, behaviour
        self._my_id = world.workspace.users[world.people[0].user_id].id

    def respond(self, request: Request) -> Response:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme not in ("Token", "Bearer") or key not in _KEYS:
            return Response.of_text("Unauthorized", 401)
        if request.path.startswith("/api/documents/") and request.query.get("format", "md") != "md":
            return _error(400, "bad-request", "The sandbox keeps Markdown only: ask for format=md")
        match request.method, request.path.split("/")[2:]:
            case "GET", ["schema"]:
                return _show_schema(request)
            case "GET", ["documents", secret]:
                content = texts.markdown(self._workspace, secret)
                if content is None:
                    return _error(404, "not-found", "Document was not found")
                return Response.of_json({"secret": secret, "content": content})
            case "GET", ["webhooks", "v2"]:
                return Response.of_json([])
            case ("POST", ["webhooks", "v2"]) | ("DELETE", ["webhooks", "v2", _]):
                return _error(403, "forbidden", "The read-only sandbox calls nobody")
            case "POST", ["graphql", "space", _]:
                said = "The sandbox answers no GraphQL; POST /api/commands answers the same"
                return Response.of_json({"errors": [{"message": said}], "data": None})
            case "POST", ["commands"] | ["documents", "commands"]:
                try:
                    body = request.json()
                except ValueError:
                    return _error(500, "malformed-json", "Malformed JSON in the request")
                return self._run(body, _KEYS[key]) if request.path == "/api/commands" else self._show_documents(body)
        return Response.of_text("Not Found", 404)

    def _run(self, body: Any, limited: bool) -> Response:
        context, failing = QueryContext(self._workspace, self._behaviour, limited), self._behaviour.failing_command
        if isinstance(body, list):
            return Response.of_json([self._answer(context, one, place == failing) for place, one in enumerate(body)])
        if not isinstance(body, dict) or not _COMMANDS.fullmatch(str(body.get("command"))):
            return _error(500, "unknown-command", "Unknown command")
        return Response.of_json(self._answer(context, body))

    def _answer(self, context: QueryContext, command: Any, failing: bool = False) -> dict[str, Any]:
        """`{success, result}`; a failure is told in `result` and leaves other commands as they are."""
        name, args = (command.get("command"), command.get("args") or {}) if isinstance(command, dict) else (None, {})
        try:
            if failing:
                raise CommandError("internal", "Something went wrong on our side")
            match name:
                case "fibery.schema/query":
                    result: Any = schema.response()
                case "fibery.command/batch":
                    result = [self._answer(context, one) for one in args.get("commands", [])]
                case "fibery.entity/query":
                    result = self._query(context, args.get("query") or {}, args.get("params") or {})
                case _:
                    raise CommandError("commands.error/forbidden", f'The read-only sandbox does not answer "{name}"')
        except CommandError as error:
            return {"success": False, "result": error.result}
        return {"success": True, "result": result}

    def _query(self, context: QueryContext, asked: dict[str, Any], params: dict[str, Any]) -> list[Any]:
        behaviour = self._behaviour
        longest = max((len(value) for value in params.values() if isinstance(value, list)), default=0)
        if behaviour.timeout_over is not None and longest > behaviour.timeout_over:
            raise CommandError("query-timeout", "Query execution timeout was exceeded")
        shown = {
            name: [one for one in value if str(one) not in behaviour.missing] if isinstance(value, list) else value
            for name, value in params.items()
        }
        rows = query.run(replace(context, params={"$my-id": self._my_id, **shown}), asked)
        return _shorten(rows, behaviour.short_lists) if behaviour.short_lists is not None else rows

    def _show_documents(self, body: Any) -> Response:
        if not isinstance(body, dict) or body.get("command") != "get-documents":
            return _error(403, "forbidden", "The sandbox is read-only: get-documents is the only command")
        secrets = [arg["secret"] if isinstance(arg, dict) else arg for arg in body.get("args", [])]
        # In no order that was asked for: who matches by place instead of by secret mixes texts up.
        found = [{"secret": secret, "content": texts.markdown(self._workspace, secret)} for secret in sorted(secrets)]
        return Response.of_json([one for one in found if one["content"] is not None])


def _show_schema(request: Request) -> Response:
    with_deleted = request.query.get("with-soft-deleted", "true") == "true"
    tag = {"ETag": schema.etag(with_deleted)}
    if request.headers.get("if-none-match") == tag["ETag"]:
        return Response(b"", 304, tag)
    return Response.of_json(schema.response(with_deleted), headers=tag)


def _error(status: int, name: str, message: str) -> Response:
    return Response.of_json({"name": name, "message": message, "data": {}}, status)


def _shorten(value: Any, most: int) -> Any:
    """The value with every list in it cut, without a word."""
    if isinstance(value, list):
        return [_shorten(one, most) for one in value[:most]]
    if isinstance(value, dict):
        return {key: _shorten(one, most) for key, one in value.items()}
    return value
