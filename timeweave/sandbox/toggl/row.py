"""A row of the detailed report, with the keys of recorded ones in their order."""

from datetime import UTC, datetime
from typing import Any

from timeweave.sandbox import projects
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.toggl.entry import TimeEntry
from timeweave.sandbox.world import World

PROJECTS = {project.id: project for project in projects.PROJECTS}
TAGS = dict(projects.TAGS)
TASKS = {task: name for task, _, name in projects.TASKS}


def row(entry: TimeEntry, number: int, world: World, body: dict[str, Any], behaviour: Behaviour) -> dict[str, Any]:
    """One entry, ungrouped."""
    person = next((p for p in world.people if p.user_id == entry.user_id), None)
    amount = cents(entry, body)
    shown: dict[str, Any] = {
        "user_id": entry.user_id, "username": person.name if person else f"User {entry.user_id}",
        "project_id": entry.project_id, "task_id": entry.task_id, "billable": entry.billable,
        "description": entry.description, "tag_ids": list(entry.tag_ids),
        "billable_amount_in_cents": amount,
        "hourly_rate_in_cents": None if amount is None else projects.HOURLY_RATE_IN_CENTS, "currency": projects.CURRENCY,
        "time_entries": [_time(entry, world, behaviour)], "row_number": number,
    }  # fmt: skip
    if body.get("enrich_response") and not behaviour.bare_rows:
        shown |= _names(entry, person.email if person else "")
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


def client_of(entry: TimeEntry) -> int | None:
    """The client of an entry's project."""
    project = PROJECTS.get(entry.project_id or 0)
    return project.client.id if project and project.client else None


def _time(entry: TimeEntry, world: World, behaviour: Behaviour) -> dict[str, Any]:
    zone = world.timesheet.zone(entry.user_id)
    stop = entry.stop
    changed = entry.changed.astimezone(UTC)
    at = changed.isoformat() if not behaviour.trimmed_at else changed.strftime("%Y-%m-%dT%H:%M:%S") + ".62207Z"
    shown: dict[str, Any] = {
        "id": entry.id, "seconds": entry.seconds if entry.seconds is not None else -int(entry.start.timestamp()),
        "start": _written(entry.start.astimezone(zone)), "stop": _written(stop.astimezone(zone)) if stop else None,
        "at": at, "at_tz": _written(changed.astimezone(zone)),
    }  # fmt: skip
    if stop is None and behaviour.running == "absent":
        del shown["stop"]
    return shown


def _written(moment: datetime) -> str:
    """Whole seconds with the local offset."""
    return moment.replace(microsecond=0).isoformat()


def _names(entry: TimeEntry, email: str) -> dict[str, Any]:
    project = PROJECTS.get(entry.project_id or 0)
    return {
        "email": email, "client_name": project.client.name if project and project.client else None,
        "project_name": project.name if project else None, "project_color": "9" if project else None,
        "project_hex": project.color if project else None, "task_name": TASKS.get(entry.task_id or 0),
        "tag_names": [TAGS[tag] for tag in entry.tag_ids if tag in TAGS],
    }  # fmt: skip
