"""The invented Fibery workspace as it stands at the end of one day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache, cached_property
from itertools import chain
from typing import cast

from timeweave.sandbox.chance import pick
from timeweave.sandbox.fibery import attachments, catalogue, ids
from timeweave.sandbox.fibery.entities import Entity, Item, Record
from timeweave.sandbox.fibery.shape import Field, Type
from timeweave.sandbox.fibery.timeline import instant
from timeweave.sandbox.sprints import Numbering, first_day, sprint_of
from timeweave.sandbox.team import Person

Overrides = Mapping[tuple[str, int], Mapping[str, object] | None]
"""Hand-written values of entities by database and public id; None: it does not exist."""

_COLORS = ("#4faf54", "#fba32f", "#d40915", "#1d6ee8", "#9c2baf", "#6a849b")


class Workspace:
    """Entities on demand: each is worked out from its database and public id, none is stored."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], *, seed: str, scale: int = 1, overrides: Overrides | None = None
    ) -> None:
        self.as_of, self.people, self.seed, self.scale = as_of, people, seed, scale
        self.now = datetime.combine(as_of, time(23, 59, 59), UTC)
        self.types = catalogue.types()
        self.databases = {name: kind.database for name, kind in self.types.items() if kind.database is not None}
        self._overrides = overrides or {}
        self._items: dict[tuple[str, int], Item] = {}
        self._by_code = {kind.code: kind for kind in self.types.values()}
        self.candidates = cache(self._candidates)
        self.option = cache(self._option)
        self.numbering = cache(self._numbering)
        self.last = cache(self._last)

    def item(self, database: str, number: int) -> Item:
        """The entity of a public id, whether or not it exists on the day."""
        key = database, number
        if key not in self._items:
            self._items[key] = Item(self, self.types[database], number, self._overrides.get(key))
        return self._items[key]

    def find(self, database: str, public_id: str) -> Item | None:
        """The entity of a public id, if it exists on the day."""
        if not (public_id.isascii() and public_id.isdigit() and public_id[0] != "0" and len(public_id) < 10):
            return None
        number = int(public_id)
        return self.item(database, number) if self._exists(database, number) else None

    def rows(self, kind: Type) -> Iterable[Entity]:
        """All entities of a type."""
        if kind.database is not None:
            return (self.item(kind.name, n) for n in self._numbers(kind.name) if self._exists(kind.name, n))
        if kind.name == catalogue.USER:
            return self._users.values()
        if kind.name == "fibery/app":
            spaces = enumerate(dict.fromkeys(d.space for d in self.databases.values()), 1)
            names = ("fibery/name", "fibery/namespace", "fibery/title")
            return [Record(self, kind, n, dict.fromkeys(names, space)) for n, space in spaces]
        if kind.name == "comments/comment":
            databases = (d.name for d in self.databases.values() if "comments" in d.mixins)
            return (
                c
                for name in databases
                for i in self.rows(self.types[name])
                for c in attachments.comments(cast(Item, i))
            )
        return [self.option(kind.name, n) for n in range(1, len(kind.options) + 1)]

    def by_id(self, kind: Type, fibery_id: object) -> Entity | None:
        """The entity with a `fibery/id`."""
        read = ids.read(fibery_id)
        if read is None or read[0] != kind.code or ids.of(kind, *read[1:]) != fibery_id:
            return None
        if kind.database is not None:
            return self.find(kind.name, str(read[1]))
        return next((row for row in self.rows(kind) if row.id == fibery_id), None)

    def around(self, database: str, parent: Entity, span: int | None) -> Iterator[Item]:
        """The entities of a database that may have `parent` as their parent."""
        numbers: Iterable[int] = self._numbers(database)
        if span is not None:
            sprint = cast(Item, parent).sprint
            numbers = self.numbering(database).numbers(sprint, sprint + span - 1)
        return (self.item(database, n) for n in numbers if self._exists(database, n))

    def linked(self, item: Item, field: Field) -> Item | None:
        """The parent that falls to an item, whether or not it exists on the day."""
        link = cast("dict[str, object]", field.meta["sandbox/link"])
        if item.fraction(field.name, "missing") < cast(float, link["missing"]):
            return None
        unless = cast(str, link["unless"])
        if unless and self.linked(item, item.type.fields[unless]) is not None:
            return None
        numbers = self.numbering(field.type).numbers(item.sprint - cast(int, field.span) + 1, item.sprint)
        return self.item(field.type, pick(numbers, item.draw(field.name))) if numbers else None

    def project(self, number: int) -> Item:
        """A project by its public id."""
        return self.item("Project management/Project", number)

    def user(self, user_id: int) -> Record:
        """A person's Fibery user, by their Toggl user id."""
        return self._users[user_id]

    def type_id(self, name: str) -> str:
        """The `fibery/id` of a type."""
        return ids.named(f"type:{name}")

    def _numbers(self, database: str) -> Iterable[int]:
        last = self.last(database)
        added = sorted(n for name, n in self._overrides if name == database and n > last)
        return chain(range(1, last + 1), added)

    def _exists(self, database: str, number: int) -> bool:
        if (database, number) in self._overrides:
            return self._overrides[database, number] is not None
        return number <= self.last(database) and self.item(database, number).exists

    def _last(self, database: str) -> int:
        """The highest public id that can have been given by now: items are created up to two sprints ahead."""
        return self.databases[database].fixed or self.numbering(database).until(sprint_of(self.as_of) + 2)

    def _numbering(self, database: str) -> Numbering:
        return Numbering(self.databases[database].per_sprint * self.scale)

    def _candidates(self, roles: tuple[str, ...], sprint: int) -> list[Person]:
        start = first_day(sprint)
        able = [p for p in self.people if p.role in roles and (p.left is None or p.left >= start)]
        return able or list(self.people)

    def _option(self, kind: str, number: int) -> Record:
        option = self.types[kind].options[number - 1]
        return Record(self, self.types[kind], number, {
            "enum/name": option.name, "enum/color": _COLORS[number % len(_COLORS)], "enum/icon": None,
            "workflow/Final": option.final, "workflow/Type": option.kind,
        })  # fmt: skip

    @cached_property
    def _users(self) -> dict[int, Record]:
        joined = instant(datetime.combine(first_day(0), time(8), UTC))
        return {p.user_id: Record(self, self.types[catalogue.USER], p.user_id, {
            "user/name": p.name, "user/email": p.email, "fibery/active?": not p.gone(self.as_of),
            "fibery/admin?": p.role == "lead", "fibery/guest?": False, "fibery/role": "Admin" if p.role == "lead" else "Member",
            "fibery/creation-date": joined, "fibery/modification-date": joined,
        }) for p in self.people}  # fmt: skip
