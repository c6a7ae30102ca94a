"""`POST /api/commands`: each command answered in an envelope of its own."""

from dataclasses import replace
from typing import Any

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.fibery import query, schema_response
from timeweave.sandbox.fibery.errors import CommandError
from timeweave.sandbox.fibery.query_context import QueryContext
from timeweave.sandbox.world import World

_KNOWN = (
    "fibery.schema/query", "fibery.command/batch", "fibery.entity/query", "fibery.entity/create", "fibery.entity/update",
    "fibery.entity/delete", "fibery.entity/add-collection-items", "fibery.entity/remove-collection-items",
    "fibery.entity.batch/create-or-update", "fibery.schema/batch",
)  # fmt: skip


class Commands:
    """Runs commands for one key."""

    def __init__(self, world: World, behaviour: Behaviour, limited: bool) -> None:
        self._behaviour = behaviour
        self._my_id = world.workspace.user(world.people[0].user_id).id
        self._context = QueryContext(
            world.workspace, limited=limited, secured=behaviour.secured, vanished=behaviour.vanished,
            null_collections=behaviour.null_collections, null_as_object=behaviour.null_as_object,
        )  # fmt: skip

    def knows(self, command: Any) -> bool:
        """Whether Fibery has a command of that name, allowed here or not."""
        return isinstance(command, dict) and command.get("command") in _KNOWN

    def envelope(self, command: Any, place: int | None = None) -> dict[str, Any]:
        """`{success, result}`; a failure is told in `result` and leaves the others as they are."""
        try:
            if place is not None and place == self._behaviour.failing_command:
                raise CommandError("internal", "Something went wrong on our side")
            return {"success": True, "result": self._run(command if isinstance(command, dict) else {})}
        except CommandError as error:
            return {"success": False, "result": error.result}

    def _run(self, command: dict[str, Any]) -> Any:
        name, args = command.get("command"), command.get("args") or {}
        if name == "fibery.schema/query":
            return schema_response.whole()
        if name == "fibery.command/batch":
            return [self.envelope(one) for one in args.get("commands", [])]
        if name == "fibery.entity/query":
            return self._query(args.get("query") or {}, args.get("params") or {})
        raise CommandError("commands.error/forbidden", f'"{name}" is not among what the read-only sandbox knows')

    def _query(self, asked: dict[str, Any], params: dict[str, Any]) -> list[Any]:
        behaviour = self._behaviour
        longest = max((len(value) for value in params.values() if isinstance(value, list)), default=0)
        if behaviour.timeout_over is not None and longest > behaviour.timeout_over:
            raise CommandError("query-timeout", "Query execution timeout was exceeded")
        shown = {
            name: [one for one in value if str(one) not in behaviour.missing] if isinstance(value, list) else value
            for name, value in params.items()
        }
        rows = query.run(replace(self._context, params={"$my-id": self._my_id, **shown}), asked)
        return _shorten(rows, behaviour.short_lists) if behaviour.short_lists is not None else rows


def _shorten(value: Any, most: int) -> Any:
    """The value with every list in it cut, without a word."""
    if isinstance(value, list):
        return [_shorten(one, most) for one in value[:most]]
    if isinstance(value, dict):
        return {key: _shorten(one, most) for key, one in value.items()}
    return value
