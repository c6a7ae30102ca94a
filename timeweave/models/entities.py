"""`data/entities.json`: what time was logged on, as far as Fibery has to be asked for it, and nothing else.

More hours on the same items under the same wordings leave it as it is, so that they ask Fibery for nothing.
"""

from timeweave.runtime.document import Record

NO_ITEM_FIRST = (False, "", False, "", 0)
"""Sorts what names no item before every `EntityKey.sort_key`."""


class EntityKey(Record, frozen=True, kw_only=True):
    """A reference as people wrote it: the same public id in two databases is two items."""

    space: str | None
    database: str | None
    public_id: str

    @property
    def is_complete(self) -> bool:
        """Whether it says where the item is."""
        return self.space is not None and self.database is not None

    @property
    def sort_key(self) -> tuple[bool, str, bool, str, int]:
        """Orders references in every document: by space, database and number, unknown parts first."""
        return (
            self.space is not None,
            self.space or "",
            self.database is not None,
            self.database or "",
            int(self.public_id),
        )


class ItemRecord(Record, frozen=True, kw_only=True):
    """A record about one reference or item."""

    space: str | None
    database: str | None
    public_id: str

    @property
    def key(self) -> EntityKey:
        """What it is about, as it stands among all references."""
        return EntityKey(space=self.space, database=self.database, public_id=self.public_id)


class OptionalItemRecord(Record, frozen=True, kw_only=True):
    """A record that may be about none: then all three are null."""

    space: str | None
    database: str | None
    public_id: str | None

    @property
    def key(self) -> EntityKey | None:
        """What it is about, if anything."""
        if self.public_id is None:
            return None
        return EntityKey(space=self.space, database=self.database, public_id=self.public_id)


class IncompleteReference(ItemRecord, frozen=True, kw_only=True):
    """A reference that leaves out its space, its database or both: only the wordings around it can tell which item it means."""

    texts: list[str]
    """Every text that it stands in, once, sorted; the reference itself is cut out of them."""


class Entities(Record, frozen=True, kw_only=True):
    """References sorted by space, database and number; unknown parts first."""

    schema: int = 2
    """2 added `incomplete` and `titles`."""
    entities: list[EntityKey]
    """All references, complete or not."""
    incomplete: list[IncompleteReference] = []
    titles: list[str] = []
    """Texts without a reference, of three words or more: each may be the exact title of an item. Sorted."""
