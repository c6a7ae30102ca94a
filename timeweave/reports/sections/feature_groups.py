"""Items under what they are part of: the nearest parent that is a feature, else the topmost parent, else themselves."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from timeweave.models.enriched import Completion, Parent, State
from timeweave.reports.inputs import work_items
from timeweave.reports.inputs.work_items import WorkItem


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
