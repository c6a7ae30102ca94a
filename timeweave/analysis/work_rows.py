"""The join: a person's time under one description, with the item it went to and its category. All sums are made from these rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from timeweave.analysis.attribution import Attribution, Target
from timeweave.analysis.category_file import Categories, Category, Work
from timeweave.models.aggregated import Activity, Aggregated, Description, EntityTime, LoggedEntry
from timeweave.models.enriched import EnrichedEntity
from timeweave.models.entities import EntityKey
from timeweave.models.history import PastPeriod, PastRow


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Time with everything in common but the moment."""

    user_id: int
    target: Target
    category: Category
    text: str
    project: str | None
    billable: bool
    seconds: int
    entries: tuple[LoggedEntry, ...]
    """None of compared periods."""

    @property
    def key(self) -> EntityKey | None:
        """The item's."""
        return self.target.key


@dataclass(frozen=True)
class Join:
    """Puts item and category to time."""

    attribution: Attribution
    categories: Categories
    ancestors: dict[EntityKey, EnrichedEntity]
    """Rows of parents, whose fields a category may ask for."""

    def read_period(self, aggregated: Aggregated) -> list[WorkRow]:
        """Everybody's time of the period, in the order of the document."""
        return [row for person in aggregated.people for row in self._read_person(person.user_id, person)]

    def read_past(self, period: PastPeriod) -> list[WorkRow]:
        """The same of a compared period, in sums."""
        return [self._make_past_row(row) for row in period.rows]

    def _read_person(self, user_id: int, person: "_Logged") -> Iterator[WorkRow]:
        for item in person.entities:
            for part in item.descriptions:
                target = self.attribution.find(item.space, item.database, item.public_id, part.text)
                yield self._make_row(user_id, target, part)
        for activity in person.activities:
            for part in activity.descriptions:
                yield self._make_row(user_id, self.attribution.find(None, None, None, part.text), part)

    def _make_row(self, user_id: int, target: Target, part: Description) -> WorkRow:
        category = self._categorize(target, part.text, part.project, part.client, part.tags)
        entries = tuple(part.entries)
        return WorkRow(user_id, target, category, part.text, part.project, part.billable, part.seconds, entries)

    def _make_past_row(self, row: PastRow) -> WorkRow:
        target = self.attribution.find(row.space, row.database, row.public_id, row.text)
        category = self._categorize(target, row.text, row.project, row.client, row.tags)
        return WorkRow(row.user_id, target, category, row.text, row.project, row.billable, row.seconds, ())

    def _categorize(
        self, target: Target, text: str, project: str | None, client: str | None, tags: list[str]
    ) -> Category:
        entity = target.entity
        return self.categories.categorize(
            Work(
                database=entity.found_as if entity else None,
                entity=entity,
                ancestors=self._list_ancestors(entity),
                project=project,
                client=client,
                tags=tuple(tags),
                text=text,
            )
        )

    @cached_property
    def _known_ancestors(self) -> dict[EntityKey | None, tuple[EnrichedEntity, ...]]:
        return {None: ()}

    def _list_ancestors(self, entity: EnrichedEntity | None) -> tuple[EnrichedEntity, ...]:
        if entity is None:
            return ()
        keys = (EntityKey(space=up.space, database=up.database, public_id=up.public_id) for up in entity.parents)
        return tuple(self.ancestors[key] for key in keys if key in self.ancestors)
