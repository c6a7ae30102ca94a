"""Work items with everybody's time: what the period took, what the whole took, what was estimated, and where they stand at its end."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from timeweave.analysis.attribution import Attribution
from timeweave.analysis.work_rows import WorkRow, name_item, share_among_people, sum_by, sum_seconds
from timeweave.models.enriched import EnrichedEntity
from timeweave.models.entities import EntityKey
from timeweave.models.history import Since
from timeweave.models.states import Progress, State
from timeweave.models.work_items import WorkItem

LATE = timedelta(days=31)
"""So long after the period what Fibery has on record says little about it."""
LOGGED = "logged"
"""The source of a whole time that was added up from entries, up to the period's end."""
ROUNDING = 900
"""Seconds by which Fibery's hours may differ from those logged."""
UNRESOLVED = "unresolved"
"""The key of `matched_by` for time whose item could not be told."""


@dataclass(frozen=True)
class Whole:
    """All time of an item: Fibery's own field where the configuration names one, else what was logged since a day."""

    seconds: int | None
    source: str | None
    since: str | None


class WholeTimes:
    """The whole time of items, from Fibery's field or from `history.json`."""

    def __init__(self, since: Since | None, attribution: Attribution) -> None:
        self._start = since.start if since else None
        self._logged: dict[EntityKey, int] = defaultdict(int)
        for row in since.rows if since else ():
            target = attribution.find(row.key, row.text or "")
            if target.key is not None and target.matched_by is not None:
                self._logged[target.key] += row.seconds

    def find(self, keys: Iterable[EntityKey], on_record: int | None) -> Whole:
        """The whole time of these items together; `on_record` is what Fibery's field says of them."""
        if on_record is not None:
            return Whole(on_record, "fibery", None)
        if self._start is None:
            return Whole(None, None, None)
        return Whole(sum(self._logged.get(key, 0) for key in keys), LOGGED, self._start)

    def list_items(self) -> list[EntityKey]:
        """Every item with time since the day."""
        return list(self._logged)


@dataclass(frozen=True)
class ItemContext:
    """What all items are judged by."""

    looked_at: date
    zone: ZoneInfo
    whole: WholeTimes
    previous: Mapping[EntityKey, int] | None
    """Seconds in the period before; None where nothing is compared."""
    features: Mapping[EntityKey, str]
    """The feature that an item is part of."""
    is_partial: bool
    """Only some people's time is here."""
    is_late: bool
    """It is so long since the period that what Fibery has on record now says little about it."""

    def is_of_period(self, source: str | None) -> bool:
        """Whether a whole time from this source says how it was in the period, so that it may be judged."""
        return source == LOGGED or not self.is_late

    def limit_to_period(self, whole: Whole) -> int | None:
        """The whole time, where it says how it was in the period."""
        return whole.seconds if self.is_of_period(whole.source) else None

    def has_earlier(self, whole: Whole, seconds: int) -> bool:
        """Whether there may have been time before the period and before those compared; hours on record may be rounded."""
        if self.is_partial:
            return True
        if whole.seconds is None or not self.is_of_period(whole.source):
            return False
        return whole.seconds - seconds > max(ROUNDING, seconds // 20)


def sum_by_item(rows: Iterable[WorkRow]) -> dict[EntityKey, int]:
    """Seconds of each item."""
    found: dict[EntityKey, int] = defaultdict(int)
    for row in rows:
        if row.key is not None:
            found[row.key] += row.seconds
    return found


def build_items(rows: Iterable[WorkRow], context: ItemContext) -> list[WorkItem]:
    """Every item of the period, most time first."""
    by_item: dict[EntityKey, list[WorkRow]] = defaultdict(list)
    for row in rows:
        if row.key is not None:
            by_item[row.key].append(row)
    found = [_build_item(key, own, context) for key, own in by_item.items()]
    return sorted(found, key=lambda item: (-item.seconds, item.key.sort_key))


def _build_item(key: EntityKey, rows: list[WorkRow], context: ItemContext) -> WorkItem:
    entity = rows[0].target.entity
    assert entity is not None  # noqa: S101 - a key comes with its row
    completed = find_day(entity.completed, context.zone)
    progress, later = judge_progress(entity.state, completed, context.looked_at)
    whole = context.whole.find([key], entity.spent_seconds)
    return WorkItem(
        key=key,
        title=name_item(rows),
        place=entity.found_as or "/".join(part for part in (key.space, key.database) if part) or None,
        entity=entity,
        progress=progress,
        completed_later=later,
        overdue_days=count_overdue_days(entity, progress, context.looked_at, context.zone),
        feature=context.features.get(key),
        categories=sum_by(rows, lambda row: row.category.key),
        projects=sum_by(rows, lambda row: row.project or ""),
        matched_by=sum_by(rows, lambda row: row.target.matched_by or UNRESOLVED),
        seconds=sum_seconds(rows),
        entries=sum(len(row.entries) for row in rows),
        people=share_among_people(rows),
        previous_seconds=None if context.previous is None else context.previous.get(key, 0),
        whole_seconds=whole.seconds,
        whole_source=whole.source,
        whole_since=whole.since,
        estimate_seconds=entity.estimate_seconds,
        estimate_points=entity.estimate_points,
    )


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
    progress = state.meaning if state else without_state
    if progress.is_over and completed is not None and completed > looked_at:
        return Progress.STARTED, True
    return progress, False


def count_overdue_days(entity: EnrichedEntity, progress: Progress, looked_at: date, zone: ZoneInfo) -> int:
    """Days from the planned end to the day it is looked at, of an item that was open then; else 0."""
    planned = find_day(entity.planned_end, zone)
    # Of an item without a state only Fibery's schema tells whether it can be done at all.
    if planned is None or progress.is_over or (progress is Progress.UNKNOWN and not entity.overdue):
        return 0
    return max(0, (looked_at - planned).days)


def format_day(day: date | None) -> str | None:
    """As documents have it."""
    return None if day is None else day.isoformat()
