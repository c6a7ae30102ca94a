"""What a workspace holds: entities that work out their fields when asked."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from timeweave.sandbox.chance import draw, fraction, pick
from timeweave.sandbox.fibery import ids
from timeweave.sandbox.fibery.shape import Database, Field, Type
from timeweave.sandbox.fibery.timeline import Timeline
from timeweave.sandbox.projects import DRAWN, Project

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.workspace import Workspace


class Entity:
    """A row of a type: `get` gives a scalar, an entity, a list of entities or None."""

    def __init__(self, workspace: "Workspace", kind: Type, number: int, part: int = 0) -> None:
        self.workspace: Workspace = workspace
        self.type: Type = kind
        self.number: int = number
        self.part: int = part
        self._values: dict[str, object] = {}

    @cached_property
    def id(self) -> str:
        """The `fibery/id`."""
        return ids.of(self.type, self.number, self.part)

    def get(self, name: str) -> object:
        """The value of a field that the type has."""
        if name not in self._values:
            self._values[name] = self._work_out(self.type.fields[name])
        return self._values[name]

    def draw(self, *parts: object) -> int:
        """A number of this entity's own."""
        return draw(self.workspace.seed, self.type.name, self.number, *parts)

    def fraction(self, *parts: object) -> float:
        """A number in [0, 1) of this entity's own."""
        return fraction(self.workspace.seed, self.type.name, self.number, *parts)

    def _work_out(self, field: Field) -> object:
        return field.value(self, field)


class Record(Entity):
    """An entity whose values are given: a user, an option, a comment, a document."""

    def __init__(
        self, workspace: "Workspace", kind: Type, number: int, values: Mapping[str, object], part: int = 0
    ) -> None:
        super().__init__(workspace, kind, number, part)
        self._given = values

    def _work_out(self, field: Field) -> object:
        return self._given[field.name] if field.name in self._given else super()._work_out(field)


class Item(Entity):
    """An entity of a database that people work on; its past and future follow from its public id."""

    def __init__(
        self, workspace: "Workspace", kind: Type, number: int, values: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(workspace, kind, number)
        self._values.update(values or {})

    @property
    def database(self) -> Database:
        """The database it belongs to."""
        return cast(Database, self.type.database)

    @cached_property
    def sprint(self) -> int:
        """The sprint that it was planned for; things that do not grow with time belong to the first."""
        return 0 if self.database.fixed else self.workspace.numbering(self.type.name).sprint(self.number)

    @cached_property
    def timeline(self) -> Timeline:
        """When it was created, planned, started, completed, deleted."""
        return Timeline.of(self)

    @property
    def exists(self) -> bool:
        """Whether the workspace has it on the day it is looked at."""
        deleted = self.timeline.deleted
        return self.timeline.created <= self.now and (deleted is None or deleted > self.now)

    @property
    def now(self) -> datetime:
        """The moment the workspace is looked at."""
        return self.workspace.now

    @cached_property
    def owner(self) -> int:
        """The user it falls to."""
        return pick(self.workspace.candidates(self.database.roles, self.sprint), self.draw("owner")).user_id

    @cached_property
    def project(self) -> Project:
        """The project it is for: its parent's, or its own."""
        for name in self.database.home:
            parent = self.workspace.linked(self, self.type.fields[name])
            if parent is not None:
                return parent.project
        return pick(DRAWN, self.draw("project"))

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.get(self.database.title))
