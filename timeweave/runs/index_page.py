"""`runs/index.html`: all periods that have a run, with what came of them, and how categories and people went on from period to period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from timeweave.project.parameters import load_parameters
from timeweave.project.project_paths import ProjectFolder
from timeweave.reports import charts, site_pages
from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.hours import HoursFormat
from timeweave.runs.newest_runs import CategoryTime, PeriodAnalysis, PeriodRow, PersonTime, list_periods
from timeweave.runtime import document
from timeweave.runtime.period import find_month

INDEX, TEMPLATE, SCRIPT = "index.html", "runs/index.html.j2", "runs/same_page_links.js"
MOST_COLUMNS = 12
"""Periods side by side in a table; the newest."""
NAME = 80


@dataclass(frozen=True)
class TrendRow:
    """A category or a person from period to period; None where there is no time. `page` is the person's, in each run."""

    name: str
    cells: list[str | None]
    spark: str
    page: str | None = None


@dataclass(frozen=True)
class Trend:
    """Periods of one length, oldest first; categories with most time first, people by name."""

    length: str
    columns: list[PeriodRow]
    categories: list[TrendRow]
    people: list[TrendRow]


def write_index(project: ProjectFolder) -> Path:
    """Make the page anew from the runs that lie beside it. TimeweaveError where its template is at fault."""
    style = HoursFormat(load_parameters(project.params).reports.hours)
    rows, older = list_periods(project.runs, style)
    words = site_pages.load_page_templates(project.folder / "config" / "templates", SCRIPT)
    people, without = list_people(rows)
    page = words.render(
        TEMPLATE, periods=rows, older=older, trends=build_trends(rows, style), people=people, without=without
    )
    path = project.runs / INDEX
    document.write_bytes(path, (page.rstrip() + "\n").encode(), document.PRIVATE)
    return path


def list_people(rows: Sequence[PeriodRow]) -> tuple[list[str], dict[str, list[int]]]:
    """The names of all people's pages, and of each run with an account the places in this list of those it does not have."""
    pages = {row.run.id: {one.slug for one in row.analysis.people} for row in rows if row.analysis}
    people = sorted(set().union(*pages.values()))
    return people, {run: [at for at, slug in enumerate(people) if slug not in own] for run, own in pages.items()}


def build_trends(rows: Sequence[PeriodRow], style: HoursFormat) -> list[Trend]:
    """Of each length of which there are two periods of everyone, those of the newest account."""
    known = [row for row in rows if row.analysis and not row.run.parameters.users]
    lengths: dict[str, list[PeriodRow]] = defaultdict(list)
    for row in known:
        asked, newest = row.run.parameters, known[0].run.parameters
        if (asked.source, asked.account) == (newest.source, newest.account):
            lengths[_name_length(asked.start, asked.end)].append(row)
    return [
        _build_trend(length, found[:MOST_COLUMNS][::-1], style) for length, found in lengths.items() if len(found) > 1
    ]


def _build_trend(length: str, columns: list[PeriodRow], style: HoursFormat) -> Trend:
    def collect(get: Callable[[PeriodAnalysis], Iterable[PersonTime | CategoryTime]]) -> list[TrendRow]:
        found = [{one.key: one for one in get(row.analysis)} if row.analysis else {} for row in columns]
        latest = {key: one for each in found for key, one in each.items()}
        amounts = {key: [each[key].seconds if key in each else 0 for each in found] for key in latest}
        ordered = sorted((key for key in latest if any(amounts[key])), key=lambda key: (-sum(amounts[key]), key))
        return [_build_trend_row(latest[key], amounts[key], style) for key in ordered]

    people = sorted(collect(lambda one: one.people), key=lambda row: row.name.casefold())
    return Trend(length, columns, collect(lambda one: one.categories), people)


def _build_trend_row(one: PersonTime | CategoryTime, amounts: list[int], style: HoursFormat) -> TrendRow:
    page = f"people/{one.slug}.html" if isinstance(one, PersonTime) else None
    name = sanitize.shorten(one.name, NAME) or one.key
    cells = [style.brief(amount) if amount else None for amount in amounts]
    return TrendRow(name, cells, charts.draw_sparkline([float(amount) for amount in amounts]), page)


def _name_length(start: str, end: str) -> str:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if first.day == 1 and (first, last) == find_month(first):
        return "month"
    days = (last - first).days + 1
    return {1: "day", 7: "week"}.get(days, f"{days} days")
