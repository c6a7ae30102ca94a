"""What does not fit in a person's time: days missing, short or long, and entries that cannot be."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from timeweave.analysis.finding import Logged, make_entry_finding, make_finding
from timeweave.analysis.work_rows import scale
from timeweave.models.aggregated import Aggregated
from timeweave.models.aggregated import FindingKind as MatchingKind
from timeweave.models.analysis import Proof
from timeweave.models.findings import Finding, FindingKind, Severity
from timeweave.models.person_work import DayKind, PersonDay, PersonWork
from timeweave.runtime.analysis_params import Thresholds

HOUR, DAY = 3600, 86400


def find_in_period(proof: Proof, people: Sequence[PersonWork], *, chosen: bool) -> Iterator[Finding]:
    """A period in which nobody, or none of the people who were chosen, logged anything."""
    if proof.seconds == 0:
        known = [person.expected_seconds for person in people if person.expected_seconds is not None]
        expected = sum(known)
        # A week of holidays is empty as it should be.
        severity = Severity.NOTICE if known and not expected else None
        yield make_finding(
            FindingKind.EMPTY_PERIOD, expected, people=[one.key for one in people] if chosen else (), severity=severity,
            expected_seconds=expected, running=proof.running, chosen=chosen,
        )  # fmt: skip


def find_in_person(person: PersonWork, entries: Sequence[Logged], thresholds: Thresholds) -> Iterator[Finding]:
    """Everything about the days and the entries of somebody: `person` is the row in which their hours are expected.

    `entries` are those of all their accounts: several accounts are one person, who has one day.
    """
    worked = {day: one.joint_worked for day, one in person.days.items()}
    yield from _find_missing(person, worked, thresholds)
    yield from _find_long_days(person, worked, entries, thresholds)
    yield from _find_worked_when_free(person, entries)
    yield from _find_in_entries(entries, thresholds)
    again = _list_duplicates(entries)
    if again:
        yield make_entry_finding(FindingKind.DUPLICATE, again)
    repeated = {one.entry.id for one in again}
    yield from _find_overlap([one for one in entries if one.entry.id not in repeated])


def find_running(aggregated: Aggregated) -> Iterator[Finding]:
    """Timers that are not stopped: their time is in no sum yet."""
    for one in aggregated.warnings:
        if one.kind is MatchingKind.RUNNING and one.entry_id is not None:
            days = [one.start[:10]] if one.start else []
            yield make_finding(
                FindingKind.RUNNING_TIMER, 0, people=[str(one.user_id)], days=days, entries=[one.entry_id],
                text=one.text, start=one.start,
            )  # fmt: skip


def _find_missing(person: PersonWork, worked: Mapping[str, int], thresholds: Thresholds) -> Iterator[Finding]:
    expected = {day: one.expected for day, one in person.days.items() if one.expected}
    missing = {day: seconds for day, seconds in expected.items() if not worked[day]}
    if missing:
        yield make_finding(FindingKind.MISSING_DAY, sum(missing.values()), people=[person.key], days=missing)
    short = {
        day: seconds - worked[day]
        for day, seconds in expected.items()
        if 0 < worked[day] < scale(seconds, thresholds.short_day)
    }
    if short:
        yield make_finding(FindingKind.SHORT_DAY, sum(short.values()), people=[person.key], days=short)


def _find_long_days(
    person: PersonWork, worked: Mapping[str, int], entries: Sequence[Logged], thresholds: Thresholds
) -> Iterator[Finding]:
    """Days above what was expected are good to know; those longer than any day should be are a problem.

    A day that would not be so long without a very long entry is good to know: the entry is the problem.
    """
    longest = scale(HOUR, thresholds.longest_day_hours)
    explained = Counter[str]()
    for one in entries:
        if _is_long(one, thresholds):
            explained[one.day] += one.entry.seconds
    expected = {day: one.expected or 0 for day, one in person.days.items()}
    beyond = [day for day, seconds in worked.items() if seconds - explained[day] > longest]
    above = [
        day
        for day, seconds in worked.items()
        if day not in beyond
        and (seconds > longest or (expected[day] and seconds > scale(expected[day], thresholds.long_day)))
    ]
    for days, severity in ((beyond, Severity.PROBLEM), (above, Severity.NOTICE)):
        if days:
            yield make_finding(
                FindingKind.LONG_DAY,
                sum(worked[day] - expected[day] for day in days),
                people=[person.key],
                days=days,
                severity=severity,
                longest_seconds=max(worked[day] for day in days),
            )


def _is_long(one: Logged, thresholds: Thresholds) -> bool:
    return one.entry.seconds > scale(HOUR, thresholds.long_entry_hours) and not one.absence


def _find_worked_when_free(person: PersonWork, entries: Sequence[Logged]) -> Iterator[Finding]:
    worked = [one for one in entries if one.entry.seconds and not one.absence and one.day in person.days]
    free = [one for one in worked if person.days[one.day].kind in (DayKind.FREE_DAY, DayKind.HOLIDAY)]
    absent = [one for one in worked if person.days[one.day].kind is DayKind.ABSENCE]
    if free:
        yield make_entry_finding(FindingKind.FREE_DAY_WORK, free)
    logged = Counter[str]()
    for one in entries:
        logged[one.day] += one.entry.seconds if one.absence else 0
    for planned in (True, False):
        own = [one for one in absent if _is_planned(person.days[one.day], logged[one.day]) is planned]
        if own:
            reasons = sorted({day.reason for one in own if (day := person.days[one.day]).reason})
            yield make_entry_finding(FindingKind.ABSENT_BUT_WORKED, own, planned=planned, reasons=reasons)


def _is_planned(day: PersonDay, logged: int) -> bool:
    """Whether config/team.yaml has an absence on that day, rather than only time that was logged as absence."""
    return day.absent > logged or day.reason is not None


def _find_in_entries(entries: Sequence[Logged], thresholds: Thresholds) -> Iterator[Finding]:
    for one in entries:
        if _is_long(one, thresholds):
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


def _find_overlap(entries: Sequence[Logged]) -> Iterator[Finding]:
    """Time that was logged more than once: the sum of all durations less the union of their intervals."""
    lasting = ((one.begin, one) for one in entries if one.entry.seconds)
    ordered = sorted(lasting, key=lambda pair: (pair[0], pair[1].entry.id))
    twice, reach, last = 0, 0, None
    concerned: dict[int, Logged] = {}
    for begin, one in ordered:
        end = begin + one.entry.seconds
        if last is not None and begin < reach:
            concerned |= {last.entry.id: last, one.entry.id: one}
            twice += min(end, reach) - begin
        if last is None or end > reach:
            reach, last = end, one
    if twice:
        yield make_finding(
            FindingKind.OVERLAP,
            twice,
            people={str(one.user_id) for one in concerned.values()},
            days={one.day for one in concerned.values()},
            entries=concerned,
        )


def _list_duplicates(entries: Sequence[Logged]) -> list[Logged]:
    """The same start and text again: all but the first one, which has the lowest id."""
    alike: dict[tuple[str, str], list[Logged]] = defaultdict(list)
    for one in entries:
        if one.entry.seconds:
            alike[one.entry.start, one.text].append(one)
    return [one for own in alike.values() for one in sorted(own, key=lambda each: each.entry.id)[1:]]
