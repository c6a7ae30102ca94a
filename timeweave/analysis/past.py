"""The periods before: their totals, and what is unusual beside them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from timeweave.analysis.expectation import Expectations
from timeweave.analysis.finding import make_finding
from timeweave.analysis.person_work import sum_worked
from timeweave.analysis.roster import Member
from timeweave.analysis.sums import sum_billable, sum_by, sum_seconds
from timeweave.analysis.work_rows import WorkRow
from timeweave.models.analysis import CategoryTime, Finding, FindingKind, PastTotals, PersonWork
from timeweave.models.history import PastPeriod
from timeweave.runtime.analysis import Thresholds

HOUR = 3600
MAD = 1.4826
"""Makes the median absolute deviation comparable to a standard deviation (of normally distributed values)."""


def list_days(start: str, end: str) -> list[date]:
    """All days of a span, both included."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def sum_past(
    period: PastPeriod, rows: Sequence[WorkRow], members: Sequence[Member], expectations: Expectations
) -> PastTotals:
    """An earlier period in sums; what was expected is asked of the same people."""
    days = list_days(period.start, period.end)
    expected = [
        seconds
        for member in members
        for day in days
        if (seconds := expectations.find_day(member.expected_as, day).expected) is not None
    ]
    return PastTotals(
        start=period.start,
        end=period.end,
        seconds=sum_seconds(rows),
        worked_seconds=sum_worked(rows),
        expected_seconds=sum(expected) if expected else None,
        billable_seconds=sum_billable(rows),
        item_seconds=sum_seconds(row for row in rows if row.key is not None),
        people=sum_by(rows, lambda row: str(row.user_id)),
        categories=sum_by(rows, lambda row: row.category.key),
    )


def find_unusual(
    people: Sequence[PersonWork], categories: Sequence[CategoryTime], past: Sequence[PastTotals], thresholds: Thresholds
) -> Iterator[Finding]:
    """People and categories whose time is far from what it was in the periods before."""
    if len(past) < thresholds.unusual_periods:
        return
    for person in people:
        before = [period.people.get(person.key, 0) for period in past]
        if values := _judge(person.seconds, before, thresholds):
            yield make_finding(FindingKind.UNUSUAL, values["difference_seconds"], people=[person.key], **values)
    for category in categories:
        before = [period.categories.get(category.key, 0) for period in past]
        if values := _judge(category.seconds, before, thresholds):
            yield make_finding(FindingKind.UNUSUAL, values["difference_seconds"], category=category.key, **values)


def _judge(seconds: int, before: Sequence[int], thresholds: Thresholds) -> dict[str, Any]:
    """Empty unless it is further from the median than the factor times the deviation, and than the hours."""
    if not any(before):
        return {}
    middle = median(before)
    spread = MAD * median(abs(amount - middle) for amount in before)
    apart = abs(seconds - middle)
    if apart <= thresholds.unusual_factor * spread or apart < thresholds.unusual_hours * HOUR:
        return {}
    return {
        "difference_seconds": round(apart),
        "seconds": seconds,
        "median_seconds": round(middle),
        "periods": len(before),
    }
