"""What a manager reads in a minute: is it complete, the figures and their change, who is missing, short or over, what is late, where the time went."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from timeweave.models.analysis import CategoryTime, Feature, Finding, FindingKind, PastTotals, Severity, WorkItem
from timeweave.reports import charts
from timeweave.reports.formatting import dates, hours, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.sections import item_rows
from timeweave.reports.sections.day_grid import DayKind, GridGroup, GridRow
from timeweave.reports.sections.highlights import CORRECTIONS

FEW_PEOPLE = 24
"""Up to so many people deviations are told one by one; beyond, team by team."""


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
class Deviation:
    """Somebody whose hours are not what was expected."""

    row: GridRow
    kind: DayKind
    days: str
    """The days without any time, in words."""
    gap: int
    """Seconds missing or beyond."""
    gap_hours: str
    worked: str
    expected: str


@dataclass(frozen=True)
class TeamDeviations:
    """How many of a team are missing, short or over."""

    group: GridGroup
    missing: int
    short: int
    over: int


@dataclass(frozen=True)
class Attendance:
    """Who is missing, short or over. `known` where hours are expected of anybody."""

    known: bool
    people: int
    deviations: list[Deviation]
    teams: list[TeamDeviations]
    """In place of `deviations` where there are many people."""

    def count(self, kind: DayKind) -> int:
        """How many people, missing, short or over."""
        return sum(one.kind is kind for one in self.deviations)


@dataclass(frozen=True)
class LateRow:
    """Something past its planned end."""

    title: str
    anchor: str
    url: str | None
    days: int
    planned_end: Day | None
    hours: str
    """In the period."""
    whole: str | None
    estimate: str | None
    seconds: int
    people: list[ReportPerson]


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
    outside: str | None
    """`under` or `over` its target."""
    absence: bool
    people: int


def build_proof(data: ReportData) -> Proof:
    """Whether the time is complete, and as of when."""
    proof = data.analysis.proof
    running = [key for one in data.analysis.findings if one.kind is FindingKind.RUNNING_TIMER for key in one.people]
    status = Completeness.COMPLETE if proof.toggl_seconds == proof.seconds else Completeness.DIFFERENT
    return Proof(
        status=Completeness.UNPROVEN if proof.toggl_seconds is None else status,
        toggl=None if proof.toggl_seconds is None else hours.format_exactly(proof.toggl_seconds),
        ours=hours.format_exactly(proof.seconds),
        looked_at=data.as_of,
        entries=proof.entries,
        running=proof.running,
        running_people=data.name_people(list(dict.fromkeys(running))),
        missing_parts=sum(finding.kind is FindingKind.PART_MISSING for finding in data.analysis.findings),
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
        _share("coverage", [(one.worked_seconds, one.expected_seconds) for one in past], (totals.worked_seconds, totals.expected_seconds), expected),
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


def count_findings(data: ReportData) -> tuple[int, int, int]:
    """Problems, corrections to make, and people whom either concerns."""
    problems = [one for one in data.analysis.findings if one.severity is Severity.PROBLEM]
    corrections = [one for one in data.analysis.findings if one.kind in CORRECTIONS]
    return len(problems), len(corrections), len({key for one in (*problems, *corrections) for key in one.people})


def build_attendance(data: ReportData, groups: Sequence[GridGroup]) -> Attendance:
    """Those with the most hours missing or beyond come first."""
    rows = [row for group in groups for row in group.rows]
    known = any(person.expected_seconds is not None for person in data.analysis.people)
    found = [_describe_deviation(data, row) for row in rows if row.kind in (DayKind.MISSING, DayKind.SHORT, DayKind.OVER)]
    few = len(rows) <= FEW_PEOPLE
    return Attendance(
        known=known,
        people=len(rows),
        deviations=sorted(found, key=lambda one: (-one.gap, one.row.name)),
        teams=[] if few else [_count_deviations(group) for group in groups],
    )


def _describe_deviation(data: ReportData, row: GridRow) -> Deviation:
    assert row.person is not None  # noqa: S101 - rows of people have one
    work = row.person.work
    days = [Day.parse(day) for day, one in work.days.items() if one.expected and not one.worked]
    gap = abs((work.expected_seconds or 0) - work.worked_seconds)
    shown = dates.list_days(days) if len(days) <= 3 else f"{len(days)} days"
    return Deviation(
        row, row.kind, shown, gap, data.hours.brief(gap),
        data.hours.brief(work.worked_seconds), data.hours.brief(work.expected_seconds or 0),
    )  # fmt: skip


def _count_deviations(group: GridGroup) -> TeamDeviations:
    kinds = [row.kind for row in group.rows]
    return TeamDeviations(group, kinds.count(DayKind.MISSING), kinds.count(DayKind.SHORT), kinds.count(DayKind.OVER))


def build_late_rows(data: ReportData) -> list[LateRow]:
    """Items and features past their planned end, those with most hours first."""
    found = [finding for finding in data.analysis.findings if finding.kind is FindingKind.OVERDUE]
    rows = (_describe_late(data, finding) for finding in sorted(found, key=lambda one: -one.seconds))
    return [row for row in rows if row is not None]


def _describe_late(data: ReportData, finding: Finding) -> LateRow | None:
    item = data.items.get(finding.item) if finding.item else None
    if item is not None:
        place = (data.item_anchors[item.key], sanitize.filter_url(item.entity.url), item.entity.planned_end)
        return _build_late(data, finding, item_rows.format_title(item), place, item)
    feature = data.features.get(finding.feature or "")
    if feature is not None:
        title = sanitize.shorten(feature.name, item_rows.TITLE) or f"#{feature.public_id}"
        place = (data.feature_anchors[feature.key], sanitize.filter_url(feature.url), feature.planned_end)
        return _build_late(data, finding, title, place, feature)
    return None


def _build_late(
    data: ReportData, finding: Finding, title: str, place: tuple[str, str | None, str | None], late: WorkItem | Feature
) -> LateRow:
    anchor, url, planned = place
    return LateRow(
        title=title,
        anchor=anchor,
        url=url,
        days=late.overdue_days,
        planned_end=dates.parse_day(planned, data.zone),
        hours=data.hours.brief(finding.seconds),
        whole=None if late.whole_seconds is None else data.hours.brief(late.whole_seconds),
        estimate=None if late.estimate_seconds is None else data.hours.brief(late.estimate_seconds),
        seconds=finding.seconds,
        people=data.name_people(finding.people),
    )


def build_category_rows(data: ReportData) -> list[CategoryRow]:
    """Where the time went, most first; absences last."""
    hues = charts.assign_hues(data.categories)
    shown = [one for one in data.analysis.categories if one.seconds or one.previous_seconds]
    ordered = sorted(shown, key=lambda one: (one.absence, -one.seconds, one.key))
    return [_describe_category(data, category, hues[category.key]) for category in ordered]


def _describe_category(data: ReportData, category: CategoryTime, hue: int) -> CategoryRow:
    target = category.target
    outside = None
    if target:
        outside = "under" if category.share < target[0] else "over" if category.share > target[1] else None
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
        outside=outside,
        absence=category.absence,
        people=category.people,
    )
