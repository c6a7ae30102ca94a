"""The period's time entries as rows of a table: joined from Toggl's days, the directory and what Fibery said."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.name_lookup import NameLookup, fold
from timeweave.matching.parsed_description import match
from timeweave.matching.reference import Reference
from timeweave.models import time_entry_days
from timeweave.models.aggregated import Aggregated
from timeweave.models.analysis import Analysis
from timeweave.models.enriched import Enriched, EnrichedEntity
from timeweave.models.time_entry_days import Row
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import Period


class EntryRow(NamedTuple):
    """One time entry. Times are ISO 8601 in the period's zone; a running timer has no stop and no seconds yet."""

    date: str
    entry_id: int
    user_id: int
    person: str
    email: str
    project: str
    space: str
    database: str
    public_id: str
    item: str
    """Its name in Fibery, where it was found."""
    status: str
    """found, not_found, …; empty where no item is named, and for a running timer on an item of no other entry."""
    state: str
    url: str
    description: str
    start: str
    stop: str
    seconds: int
    hours: float
    """seconds / 3600, to four decimals."""
    billable: bool
    running: bool
    matched_by: str
    """How the entry came to its item: reference, id_and_title or title; empty where it came to none."""
    category: str
    """Its name; empty for a running timer, and throughout a run of a version without categories."""


class Judgement(NamedTuple):
    """What the analysis made of one entry."""

    item: EnrichedEntity | None
    matched_by: str
    category: str


class ReportLookup:
    """What the reports made of the entries: one spelling for each project, the work items, and the sums in `totals`."""

    def __init__(self, aggregated: Aggregated, enriched: Enriched, analysis: Analysis | None = None) -> None:
        """Earlier versions wrote no analysis."""
        self.totals = aggregated.totals
        names = (project.name for person in aggregated.people for project in person.projects)
        self._projects = {name.casefold(): name for name in names if name}
        self._items = {fold(entity): entity for entity in enriched.entities}
        self.judged = None if analysis is None else dict(_judge_entries(analysis))

    def find_project(self, name: str | None) -> str:
        """The project as the reports spell it; empty for none."""
        return self._projects.get(name.casefold(), name) if name else ""

    def find_item(self, reference: Reference | None) -> EnrichedEntity | None:
        """What Fibery said of the item that a description names; None where it names none."""
        return None if reference is None else self._items.get(fold(reference))


def _judge_entries(analysis: Analysis) -> Iterator[tuple[int, Judgement]]:
    names = {category.key: category.name for category in analysis.categories}
    items = {item.key: item.entity for item in analysis.items}
    for person in analysis.people:
        for part in person.items:
            judgement = Judgement(items.get(part.key), part.matched_by or "", names.get(part.category, part.category))
            yield from ((entry.id, judgement) for entry in part.entries)
        for activity in person.activities:
            judgement = Judgement(None, "", names.get(activity.category, activity.category))
            yield from ((entry.id, judgement) for entry in activity.entries)


def build_rows(
    days_folder: Path, names: NameLookup, report: ReportLookup, period: Period, users: Iterable[str]
) -> list[EntryRow]:
    """Every entry of the period, by start and id, of the people that `users` asks for.

    A TimeweaveError where they are not the entries that the reports were made of.
    """
    rows = list(_read_rows(days_folder, period))
    for row, _ in rows:
        names.learn(row)
    chosen = names.choose(users, {row.user_id for row, _ in rows})
    found = [entry for row, day in rows if row.user_id in chosen for entry in _join(row, day, names, report, period)]
    _check_totals(found, report)
    return sorted(found, key=lambda entry: (datetime.fromisoformat(entry.start), entry.entry_id))


def _read_rows(days_folder: Path, period: Period) -> Iterator[tuple[Row, LocalDays]]:
    for utc_day in period.utc_days:
        local_days = LocalDays(utc_day, period.zone, period.start, period.end)
        for row in time_entry_days.read(days_folder, utc_day):
            if any(local_days.find(entry.start) for entry in row.time_entries):
                yield row, local_days


def _join(
    row: Row, local_days: LocalDays, names: NameLookup, report: ReportLookup, period: Period
) -> Iterator[EntryRow]:
    reference = match(row.description or "").reference
    entity = report.find_item(reference)
    for entry in row.time_entries:
        day = local_days.find(entry.start)
        if day is None:
            continue
        running = entry.stop is None or entry.seconds < 0
        seconds = 0 if running else entry.seconds
        judged = (report.judged or {}).get(entry.id) or Judgement(None, "", "")
        yield EntryRow(
            date=day,
            entry_id=entry.id,
            user_id=row.user_id,
            person=names.find_person(row.user_id),
            email=names.find_email(row.user_id) or "",
            project=report.find_project(
                names.find_project(row.project_id) or (reference.project if reference else None)
            ),
            **_describe_item(reference, judged.item or entity),
            description=row.description or "",
            start=_to_local(entry.start, period.zone),
            stop="" if running or entry.stop is None else _to_local(entry.stop, period.zone),
            seconds=seconds,
            hours=round(seconds / 3600, 4),
            billable=bool(row.billable),
            running=running,
            matched_by=judged.matched_by,
            category=judged.category,
        )


def _describe_item(reference: Reference | None, entity: EnrichedEntity | None) -> dict[str, str]:
    """The columns of the work item, all empty where none is named."""
    named = entity or reference
    return {
        "space": (named.space if named else None) or "",
        "database": (named.database if named else None) or "",
        "public_id": named.public_id if named else "",
        "item": (entity.name if entity else None) or "",
        "status": entity.status if entity else "",
        "state": entity.state.name if entity and entity.state else "",
        "url": (entity.url if entity else None) or "",
    }


def _check_totals(found: list[EntryRow], report: ReportLookup) -> None:
    """A table that told other sums than the reports would be worse than none."""
    stopped, totals = [line for line in found if not line.running], report.totals
    same = (len(stopped), sum(line.seconds for line in stopped)) == (totals.entries, totals.seconds)
    known = report.judged is None or report.judged.keys() == {line.entry_id for line in stopped}
    if not same or not known or any(line.public_id and not line.status for line in stopped):
        raise TimeweaveError(
            "the table would show other entries than the reports do: parameters or data changed since they were "
            "made; run `dvc repro` first"
        )


def _to_local(moment: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(moment).astimezone(zone).isoformat()
