"""Toggl's lists: who asks, the workspace and what it has; record_templates.json says what a record of each kind holds."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from timeweave.sandbox import company as invented
from timeweave.sandbox.company import Person
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.toggl.call import Call, Refusal, reply
from timeweave.sandbox.toggl.invented_entries import TimeEntry

NO_ACCESS = "User does not have access to this resource."
_RECORDS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("record_templates.json").read_text("utf-8"))


def record(kind: str, source: Any, **more: Any) -> dict[str, Any]:
    """A record of a kind, in which `$name` stands for what its source has of that name."""
    shown = {
        key: getattr(source, value[1:]) if isinstance(value, str) and value.startswith("$") else value
        for key, value in _RECORDS[kind].items()
    }
    return shown | more


def find_people(call: Call, *, may_be_empty: bool = False, active: bool | None = None) -> Iterator[Person]:
    """The people whom the ids, the first id (`start`) and the state fit that the body asks for."""
    body = call.body
    if not isinstance(body, dict) or not (body or may_be_empty):
        raise Refusal(400, "At least one parameter must be set")
    ids, start, active = body.get("ids") or [], body.get("start") or 0, body.get("active", active)
    if len(ids) > 100:
        raise Refusal(400, "Maximum count of posted IDs is 100")
    known = (person for person in call.world.people if (not ids or person.user_id in ids) and person.user_id >= start)
    return (person for person in known if active in (None, not person.has_left(call.world.as_of)))


def cut_page(call: Call, rows: list[Any], default: int = 50, most: int = 10_000) -> tuple[list[Any] | None, int, int]:
    """The rows of the page that is asked for, its number and its size."""
    asked = {name: int(value) for name, value in call.request.query.items() if value.isdecimal() and int(value)}
    page, size = asked.get("page", 1), min(asked.get("per_page", default), most)
    return rows[(page - 1) * size : page * size] or call.behaviour.empty_list, page, size


def me(call: Call) -> Response:
    """The caller's profile, without the secrets that the real one holds."""
    return reply(record("me", call.person, toggl_accounts_id=f"sandbox-{call.person.user_id:014}"))


def workspace(call: Call) -> dict[str, Any]:
    """The one workspace, as a caller sees it."""
    return record("workspace", None, admin=call.admin, role="admin" if call.admin else "user")


def workspace_users(call: Call) -> Response:
    """Memberships, the only list with time zones."""
    if not call.admin:
        raise Refusal(403, NO_ACCESS)
    rows = [record("workspace_user", one, role="admin" if one.is_admin else "user") for one in call.world.members]
    return reply(rows)


def found_users(call: Call) -> Response:
    """Members and departed people, unless the body asks otherwise."""
    found = []
    for person in find_people(call):
        left = person.left if person.has_left(call.world.as_of) else None
        at = left and datetime.combine(left, time(18), UTC).isoformat()
        found.append(record("found_user", person, active=not left, deactivated=bool(left), deleted_at=at))
    return reply(found)


def filtered_users(call: Call) -> Response:
    """Names by id, active people's unless the body asks otherwise."""
    return reply([record("filtered_user", one) for one in find_people(call, may_be_empty=True, active=True)])


def projects(call: Call) -> Response:
    """Active projects unless asked otherwise, in pages that announce no end."""
    wanted = {"true": (True,), "false": (False,), "both": (True, False)}.get(call.request.query.get("active", "true"))
    if wanted is None:
        raise Refusal(400, "Invalid 'active' value, allowed values are: 'true', 'false', 'both'")
    rows = [record("project", project) for project in invented.PROJECTS if project.active in wanted]
    shown, page, size = cut_page(call, rows, 151, 200)
    return reply(shown, {"X-Page": str(page), "X-Page-Size": str(size)})


def clients(call: Call) -> Response:
    """Active clients unless asked otherwise, unpaged."""
    states = {"active": (False,), "archived": (True,), "both": (False, True)}
    wanted = states.get(call.request.query.get("status", "active"))
    if wanted is None:
        raise Refusal(400, "Client status is invalid")
    rows = [record("client", client) for client in invented.CLIENTS if client.archived in wanted]
    return reply(rows or call.behaviour.empty_list)


def tags(call: Call) -> Response:
    """All tags, in pages."""
    rows = [record("tag", None, id=tag, name=name) for tag, name in invented.TAGS.items()]
    return reply(cut_page(call, rows)[0])


def tasks(call: Call) -> Response:
    """An object around the list of tasks; a paid feature."""
    if call.behaviour.tasks_need_plan:
        raise Refusal(402, "Tasks are available only for premium plans")
    rows = [record("task", task) for task in invented.TASKS]
    shown, page, size = cut_page(call, rows)
    order = {"sort_field": "name", "sort_order": "ASC"}
    return reply({"data": shown, "page": page, "per_page": size, **order, "total_count": len(rows)})


_MOST_ENTRIES, _SHOWN_DAYS, _KEPT_DAYS = 1000, 16, 92
"""Of a caller's own entries: in one answer; without dates; and how far back anybody may ask."""


def my_time_entries(call: Call) -> Response:
    """The caller's own entries by their start, newest first; a date alone ends before its day."""
    asked, day = call.request.query, timedelta(days=1)
    if "since" in asked and "before" in asked:
        raise Refusal(400, "'since' and 'before' can not be present simultaneously")
    oldest, end = call.world.as_of - _KEPT_DAYS * day, call.world.as_of + day
    first = _read_moment(asked.get("start_date"), end - _SHOWN_DAYS * day)
    last = _read_moment(asked.get("end_date") or asked.get("before"), end)
    if first.date() < oldest:
        raise Refusal(400, f"start_date must not be earlier than {oldest}")
    found = call.world.timesheet.entries(first.date() - day, last.date() + day, ZoneInfo("UTC"))
    mine = [one for one in found if one.user_id == call.person.user_id and first <= one.start < last]
    shown = [_show_entry(one) for one in reversed(mine)][:_MOST_ENTRIES]
    return reply(shown or call.behaviour.empty_list)


def my_running_entry(call: Call) -> Response:
    """The caller's timer, null where none runs."""
    as_of = call.world.as_of
    found = call.world.timesheet.entries(as_of - timedelta(days=7), as_of, ZoneInfo("UTC"))
    running = [one for one in found if one.user_id == call.person.user_id and one.seconds is None]
    return reply(_show_entry(running[-1]) if running else None)


def _show_entry(entry: TimeEntry) -> dict[str, Any]:
    """As API v9 has it: the duration of a running one is below zero, tags go by name."""
    return record(
        "time_entry", entry, start=entry.start.isoformat(), stop=entry.stop and entry.stop.isoformat(),
        duration=-1 if entry.seconds is None else entry.seconds, at=entry.changed.isoformat(),
        tag_ids=list(entry.tag_ids), tags=[invented.TAGS[tag] for tag in entry.tag_ids],
    )  # fmt: skip


def _read_moment(text: str | None, default: date) -> datetime:
    try:
        moment = datetime.fromisoformat(text or str(default))
    except ValueError:
        raise Refusal(400, f"Invalid date: {text}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
