"""The invented Fibery workspace as it stands at the end of one day."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache, cached_property, partial
from itertools import chain
from typing import Any

from timeweave.sandbox.fibery import schema, uuids
from timeweave.sandbox.fibery.entities import Entity, Item
from timeweave.sandbox.fibery.schema import Field, Type
from timeweave.sandbox.fibery.timeline import instant
from timeweave.sandbox.projects import BY_NUMBER, DRAWN, Project
from timeweave.sandbox.seeded_random import pick
from timeweave.sandbox.sprints import Numbering, first_day, sprint_of
from timeweave.sandbox.team import Person

Overrides = Mapping[tuple[str, int], Mapping[str, object] | None]
"""Hand-written values of entities by database and public id; None: it does not exist."""

_COLORS = ("#4faf54", "#fba32f", "#d40915", "#1d6ee8", "#9c2baf", "#6a849b")


class Workspace:
    """Entities on demand: each is worked out from its database and public id, and values when they are asked for."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], find_value: Callable[["Workspace", Any, Field], object], *,
        seed: str, scale: int = 1, overrides: Overrides | None = None,
    ) -> None:  # fmt: skip
        self.as_of, self.people = as_of, people
        self.now = datetime.combine(as_of, time(23, 59, 59), UTC)
        self.types = schema.types()
        self._databases = {name: kind.database for name, kind in self.types.items() if kind.database is not None}
        self._find_value = partial(find_value, self)
        self._seed, self._scale, self._overrides = seed, scale, overrides or {}
        self.item = cache(self._item)
        self.option = cache(self._option)
        self.project = cache(self._project)
        self.candidates = cache(self._candidates)
        self.numbering = cache(self._numbering)
        self._last = cache(self._find_last)

    def find(self, database: str, public_id: str) -> Item | None:
        """The entity of a public id, if it exists on the day."""
        if not (public_id.isascii() and public_id.isdigit() and public_id[0] != "0" and len(public_id) < 10):
            return None
        number = int(public_id)
        return self.item(database, number) if self.exists(database, number) else None

    def exists(self, database: str, number: int) -> bool:
        """Whether the workspace has the entity of a public id on the day."""
        if (database, number) in self._overrides:
            return self._overrides[database, number] is not None
        if number > self._last(database):
            return False
        life = self.item(database, number).timeline
        return life.created <= self.now and (life.deleted is None or life.deleted > self.now)

    def rows(self, kind: Type) -> Iterable[Entity]:
        """All entities of a type."""
        if kind.database is not None:
            return (self.item(kind.name, n) for n in self._numbers(kind.name) if self.exists(kind.name, n))
        if kind.name == schema.USER:
            return self._users.values()
        if kind.name == "fibery/app":
            spaces = enumerate(dict.fromkeys(one.space for one in self._databases.values()), 1)
            names = ("fibery/name", "fibery/namespace", "fibery/title")
            return [self.part(kind.name, n, dict.fromkeys(names, space)) for n, space in spaces]
        if kind.name == "comments/comment":
            commented = (other for other in self.types.values() if "comments/comments" in other.fields)
            return (row for other in commented for item in self.rows(other) for row in item.get("comments/comments"))
        return [self.option(kind.name, n) for n in range(1, len(kind.options) + 1)]

    def by_id(self, kind: Type, fibery_id: object) -> Entity | None:
        """The entity with a `fibery/id`."""
        parsed = uuids.parse(fibery_id)
        if parsed is None or parsed[0] != kind.code or uuids.of_entity(kind.name, *parsed) != fibery_id:
            return None
        if kind.database is not None:
            return self.find(kind.name, str(parsed[1]))
        return next((row for row in self.rows(kind) if row.id == fibery_id), None)

    def nearby(self, database: str, sprint: int, sprints: int | None) -> Iterator[Item]:
        """The entities of a database from so many sprints on; None: of all."""
        span = (
            self._numbers(database)
            if sprints is None
            else self.numbering(database).numbers(sprint, sprint + sprints - 1)
        )
        return (self.item(database, n) for n in span if self.exists(database, n))

    def related(self, item: Item, field: Field) -> Item | None:
        """The entity that a relation of an item leads to, whether or not it exists on the day."""
        unless = field.settings.get("unless")
        if item.fraction(field.name, "missing") < field.settings["unlinked"]:
            return None
        if unless and self.related(item, item.type.fields[unless]) is not None:
            return None
        numbers = self.numbering(field.type).numbers(item.sprint - field.settings["sprints"] + 1, item.sprint)
        return self.item(field.type, pick(numbers, item.draw(field.name))) if numbers else None

    def user(self, user_id: int) -> Entity:
        """A person's Fibery user, by their Toggl user id."""
        return self._users[user_id]

    def owner(self, item: Item) -> int:
        """The Toggl user id of the person that an item falls to."""
        return pick(self.candidates(item.database.roles, item.sprint), item.draw("owner")).user_id

    def part(self, kind: str, number: int, values: Mapping[str, object], part: int = 0) -> Entity:
        """An entity of a type that is no database, with given values."""
        return Entity(self.types[kind], number, self._find_value, values, part)

    def _item(self, database: str, number: int) -> Item:
        """The entity of a public id, whether or not it exists on the day."""
        sprint = 0 if self._databases[database].count else self.numbering(database).sprint(number)
        given = self._overrides.get((database, number))
        return Item(self.types[database], number, self._find_value, given, self._seed, sprint)

    def _project(self, item: Item) -> Project:
        """The project that an item is for: its parent's, or its own."""
        if item.type.name == schema.PROJECT:
            return BY_NUMBER[item.number]
        for name in item.database.project_from:
            parent = self.related(item, item.type.fields[name])
            if parent is not None:
                return self.project(parent)
        return pick(DRAWN, item.draw("project"))

    def _numbers(self, database: str) -> Iterable[int]:
        last = self._last(database)
        return chain(range(1, last + 1), sorted(n for name, n in self._overrides if name == database and n > last))

    def _find_last(self, database: str) -> int:
        """The highest public id that can have been given by now: items are created up to two sprints ahead."""
        return self._databases[database].count or self.numbering(database).until(sprint_of(self.as_of) + 2)

    def _numbering(self, database: str) -> Numbering:
        return Numbering(self._databases[database].per_sprint * self._scale)

    def _candidates(self, roles: tuple[str, ...], sprint: int) -> list[Person]:
        """Who may work on items of a sprint."""
        start = first_day(sprint)
        able = [p for p in self.people if p.role in roles and (p.left is None or p.left >= start)]
        return able or list(self.people)

    def _option(self, enum: str, number: int) -> Entity:
        """An option of a select."""
        option = self.types[enum].options[number - 1]
        return self.part(enum, number, {
            "enum/name": option.name, "enum/color": _COLORS[number % len(_COLORS)], "enum/icon": None,
            "workflow/Final": option.final, "workflow/Type": option.type,
        })  # fmt: skip

    @cached_property
    def _users(self) -> dict[int, Entity]:
        joined = instant(datetime.combine(first_day(0), time(8), UTC))
        return {p.user_id: self.part(schema.USER, p.user_id, {
            "user/name": p.name, "user/email": p.email, "fibery/active?": not p.has_left(self.as_of),
            "fibery/admin?": p.is_admin, "fibery/guest?": False, "fibery/role": "Admin" if p.is_admin else "Member",
            "fibery/creation-date": joined, "fibery/modification-date": joined,
        }) for p in self.people}  # fmt: skip
