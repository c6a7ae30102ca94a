"""All time cut by project, by database and by state; and what was inferred."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeweave.models.analysis import Part
from timeweave.models.enriched import MatchedBy
from timeweave.models.entities import EntityKey
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData

NAME = 80
MOST = 25
"""Rows shown of a breakdown; the rest is one row."""


@dataclass(frozen=True)
class PartRow:
    """A part; `name` is empty where there is none, and `rest` says how many parts are taken together."""

    name: str
    hours: str
    seconds: int
    percent: int
    change: str | None
    rest: int = 0


@dataclass(frozen=True)
class Inferred:
    """Time that no complete reference put to its item, and on how many items."""

    items: int
    hours: str


def sum_inferred(data: ReportData, matched: Iterable[tuple[EntityKey, dict[str, int]]]) -> Inferred | None:
    """Of items with their seconds by how they were matched; None where nothing was inferred."""
    found: dict[EntityKey, int] = defaultdict(int)
    for key, seconds in matched:
        found[key] += sum(seconds.get(how, 0) for how in (MatchedBy.ID_AND_TITLE, MatchedBy.TITLE))
    amounts = [seconds for seconds in found.values() if seconds]
    return Inferred(len(amounts), data.hours.exact(sum(amounts))) if amounts else None


def build_part_rows(data: ReportData, parts: Sequence[Part], whole: int) -> list[PartRow]:
    """The parts, most first, time without a name last, the small ones together."""
    named = [part for part in parts if part.name]
    rows = [_build_row(data, [part], whole, sanitize.shorten(part.name, NAME)) for part in named[:MOST]]
    if rest := named[MOST:]:
        rows.append(_build_row(data, rest, whole, "", len(rest)))
    return [
        *rows,
        *(
            _build_row(data, [part], whole, "")
            for part in parts
            if not part.name and (part.seconds or part.previous_seconds)
        ),
    ]


def build_project_rows(data: ReportData, projects: dict[str, int]) -> list[PartRow]:
    """One person's projects."""
    ordered = sorted(projects.items(), key=lambda one: (-one[1], one[0]))
    parts = [Part(name=name, seconds=amount, billable_seconds=0, previous_seconds=None) for name, amount in ordered]
    return build_part_rows(data, parts, sum(projects.values()))


def _build_row(data: ReportData, parts: Sequence[Part], whole: int, name: str, rest: int = 0) -> PartRow:
    seconds = sum(part.seconds for part in parts)
    before = [part.previous_seconds for part in parts]
    change = None if None in before else seconds - sum(one or 0 for one in before)
    return PartRow(
        name=name,
        hours=data.hours.exact(seconds),
        seconds=seconds,
        percent=hours.to_percent(seconds, whole),
        change=None if change is None else data.hours.change(change, exact=True),
        rest=rest,
    )
