"""The rows of the table, joined from the archive, the directory and what Fibery said."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.names import Names
from timeweave.export.reported import Reported
from timeweave.matching.match import match
from timeweave.matching.reference import Reference
from timeweave.models.aggregated import Totals
from timeweave.models.enriched import EnrichedEntity
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import Period
from timeweave.toggl import days
from timeweave.toggl.days import Row


class Line(NamedTuple):
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


def lines(archive: Path, names: Names, reported: Reported, period: Period, users: Iterable[str]) -> list[Line]:
    """Every entry of the period, by start and id, of the people that `users` asks for.

    A TimeweaveError where they are not the entries that the reports were made of.
    """
    rows = list(_rows(archive, period))
    for row, _ in rows:
        names.hear(row)
    chosen = names.choose(users, {row.user_id for row, _ in rows})
    found = [line for row, day in rows if row.user_id in chosen for line in _lines(row, day, names, reported, period)]
    _check(found, reported.totals)
    return sorted(found, key=lambda line: (datetime.fromisoformat(line.start), line.entry_id))


def _rows(archive: Path, period: Period) -> Iterator[tuple[Row, LocalDays]]:
    for utc_day in period.utc_days:
        local_days = LocalDays(utc_day, period.zone, period.start, period.end)
        for row in days.read(archive, utc_day):
            if any(local_days.of(entry.start) for entry in row.time_entries):
                yield row, local_days


def _lines(row: Row, local_days: LocalDays, names: Names, reported: Reported, period: Period) -> Iterator[Line]:
    reference = match(row.description or "").reference
    entity = reported.item(reference)
    for entry in row.time_entries:
        day = local_days.of(entry.start)
        if day is None:
            continue
        running = entry.stop is None or entry.seconds < 0
        seconds = 0 if running else entry.seconds
        yield Line(
            date=day,
            entry_id=entry.id,
            user_id=row.user_id,
            person=names.person(row.user_id),
            email=names.email(row.user_id) or "",
            project=reported.project(names.project(row.project_id) or (reference.project if reference else None)),
            **_item(reference, entity),
            description=row.description or "",
            start=_local(entry.start, period.zone),
            stop="" if running or entry.stop is None else _local(entry.stop, period.zone),
            seconds=seconds,
            hours=round(seconds / 3600, 4),
            billable=row.billable,
            running=running,
        )


def _item(reference: Reference | None, entity: EnrichedEntity | None) -> dict[str, str]:
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


def _check(found: list[Line], totals: Totals) -> None:
    """A table that told other sums than the reports would be worse than none."""
    stopped = [line for line in found if not line.running]
    same = (len(stopped), sum(line.seconds for line in stopped)) == (totals.entries, totals.seconds)
    if not same or any(line.public_id and not line.status for line in stopped):
        raise TimeweaveError(
            "the table would show other entries than the reports do: parameters or data changed since they were "
            "made; run `dvc repro` first"
        )


def _local(moment: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(moment).astimezone(zone).isoformat()
