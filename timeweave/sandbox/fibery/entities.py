"""What a workspace holds: entities that find out their values when asked for them."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast

from timeweave.sandbox import seeded_random
from timeweave.sandbox.fibery import uuids
from timeweave.sandbox.fibery.schema import Database, Field, Type
from timeweave.sandbox.fibery.timeline import Timeline, timeline

FindValue = Callable[[Any, Field], object]
"""What an entity shows in a field: a JSON scalar, an entity, a list of entities, or None."""


class Entity:
    """A row of a type: a user, an option, a comment, a document; `given` values need not be found."""

    def __init__(
        self, kind: Type, number: int, find_value: FindValue, given: Mapping[str, object] | None = None, part: int = 0
    ) -> None:
        self.type, self.number, self._part = kind, number, part
        self._find_value = find_value
        self._values = dict(given or {})

    @cached_property
    def id(self) -> str:
        """The `fibery/id`."""
        return uuids.of_entity(self.type.name, self.type.code, self.number, self._part)

    def get(self, name: str) -> Any:
        """The value of a field that the type has."""
        if name not in self._values:
            self._values[name] = self._find_value(self, self.type.fields[name])
        return self._values[name]


class Item(Entity):
    """An entity of a database that people work on; its past and future follow from its seed and public id."""

    def __init__(
        self, kind: Type, number: int, find_value: FindValue, given: Mapping[str, object] | None, seed: str, sprint: int
    ) -> None:
        super().__init__(kind, number, find_value, given)
        self._key = seed, kind.name, number
        self.sprint = sprint
        """The sprint that it was planned for; things that do not grow with time belong to the first."""

    @property
    def database(self) -> Database:
        """The database it belongs to."""
        return cast(Database, self.type.database)

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.get(self.database.title))

    @cached_property
    def timeline(self) -> Timeline:
        """When it was created, planned, started, completed, deleted."""
        return timeline(self._key, self.sprint, self.database)

    def draw(self, *parts: object) -> int:
        """A number of this item's own."""
        return seeded_random.draw(*self._key, *parts)

    def fraction(self, *parts: object) -> float:
        """A number in [0, 1) of this item's own."""
        return seeded_random.fraction(*self._key, *parts)
