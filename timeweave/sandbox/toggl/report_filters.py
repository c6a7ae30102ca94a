"""What a report's body asks for, checked before anything is looked up."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from timeweave.sandbox.company import PROJECTS
from timeweave.sandbox.toggl.call import Refusal
from timeweave.sandbox.toggl.invented_entries import TimeEntry

Body = dict[str, Any]
_CHOICES: Mapping[str, tuple[object, ...]] = {
    "order_by": ("date", "user", "duration", "description", "last_update"), "order_dir": ("ASC", "DESC"),
    "rounding_minutes": (0, 1, 5, 6, 10, 12, 15, 30, 60, 240),
}  # fmt: skip
_CLIENTS: dict[int | None, int | None] = {project.id: project.client_id for project in PROJECTS}
_LISTS: Mapping[str, Callable[[TimeEntry], set[int | None]]] = {
    "user_ids": lambda entry: {entry.user_id}, "project_ids": lambda entry: {entry.project_id},
    "time_entry_ids": lambda entry: {entry.id}, "task_ids": lambda entry: {entry.task_id},
    "tag_ids": lambda entry: {*entry.tag_ids} or {None}, "client_ids": lambda entry: {_CLIENTS.get(entry.project_id)},
}  # fmt: skip
"""Filters by ids; null in a list means: without one."""


def check(body: Any) -> Body:
    """The body; raises Refusal for an empty one, for a bad value, and for what the sandbox would have to ignore."""
    if not isinstance(body, dict) or not body:
        raise Refusal(400, "At least one parameter must be set")
    for key, allowed in _CHOICES.items():
        if key in body and body[key] not in allowed:
            raise _invalid(key, ", allowed values are: " + ", ".join(f"'{one}'" for one in allowed))
    for key in _LISTS:
        if not isinstance(body.get(key) or [], list):
            raise _invalid(key)
    for key in ("group_ids", "rounding_minutes"):
        if body.get(key):
            raise _invalid(key, ": the sandbox neither has groups of people nor rounds")
    return body


def read_days(body: Body, as_of: date) -> tuple[date, date]:
    """The first and the last day, both included; seven days where only one is given."""
    first, last = _read_day(body, "start_date"), _read_day(body, "end_date")
    first = first or (last or as_of) - timedelta(days=6)
    last = last or first + timedelta(days=6)
    if last < first:
        raise _invalid("end_date", ": it is before 'start_date'")
    return first, last


def read_positive(body: Body, key: str, default: int) -> int:
    """A whole number from 1 on."""
    value = body.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _invalid(key)
    return value


def compile_filter(body: Body) -> Callable[[TimeEntry], bool]:
    """Whether an entry is among those that a checked body asks for."""
    wanted = [(find, set(body[key])) for key, find in _LISTS.items() if body.get(key)]
    billable, text = body.get("billable"), str(body.get("description") or "").lower()
    shortest, longest = body.get("min_duration_seconds", 0), body.get("max_duration_seconds", float("inf"))
    return lambda entry: (
        all(find(entry) & ids for find, ids in wanted)
        and billable in (None, entry.billable)
        and shortest <= (entry.seconds or 0) <= longest
        and text in entry.description.lower()
    )


def _read_day(body: Body, key: str) -> date | None:
    value = body.get(key)
    try:
        day = None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _invalid(key) from None
    # Python reads 20251007 and 2025-W41-2 too.
    if day is not None and str(day) != value:
        raise _invalid(key)
    return day


def _invalid(key: str, why: str = "") -> Refusal:
    return Refusal(400, f"Invalid '{key}' value{why}")
