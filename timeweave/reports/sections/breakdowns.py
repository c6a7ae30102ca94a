"""All time split by project, by database, by state and by day: parts whose seconds add up to the total, and rows to show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from timeweave.models.aggregated import PersonTime
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.work_items import WorkItem

NAME = 80
MOST = 40
"""Rows shown of a breakdown; the rest is one row."""


class PartKind(StrEnum):
    """What a part is: one that has a name, or time of which there is something to say instead."""

    NAMED = "named"
    REST = "rest"
    """The small parts together."""
    NO_ITEM = "no_item"
    NO_PROJECT = "no_project"
    NO_STATE = "no_state"
    NO_DATABASE = "no_database"
    NOT_FOUND = "not_found"
    """This and the following: the status of items that were not found."""
    UNKNOWN_DATABASE = "unknown_database"
    UNRESOLVED = "unresolved"
    FAILED = "failed"


@dataclass(frozen=True)
class Part:
    """One part: `name` as it is called outside, or None where `kind` says what it is instead."""

    name: str | None
    kind: PartKind
    seconds: int


@dataclass(frozen=True)
class PartRow:
    """A part: called `name`, or, where that is None, what `kind` says."""

    name: str | None
    kind: PartKind
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


def split_by_project(people: Iterable[PersonTime]) -> list[Part]:
    """All time by project."""
    projects = (project for person in people for project in person.projects)
    return _add_up((project.name, PartKind.NO_PROJECT, project.seconds) for project in projects)


def split_by_database(people: Sequence[PersonTime], items: Iterable[WorkItem]) -> list[Part]:
    """All time by the database of its item."""
    return _add_up([*((item.place, PartKind.NO_DATABASE, item.seconds) for item in items), _sum_unmatched(people)])


def split_by_state(people: Sequence[PersonTime], items: Iterable[WorkItem]) -> list[Part]:
    """All time by the state of its item now; items that were not found by what became of them."""

    def classify(item: WorkItem) -> tuple[str | None, PartKind, int]:
        if not item.found:
            return None, PartKind(item.entity.status), item.seconds
        return item.entity.state.name if item.entity.state else None, PartKind.NO_STATE, item.seconds

    return _add_up([*map(classify, items), _sum_unmatched(people)])


def build_part_rows(parts: list[Part], whole: int) -> list[PartRow]:
    """The parts as rows that add up to `whole` hundredths, the small ones together."""
    named = [part for part in parts if part.name is not None]
    rest = sum(part.seconds for part in named[MOST:])
    together = [Part(None, PartKind.REST, rest)] if rest else []
    shown = [*named[:MOST], *together, *(part for part in parts if part.name is None)]
    texts = hours.format_parts([part.seconds for part in shown], whole)
    percents = hours.apportion([part.seconds for part in shown], 100)
    return [
        PartRow(sanitize.shorten(part.name, NAME) if part.name else None, part.kind, text, percent, part.seconds)
        for part, text, percent in zip(shown, texts, percents, strict=True)
    ]


def build_day_rows(data: ReportData, people: Sequence[PersonTime], whole: int) -> list[DayRow]:
    """All time by day, the days without any included."""
    seconds = [sum(bucket.sum_seconds(person.days) for person in people) for bucket in data.buckets]
    shown = hours.format_parts(seconds, whole)
    parts = zip(data.buckets, shown, seconds, strict=True)
    return [DayRow(bucket.label, text, amount, bucket.weekend) for bucket, text, amount in parts]


def _sum_unmatched(people: Sequence[PersonTime]) -> tuple[str | None, PartKind, int]:
    return None, PartKind.NO_ITEM, sum(person.unmatched_seconds for person in people)


def _add_up(rows: Iterable[tuple[str | None, PartKind, int]]) -> list[Part]:
    """The seconds of rows with the same name, or without one and of the same kind; most first, the named ones before."""
    seconds: dict[tuple[str | None, PartKind], int] = defaultdict(int)
    for name, kind, amount in rows:
        seconds[(name, PartKind.NAMED) if name else (None, kind)] += amount
    found = [Part(name, kind, amount) for (name, kind), amount in seconds.items() if amount or kind is PartKind.NAMED]
    return sorted(found, key=lambda part: (part.name is None, -part.seconds, part.name or part.kind))
