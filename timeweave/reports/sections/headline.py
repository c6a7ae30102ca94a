"""The few numbers that stand above a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeweave.models.aggregated import PersonTime
from timeweave.reports.formatting import hours


@dataclass(frozen=True)
class Headline:
    """Hours as text; the parts add up to `hours`. Shares in whole percent."""

    hours: str
    matched_hours: str
    unmatched_hours: str
    matched_percent: int
    unmatched_percent: int
    billable_hours: str
    billable_percent: int
    entries: int
    people: int
    """Those with time in the period."""
    items: int
    days_worked: int
    """Days on which anyone logged time."""
    seconds: int
    whole: int
    """All, matched and unmatched time as shown, in hundredths of an hour."""
    matched_whole: int
    unmatched_whole: int


def compute_headline(people: Sequence[PersonTime], items: int) -> Headline:
    """The numbers of these people together."""
    matched, unmatched = (sum(p.matched_seconds for p in people), sum(p.unmatched_seconds for p in people))
    seconds, billable = (matched + unmatched, sum(p.billable_seconds for p in people))
    matched_whole, unmatched_whole = hours.split([matched, unmatched])
    matched_percent = hours.to_percent(matched, seconds)
    return Headline(
        hours=hours.format_hours(matched_whole + unmatched_whole),
        matched_hours=hours.format_hours(matched_whole),
        unmatched_hours=hours.format_hours(unmatched_whole),
        matched_percent=matched_percent,
        unmatched_percent=100 - matched_percent if seconds else 0,
        billable_hours=hours.format_hours(hours.to_hundredths(billable)),
        billable_percent=hours.to_percent(billable, seconds),
        entries=sum(person.entries for person in people),
        people=sum(1 for person in people if person.entries),
        items=items,
        days_worked=len(find_days_worked(people)),
        seconds=seconds,
        whole=matched_whole + unmatched_whole,
        matched_whole=matched_whole,
        unmatched_whole=unmatched_whole,
    )


def find_days_worked(people: Iterable[PersonTime]) -> set[str]:
    """The days with any time."""
    return {day for person in people for day, seconds in person.days.items() if seconds}
