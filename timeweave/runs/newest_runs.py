"""Periods that have a run with pages: each by its newest run, with its figures."""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from timeweave.project.parameters import load_parameters
from timeweave.reports.formatting import dates
from timeweave.reports.formatting.dates import Day
from timeweave.reports.formatting.hours import HoursFormat, to_percent
from timeweave.runs.manifest import Location, Manifest, Status
from timeweave.runs.run_folder import RunFolder
from timeweave.runs.run_results import ANALYSIS
from timeweave.runtime import shapes
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.period import DAY, EARLIEST

MOST = 60
"""Periods listed; the newest."""
MOST_NAMED = 6
"""Periods named in a sentence: a month has no more weeks."""


class PersonTime(msgspec.Struct):
    key: str
    slug: str
    name: str
    email: str | None
    seconds: int


class CategoryTime(msgspec.Struct):
    key: str
    name: str
    seconds: int


class Totals(msgspec.Struct):
    seconds: int


class PeriodAnalysis(msgspec.Struct):
    """What is needed of analysis.json; the rest of it is skipped."""

    totals: Totals
    people: list[PersonTime]
    categories: list[CategoryTime]
    whole_is_later: bool = False


@dataclass(frozen=True)
class PeriodRow:
    """A period by its newest run; numbers are None where the run's version did not write them."""

    run: Manifest
    label: str
    brief: str
    """The same in few characters, for the head of a column."""
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
    analysis: PeriodAnalysis | None


def find_of_period(name: str, days: tuple[str, str], runs: Sequence[Manifest], params: Path) -> Manifest:
    """The run of that id, else the newest completed one of exactly these days; `runs` has the newest first.

    Of runs about different accounts or people it is one of those that params.yaml is about, if there are any.
    ConfigurationError where there is none, with the periods within it that have one, else those around it.
    """
    if named := [run for run in runs if run.id == name]:
        return named[0]
    of_period = [run for run in runs if run.parameters.days == days]
    found = [run for run in of_period if run.has_result]
    if len({run.parameters.whose for run in found}) > 1:
        ours = load_parameters(params).whose
        found = [run for run in found if run.parameters.whose == ours] or found
    if found:
        return found[0]
    where = f"{name}, {' to '.join(days)}"
    refuse_unpulled(of_period, f"of {where}")
    known = sorted({run.parameters.days for run in runs if run.has_result})
    within = [one for one in known if days[0] <= one[0] and one[1] <= days[1]]
    at = bisect(known, days)
    near = _name_spans(within or known[max(at - 2, 0) : at + 1])
    state = f" ({of_period[0].id} is {of_period[0].status})" if of_period else ""
    others = f"; there are runs {'within it, of' if within else 'of'} {near}" if near else ""
    # Toggl knows nothing from before it began, nor of days to come.
    can_be_made = str(EARLIEST) <= days[0] <= str(datetime.now(UTC).date() + DAY)
    advice = f"; make one with: timeweave run --period {name}" if can_be_made else ""
    raise ConfigurationError(f"there is no completed run of {where}{state}{others}{advice}")


def refuse_unpulled(runs: Iterable[Manifest], which: str = "") -> None:
    """ConfigurationError if the first completed one of these runs was made elsewhere and its files are not here."""
    for run in runs:
        if run.status is Status.completed:
            if run.where is Location.elsewhere and not run.has_result:
                raise ConfigurationError(
                    f"the files of {' '.join(filter(None, (run.id, which)))} are not on this machine; add the DVC remote "
                    f"that they were pushed to, if `dvc remote list` does not show it, then: dvc exp pull origin {run.id}"
                )
            return


def _name_spans(spans: Sequence[tuple[str, str]]) -> str:
    named = [" to ".join(one) for one in spans[:MOST_NAMED]]
    return ", ".join(named) + (f" and {len(spans) - MOST_NAMED} more" if len(spans) > MOST_NAMED else "")


def list_periods(runs: Path, style: HoursFormat) -> tuple[list[PeriodRow], int]:
    """The periods with pages, newest first, and how many there are besides."""
    newest: dict[Any, list[Manifest]] = defaultdict(list)
    for run in sorted(_read_manifests(runs), key=lambda run: (run.made_at, run.id), reverse=True):
        asked = run.parameters
        newest[asked.whose, asked.days].append(run)
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
    start, end = date.fromisoformat(asked.start), date.fromisoformat(asked.end)
    files = ("reports/team_summary.md", "reports/team_digest.html")
    return PeriodRow(
        run=run,
        label=dates.format_span(start, end),
        brief=dates.format_span(start, end, letters=3),
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


def _read_analysis(folder: RunFolder) -> PeriodAnalysis | None:
    """None of a run of an earlier version, and of a document that is damaged: the others are to be found all the same."""
    try:
        return shapes.decode(folder.read_output(ANALYSIS) or b"", PeriodAnalysis)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _read_count(numbers: dict[str, Any], name: str) -> int | None:
    value = numbers.get(name)
    return value if isinstance(value, int) else None


def _read_percent(numbers: dict[str, Any], name: str) -> int | None:
    value = numbers.get(name)
    return to_percent(round(value * 10_000), 10_000) if isinstance(value, int | float) else None
