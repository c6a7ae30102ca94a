"""All time cut by project, by database and by state: partitions, whose seconds add up to the total."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeweave.models.aggregated import PersonTime
from timeweave.reports.ledger import Item


@dataclass(frozen=True)
class Part:
    """One part of a partition: `name` as it is called outside, or None where `kind` says what it is instead."""

    name: str | None
    kind: str
    """named; or no_item, no_project, no_state, no_database, or the status of items that were not found."""
    seconds: int


def by_project(people: Iterable[PersonTime]) -> list[Part]:
    """All time by project."""
    rows = [(project.name, "no_project", project.seconds) for person in people for project in person.projects]
    return _parts(rows)


def by_database(people: Sequence[PersonTime], items: Iterable[Item]) -> list[Part]:
    """All time by the database of its item."""
    return _parts([*((item.place, "no_database", item.seconds) for item in items), _unmatched(people)])


def by_state(people: Sequence[PersonTime], items: Iterable[Item]) -> list[Part]:
    """All time by the state of its item now; items that were not found by what became of them."""

    def row(item: Item) -> tuple[str | None, str, int]:
        state = item.entity.state.name if item.entity.state else None
        return (state, "no_state", item.seconds) if item.found else (None, item.entity.status, item.seconds)

    return _parts([*map(row, items), _unmatched(people)])


def _unmatched(people: Sequence[PersonTime]) -> tuple[str | None, str, int]:
    return (None, "no_item", sum(person.unmatched_seconds for person in people))


def _parts(rows: Iterable[tuple[str | None, str, int]]) -> list[Part]:
    seconds: dict[tuple[str | None, str], int] = defaultdict(int)
    for name, kind, amount in rows:
        seconds[(name, "named") if name else (None, kind)] += amount
    found = [Part(name, kind, amount) for (name, kind), amount in seconds.items() if amount or kind == "named"]
    return sorted(found, key=lambda part: (part.name is None, -part.seconds, part.name or part.kind))
