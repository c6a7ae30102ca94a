"""What does not fit in a person's time: days missing, short or long, and entries that cannot be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from timeweave.analysis.finding import Logged, make_entry_finding, make_finding
from timeweave.models.aggregated import Aggregated
from timeweave.models.aggregated import FindingKind as MatchingKind
from timeweave.models.analysis import DayKind, Finding, FindingKind, PersonDay, PersonWork, Proof
from timeweave.runtime.analysis import Thresholds

HOUR, DAY = 3600, 86400


def find_in_period(proof: Proof, people: Iterable[PersonWork]) -> Iterator[Finding]:
    """A period in which nobody logged anything."""
    if proof.seconds == 0:
        expected = sum(person.expected_seconds or 0 for person in people)
        yield make_finding(FindingKind.EMPTY_PERIOD, expected, expected_seconds=expected, running=proof.running)


def find_in_person(person: PersonWork, entries: Sequence[Logged], thresholds: Thresholds) -> Iterator[Finding]:
    """Everything about the days and the entries of one person."""
    yield from _find_in_days(person, thresholds)
    yield from _find_worked_when_free(person, entries)
    yield from _find_in_entries(entries, thresholds)
    yield from _find_overlap(person.key, entries)
    yield from _find_duplicates(entries)


def find_running(aggregated: Aggregated) -> Iterator[Finding]:
    """Timers that are not stopped: their time is in no sum yet."""
    for one in aggregated.warnings:
        if one.kind is MatchingKind.RUNNING and one.entry_id is not None:
            days = [one.start[:10]] if one.start else []
            yield make_finding(
                FindingKind.RUNNING_TIMER, 0, people=[str(one.user_id)], days=days, entries=[one.entry_id],
                text=one.text, start=one.start,
            )  # fmt: skip


def _find_in_days(person: PersonWork, thresholds: Thresholds) -> Iterator[Finding]:
    def pick(kind: FindingKind, chosen: dict[str, PersonDay], seconds: int, **values: Any) -> Iterator[Finding]:
        if chosen:
            yield make_finding(kind, seconds, people=[person.key], days=chosen, **values)

    expected = {day: one for day, one in person.days.items() if one.expected}
    missing = {day: one for day, one in expected.items() if not one.worked}
    yield from pick(FindingKind.MISSING_DAY, missing, sum(one.expected or 0 for one in missing.values()))
    short = {day: one for day, one in expected.items() if 0 < one.worked < thresholds.short_day * (one.expected or 0)}
    yield from pick(FindingKind.SHORT_DAY, short, sum((one.expected or 0) - one.worked for one in short.values()))
    longest = thresholds.longest_day_hours * HOUR
    long = {
        day: one
        for day, one in person.days.items()
        if one.worked > longest or (one.expected and one.worked > thresholds.long_day * one.expected)
    }
    above = sum(max(0, one.worked - (one.expected or 0)) for one in long.values())
    yield from pick(
        FindingKind.LONG_DAY, long, above, longest_seconds=max((one.worked for one in long.values()), default=0)
    )


def _find_worked_when_free(person: PersonWork, entries: Sequence[Logged]) -> Iterator[Finding]:
    worked = [one for one in entries if one.entry.seconds and not one.absence and one.day in person.days]
    free = [one for one in worked if person.days[one.day].kind in (DayKind.FREE_DAY, DayKind.HOLIDAY)]
    absent = [one for one in worked if person.days[one.day].kind is DayKind.ABSENCE]
    if free:
        yield make_entry_finding(FindingKind.FREE_DAY_WORK, free)
    if absent:
        reasons = sorted({day.reason for one in absent if (day := person.days[one.day]).reason})
        yield make_entry_finding(FindingKind.ABSENT_BUT_WORKED, absent, reasons=reasons)


def _find_in_entries(entries: Sequence[Logged], thresholds: Thresholds) -> Iterator[Finding]:
    for one in entries:
        if one.entry.seconds > thresholds.long_entry_hours * HOUR and not one.absence:
            yield make_entry_finding(FindingKind.LONG_ENTRY, [one], one.key, start=one.entry.start, text=one.text)
    zero = [one for one in entries if one.entry.seconds == 0]
    if zero:
        yield make_entry_finding(FindingKind.ZERO_ENTRY, zero)
    by_day: dict[str, list[Logged]] = defaultdict(list)
    for one in entries:
        by_day[one.day].append(one)
    over = [one for own in by_day.values() if sum(each.entry.seconds for each in own) > DAY for one in own]
    if over:
        yield make_entry_finding(FindingKind.DAY_OVER_24_HOURS, over)


def _find_overlap(key: str, entries: Sequence[Logged]) -> Iterator[Finding]:
    """Time that was logged more than once: the sum of all durations less the union of their intervals."""
    ordered = sorted((one for one in entries if one.entry.seconds), key=lambda one: (one.begin, one.entry.id))
    union, concerned, reach = 0.0, set(), None
    for one in ordered:
        if reach is not None and one.begin < reach.end:
            concerned |= {reach.entry.id, one.entry.id}
            union += max(0.0, one.end - reach.end)
        else:
            union += one.entry.seconds
        if reach is None or one.end > reach.end:
            reach = one
    twice = round(sum(one.entry.seconds for one in ordered) - union)
    if twice > 0:
        days = {one.day for one in ordered if one.entry.id in concerned}
        yield make_finding(FindingKind.OVERLAP, twice, people=[key], days=days, entries=concerned)


def _find_duplicates(entries: Sequence[Logged]) -> Iterator[Finding]:
    """The same start and text again: all but the first one, which has the lowest id."""
    alike: dict[tuple[str, str], list[Logged]] = defaultdict(list)
    for one in entries:
        alike[one.entry.start, one.text].append(one)
    again = [one for own in alike.values() if len(own) > 1 for one in sorted(own, key=lambda each: each.entry.id)[1:]]
    if again:
        yield make_entry_finding(FindingKind.DUPLICATE, again)
