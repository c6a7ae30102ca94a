"""The numbers of periods one after the other, from the runs that there are."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from timeweave.reports.site import html
from timeweave.runs.manifest import Manifest

HEIGHT = 160
STEP = 44


@dataclass(frozen=True)
class Point:
    """A period: label, the run it is from, its numbers, and its column in the chart."""

    label: str
    run: str
    hours: float
    people: int
    matched_share: float
    entities: int
    done: int
    overdue: int
    height: int = 0


def points(runs: list[Manifest], kind: str, users: list[str]) -> list[Point]:
    """The newest completed run of each week or month, ascending by period; others, and other people's, are left out."""
    newest: dict[tuple[str, str], Manifest] = {}
    for run in sorted(runs, key=lambda run: (run.parameters.as_of, run.started_at, run.id)):
        asked = run.parameters
        if run.status == "completed" and run.numbers and asked.users == users and _kind(asked.start, asked.end) == kind:
            newest[asked.start, asked.end] = run
    found = [newest[key] for key in sorted(newest)]
    most = max([float(run.numbers.get("hours") or 0) for run in found], default=0) or 1
    return [_point(run, kind, most) for run in found]


def markdown(found: list[Point]) -> str:
    """A table."""
    lines = [
        "| Period | Hours | People | On work items | Items | Done | Overdue | Run |",
        "| :-- | --: | --: | --: | --: | --: | --: | :-- |",
    ]
    lines += [
        f"| {one.label} | {one.hours:,.2f} | {one.people} | {100 * one.matched_share:.0f} % | {one.entities} | {one.done} "
        f"| {one.overdue} | {one.run} |"
        for one in found
    ]
    return "\n".join(lines)


def page(found: list[Point], kind: str, templates: Path) -> bytes:
    """The same as a page that works offline, with a column for each period."""
    rendered = html.templates(templates).render(
        "trend.html.j2", points=found, kind=kind, height=HEIGHT, step=STEP, width=STEP * max(1, len(found))
    )
    return (rendered.rstrip() + "\n").encode()


def _point(run: Manifest, kind: str, most: float) -> Point:
    def number(name: str) -> float:
        return float(run.numbers.get(name) or 0)

    return Point(
        label=_label(run.parameters.start, kind), run=run.id, hours=number("hours"), people=int(number("people")),
        matched_share=number("matched_share"), entities=int(number("entities")), done=int(number("done")),
        overdue=int(number("overdue")), height=round(HEIGHT * number("hours") / most),
    )  # fmt: skip


def _kind(start: str, end: str) -> str:
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return "other"
    if first.weekday() == 0 and (last - first).days == 6:
        return "week"
    whole = first.day == 1 and (first.year, first.month) == (last.year, last.month)
    return (
        "month"
        if whole and (last.toordinal() + 1 == date(last.year + last.month // 12, last.month % 12 + 1, 1).toordinal())
        else "other"
    )


def _label(start: str, kind: str) -> str:
    if kind == "month":
        return start[:7]
    year, week, _ = date.fromisoformat(start).isocalendar()
    return f"{year}-W{week:02}"
