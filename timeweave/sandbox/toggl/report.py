"""Toggl Reports API v3: the detailed report with its cursor, its totals, and the summary by user."""

import json
import time
from collections import defaultdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from timeweave.sandbox import company
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.toggl import report_filters
from timeweave.sandbox.toggl.call import Call, Refusal, reply
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World

_OF_THE_PAGE = set("page_size first_row_number first_id first_timestamp enrich_response hide_amounts grouped".split())
_PROJECTS = {project.id: project for project in company.PROJECTS}
_CLIENTS = {client.id: client.name for client in company.CLIENTS}
_TASKS = {task.id: task.name for task in company.TASKS}


def page(call: Call) -> Response:
    """One page of rows; headers say where the next begins."""
    body, behaviour, entries = call.body, call.behaviour, _find_entries(call)[call.behaviour.dropped_rows :]
    asked = report_filters.read_positive(body, "page_size", 50)
    if asked > (behaviour.page_refused_over or asked):
        raise Refusal(400, f"Invalid 'page_size' value, it must not be more than {behaviour.page_refused_over}")
    size = min(asked, behaviour.page_cap)
    start = report_filters.read_positive(body, "first_row_number", 1) - 1
    groups = _group(entries) if body.get("grouped") else [[entry] for entry in entries]
    if "first_id" in body and "first_timestamp" not in body:
        groups = []  # the form that clients saw give nothing at all
    shown, following = groups[start : start + size], groups[start + size : start + size + 1]
    if behaviour.duplicated_rows and start:
        shown = [groups[start - 1], *shown]
    if behaviour.empty_page and start:
        shown, following = [], following or groups[-1:]
    first, last = report_filters.read_days(body, call.world.as_of)
    headers = {"X-Page-Size": str(size), "X-Range-Start": str(first), "X-Range-End": str(last)}
    for entry, *_ in following:
        headers["X-Next-Row-Number"] = str(size + 1 if behaviour.repeated_cursor else start + size + 1)
        if behaviour.cursor == "all":
            headers |= {"X-Next-ID": str(entry.id), "X-Next-Timestamp": str(int(entry.start.timestamp()))}
    rows = [_show(call, group, number) for number, group in enumerate(shown, start + 1)]
    return reply(rows or behaviour.empty_list, headers)


def _group(entries: list[TimeEntry]) -> list[list[TimeEntry]]:
    """Entries that have all in common but their times, in the place of the first."""
    found = defaultdict[tuple[Any, ...], list[TimeEntry]](list)
    for entry in entries:
        key = entry.user_id, entry.project_id, entry.task_id, entry.description, entry.billable, entry.tag_ids
        found[key].append(entry)
    return list(found.values())


def totals(call: Call) -> Response:
    """The sum over the same entries, running ones left out where behaviour does not count them."""
    entries, zone = _find_entries(call), call.world.timesheet.zone
    seconds = sum(entry.seconds or 0 for entry in entries)
    if call.behaviour.totals_count_running:
        seconds += sum(int(time.time() - entry.start.timestamp()) for entry in entries if entry.seconds is None)
    days = {entry.start.astimezone(zone(entry.user_id)).date() for entry in entries}
    return reply({
        "seconds": seconds, "tracked_days": len(days), "resolution": "day",
        "billable_amount_in_cents": sum(_charge(call, entry) or 0 for entry in entries), "labour_cost_in_cents": None,
        "rates": [],
    })  # fmt: skip


def summary(call: Call) -> Response:
    """Seconds by user and description."""
    users = defaultdict[int, dict[str, list[TimeEntry]]](lambda: defaultdict(list))
    for entry in _find_entries(call):
        users[entry.user_id][entry.description].append(entry)
    if call.body.get("grouping") != "users":
        raise Refusal(400, "Invalid 'grouping' value, allowed values are: 'users'")
    with_ids = call.body.get("include_time_entry_ids")
    groups = [
        {"id": user_id, "sub_groups": [
            {"id": None, "title": title, "seconds": sum(entry.seconds or 0 for entry in entries)}
            | ({"ids": [entry.id for entry in entries]} if with_ids else {})
            for title, entries in sorted(titles.items())
        ]}
        for user_id, titles in sorted(users.items())
    ]  # fmt: skip
    return reply({"groups": groups}, {"X-Grouping": "users", "X-Sub-Grouping": "time_entries"})


def _find_entries(call: Call) -> list[TimeEntry]:
    report_filters.check(call.body)
    first, last = report_filters.read_days(call.body, call.world.as_of)
    if (last - first).days >= call.behaviour.longest_span:
        raise Refusal(400, f"The range must not be longer than {call.behaviour.longest_span} days")
    asked = {key: value for key, value in report_filters.check(call.body).items() if key not in _OF_THE_PAGE}
    zone = call.person.timezone if call.behaviour.zone == "caller" else None
    view = (None if call.admin else call.person.user_id, zone, call.behaviour.running != "omitted")
    return _search(call.world, (*call.world.timesheet.by_hand,), json.dumps(asked, sort_keys=True), view)


# The pages of a walk are cut from one list.
@lru_cache(maxsize=4)
def _search(world: World, _by_hand: tuple[TimeEntry, ...], asked: str, view: tuple[Any, ...]) -> list[TimeEntry]:
    body, (only, zone, running) = json.loads(asked), view
    names = {person.user_id: person.name for person in world.people}
    keys: dict[str, Any] = {
        "date": lambda entry: entry.start, "user": lambda entry: names.get(entry.user_id, ""),
        "duration": lambda entry: entry.seconds or 0, "description": lambda entry: entry.description,
        "last_update": lambda entry: entry.changed,
    }  # fmt: skip
    fits, days = report_filters.compile_filter(body), report_filters.read_days(body, world.as_of)
    found = [
        entry for entry in world.timesheet.entries(*days, ZoneInfo(zone) if zone else None)
        if fits(entry) and (running or entry.seconds is not None) and only in (None, entry.user_id)
    ]  # fmt: skip
    found.sort(key=lambda entry: entry.id)
    return sorted(found, key=keys[body.get("order_by", "date")], reverse=body.get("order_dir") == "DESC")


def _show(call: Call, group: list[TimeEntry], number: int) -> dict[str, Any]:
    """One row, of one entry unless it is grouped, with the keys of recorded rows in their order."""
    entry = group[0]
    amounts = [amount for one in group if (amount := _charge(call, one)) is not None]
    amount, project = sum(amounts) if amounts else None, _PROJECTS.get(entry.project_id or 0)
    person = call.world.people_by_id.get(entry.user_id)
    row = {
        "user_id": entry.user_id, "username": person.name if person else f"User {entry.user_id}",
        "project_id": entry.project_id, "task_id": entry.task_id, "billable": entry.billable,
        "description": entry.description, "tag_ids": list(entry.tag_ids), "billable_amount_in_cents": amount,
        "hourly_rate_in_cents": None if amount is None else company.HOURLY_RATE_IN_CENTS,
        "currency": company.CURRENCY, "time_entries": [_show_time(call, one) for one in group], "row_number": number,
    }  # fmt: skip
    if call.body.get("enrich_response") and not call.behaviour.bare_rows:
        row |= {
            "email": person.email if person else "", "client_name": project and _CLIENTS.get(project.client_id or 0),
            "project_name": project and project.name, "project_color": project and "9",
            "project_hex": project and project.color, "task_name": _TASKS.get(entry.task_id or 0),
            "tag_names": [company.TAGS[tag] for tag in entry.tag_ids if tag in company.TAGS],
        }  # fmt: skip
    if call.behaviour.unknown_keys:
        row |= {"toggl_accounts_id": f"sandbox-{entry.user_id}", "expense_ids": None, "novelty": {"nested": [1, None]}}
    return row


def _show_time(call: Call, entry: TimeEntry) -> dict[str, Any]:
    zone, at = call.world.timesheet.zone(entry.user_id), entry.changed.astimezone(UTC)

    def local(moment: datetime) -> str:
        return moment.astimezone(zone).replace(microsecond=0).isoformat()

    shown = {
        "id": entry.id, "seconds": -int(entry.start.timestamp()) if entry.seconds is None else entry.seconds,
        "start": local(entry.start), "stop": entry.stop and local(entry.stop),
        "at": f"{at:%Y-%m-%dT%H:%M:%S}.62207Z" if call.behaviour.trimmed_at else at.isoformat(), "at_tz": local(at),
    }  # fmt: skip
    if entry.stop is None and call.behaviour.running == "absent":
        del shown["stop"]
    return shown


def _charge(call: Call, entry: TimeEntry) -> int | None:
    """What an entry is charged with; None where nothing is, or amounts are hidden."""
    charged = entry.billable and not call.body.get("hide_amounts")
    return (entry.seconds or 0) * company.HOURLY_RATE_IN_CENTS // 3600 if charged else None
