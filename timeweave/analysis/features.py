"""Features with the time of the items below them: how far they are, what they took, what they will take."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from timeweave.analysis.item_work import ItemContext, Whole, count_overdue_days, find_day, format_day, judge_progress
from timeweave.analysis.work_rows import WorkRow, scale, share_among_people, sum_seconds
from timeweave.models.enriched import Completion, EnrichedEntity, EntityStatus, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.states import Progress
from timeweave.models.work_items import Feature, FeatureStatus
from timeweave.runtime.analysis_params import Thresholds
from timeweave.runtime.period import Period


@dataclass
class FeatureRows:
    """A feature and the time below it."""

    key: str
    entity: EnrichedEntity
    items: set[EntityKey] = field(default_factory=set)
    """Every item below it that is known, with time in this period, in a compared one or since."""
    rows: list[WorkRow] = field(default_factory=list)
    previous: list[WorkRow] = field(default_factory=list)
    is_worked: bool = False
    """The period has time below it, that of features further below included."""
    is_known: bool = False
    """A compared period has."""


def find_feature(entity: EnrichedEntity, ancestors: Mapping[EntityKey, EnrichedEntity]) -> EnrichedEntity | None:
    """The feature that an item is, else the nearest one above it."""
    if _is_feature((entity.found_as or "").rpartition("/")[2]):
        return entity
    nearest = next((parent for parent in entity.parents if _is_feature(parent.database)), None)
    if nearest is None:
        return None
    return ancestors.get(nearest.key) or _read_parent(nearest)


def _list_features(entity: EnrichedEntity) -> set[str]:
    """The keys of all features that time on the item is time for."""
    own = {format_key(entity)} if _is_feature((entity.found_as or "").rpartition("/")[2]) else set()
    return own | {format_key(_read_parent(one)) for one in entity.parents if _is_feature(one.database)}


def format_key(feature: EnrichedEntity) -> str:
    """`Space/Database#12`, which names a feature in `analysis.json`."""
    return f"{feature.found_as}#{feature.public_id}"


def _is_feature(database: str) -> bool:
    return database.casefold() in ("feature", "features")


def _read_parent(parent: Parent) -> EnrichedEntity:
    """What an item says of the feature above it, where the feature itself was not read."""
    return EnrichedEntity(
        space=parent.space,
        database=parent.database,
        public_id=parent.public_id,
        status=EntityStatus.FOUND,
        found_as=f"{parent.space}/{parent.database}",
        name=parent.name,
        url=parent.url,
        state=parent.state,
        progress=parent.progress,
    )


def group_by_feature(
    rows: Iterable[WorkRow],
    past: Sequence[Iterable[WorkRow]],
    further: Iterable[EnrichedEntity],
    ancestors: Mapping[EntityKey, EnrichedEntity],
) -> dict[str, FeatureRows]:
    """Features by key with their rows; `past` are compared periods, newest first; `further` are items that only the whole time knows."""
    found: dict[str, FeatureRows] = {}
    worked: tuple[dict[EntityKey, EnrichedEntity], dict[EntityKey, EnrichedEntity]] = ({}, {})

    def group(entity: EnrichedEntity, key: EntityKey) -> FeatureRows | None:
        feature = find_feature(entity, ancestors)
        if feature is None:
            return None
        grouped = found.setdefault(format_key(feature), FeatureRows(format_key(feature), feature))
        grouped.items.add(key)
        return grouped

    for at, these in enumerate((rows, *past)):
        for row in these:
            if row.key and row.target.entity and (grouped := group(row.target.entity, row.key)):
                if row.seconds:
                    worked[at > 0][row.key] = row.target.entity
                if at <= 1:
                    (grouped.previous if at else grouped.rows).append(row)
    for entity in further:
        group(entity, entity.key)
    now, before = ({key for entity in these.values() for key in _list_features(entity)} for these in worked)
    for key, one in found.items():
        one.is_worked, one.is_known = key in now, key in before
    return found


def build_features(
    grouped: Mapping[str, FeatureRows], context: ItemContext, period: Period, thresholds: Thresholds
) -> list[Feature]:
    """Features with time in the period, or in the one before if they were not closed by then; most time first."""
    worked = [one for one in grouped.values() if one.rows or one.previous]
    found = [_build_feature(one, context, period, thresholds) for one in worked]
    shown = [one for one in found if one.seconds or not one.progress.is_over or one.status is FeatureStatus.FINISHED]
    return sorted(shown, key=lambda feature: (-feature.seconds, feature.name, feature.key))


def _build_feature(one: FeatureRows, context: ItemContext, period: Period, thresholds: Thresholds) -> Feature:
    entity, seconds = one.entity, sum_seconds(one.rows)
    completed = find_day(entity.completed, context.zone)
    progress, later = judge_progress(entity.state, completed, context.looked_at)
    whole = context.whole.find(sorted(one.items, key=lambda key: key.sort_key), _find_on_record(entity))
    previous = None if context.previous is None else sum_seconds(one.previous)
    finished = progress is Progress.DONE and completed is not None and completed >= period.start
    status = FeatureStatus.FINISHED if finished else _judge_status(one, progress, whole, context)
    return Feature(
        key=one.key,
        name=entity.name or f"#{entity.public_id}",
        place=entity.found_as,
        public_id=entity.public_id,
        url=entity.url,
        state=entity.state.name if entity.state else None,
        progress=progress,
        completed_later=later,
        planned_start=format_day(find_day(entity.planned_start, context.zone)),
        planned_end=format_day(find_day(entity.planned_end, context.zone)),
        completed=format_day(completed),
        overdue_days=count_overdue_days(entity, progress, context.looked_at, context.zone),
        status=status,
        seconds=seconds,
        previous_seconds=previous,
        whole_seconds=whole.seconds,
        whole_source=whole.source,
        whole_since=whole.since,
        estimate_seconds=entity.estimate_seconds,
        estimate_points=entity.estimate_points,
        completion=entity.progress,
        forecast_seconds=forecast(context.limit_to_period(whole), entity.progress, thresholds),
        items=_order_items(one.rows),
        people=share_among_people(one.rows),
    )


def _judge_status(one: FeatureRows, progress: Progress, whole: Whole, context: ItemContext) -> FeatureStatus | None:
    """What became of a feature that was not finished in the period."""
    seconds = sum_seconds(one.rows)
    if not seconds and not one.is_worked:
        # Of some people's time alone nobody knows whether others went on.
        is_open = not progress.is_over and not context.is_partial
        return FeatureStatus.STALLED if is_open and sum_seconds(one.previous) else None
    is_new = context.previous is not None and not one.is_known and not context.has_earlier(whole, seconds)
    return FeatureStatus.NEW if is_new else FeatureStatus.ACTIVE


def _find_on_record(entity: EnrichedEntity) -> int | None:
    """What Fibery's own field says, else what it sums over the feature's items."""
    if entity.spent_seconds is not None or entity.progress is None:
        return entity.spent_seconds
    return entity.progress.seconds


def forecast(whole: int | None, completion: Completion | None, thresholds: Thresholds) -> int | None:
    """What a feature will have taken in the end: its time divided by the share of its items that are done.

    None with fewer items, or with less of them done, than the thresholds ask for: it would be a guess.
    """
    if not whole or not completion or completion.items < thresholds.forecast_items:
        return None
    if completion.final < scale(completion.items, thresholds.forecast_completion):
        return None
    return (2 * whole * completion.items + completion.final) // (2 * completion.final)


def _order_items(rows: Sequence[WorkRow]) -> list[EntityKey]:
    seconds: dict[EntityKey, int] = defaultdict(int)
    for row in rows:
        if row.key:
            seconds[row.key] += row.seconds
    return sorted(seconds, key=lambda key: (-seconds[key], key.sort_key))
