"""What a manager reads in a minute: is it complete, the figures and their change, where the time went."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from timeweave.models.analysis import CategoryTime, PastTotals
from timeweave.models.findings import CORRECTIONS, FindingKind, Severity
from timeweave.reports import charts
from timeweave.reports.formatting import hours
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import highlights


class Completeness(StrEnum):
    """Whether the time here is all that Toggl has."""

    COMPLETE = "complete"
    DIFFERENT = "different"
    UNPROVEN = "unproven"
    """It was not compared, or only some people are shown."""


@dataclass(frozen=True)
class Proof:
    """Toggl's total beside ours, to the second."""

    status: Completeness
    toggl: str | None
    ours: str
    looked_at: Day
    entries: int
    running: int
    running_people: list[ReportPerson]
    missing_parts: int
    """Items of which Fibery did not give everything."""
    unanswered: int
    """Of what more Fibery gave not all."""


@dataclass(frozen=True)
class Tile:
    """A figure of the period beside the one before. `value` is hours, or a whole percentage; None where nothing is to be divided by."""

    key: str
    value: str | None
    change: str | None
    """Hours, or percentage points."""
    spark: str
    """A path; the periods before and this one."""
    periods: int
    note: str = ""


@dataclass(frozen=True)
class CategoryRow:
    """A category's share of all time; shares are whole percentages."""

    key: str
    name: str
    anchor: str
    hue: int
    hours: str
    seconds: int
    percent: int
    previous_percent: int | None
    change: str | None
    target: tuple[int, int] | None
    off_target: str | None
    """`under` or `over` its target."""
    absence: bool
    people: int


def build_proof(data: ReportData) -> Proof:
    """Whether the time is complete, and as of when."""
    proof = data.analysis.proof
    missing = [one.item is not None for one in data.analysis.findings if one.kind is FindingKind.PART_MISSING]
    running = [key for one in data.analysis.findings if one.kind is FindingKind.RUNNING_TIMER for key in one.people]
    status = Completeness.COMPLETE if proof.toggl_seconds == proof.seconds else Completeness.DIFFERENT
    return Proof(
        status=Completeness.UNPROVEN if proof.toggl_seconds is None else status,
        toggl=None if proof.toggl_seconds is None else hours.format_exactly(proof.toggl_seconds),
        ours=hours.format_exactly(proof.seconds),
        looked_at=data.as_of,
        entries=proof.entries,
        running=proof.running,
        running_people=data.find_people(list(dict.fromkeys(running))),
        missing_parts=missing.count(True),
        unanswered=missing.count(False),
    )


def build_tiles(data: ReportData) -> list[Tile]:
    """Hours, coverage, billable share, share on work items: each with its change and its course."""
    totals = data.analysis.totals
    past = list(reversed(data.analysis.past))
    items = sum(person.item_seconds for person in data.analysis.people)
    expected = data.hours.brief(totals.expected_seconds) if totals.expected_seconds is not None else ""
    last = past[-1] if past else None
    change = None if last is None else data.hours.change(totals.seconds - last.seconds)
    return [
        Tile("hours", data.hours.brief(totals.seconds), change, charts.draw_sparkline([*(one.seconds for one in past), totals.seconds]), len(past) + 1),
        _share("coverage", [(one.expected_worked_seconds or 0, one.expected_seconds) for one in past], (totals.expected_worked_seconds or 0, totals.expected_seconds), expected),
        _share("billable", [_billable(one) for one in past], (totals.billable_seconds, totals.seconds)),
        _share("items", [(one.item_seconds, one.seconds) for one in past], (items, totals.seconds)),
    ]  # fmt: skip


def _billable(past: PastTotals) -> tuple[int, int | None]:
    return past.billable_seconds, past.seconds


def _share(key: str, past: Sequence[tuple[int, int | None]], now: tuple[int, int | None], note: str = "") -> Tile:
    shares = [part / whole if whole else None for part, whole in [*past, now]]
    before = past[-1] if past else (0, None)
    change = hours.change_points(now[0], now[1], before[0], before[1]) if now[1] and before[1] else None
    value = str(hours.to_percent(*now)) if now[1] else None  # type: ignore[arg-type]
    return Tile(key, value, change, charts.draw_sparkline(shares), len(shares), note)


def count_findings(data: ReportData) -> tuple[int, int, int, int]:
    """Problems, corrections to make and the entries that these are about, and people whom either concerns."""
    problems = [one for one in data.analysis.findings if one.severity is Severity.PROBLEM]
    corrections = [one for one in data.analysis.findings if one.kind in CORRECTIONS]
    concerned = {key for one in (*problems, *corrections) for key in one.people}
    return len(problems), len(corrections), highlights.count_entries(corrections), len(concerned)


def build_category_rows(data: ReportData) -> list[CategoryRow]:
    """Where the time went, most first; absences last."""
    hues = charts.assign_hues(data.categories)
    shown = [one for one in data.analysis.categories if one.seconds or one.previous_seconds]
    ordered = sorted(shown, key=lambda one: (one.absence, -one.seconds, one.key))
    return [_describe_category(data, category, hues[category.key]) for category in ordered]


def _describe_category(data: ReportData, category: CategoryTime, hue: int) -> CategoryRow:
    target = category.target
    off_target = None
    if target:
        off_target = "under" if category.share < target[0] else "over" if category.share > target[1] else None
    change = None if category.previous_seconds is None else category.seconds - category.previous_seconds
    return CategoryRow(
        key=category.key,
        name=data.category_names[category.key],
        anchor=data.category_anchors[category.key],
        hue=hue,
        hours=data.hours.brief(category.seconds),
        seconds=category.seconds,
        percent=hours.to_percent(category.seconds, data.analysis.totals.seconds),
        previous_percent=None if category.previous_share is None else hours.round_share(category.previous_share),
        change=None if change is None else data.hours.change(change),
        target=(hours.round_share(target[0]), hours.round_share(target[1])) if target else None,
        off_target=off_target,
        absence=category.absence,
        people=category.people,
    )
