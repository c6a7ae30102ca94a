"""The order that work items stand in, in every document."""

from typing import Protocol


class Item(Protocol):
    """Whatever is named by space, database and public id."""

    @property
    def space(self) -> str | None: ...

    @property
    def database(self) -> str | None: ...

    @property
    def public_id(self) -> str: ...


Place = tuple[bool, str, bool, str, int]


def place(item: Item) -> Place:
    """Sorts by space, database and number; an unknown space or database comes first."""
    space, database = item.space, item.database
    return space is not None, space or "", database is not None, database or "", int(item.public_id)
