"""A row of the detailed report, with the keys of recorded ones in their order."""

from datetime import UTC, datetime
from typing import Any

from timeweave.sandbox import projects
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.toggl.time_entry import TimeEntry
from timeweave.sandbox.world import World

_PROJECTS = {project.id: project for project in projects.PROJECTS}
_CLIENTS = {client.id: client.name for client in projects.CLIENTS}
_TASKS = {task.id: task.name for task in projects.TASKS}


def row(entry: TimeEntry, number: int, world: World, body: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """One entry, ungrouped."""
    person, amount = world.person(entry.user_id), cents(entry, body)
    shown: dict[str, Any] = {
        "user_id": entry.user_id, "username": person.name if person else f"User {entry.user_id}",
        "project_id": entry.project_id, "task_id": entry.task_id, "billable": entry.billable,
        "description": entry.description, "tag_ids": list(entry.tag_ids), "billable_amount_in_cents": amount,
        "hourly_rate_in_cents": None if amount is None else projects.HOURLY_RATE_IN_CENTS, "currency": projects.CURRENCY,
        "time_entries": [_time(entry, world, behaviour)], "row_number": number,
    }  # fmt: skip
    if body.get("enrich_response") and not behaviour.bare_rows:
        shown |= {"email": person.email if person else "", **_names(entry)}
    if behaviour.unknown_keys:
        shown |= {
            "toggl_accounts_id": f"sandbox-{entry.user_id}",
            "expense_ids": None,
            "novelty": {"nested": [1, None]},
        }
    return shown


def cents(entry: TimeEntry, body: dict[str, Any]) -> int | None:
    """What an entry is charged with; None where nothing is, or amounts are hidden."""
    charged = entry.billable and not body.get("hide_amounts")
    return (entry.seconds or 0) * projects.HOURLY_RATE_IN_CENTS // 3600 if charged else None


def _time(entry: TimeEntry, world: World, behaviour: Behaviour) -> dict[str, Any]:
    def local(moment: datetime) -> str:
        """Whole seconds with the offset of where the person lives."""
        return moment.astimezone(world.timesheet.zone(entry.user_id)).replace(microsecond=0).isoformat()

    changed = entry.changed.astimezone(UTC)
    shown = {
        "id": entry.id, "seconds": -int(entry.start.timestamp()) if entry.seconds is None else entry.seconds,
        "start": local(entry.start), "stop": local(entry.stop) if entry.stop else None,
        "at": changed.strftime("%Y-%m-%dT%H:%M:%S") + ".62207Z" if behaviour.trimmed_at else changed.isoformat(),
        "at_tz": local(changed),
    }  # fmt: skip
    if entry.stop is None and behaviour.running == "absent":
        del shown["stop"]
    return shown


def _names(entry: TimeEntry) -> dict[str, Any]:
    project = _PROJECTS.get(entry.project_id or 0)
    return {
        "client_name": _CLIENTS.get(project.client_id or 0) if project else None,
        "project_name": project.name if project else None, "project_color": "9" if project else None,
        "project_hex": project.color if project else None, "task_name": _TASKS.get(entry.task_id or 0),
        "tag_names": [projects.TAGS[tag] for tag in entry.tag_ids if tag in projects.TAGS],
    }  # fmt: skip
