"""What was to be worked on a day: the hours of the weekday, less holidays and absences; all of it from config/team.yaml."""

from dataclasses import dataclass, field, replace
from datetime import date

from timeweave.analysis.team_file import Person, TeamFile
from timeweave.analysis.work_calendar import find_holiday, find_valid
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
