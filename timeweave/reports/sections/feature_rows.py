"""Features as rows to show: items grouped by the feature that they are part of, how far it is, and the period's hours."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from timeweave.models.enriched import Completion, Parent, State, StateMeaning
from timeweave.reports import work_items
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import item_rows
from timeweave.reports.sections.item_rows import ItemRow
from timeweave.reports.work_items import WorkItem


@dataclass(frozen=True)
class GroupHead:
    """What items are grouped under."""

    name: str
    place: str | None
    """`Space/Database`."""
    public_id: str
    url: str | None
    state: State | None
    progress: Completion | None
    """None where Fibery does not count its items."""


@dataclass(frozen=True)
class FeatureGroup:
    """A head and the items below it that time was logged on."""

    head: GroupHead
    items: tuple[WorkItem, ...]
    alone: bool
    """The head is the only item."""

    @property
    def seconds(self) -> int:
        return sum(item.seconds for item in self.items)


def group_items(items: Iterable[WorkItem]) -> list[FeatureGroup]:
    """The items under their heads, most time first; a partition. The order of items is kept."""
    heads: dict[Hashable, GroupHead] = {}
    below: dict[Hashable, list[WorkItem]] = defaultdict(list)
    itself: set[Hashable] = set()
    for item in items:
        parent = _find_parent(item)
        identity, head = _describe_parent(parent) if parent else _describe_item(item)
        if not parent:
            itself.add(identity)
        if identity not in heads or not parent or (heads[identity].progress is None and head.progress):
            heads[identity] = head
        below[identity].append(item)
    found = [
        FeatureGroup(head, tuple(below[identity]), alone=identity in itself and len(below[identity]) == 1)
        for identity, head in heads.items()
    ]
    return sorted(found, key=lambda group: (-group.seconds, group.head.name, group.head.public_id))


def _is_feature(database: str | None) -> bool:
    return (database or "").casefold() in ("feature", "features")


def _find_parent(item: WorkItem) -> Parent | None:
    """The parent to group it under; None where it stands for itself."""
    if not item.entity.parents or _is_feature((item.place or "").rpartition("/")[2]):
        return None
    features = [parent for parent in item.entity.parents if _is_feature(parent.database)]
    return features[0] if features else item.entity.parents[-1]


def _describe_parent(parent: Parent) -> tuple[Hashable, GroupHead]:
    where = work_items.format_place(parent.space, parent.database)
    head = GroupHead(parent.name, where, parent.public_id, parent.url, parent.state, parent.progress)
    return ((where or "").casefold(), parent.public_id), head


def _describe_item(item: WorkItem) -> tuple[Hashable, GroupHead]:
    entity = item.entity
    head = GroupHead(item.title, item.place, entity.public_id, entity.url, entity.state, entity.progress)
    if not item.found:
        return (entity.status, *work_items.get_key(entity)), head
    return ((item.place or "").casefold(), entity.public_id), head


@dataclass(frozen=True)
class FeatureRow:
    """A feature (or what stands for one) with time in the period. `title` is empty for items under nothing."""

    title: str
    reference: str
    url: str | None
    state: str | None
    progress: StateMeaning
    done: int | None
    """Of `count` items that Fibery counts in it; None where it does not."""
    count: int | None
    percent: int
    logged_hours: str | None
    """All time that Fibery has on record for it, of any period."""
    hours: str
    seconds: int
    items: list[ItemRow]


def build_feature_rows(data: ReportData, items: Sequence[WorkItem], whole: int) -> list[FeatureRow]:
    """The features of `items`, adding up to `whole` hundredths; items that are under nothing come last, in one row."""
    groups = group_items(items)
    named = [group for group in groups if not group.alone or group.head.progress]
    alone = [item for group in groups if group.alone and not group.head.progress for item in group.items]
    parts = [group.seconds for group in named] + [sum(item.seconds for item in alone)]
    amounts = hours.split(parts, whole)
    found = [_build_row(data, group, amount) for group, amount in zip(named, amounts, strict=False)]
    if alone:
        found.append(_build_rest(data, alone, amounts[-1]))
    return found


def _build_row(data: ReportData, group: FeatureGroup, amount: int) -> FeatureRow:
    head = group.head
    counted = head.progress if head.progress and head.progress.items > 0 else None
    logged = head.progress.seconds if head.progress else None
    return FeatureRow(
        title=sanitize.shorten(head.name, item_rows.TITLE) or f"#{head.public_id}",
        reference=item_rows.join_reference(head.place, head.public_id),
        url=sanitize.filter_url(head.url),
        state=sanitize.shorten(head.state.name, item_rows.LABEL) if head.state else None,
        progress=head.state.meaning if head.state else StateMeaning.UNKNOWN,
        done=counted.final if counted else None,
        count=counted.items if counted else None,
        percent=hours.to_percent(counted.final, counted.items) if counted else 0,
        logged_hours=None if logged is None else hours.format_hours(hours.to_hundredths(logged)),
        hours=hours.format_hours(amount),
        seconds=group.seconds,
        items=item_rows.build_item_rows(data, group.items, amount),
    )


def _build_rest(data: ReportData, items: list[WorkItem], amount: int) -> FeatureRow:
    return FeatureRow(
        title="",
        reference="",
        url=None,
        state=None,
        progress=StateMeaning.UNKNOWN,
        done=None,
        count=None,
        percent=0,
        logged_hours=None,
        hours=hours.format_hours(amount),
        seconds=sum(item.seconds for item in items),
        items=item_rows.build_item_rows(data, items, amount),
    )
