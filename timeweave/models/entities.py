"""`data/entities.json`: the set of work items that time was logged on, and nothing else.

More hours on the same items leave it as it is, so that they ask Fibery for nothing.
"""

from timeweave.runtime.document import Record


class EntityKey(Record, frozen=True, kw_only=True):
    """A reference as people wrote it: the same public id in two databases is two items."""

    space: str | None
    database: str | None
    public_id: str

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


class Entities(Record, frozen=True, kw_only=True):
    """Sorted by space, database and number; unknown parts first."""

    schema: int = 1
    entities: list[EntityKey]
