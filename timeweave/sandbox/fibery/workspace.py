"""The invented Fibery workspace as it stands at the end of one day."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import cache, cached_property, partial
from itertools import chain
from typing import Any

from timeweave.sandbox import company
from timeweave.sandbox.company import PEOPLE, Person, Project, first_day, pick
from timeweave.sandbox.fibery import schema
from timeweave.sandbox.fibery.entities import Entity, instant, parse_id

Overrides = Mapping[tuple[str, int], Mapping[str, object] | None]
"""Hand-written values of items by database and public id; None: it does not exist."""

_COLORS = ("#4faf54", "#fba32f", "#d40915", "#1d6ee8", "#9c2baf", "#6a849b")


class Workspace:
    """Entities on demand: each is worked out from its database and public id, and values when they are asked for."""

    def __init__(
        self, as_of: date, people: tuple[Person, ...], find_value: Callable[["Workspace", Any, schema.Field], object],
        overrides: Overrides | None,
    ) -> None:  # fmt: skip
        self.as_of, self.now = as_of, datetime.combine(as_of, time(23, 59, 59), UTC)
        self.types = schema.types()
        self._people, self._find_value = people, partial(find_value, self)
        # A larger team has that much more to work on, and other items than the story tells of.
        scale = max(1, round(len(people) / len(PEOPLE)))
        self.story: Mapping[str, Any] = company.STORY if scale == 1 else {}
        told = self.story.get("items", {})
        self._lives = {read_name(name): values["life"] for name, values in told.items() if "life" in values}
        given = {read_name(name): values["fields"] for name, values in told.items() if "fields" in values}
        self._overrides: Overrides = given | dict(overrides or {})
        self.numbering = cache(lambda database: company.Numbering(self.types[database].database["per_sprint"], scale))
        self.time_spent: Callable[[Entity], int | None] = lambda item: None
        self.time_needed: Callable[[Entity], int | None] = lambda item: None
        """Seconds logged on an item so far, and in the end; None where nobody adds them up. The timesheet knows."""
        self.leads = [person for person in people[: len(PEOPLE)] if person.role in ("lead", "product")]
        self.item, self.option = cache(self._make_item), cache(self._make_option)
        self.project, self.candidates = cache(self._find_project), cache(self._find_candidates)
        self.feature_number = cache(self._find_feature_number)
        """The public id of the feature that an item is part of, whether or not it is linked to it; None: of none."""

    def find(self, database: str, public_id: str) -> Entity | None:
        """The item of a public id, if it exists on the day."""
        if not (public_id.isascii() and public_id.isdigit() and public_id[0] != "0" and len(public_id) < 10):
            return None
        return self.item(database, int(public_id)) if self.exists(database, int(public_id)) else None

    def exists(self, database: str, number: int) -> bool:
        """Whether the workspace has the item of a public id on the day."""
        if (database, number) in self._overrides:
            return self._overrides[database, number] is not None
        if number > self._find_last(database):
            return False
        life = self.item(database, number).timeline
        return life.created <= self.now and (life.deleted is None or life.deleted > self.now)

    def find_titled(self, database: str, titles: Container[str]) -> Iterable[Entity]:
        """The items of some titles; a title is found out sooner than whether its item exists."""
        named = (n for n in self._list_numbers(database) if self.item(database, n).title in titles)
        return self._find_existing(database, named)

    def rows(self, kind: schema.Type) -> Iterable[Entity]:
        if kind.database:
            return self._find_existing(kind.name, self._list_numbers(kind.name))
        if kind.name == schema.USER:
            return self.users.values()
        if kind.name == "comments/comment":
            commented = (other for other in self.types.values() if "comments/comments" in other.fields)
            return (row for other in commented for item in self.rows(other) for row in item.get("comments/comments"))
        return [self.option(kind.name, n) for n in range(1, len(kind.options) + 1)]

    def find_by_id(self, database: str, fibery_id: str) -> Entity | None:
        """The item of a `fibery/id`, if it exists on the day."""
        found = self.find(database, str(parse_id(fibery_id)[1]))
        return found if found is not None and found.id == fibery_id else None

    def find_related(self, item: Entity, field: schema.Field) -> Entity | None:
        """The item that a relation leads to, whether or not it exists on the day."""
        unless = field.settings.get("unless")
        if item.fraction(field.name, "missing") < field.settings["unlinked"]:
            return None
        if unless and self.find_related(item, item.type.fields[unless]) is not None:
            return None
        if "ages" in field.settings or "of" in field.settings:
            number = self._find_place(item, field)
            return self.item(field.type, number) if number > 0 else None
        numbers = self.numbering(field.type).numbers(item.sprint - field.settings["sprints"] + 1, item.sprint)
        return self.item(field.type, pick(numbers, item.draw(field.name))) if numbers else None

    def find_relating(self, item: Entity, field: schema.Field) -> Iterable[Entity]:
        """The items of a collection's database that may lead to this one: of so many sprints on, or all."""
        sprints = field.settings["sprints"]
        if sprints is None:
            return self.rows(self.types[field.type])
        numbers = self.numbering(field.type).numbers(item.sprint, item.sprint + sprints - 1)
        return self._find_existing(field.type, numbers)

    def owner(self, item: Entity) -> int:
        """The Toggl user id of the person that an item falls to."""
        return pick(self.candidates(item.type.name, item.sprint), item.draw("owner")).user_id

    def part(self, kind: str, number: int, values: Mapping[str, object], part: int = 0) -> Entity:
        """An entity of a type that is no database, with given values."""
        return Entity(self.types[kind], number, self._find_value, given=values, part=part)

    def _make_item(self, database: str, number: int) -> Entity:
        kind, given = self.types[database], self._overrides.get((database, number))
        sprint = 0 if kind.database["count"] else self.numbering(database).sprint(number)
        life = self._lives.get((database, number), {})
        return Entity(kind, number, self._find_value, given=given, sprint=sprint, life=life)

    def _find_feature_number(self, item: Entity) -> int | None:
        source = item.type.database["text_from"]
        if source is None:
            return item.number if item.type.database["text"] == "title" else None
        field = item.type.fields[source]
        number = self._find_place(item, field)
        return number if field.type == "Scrum/Feature" else self.feature_number(self.item(field.type, number))

    def _find_place(self, item: Entity, field: schema.Field) -> int:
        """The number that a relation leads to: items come in groups, each member of which has its place at the other end."""
        ages: list[int] = field.settings.get("ages", [])
        places: list[int] = field.settings.get("places") or [0] * len(ages)
        group, member = divmod(item.number - 1, len(places))
        number: int = field.settings.get("of", 1) * group + places[member] + 1
        numbering = self.numbering(field.type)
        return number - ages[member] * (numbering.until(1) - numbering.until(0)) if ages else number

    def _find_project(self, item: Entity) -> Project:
        if item.type.name == schema.PROJECT:
            return company.BY_NUMBER[item.number]
        number = self.feature_number(item)
        return company.PROJECTS[0] if number is None else company.BY_NUMBER[company.feature(number)["project"]]

    def _find_existing(self, database: str, numbers: Iterable[int]) -> Iterator[Entity]:
        return (self.item(database, number) for number in numbers if self.exists(database, number))

    def _list_numbers(self, database: str) -> Iterable[int]:
        last = self._find_last(database)
        return chain(range(1, last + 1), sorted(n for name, n in self._overrides if name == database and n > last))

    def _find_last(self, database: str) -> int:
        """The highest public id that can have been given by now: items are created up to two sprints ahead."""
        count: int = self.types[database].database["count"]
        return count or self.numbering(database).until(company.sprint_of(self.as_of) + 2)

    def _find_candidates(self, database: str, sprint: int) -> list[Person]:
        roles = self.types[database].database["roles"]
        start = first_day(sprint)
        able = [p for p in self._people if p.role in roles and p.has_joined(start) and not p.has_left(start)]
        return able or list(self._people)

    def _make_option(self, enum: str, number: int) -> Entity:
        option = self.types[enum].options[number - 1]
        state = {"name": option} if isinstance(option, str) else option
        return self.part(enum, number, {
            "enum/name": state["name"], "enum/color": _COLORS[number % len(_COLORS)], "enum/icon": None,
            "workflow/Final": state.get("final"), "workflow/Type": state.get("type"),
        })  # fmt: skip

    @cached_property
    def users(self) -> dict[int, Entity]:
        """The people's Fibery users, by their Toggl user ids."""
        joined = instant(datetime.combine(first_day(0), time(8), UTC))
        return {p.user_id: self.part(schema.USER, p.user_id, {
            "user/name": p.name, "user/email": p.email, "fibery/active?": not p.has_left(self.as_of),
            "fibery/admin?": p.is_admin, "fibery/guest?": False, "fibery/role": "Admin" if p.is_admin else "Member",
            "fibery/creation-date": joined, "fibery/modification-date": joined,
        }) for p in self._people}  # fmt: skip


def read_name(name: str) -> tuple[str, int]:
    """Database and public id of an item as a story names it: `Scrum/Task 3634`."""
    database, _, number = name.rpartition(" ")
    return database, int(number)
