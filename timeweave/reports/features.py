"""Items under what they are part of: the nearest parent that is a feature, else the topmost parent, else themselves."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from timeweave.models.enriched import Completion, Parent, State
from timeweave.reports import ledger
from timeweave.reports.ledger import Item


@dataclass(frozen=True)
class Head:
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
class Group:
    """A head and the items below it that time was logged on."""

    head: Head
    items: tuple[Item, ...]
    alone: bool
    """The head is the only item."""

    @property
    def seconds(self) -> int:
        return sum(item.seconds for item in self.items)


def groups(items: Iterable[Item]) -> list[Group]:
    """The items under their heads, most time first; a partition. The order of items is kept."""
    heads: dict[Hashable, Head] = {}
    below: dict[Hashable, list[Item]] = defaultdict(list)
    itself: set[Hashable] = set()
    for item in items:
        parent = _parent(item)
        identity, head = _of_parent(parent) if parent else _of_itself(item)
        if not parent:
            itself.add(identity)
        if identity not in heads or not parent or (heads[identity].progress is None and head.progress):
            heads[identity] = head
        below[identity].append(item)
    found = [
        Group(head, tuple(below[identity]), alone=identity in itself and len(below[identity]) == 1)
        for identity, head in heads.items()
    ]
    return sorted(found, key=lambda group: (-group.seconds, group.head.name, group.head.public_id))


def _is_feature(database: str | None) -> bool:
    return (database or "").casefold() in ("feature", "features")


def _parent(item: Item) -> Parent | None:
    """The parent to group it under; None where it stands for itself."""
    if not item.entity.parents or _is_feature((item.place or "").rpartition("/")[2]):
        return None
    features = [parent for parent in item.entity.parents if _is_feature(parent.database)]
    return features[0] if features else item.entity.parents[-1]


def _of_parent(parent: Parent) -> tuple[Hashable, Head]:
    where = ledger.place(parent.space, parent.database)
    head = Head(parent.name, where, parent.public_id, parent.url, parent.state, parent.progress)
    return ((where or "").casefold(), parent.public_id), head


def _of_itself(item: Item) -> tuple[Hashable, Head]:
    entity = item.entity
    head = Head(item.title, item.place, entity.public_id, entity.url, entity.state, entity.progress)
    if not item.found:
        return (entity.status, *ledger.key(entity)), head
    return ((item.place or "").casefold(), entity.public_id), head
