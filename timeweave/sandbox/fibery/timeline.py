"""The life of a work item on the calendar, whatever the day it is looked at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from timeweave.sandbox.fibery.schema import Database
from timeweave.sandbox.seeded_random import draw, fraction
from timeweave.sandbox.sprints import first_day

_STUCK, _VERY_LATE, _DELETED = 0.06, 0.12, 0.025


@dataclass(frozen=True)
class Timeline:
    """Moments in UTC, planned days; `completed` is None for an item nobody finishes, `deleted` for most."""

    created: datetime
    planned_start: date
    planned_end: date
    started: datetime
    completed: datetime | None
    deleted: datetime | None


def timeline(key: tuple[object, ...], sprint: int, database: Database) -> Timeline:
    """The life that falls to the item with this key, which was planned for a sprint."""
    start, pace = first_day(sprint), database.pace

    def days(name: str, lowest: int, highest: int) -> timedelta:
        return timedelta(days=lowest + draw(*key, name) % (highest - lowest + 1))

    def moment(name: str, day: date, hour: int = 7) -> datetime:
        seconds = hour * 3600 + draw(*key, name, "second") % (5 * 3600)
        return datetime.combine(day, time(), UTC) + timedelta(
            seconds=seconds, milliseconds=draw(*key, name, "ms") % 1000
        )

    planned_start = _workday(start + days("offset", *pace["offset"]))
    planned_end = _workday(planned_start + days("planned", *pace["planned"]))
    began = max(planned_start + days("began", -1, 2), start)
    late = days("very late", 8, 24) if fraction(*key, "late") < _VERY_LATE else days("slip", *pace["slip"])
    ended = max(_workday(planned_end + late), began)
    deleted = not database.permanent and fraction(*key, "deleted") < _DELETED
    return Timeline(
        created=moment("created", start - days("created", 3, 20)),
        planned_start=planned_start,
        planned_end=planned_end,
        started=moment("started", began),
        completed=None if fraction(*key, "stuck") < _STUCK else moment("completed", ended, hour=12),
        deleted=moment("deleted", start + days("deleted on", 2, 9)) if deleted else None,
    )


def instant(at: datetime) -> str:
    """A moment as Fibery writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _workday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)
