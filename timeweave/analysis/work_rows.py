"""The join: a person's time under one description, with the item it went to and its category. Every breakdown adds up the same rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from timeweave.analysis.attribution import Attribution, Target
from timeweave.analysis.category import Category, Item, LoggedWork
from timeweave.analysis.category_rules import Categories
from timeweave.models.aggregated import Aggregated, Description, LoggedEntry, PersonTime
from timeweave.models.enriched import Enriched, EnrichedEntity, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.history import PastPeriod, PastRow
from timeweave.models.work_items import ItemPerson


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
    entries: tuple[LoggedEntry, ...] = ()
    """None of compared periods."""
    days: Mapping[str, int] = field(default_factory=dict)
    """Of compared periods: seconds by the local day on which the entries start."""

    @property
    def key(self) -> EntityKey | None:
        """The item's."""
        return self.target.key


class Join:
    """Puts item and category to time."""

    def __init__(self, enriched: Enriched, categories: Categories) -> None:
        self.attribution = Attribution(enriched)
        self._categories = categories
        self.ancestors = {one.key: one for one in (*enriched.entities, *enriched.ancestors) if one.name}
        """Everything that may lie above an item, by the key that a parent is named by."""
        self._items: dict[EntityKey, Item] = {}
        self._items_above: dict[EntityKey, Item] = {}

    def read_period(self, aggregated: Aggregated) -> list[WorkRow]:
        """Everybody's time of the period, in the order of the document."""
        return [row for person in aggregated.people for row in self._read_person(person)]

    def read_past(self, period: PastPeriod) -> list[WorkRow]:
        """The same of a compared period, in sums."""
        return [self._make_past_row(row) for row in period.rows]

    def _read_person(self, person: PersonTime) -> Iterator[WorkRow]:
        for item in person.entities:
            for part in item.descriptions:
                target = self.attribution.find(item.key, part.text)
                yield self._make_row(person.user_id, target, part)
        for activity in person.activities:
            for part in activity.descriptions:
                yield self._make_row(person.user_id, self.attribution.find(None, part.text), part)

    def _make_row(self, user_id: int, target: Target, part: Description) -> WorkRow:
        category = self._categorize(target, part)
        entries = tuple(part.entries)
        return WorkRow(user_id, target, category, part.text, part.project, part.billable, part.seconds, entries)

    def _make_past_row(self, row: PastRow) -> WorkRow:
        target = self.attribution.find(row.key, row.text)
        category = self._categorize(target, row)
        return WorkRow(row.user_id, target, category, row.text, row.project, row.billable, row.seconds, days=row.days)

    def _categorize(self, target: Target, part: Description | PastRow) -> Category:
        item = self._describe(target.entity) if target.entity else None
        return self._categories.categorize(LoggedWork(item, part.project, part.client, tuple(part.tags), part.text))

    def _describe(self, entity: EnrichedEntity) -> Item:
        """What rules look at, once for each item."""
        key = entity.key
        if key not in self._items:
            above = tuple(self._describe_above(up) for up in entity.parents)
            self._items[key] = _make_item(entity, above)
        return self._items[key]

    def _describe_above(self, parent: Parent) -> Item:
        """What is known of an item above; without its own ancestors, which are all in the chain of the item below."""
        key = parent.key
        if key not in self._items_above:
            known = self.ancestors.get(key)
            self._items_above[key] = _make_item(known) if known else Item(parent.space, parent.database)
        return self._items_above[key]


def _make_item(entity: EnrichedEntity, ancestors: tuple[Item, ...] = ()) -> Item:
    space, _, database = (entity.found_as or "").rpartition("/")
    return Item(space or entity.space, database or entity.database, entity.fields, ancestors)


def sum_seconds(rows: Iterable[WorkRow]) -> int:
    """All of them."""
    return sum(row.seconds for row in rows)


def sum_billable(rows: Iterable[WorkRow]) -> int:
    """The billable ones."""
    return sum(row.seconds for row in rows if row.billable)


def sum_by(rows: Iterable[WorkRow], key: Callable[[WorkRow], str]) -> dict[str, int]:
    """Seconds by what `key` says of a row, sorted by it."""
    seconds: dict[str, int] = defaultdict(int)
    for row in rows:
        seconds[key(row)] += row.seconds
    return dict(sorted(seconds.items()))


def sum_by_day(rows: Iterable[WorkRow]) -> dict[str, int]:
    """Seconds by the local day on which entries start."""
    days: dict[str, int] = defaultdict(int)
    for row in rows:
        for entry in row.entries:
            days[entry.start[:10]] += entry.seconds
        for day, seconds in row.days.items():
            days[day] += seconds
    return days


def sum_worked(rows: Iterable[WorkRow]) -> int:
    """Time that is no absence."""
    return sum(row.seconds for row in rows if not row.category.absence)


def group_by_person(rows: Iterable[WorkRow]) -> dict[int, list[WorkRow]]:
    """The rows of each account, by user id."""
    found: dict[int, list[WorkRow]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def share_among_people(rows: Iterable[WorkRow]) -> list[ItemPerson]:
    """Who logged how much, most first."""
    seconds = sum_by(rows, lambda row: str(row.user_id))
    ordered = sorted(seconds.items(), key=lambda one: (-one[1], int(one[0])))
    return [ItemPerson(key=key, seconds=amount) for key, amount in ordered]


def find_wording(rows: Iterable[WorkRow]) -> str:
    """The text that most time was logged under; empty where none was written."""
    seconds = sum_by(rows, lambda row: row.text)
    return max(sorted(seconds), key=lambda text: (bool(text.strip()), seconds[text]), default="")


def name_item(rows: Sequence[WorkRow]) -> str:
    """The name in Fibery of the item that these rows are on, else the wording most time was logged under."""
    entity = rows[0].target.entity
    return (entity.name if entity else None) or find_wording(rows)


def divide(part: int, whole: int | None) -> float | None:
    """A share, to four decimals; None where there is nothing to divide by."""
    return round(part / whole, 4) if whole else None


@lru_cache(1 << 12)
def scale(seconds: int, share: float) -> Fraction:
    """A share of seconds without an error of rounding: nine tenths of 8 hours are 25,920 seconds."""
    return seconds * Fraction(str(share))
