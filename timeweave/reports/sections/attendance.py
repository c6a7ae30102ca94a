"""Who is missing, short or over: person by person, or team by team where there are many."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.reports.formatting import dates
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.day_grid import CellKind, GridGroup, GridRow

FEW_PEOPLE = 24
"""Up to so many people deviations are told one by one; beyond, team by team."""


@dataclass(frozen=True)
class Deviation:
    """Somebody whose hours are not what was expected."""

    row: GridRow
    kind: CellKind
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

    @property
    def count(self) -> int:
        return self.missing + self.short + self.over


@dataclass(frozen=True)
class Attendance:
    """Who is missing, short or over. `known` where hours are expected of anybody."""

    known: bool
    people: int
    logged: int
    """People with any time."""
    expected: int
    """People of whom some was expected."""
    deviations: list[Deviation]
    teams: list[TeamDeviations]
    """Shown in place of `deviations` where there are many people; most of them first."""

    def count(self, kind: CellKind) -> int:
        """How many people, missing, short or over."""
        return sum(one.kind == kind for one in self.deviations)


def build_attendance(data: ReportData, groups: Sequence[GridGroup]) -> Attendance:
    """Those with days without any time come first, then those with the most hours missing or beyond."""
    rows = [row for group in groups for row in group.rows]
    known = any(person.expected_seconds is not None for person in data.analysis.people)
    found = [
        _describe_deviation(data, row) for row in rows if row.kind in (CellKind.MISSING, CellKind.SHORT, CellKind.OVER)
    ]
    few = len(rows) <= FEW_PEOPLE
    return Attendance(
        known=known,
        people=len(rows),
        logged=sum(person.seconds > 0 for person in data.analysis.people),
        expected=sum(bool(person.expected_seconds) for person in data.analysis.people),
        deviations=sorted(found, key=lambda one: (one.kind is not CellKind.MISSING, -one.gap, one.row.name)),
        teams=[] if few else sorted(map(_count_deviations, groups), key=lambda team: -team.count),
    )


def _describe_deviation(data: ReportData, row: GridRow) -> Deviation:
    assert row.person is not None  # noqa: S101 - rows of people have one
    work = row.person.work
    days = [Day.parse(day) for day in data.missing_days.get(row.person.key, [])]
    expected, worked = work.expected_seconds or 0, work.expected_worked_seconds or 0
    gap = abs(expected - worked)
    shown = dates.list_days(days) if len(days) <= 3 else f"{len(days)} days"
    return Deviation(
        row, row.kind, shown, gap, data.hours.brief(gap),
        data.hours.brief(worked), data.hours.brief(expected),
    )  # fmt: skip


def _count_deviations(group: GridGroup) -> TeamDeviations:
    kinds = [row.kind for row in group.rows]
    return TeamDeviations(group, kinds.count(CellKind.MISSING), kinds.count(CellKind.SHORT), kinds.count(CellKind.OVER))
