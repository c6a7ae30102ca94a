"""Partitions of all time as rows to show: by day, project, database and state."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.models.aggregated import PersonTime
from timeweave.reports import hours, partition, plain
from timeweave.reports.edition import Edition
from timeweave.reports.ledger import Item
from timeweave.reports.partition import Part

NAME = 80
MOST = 40
"""Rows shown of a partition; the rest is one row."""


@dataclass(frozen=True)
class PartRow:
    """A part: called `name`, or, where that is None, what `kind` says."""

    name: str | None
    kind: str
    """named, rest, no_item, no_project, no_state, no_database, or the status of items that were not found."""
    hours: str
    percent: int
    seconds: int


@dataclass(frozen=True)
class DayRow:
    """A day, or a week or month where the period is long."""

    label: str
    hours: str
    seconds: int
    weekend: bool


def projects(people: Sequence[PersonTime], whole: int) -> list[PartRow]:
    """All time by project."""
    return _rows(partition.by_project(people), whole)


def databases(people: Sequence[PersonTime], items: Sequence[Item], whole: int) -> list[PartRow]:
    """All time by the database of its item."""
    return _rows(partition.by_database(people, items), whole)


def states(people: Sequence[PersonTime], items: Sequence[Item], whole: int) -> list[PartRow]:
    """All time by the state that its item is in."""
    return _rows(partition.by_state(people, items), whole)


def days(edition: Edition, people: Sequence[PersonTime], whole: int) -> list[DayRow]:
    """All time by day, the days without any included."""
    seconds = [sum(stretch.seconds(person.days) for person in people) for stretch in edition.stretches]
    shown = hours.texts(seconds, whole)
    parts = zip(edition.stretches, shown, seconds, strict=True)
    return [DayRow(stretch.label, text, amount, stretch.weekend) for stretch, text, amount in parts]


def _rows(parts: list[Part], whole: int) -> list[PartRow]:
    named = [part for part in parts if part.name is not None]
    rest = sum(part.seconds for part in named[MOST:])
    shown = [*named[:MOST], *([Part(None, "rest", rest)] if rest else []), *(p for p in parts if p.name is None)]
    texts = hours.texts([part.seconds for part in shown], whole)
    percents = hours.apportion([part.seconds for part in shown], 100)
    return [
        PartRow(plain.brief(part.name, NAME) if part.name else None, part.kind, text, percent, part.seconds)
        for part, text, percent in zip(shown, texts, percents, strict=True)
    ]
