"""The periods before: their totals, and what is unusual beside them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from timeweave.analysis.expectation import Expectations, Span, expect, measure_due
from timeweave.analysis.finding import make_finding
from timeweave.analysis.roster import Member
from timeweave.analysis.work_calendar import list_days
from timeweave.analysis.work_rows import WorkRow, group_by_person, sum_billable, sum_by, sum_seconds, sum_worked
from timeweave.models.analysis import CategoryTime, PastTotals
from timeweave.models.findings import Finding, FindingKind
from timeweave.models.history import PastPeriod
from timeweave.models.person_work import PersonWork
from timeweave.runtime.analysis_params import Thresholds

HOUR = 3600
MAD = 1.4826
"""Makes the median absolute deviation comparable to a standard deviation (of normally distributed values)."""


def sum_past(
    period: PastPeriod, rows: Sequence[WorkRow], members: Sequence[Member], expectations: Expectations
) -> PastTotals:
    """An earlier period in sums; what was expected is asked of those who were there then."""
    span = Span(list_days(period.start, period.end), group_by_person(rows))
    known = {one.key: seconds for one in members if (seconds := expect(one, span, expectations)) is not None}
    worked = [measure_due(one, span, expectations)[0] for one in members if one.key in known]
    return PastTotals(
        start=period.start,
        end=period.end,
        seconds=sum_seconds(rows),
        worked_seconds=sum_worked(rows),
        expected_seconds=sum(known.values()) if known else None,
        expected_worked_seconds=sum(worked) if known else None,
        billable_seconds=sum_billable(rows),
        item_seconds=sum_seconds(row for row in rows if row.key is not None),
        people=sum_by(rows, lambda row: str(row.user_id)),
        categories=sum_by(rows, lambda row: row.category.key),
    )


def find_unusual(
    people: Sequence[PersonWork], categories: Sequence[CategoryTime], past: Sequence[PastTotals], thresholds: Thresholds
) -> Iterator[Finding]:
    """People and categories whose time is far from what it was in the periods before."""
    accounts: dict[str, list[PersonWork]] = defaultdict(list)
    for person in people:
        accounts[person.account_of or person.key].append(person)
    # Somebody who changes from one account to another works as always.
    for person in (one for one in people if not one.account_of):
        own = accounts[person.key]
        seconds = sum(one.seconds for one in own)
        before = [sum(period.people.get(one.key, 0) for one in own) for period in past]
        # A week of vacation is not a surprise.
        if (seconds or person.expected_seconds != 0) and (values := judge(seconds, before, thresholds)):
            yield make_finding(FindingKind.UNUSUAL, values.pop("apart"), people=[person.key], **values)
    for category in categories:
        before = [period.categories.get(category.key, 0) for period in past]
        if values := judge(category.seconds, before, thresholds):
            yield make_finding(FindingKind.UNUSUAL, values.pop("apart"), category=category.key, **values)


def judge(seconds: int, before: Sequence[int], thresholds: Thresholds) -> dict[str, Any]:
    """Empty unless it is further from the median of `before`, newest first, than the factor times the deviation, and than the hours.

    Periods before the first one with any time do not count: somebody who joined, or a new category, has no past there.
    """
    known = len(before)
    while known and not before[known - 1]:
        known -= 1
    if known < thresholds.unusual_periods:
        return {}
    middle = median(before[:known])
    spread = MAD * median(abs(amount - middle) for amount in before[:known])
    apart = abs(seconds - middle)
    if apart <= thresholds.unusual_factor * spread or apart < thresholds.unusual_hours * HOUR:
        return {}
    return {"apart": int(apart), "now_seconds": seconds, "median_seconds": int(middle), "periods": known}
