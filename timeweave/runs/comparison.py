"""Numbers of runs, read from their own results: two beside each other, and many as a trend."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from timeweave.analysis.metrics import label_metric, order_metrics
from timeweave.reports.formatting import hours, sanitize
from timeweave.runs.manifest import Location, Manifest, Status
from timeweave.runs.register import Register
from timeweave.runs.run_results import ANALYSIS, METRICS, read_document
from timeweave.runtime.period import cut_span, find_month


@dataclass(frozen=True)
class Row:
    """A number in two runs; None where a run has none."""

    name: str
    label: str
    """What people read."""
    first: float | int | str | None
    second: float | int | str | None

    @property
    def change(self) -> float | None:
        """The second less the first."""
        if isinstance(self.first, int | float) and isinstance(self.second, int | float):
            return round(self.second - self.first, 4)
        return None


class _Person(msgspec.Struct):
    user_id: int | None
    name: str
    seconds: int
    key: str = ""


class _Category(msgspec.Struct):
    key: str
    name: str
    seconds: int


class _Document(msgspec.Struct):
    """Of analysis.json, or of aggregated.json, which all versions wrote and which has no categories."""

    people: list[_Person]
    categories: list[_Category] = []
    whole_is_later: bool = False


def order_runs(one: Manifest, other: Manifest) -> tuple[Manifest, Manifest]:
    """The one of the earlier period first; of the same period, the one that was made first."""
    first, second = sorted(
        (one, other), key=lambda run: (run.parameters.start, run.parameters.end, run.made_at, run.id)
    )
    return first, second


def compare_runs(register: Register, first: Manifest, second: Manifest) -> tuple[list[Row], str | None]:
    """Period, headline, then hours by category and by person, in words; and why some numbers cannot be compared."""
    words = {"start": "First day", "end": "Last day", "as_of": "Looked at on"}
    rows = [
        Row(name, text, getattr(first.parameters, name), getattr(second.parameters, name))
        for name, text in words.items()
    ]
    numbers, others = read_headline(register, first), read_headline(register, second)
    rows += [
        Row(name, label_metric(name), numbers.get(name), others.get(name))
        for name in order_metrics({*numbers, *others})
    ]
    ours, theirs = _read_document(register, first), _read_document(register, second)
    rows += _compare_hours("category", *([(one.key, one) for one in each.categories] for each in (ours, theirs)))
    people = ([(str(one.user_id) if one.user_id else one.key, one) for one in each.people] for each in (ours, theirs))
    rows += _compare_hours("hours of", *people)
    later = [run for run, each in ((first, ours), (second, theirs)) if each.whole_is_later]
    return rows, _explain(*later) if len(later) == 1 else None


def _explain(run: Manifest) -> str:
    asked = run.parameters
    return (
        f"{asked.start} to {asked.end} was looked at on {asked.as_of}, too late to compare whole times on record with estimates: "
        f"it has no findings about them, so problems and findings of the two runs cannot be compared"
    )


def _compare_hours(what: str, *runs: Sequence[tuple[str, _Person | _Category]]) -> list[Row]:
    """As the reports show them, by key; who or what has none in either run is left out."""
    ours, theirs = ({key: one.seconds for key, one in each} for each in runs)
    names = {
        key: sanitize.clean_line(one.name) for each in runs for key, one in each if ours.get(key) or theirs.get(key)
    }
    used = Counter(names.values())
    found = []
    for key, name in sorted(names.items(), key=lambda one: (one[1].casefold(), one[0])):
        shown = f"{what} {name}" if used[name] == 1 else f"{what} {name} ({key})"
        values = [None if key not in each else hours.to_hundredths(each[key]) / 100 for each in (ours, theirs)]
        found.append(Row(shown, f"{shown[0].upper()}{shown[1:]}", *values))
    return found


def read_headline(register: Register, run: Manifest) -> dict[str, Any]:
    """metrics.json of a run; a damaged one is a sentence that says how to have it back."""
    return read_document(register.get_outputs(run), run.id, METRICS, dict[str, Any])


def _read_document(register: Register, run: Manifest) -> _Document:
    outputs = register.get_outputs(run)
    name = "aggregated.json" if outputs.read(ANALYSIS) is None else ANALYSIS
    return read_document(outputs, run.id, name, _Document)


HEIGHT = 160
"""Of the highest column in the chart."""


@dataclass(frozen=True)
class Point:
    """A period: label, the run it is from, its numbers, and its column in the chart; no run and no numbers for a gap."""

    label: str
    run: str = ""
    site: str = ""
    """Where the run's pages are, as seen from the folder of runs; empty where they are not on this machine."""
    hours: float = 0
    people: int = 0
    matched_share: float = 0
    entities: int = 0
    done: int = 0
    overdue: int = 0
    height: int = 0


def find_points(
    runs: list[Manifest], kind: str, account: tuple[str, str], users: list[str], folder: Path
) -> list[Point]:
    """The newest completed run of each week or month, ascending by period, with a gap for each that has none between
    two that have; runs of other periods, of other people, and of another account (source, name) are left out. `folder` is where runs are kept.
    """
    newest: dict[tuple[str, str], Manifest] = {}
    for run in sorted(runs, key=lambda run: (run.made_at, run.id)):
        asked = run.parameters
        if (
            run.status is Status.completed
            and run.where is not Location.workspace
            and (asked.source, asked.account) == account
            and run.numbers
            and asked.users == users
            and _find_kind(asked.start, asked.end) == kind
        ):
            newest[asked.start, asked.end] = run
    if not newest:
        return []
    most = max(float(run.numbers.get("hours") or 0) for run in newest.values()) or 1
    every = cut_span(date.fromisoformat(min(newest)[0]), date.fromisoformat(max(newest)[1]), kind)
    of = {(str(first), str(last)): newest.get((str(first), str(last))) for first, last in every}
    return [
        _make_point(run, kind, most, folder) if run else Point(_format_label(start, kind))
        for (start, _), run in of.items()
    ]


def _make_point(run: Manifest, kind: str, most: float, folder: Path) -> Point:
    def number(name: str) -> float:
        return float(run.numbers.get(name) or 0)

    site = f"{run.id}/site/index.html"
    return Point(
        label=_format_label(run.parameters.start, kind), run=run.id, site=site if (folder / site).exists() else "",
        hours=number("hours"), people=int(number("people")), matched_share=number("matched_share"),
        entities=int(number("entities")), done=int(number("done")), overdue=int(number("overdue")),
        height=round(HEIGHT * number("hours") / most),
    )  # fmt: skip


def _find_kind(start: str, end: str) -> str:
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return "other"
    if first.weekday() == 0 and (last - first).days == 6:
        return "week"
    return "month" if first.day == 1 and (first, last) == find_month(first) else "other"


def _format_label(start: str, kind: str) -> str:
    if kind == "month":
        return start[:7]
    year, week, _ = date.fromisoformat(start).isocalendar()
    return f"{year}-W{week:02}"
