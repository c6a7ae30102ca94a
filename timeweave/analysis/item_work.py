"""Work items with everybody's time: what the period took, what the whole took, and what was estimated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from timeweave.analysis.attribution import Attribution
from timeweave.analysis.item_state import count_overdue_days, find_day, judge_progress
from timeweave.analysis.work_rows import WorkRow, name_item, share_among_people, sum_by, sum_seconds
from timeweave.models.entities import EntityKey
from timeweave.models.history import Since
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
            target = attribution.find(row.space, row.database, row.public_id, row.text or "")
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
