"""What a report's body asks for, checked before anything is looked up, and whether an entry fits it."""

from typing import Any

from timeweave.sandbox.toggl.entry import TimeEntry
from timeweave.sandbox.toggl.reply import Refusal
from timeweave.sandbox.toggl.row import client_of

ORDERS = ("date", "user", "duration", "description", "last_update")
_ENUMS: dict[str, tuple[object, ...]] = {
    "order_by": ORDERS, "order_dir": ("ASC", "DESC"), "rounding_minutes": (0, 1, 5, 6, 10, 12, 15, 30, 60, 240),
}  # fmt: skip
_LISTS = ("user_ids", "project_ids", "time_entry_ids", "task_ids", "client_ids", "tag_ids")
_UNKNOWN = ("grouped", "group_ids", "rounding_minutes")


def checked(body: Any) -> dict[str, Any]:
    """The body; raises Refusal for an empty one, for a bad value, and for what the sandbox would have to ignore."""
    if not isinstance(body, dict) or not body:
        raise Refusal(400, "At least one parameter must be set")
    for key, allowed in _ENUMS.items():
        if key in body and body[key] not in allowed:
            words = ", ".join(f"'{one}'" for one in allowed)
            raise Refusal(400, f"Invalid '{key}' value, allowed values are: {words}")
    for key in _LISTS:
        if not isinstance(body.get(key) or [], list):
            raise Refusal(400, f"Invalid '{key}' value")
    for key in _UNKNOWN:
        if body.get(key):
            raise Refusal(400, f"Invalid '{key}' value: the sandbox neither groups nor rounds")
    return body


def fits(entry: TimeEntry, body: dict[str, Any]) -> bool:
    """Whether an entry is among those that a checked body asks for; null in a list means: without one."""
    seconds = entry.seconds or 0
    values: dict[str, set[int | None]] = {
        "user_ids": {entry.user_id}, "project_ids": {entry.project_id}, "time_entry_ids": {entry.id},
        "task_ids": {entry.task_id}, "client_ids": {client_of(entry)}, "tag_ids": {*entry.tag_ids} or {None},
    }  # fmt: skip
    return (
        all(not body.get(key) or found & set(body[key]) for key, found in values.items())
        and body.get("billable") in (None, entry.billable)
        and body.get("min_duration_seconds", seconds) <= seconds
        and body.get("max_duration_seconds", seconds) >= seconds
        and str(body.get("description") or "").lower() in entry.description.lower()
    )
