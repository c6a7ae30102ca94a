"""The time alone, before any work item is looked up: people, days, references and texts as they were written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.models.aggregated import Aggregated, EntityTime, PersonTime
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import headline, hours, ledger, plain
from timeweave.reports.breakdown import DayRow, days
from timeweave.reports.edition import Byline, Edition
from timeweave.reports.headline import Headline

MOST = 50
TITLE = 160


@dataclass(frozen=True)
class PersonLine:
    """A person's hours, the matched and the unmatched part adding up to them."""

    person: Byline
    hours: str
    matched_hours: str
    unmatched_hours: str
    billable_percent: int
    days_worked: int
    entries: int


@dataclass(frozen=True)
class Line:
    """A reference, or a text without one, as it was written; `rest` is how many are taken together in this line."""

    reference: str
    text: str
    people: int
    entries: int
    hours: str
    rest: int = 0


@dataclass(frozen=True)
class Remarks:
    """Findings of one kind."""

    kind: str
    entries: int
    examples: list[tuple[Byline, str]]


@dataclass(frozen=True)
class Timesheet:
    """References add up to the matched hours, activities to the others, people and days to all."""

    headline: Headline
    running: int
    people: list[PersonLine]
    days: list[DayRow]
    references: list[Line]
    activities: list[Line]
    findings: list[Remarks]


def timesheet(aggregated: Aggregated) -> tuple[Edition, Timesheet]:
    """The report, and the edition it belongs to."""
    nothing = Enriched(as_of=aggregated.as_of, account=None, entities=[])
    edition = Edition(aggregated, nothing, Summaries())
    people = aggregated.people
    head = headline.headline(people, aggregated.totals.entities)
    return edition, Timesheet(
        headline=head,
        running=aggregated.totals.running,
        people=_people(edition, people),
        days=days(edition, people, head.whole),
        references=_lines(_references(people), head.matched_whole),
        activities=_lines(_activities(people), head.unmatched_whole),
        findings=_findings(edition),
    )


_Raw = tuple[str, str, int, int, int]
"""Reference, text, people, entries, seconds."""


def _references(people: Sequence[PersonTime]) -> list[_Raw]:
    times: dict[ledger.Key, list[EntityTime]] = defaultdict(list)
    for person in people:
        for time in person.entities:
            times[ledger.key(time)].append(time)
    return [_reference(key, found) for key, found in times.items()]


def _reference(key: ledger.Key, times: list[EntityTime]) -> _Raw:
    space, database, number = key
    worded: dict[str, int] = defaultdict(int)
    for time in times:
        for wording in time.texts:
            worded[wording.text] += wording.seconds
    text = max(sorted(worded), key=lambda text: (bool(text.strip()), worded[text]), default="")
    reference = f"{ledger.place(space, database) or ''} #{number}"
    return reference, text, len(times), sum(t.entries for t in times), sum(t.seconds for t in times)


def _activities(people: Sequence[PersonTime]) -> list[_Raw]:
    found = ledger.activities(people)
    return [("", row.text, len(row.people), row.entries, row.seconds) for row in found]


def _lines(raw: list[_Raw], whole: int) -> list[Line]:
    ordered = sorted(raw, key=lambda row: (-row[4], row[0], row[1]))
    shown, rest = ordered[:MOST], ordered[MOST:]
    amounts = hours.texts([row[4] for row in shown] + [sum(row[4] for row in rest)], whole)
    lines = [
        Line(plain.brief(reference, TITLE), plain.brief(text, TITLE), people, entries, amount)
        for (reference, text, people, entries, _), amount in zip(shown, amounts, strict=False)
    ]
    return [*lines, Line("", "", 0, sum(row[3] for row in rest), amounts[-1], len(rest))] if rest else lines


def _people(edition: Edition, people: Sequence[PersonTime]) -> list[PersonLine]:
    shown = hours.people([(one.user_id, one.matched_seconds, one.unmatched_seconds) for one in people])
    known = {person.user_id: person for person in people}
    return [_person(edition, known[user_id], *amounts) for user_id, amounts in shown.items()]


def _person(edition: Edition, person: PersonTime, matched: int, unmatched: int) -> PersonLine:
    return PersonLine(
        person=edition.bylines[person.user_id],
        hours=hours.text(matched + unmatched),
        matched_hours=hours.text(matched),
        unmatched_hours=hours.text(unmatched),
        billable_percent=hours.percent(person.billable_seconds, person.seconds),
        days_worked=len(headline.days_worked([person])),
        entries=person.entries,
    )


def _findings(edition: Edition) -> list[Remarks]:
    by_kind: dict[str, list[tuple[Byline, str]]] = defaultdict(list)
    for finding in edition.aggregated.warnings:
        if finding.user_id in edition.bylines:
            by_kind[finding.kind].append((edition.bylines[finding.user_id], plain.brief(finding.text, TITLE)))
    return [Remarks(kind, len(found), found[:5]) for kind, found in sorted(by_kind.items())]
