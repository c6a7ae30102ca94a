"""Where an item stands at the end of the period: open, done, cancelled or late as of the day it is looked at."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from timeweave.models.enriched import EnrichedEntity
from timeweave.models.states import State, StateMeaning
from timeweave.models.work_items import Progress

PROGRESS = {
    StateMeaning.WAITING: Progress.WAITING,
    StateMeaning.STARTED: Progress.STARTED,
    StateMeaning.DONE: Progress.DONE,
    StateMeaning.CANCELLED: Progress.CANCELLED,
    StateMeaning.UNKNOWN: Progress.UNKNOWN,
}
CLOSED = (Progress.DONE, Progress.CANCELLED)


@lru_cache(1 << 16)
def find_day(at: str | None, zone: ZoneInfo) -> date | None:
    """The local day of a day or an instant as Fibery sends it; None where there is none, or it cannot be read."""
    try:
        if not at:
            return None
        if len(at) == len("2025-10-07"):
            return date.fromisoformat(at)
        instant = datetime.fromisoformat(at)
        return instant.astimezone(zone).date() if instant.tzinfo else instant.date()
    except ValueError:
        return None


def judge_progress(state: State | None, completed: date | None, looked_at: date) -> tuple[Progress, bool]:
    """How far an item was on a day, and whether it was closed only after it.

    Fibery tells today's state, which alone says whether it is done: a day of completion stays when work is taken up again.
    What was completed later was open then. Only of an item without any state the day alone tells that it is done.
    """
    without_state = Progress.UNKNOWN if completed is None else Progress.DONE
    progress = PROGRESS[state.meaning] if state else without_state
    if progress in CLOSED and completed is not None and completed > looked_at:
        return Progress.STARTED, True
    return progress, False


def count_overdue_days(entity: EnrichedEntity, progress: Progress, looked_at: date, zone: ZoneInfo) -> int:
    """Days from the planned end to the day it is looked at, of an item that was open then; else 0."""
    planned = find_day(entity.planned_end, zone)
    # Of an item without a state only Fibery's schema tells whether it can be done at all.
    if planned is None or progress in CLOSED or (progress is Progress.UNKNOWN and not entity.overdue):
        return 0
    return max(0, (looked_at - planned).days)
