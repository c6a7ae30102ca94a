"""The life of a work item on the calendar, whatever the day it is looked at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from timeweave.sandbox.sprints import first_day

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Item

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

    @classmethod
    def of(cls, item: "Item") -> "Timeline":
        """The life that falls to an item."""
        start, pace = first_day(item.sprint), item.database.pace

        def days(key: str, low: int, high: int) -> timedelta:
            return timedelta(days=low + item.draw(key) % (high - low + 1))

        planned_start = _workday(start + days("offset", *pace.offset))
        planned_end = _workday(planned_start + days("planned", *pace.planned))
        began = max(planned_start + days("began", -1, 2), start)
        late = days("very late", 8, 24) if item.fraction("late") < _VERY_LATE else days("slip", *pace.slip)
        ended = max(_workday(planned_end + late), began)
        doomed = not item.database.lasting and item.fraction("deleted") < _DELETED
        return cls(
            created=_moment(item, "created", start - days("created", 3, 20)),
            planned_start=planned_start,
            planned_end=planned_end,
            started=_moment(item, "started", began),
            completed=None if item.fraction("stuck") < _STUCK else _moment(item, "completed", ended, after=12),
            deleted=_moment(item, "deleted", start + days("deleted on", 2, 9)) if doomed else None,
        )


def instant(at: datetime) -> str:
    """A moment as Fibery writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _workday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def _moment(item: "Item", key: str, day: date, after: int = 7) -> datetime:
    seconds = after * 3600 + item.draw(key, "second") % (5 * 3600)
    return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds, milliseconds=item.draw(key, "ms") % 1000)
