"""People by days: what was worked of what was expected, with the days that are missing, absent, free or too long told apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from timeweave.models.person_work import DayKind, PersonDay, Sums
from timeweave.reports.formatting import dates, hours, sanitize
from timeweave.reports.formatting.dates import Bucket, Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson

REASON = 60
LEVELS = 10


class CellKind(StrEnum):
    """What a cell is; each has a sign or an outline of its own."""

    WORK = "work"
    SHORT = "short"
    OVER = "over"
    MISSING = "missing"
    ABSENT = "absent"
    HOLIDAY = "holiday"
    FREE = "free"
    """Work where none was expected."""
    NONE = "none"
    """No time, and none expected or nothing known of it."""


@dataclass(frozen=True)
class DayCell:
    """A day of a person or a team; a week or a month where the period is long."""

    kind: CellKind
    hours: str
    """Worked; empty where nothing was."""
    level: int | None
    """Worked of expected in tenths, 10 at the most; None where nothing is expected."""
    note: str
    """`4.0 of 8.0 h, vacation`: for who points at it, and for who listens."""
    day: str
    """The first day, `YYYY-MM-DD`."""


@dataclass(frozen=True)
class GridRow:
    """A person's or a team's cells, in the order of the columns, and sums."""

    name: str
    cells: list[DayCell]
    worked: str
    expected: str | None
    percent: int | None
    change: str | None
    """Of worked time."""
    seconds: int
    person: ReportPerson | None = None
    kind: CellKind = CellKind.WORK
    """Of the whole period: missing days, short, over."""


@dataclass(frozen=True)
class GridGroup:
    """A team; without teams all people are one group without a head."""

    key: str
    head: GridRow | None
    rows: list[GridRow]


class DayGrid:
    """Builds cells and rows for one period."""

    def __init__(self, data: ReportData) -> None:
        self.data = data
        thresholds = data.analysis.thresholds
        self.short, self.long = thresholds.get("short_day", 0.9), thresholds.get("long_day", 1.1)

    @cached_property
    def columns(self) -> list[Bucket]:
        """Days; weeks or months in a long period."""
        return dates.split_into_buckets(self.data.start, self.data.end)

    def build_groups(self) -> list[GridGroup]:
        """People under their teams, by name."""
        people = sorted(self.data.people.values(), key=lambda person: (person.name.casefold(), person.key))
        if list(self.data.teams) in ([], [""]):
            return [GridGroup("", None, [self.build_row(person) for person in people])]
        teams = {team.key: team for team in self.data.analysis.teams}
        found = []
        for key, name in self.data.teams.items():
            members = [person for person in people if (person.work.team or "") == key]
            team = teams.get(key)
            whole = team if team and set(team.people) == {person.key for person in members} else None
            found.append(
                GridGroup(key, self._build_head(name, members, whole), [self.build_row(one) for one in members])
            )
        return found

    def build_row(self, person: ReportPerson) -> GridRow:
        """A person's days."""
        return self._sum_up(person.name, self.build_cells([person]), [person.work], person, self.judge(person))

    def build_cells(self, people: Sequence[ReportPerson]) -> list[DayCell]:
        """The columns of these people together."""
        return [self._build_cell(people, bucket) for bucket in self.columns]

    def build_day(self, person: ReportPerson, day: Day) -> DayCell:
        """One day of a person."""
        return self._build_cell([person], Bucket("", (day.iso,)))

    def judge(self, person: ReportPerson) -> CellKind:
        """Whether a person's period has missing days, or is short or over as a whole."""
        work = person.work
        if person.key in self.data.missing_days:
            return CellKind.MISSING
        if work.coverage is None:
            return CellKind.WORK if work.worked_seconds else CellKind.NONE
        if work.coverage < self.short:
            return CellKind.SHORT
        return CellKind.OVER if work.coverage > self.long else CellKind.WORK

    def _compare(self, worked: int, expected: int | None) -> CellKind:
        if not expected:
            return CellKind.FREE if worked and expected == 0 else CellKind.WORK if worked else CellKind.NONE
        if worked < self.short * expected:
            return CellKind.SHORT
        return CellKind.OVER if worked > self.long * expected else CellKind.WORK

    def _build_head(self, name: str, members: list[ReportPerson], whole: Sums | None) -> GridRow:
        sums = [whole] if whole else [person.work for person in members]
        return self._sum_up(name, self.build_cells(members), sums)

    def _sum_up(
        self, name: str, cells: list[DayCell], sums: Sequence[Sums], person: ReportPerson | None = None,
        kind: CellKind = CellKind.WORK,
    ) -> GridRow:  # fmt: skip
        own = sum(one.worked_seconds for one in sums)
        worked = person.work.joint_worked_seconds if person else own
        known = [one.expected_seconds for one in sums if one.expected_seconds is not None]
        expected = sum(known) if known else None
        before = [one.previous_worked_seconds for one in sums]
        change = None if None in before or not before else own - sum(one or 0 for one in before)
        return GridRow(
            name=name,
            cells=cells,
            worked=self.data.hours.exact(worked),
            expected=None if expected is None else self.data.hours.exact(expected),
            percent=hours.to_percent(sum(one.expected_worked_seconds or 0 for one in sums), expected)
            if expected
            else None,
            change=None if change is None else self.data.hours.change(change, exact=True),
            seconds=worked,
            person=person,
            kind=kind,
        )

    def _build_cell(self, people: Sequence[ReportPerson], bucket: Bucket) -> DayCell:
        days = [day for one in people for name in bucket.days if (day := one.work.days.get(name))]
        missing = len(days) == 1 and bucket.days[0] in self.data.missing_days.get(people[0].key, ())
        # In a team's cell each account has its own time, in a person's the row with the expectation has that of all.
        worked = sum(day.joint_worked if len(people) == 1 else day.worked for day in days)
        absent = sum(day.absent for day in days)
        known = [day for day in days if day.expected is not None and day.kind is not DayKind.NOT_DUE]
        expected = sum(day.expected or 0 for day in known) if known else None
        counted = sum(day.joint_worked for day in known) if known else worked
        reasons = list(dict.fromkeys(day.reason for day in days if day.reason))
        kind = CellKind.MISSING if missing else self._classify(worked, counted, expected, absent, days)
        return DayCell(
            kind=kind,
            hours=self.data.hours.brief(worked) if worked else "",
            level=min(LEVELS, LEVELS * counted // expected) if expected and worked else None,
            note=self._note(counted, expected, absent, reasons),
            day=bucket.days[0],
        )

    def _classify(
        self, worked: int, counted: int, expected: int | None, absent: int, days: list[PersonDay]
    ) -> CellKind:
        """`counted` is what was worked by those of whom something is expected."""
        if worked:
            return self._compare(counted, expected) if counted or expected else CellKind.WORK
        kinds = {day.kind for day in days}
        if absent or kinds == {DayKind.ABSENCE}:
            return CellKind.ABSENT
        return CellKind.HOLIDAY if kinds == {DayKind.HOLIDAY} else CellKind.NONE

    def _note(self, worked: int, expected: int | None, absent: int, reasons: Iterable[str]) -> str:
        parts = []
        if expected:
            parts.append(f"{self.data.hours.brief(worked)} of {self.data.hours.brief(expected)} h expected")
        elif worked:
            parts.append(f"{self.data.hours.brief(worked)} h" + (", none expected" if expected == 0 else ""))
        if absent:
            parts.append(f"{self.data.hours.brief(absent)} h absent")
        parts += [sanitize.shorten(reason, REASON) for reason in list(reasons)[:2]]
        return ", ".join(parts)
