"""`runs/index.html`: all periods that have a run, with what came of them, and how categories and people went on from period to period."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from timeweave.project.parameters import load_parameters
from timeweave.project.project_folder import ProjectFolder
from timeweave.reports import charts, site_pages
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.formatting.hours import HoursFormat, to_percent
from timeweave.runs.manifest import Manifest, Status
from timeweave.runs.result_reader import ANALYSIS
from timeweave.runs.run_folder import RunFolder
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import find_month

INDEX, TEMPLATE, SCRIPT = "index.html", "runs/index.html.j2", "runs/index.js"
MOST, MOST_COLUMNS = 60, 12
"""Periods listed, and periods side by side in a table; the newest."""
NAME = 80


class _Person(msgspec.Struct):
    key: str
    slug: str
    name: str
    email: str | None
    seconds: int


class _Category(msgspec.Struct):
    key: str
    name: str
    seconds: int


class _Totals(msgspec.Struct):
    seconds: int


class _Analysis(msgspec.Struct):
    """What is needed of analysis.json; the rest of it is skipped."""

    totals: _Totals
    people: list[_Person]
    categories: list[_Category]


@dataclass(frozen=True)
class PeriodRow:
    """A period by its newest run; numbers are None where the run's version did not write them."""

    run: Manifest
    label: str
    looked_at: Day
    hours: str
    coverage: int | None
    people: int | None
    on_items: int | None
    late: int | None
    problems: int | None
    whose: str
    """How many people it was asked for; empty: everyone."""
    files: list[str]
    """Of its Markdown and mail, those that are there."""
    others: list[str]
    """Earlier runs of the same period."""
    analysis: _Analysis | None


@dataclass(frozen=True)
class TrendRow:
    """A category or a person from period to period; None where there is no time. `page` is the person's, in each run."""

    name: str
    cells: list[str | None]
    spark: str
    page: str | None = None


@dataclass(frozen=True)
class Trend:
    """Periods of one length, oldest first."""

    length: str
    columns: list[PeriodRow]
    categories: list[TrendRow]
    people: list[TrendRow]


def write_index(project: ProjectFolder) -> Path:
    """Make the page anew from the runs that lie beside it. TimeweaveError where its template is at fault."""
    style = HoursFormat(load_parameters(project.params).reports.hours)
    rows, older = list_periods(project.runs, style)
    words = site_pages.load_page_templates(project.folder / "config" / "templates", SCRIPT)
    page = words.render(TEMPLATE, periods=rows, older=older, trends=build_trends(rows, style))
    path = project.runs / INDEX
    document.write_bytes(path, (page.rstrip() + "\n").encode(), document.PRIVATE)
    return path


def list_periods(runs: Path, style: HoursFormat) -> tuple[list[PeriodRow], int]:
    """The periods with pages, newest first, and how many there are besides."""
    newest: dict[Any, list[Manifest]] = defaultdict(list)
    for run in sorted(
        _read_manifests(runs), key=lambda run: (run.parameters.as_of, run.started_at, run.id), reverse=True
    ):
        asked = run.parameters
        newest[asked.source, asked.account, asked.start, asked.end, tuple(asked.users)].append(run)
    ordered = sorted(
        newest.values(),
        key=lambda found: (found[0].parameters.end, found[0].parameters.start, found[0].id),
        reverse=True,
    )
    return [_build_row(runs, found, style) for found in ordered[:MOST]], max(0, len(ordered) - MOST)


def _read_manifests(runs: Path) -> Iterable[Manifest]:
    for page in sorted(runs.glob("*/site/index.html")):
        folder = page.parents[1]
        if folder.is_symlink():
            continue
        try:
            run = RunFolder(runs, folder.name).read_manifest()
            if run and run.status is Status.completed and date.fromisoformat(run.parameters.start):
                yield run
        except (TimeweaveError, ValueError):
            # list-runs says what is wrong with it.
            continue


def _build_row(runs: Path, found: Sequence[Manifest], style: HoursFormat) -> PeriodRow:
    run, *others = found
    asked, numbers, folder = run.parameters, run.numbers, runs / run.id
    analysis = _read_analysis(RunFolder(runs, run.id))
    seconds = analysis.totals.seconds if analysis else round(float(numbers.get("hours") or 0) * 3600)
    files = ("reports/team_summary.md", "reports/team_digest.html")
    return PeriodRow(
        run=run,
        label=dates.format_span(date.fromisoformat(asked.start), date.fromisoformat(asked.end)),
        looked_at=Day.parse(asked.as_of),
        hours=style.brief(seconds),
        coverage=_read_percent(numbers, "coverage"),
        people=_read_count(numbers, "people"),
        on_items=_read_percent(numbers, "matched_share"),
        late=_read_count(numbers, "overdue"),
        problems=_read_count(numbers, "problems"),
        whose=", ".join(asked.users[:2]) + (f" and {len(asked.users) - 2} more" if len(asked.users) > 2 else ""),
        files=[name for name in files if (folder / name).exists()],
        others=[other.id for other in others],
        analysis=analysis,
    )


def _read_analysis(folder: RunFolder) -> _Analysis | None:
    """None of a run of an earlier version, and of a document that is damaged: the others are to be found all the same."""
    try:
        return msgspec.json.decode(folder.read_output(ANALYSIS) or b"", type=_Analysis)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _read_count(numbers: dict[str, Any], name: str) -> int | None:
    value = numbers.get(name)
    return value if isinstance(value, int) else None


def _read_percent(numbers: dict[str, Any], name: str) -> int | None:
    value = numbers.get(name)
    return to_percent(round(value * 10_000), 10_000) if isinstance(value, int | float) else None


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
    def collect(get: Callable[[_Analysis], Iterable[_Person | _Category]]) -> list[TrendRow]:
        found = [{one.key: one for one in get(row.analysis)} if row.analysis else {} for row in columns]
        latest = {key: one for each in found for key, one in each.items()}
        amounts = {key: [each[key].seconds if key in each else 0 for each in found] for key in latest}
        ordered = sorted((key for key in latest if any(amounts[key])), key=lambda key: (-sum(amounts[key]), key))
        return [_build_trend_row(latest[key], amounts[key], style) for key in ordered]

    return Trend(length, columns, collect(lambda one: one.categories), collect(lambda one: one.people))


def _build_trend_row(one: _Person | _Category, amounts: list[int], style: HoursFormat) -> TrendRow:
    page = f"people/{one.slug}.html" if isinstance(one, _Person) else None
    name = sanitize.shorten(one.name, NAME) or one.key
    cells = [style.brief(amount) if amount else None for amount in amounts]
    return TrendRow(name, cells, charts.draw_sparkline([float(amount) for amount in amounts]), page)


def _name_length(start: str, end: str) -> str:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    if first.day == 1 and (first, last) == find_month(first):
        return "month"
    days = (last - first).days + 1
    return {1: "day", 7: "week"}.get(days, f"{days} days")
