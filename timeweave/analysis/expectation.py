"""What was to be worked on a day, by config/team.yaml: the hours of the weekday, less holidays and absences; and what was worked beside it, on all accounts of a person."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from timeweave.analysis.roster import Member
from timeweave.analysis.team_file import Person, TeamFile
from timeweave.analysis.work_calendar import find_holiday, find_valid
from timeweave.analysis.work_rows import WorkRow, sum_by_day
from timeweave.models.person_work import DayKind


@dataclass(frozen=True, slots=True)
class ExpectedDay:
    """A day of a person, in seconds."""

    kind: DayKind
    expected: int | None
    """What was to be worked, after holidays and absences; None where the kind is `unknown`."""
    absent: int = 0
    """What absences take away from the hours of the day."""
    reason: str | None = None
    """The holiday's name, also on a free day; else the reason of the absence, where one is given."""

    def add_logged_absence(self, seconds: int) -> "ExpectedDay":
        """The day after so much time was logged as absence: what was planned anyway counts once.

        On a day of which nothing is expected the logged absence is absence, and there is nothing to take it from.
        """
        if seconds <= self.absent:
            return self
        absent = seconds
        if self.expected is None:
            return replace(self, absent=absent)
        expected = max(0, self.expected + self.absent - absent)
        is_whole = self.kind is DayKind.WORKDAY and expected == 0
        return replace(self, absent=absent, expected=expected, kind=DayKind.ABSENCE if is_whole else self.kind)


UNKNOWN = ExpectedDay(DayKind.UNKNOWN, None)


@dataclass(frozen=True)
class Expectations:
    """What is expected of the people of the file, of the days that are over."""

    file: TeamFile
    as_of: date
    """The day on which the data was fetched: it is not over, so nothing is expected of it yet, and of later ones."""
    _known: dict[tuple[str, date], ExpectedDay] = field(default_factory=dict, repr=False, compare=False)

    def find_day(self, person: Person | None, day: date) -> ExpectedDay:
        """What is expected on a day, of the period's time zone; of somebody whom the file does not name: unknown."""
        if person is None:
            return UNKNOWN
        at = (person.email, day)
        if at not in self._known:
            self._known[at] = self._find_day(person, day)
        return self._known[at]

    def _find_day(self, person: Person, day: date) -> ExpectedDay:
        if (hours := self._find_hours(person, day)) is None:
            return UNKNOWN
        if not person.is_employed(day, day):
            return ExpectedDay(DayKind.NOT_EMPLOYED, 0)
        if day >= self.as_of:
            return ExpectedDay(DayKind.NOT_DUE, 0)
        holiday = self._find_holiday(person, day)
        if not hours or holiday:
            return ExpectedDay(DayKind.HOLIDAY if hours else DayKind.FREE_DAY, 0, reason=holiday)
        return _take_absences(person, day, hours)

    def find_utilization_target(self, person: Person | None, day: date) -> float | None:
        """The share of expected time that should be billable; that of a period is the one of its last day."""
        if person is None:
            return None
        found = find_valid(person.utilization_target, day) or find_valid(self.file.defaults.utilization_target, day)
        return found.value if found else None

    def _find_hours(self, person: Person, day: date) -> int | None:
        found = find_valid(person.hours, day) or find_valid(self.file.defaults.hours, day)
        return found.seconds[day.weekday()] if found and found.seconds is not None else None

    def _find_holiday(self, person: Person, day: date) -> str | None:
        found = find_valid(person.holidays, day) or find_valid(self.file.defaults.holidays, day)
        return find_holiday(found.value, day) if found and found.value else None


def _take_absences(person: Person, day: date, hours: int) -> ExpectedDay:
    """Parts of one day add up, to the whole of it at most."""
    absences = [absence for absence in person.absences if absence.covers(day)]
    absent = min(hours, sum(round(absence.part * hours) for absence in absences))
    reasons = dict.fromkeys(absence.reason for absence in absences if absence.reason)
    kind = DayKind.ABSENCE if absent == hours else DayKind.WORKDAY
    return ExpectedDay(kind, hours - absent, absent, ", ".join(reasons) or None)


@dataclass(frozen=True)
class Span:
    """A period's days and rows."""

    days: Sequence[date]
    rows: Mapping[int, list[WorkRow]]
    """By user id."""

    def list_rows(self, user_id: int | None) -> list[WorkRow]:
        """The rows of an account."""
        return [] if user_id is None else self.rows.get(user_id, [])

    def list_joint(self, member: Member) -> list[WorkRow]:
        """The rows of all accounts of the person whose hours are expected in this row; else those of the account."""
        accounts = member.accounts if member.is_main and member.accounts else (member.user_id,)
        return [row for account in accounts for row in self.list_rows(account)]


def plan_days(member: Member, span: Span, expectations: Expectations) -> dict[str, ExpectedDay]:
    """What is expected on each day; absence logged on any account counts like a planned one, once."""
    absent = sum_by_day(row for row in span.list_joint(member) if row.category.absence) if member.is_main else {}
    found = {}
    for day in span.days:
        planned = expectations.find_day(member.expected_as, day)
        found[day.isoformat()] = planned.add_logged_absence(absent.get(day.isoformat(), 0))
    return found


def expect(member: Member, span: Span, expectations: Expectations) -> int | None:
    """All that was expected in a span; None where nothing is said of the person's hours."""
    return sum_known(day.expected for day in plan_days(member, span, expectations).values())


def measure_due(member: Member, span: Span, expectations: Expectations) -> tuple[int, int]:
    """Worked and billable seconds of a person on all accounts, without days of which nothing is expected yet.

    Else a week that is looked at on Wednesday noon would be more than full.
    """
    rows = span.list_joint(member)
    later = {day for day, one in plan_days(member, span, expectations).items() if one.kind is DayKind.NOT_DUE}
    return (
        _sum_without(later, (row for row in rows if not row.category.absence)),
        _sum_without(later, (row for row in rows if row.billable)),
    )


def _sum_without(left_out: Collection[str], rows: Iterable[WorkRow]) -> int:
    return sum(seconds for day, seconds in sum_by_day(rows).items() if day not in left_out)


def sum_known(amounts: Iterable[int | None]) -> int | None:
    """Of those that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
