"""What somebody worked beside what was expected of them, on all their accounts, in the period or in one before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from timeweave.analysis.expectation import Expectations, ExpectedDay
from timeweave.analysis.roster import Member
from timeweave.analysis.work_rows import WorkRow, sum_by_day
from timeweave.models.person_work import DayKind


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
