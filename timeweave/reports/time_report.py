"""The time alone, before any work item is looked up: people, days, references and texts as they were written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.models.aggregated import Aggregated, EntityTime, FindingKind, PersonTime
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import work_items
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import overview
from timeweave.reports.sections.breakdowns import DayRow, build_day_rows
from timeweave.reports.sections.overview import Headline

MOST = 50
TITLE = 160


@dataclass(frozen=True)
class PersonRow:
    """A person's hours, the matched and the unmatched part adding up to them."""

    person: ReportPerson
    hours: str
    matched_hours: str
    unmatched_hours: str
    billable_percent: int
    days_worked: int
    entries: int


@dataclass(frozen=True)
class TextRow:
    """A reference, or a text without one, as it was written; `rest` is how many are taken together in this row."""

    reference: str
    text: str
    people: int
    entries: int
    hours: str
    rest: int = 0


@dataclass(frozen=True)
class FindingExamples:
    """Findings of one kind."""

    kind: FindingKind
    entries: int
    examples: list[tuple[ReportPerson, str]]


@dataclass(frozen=True)
class TimeReport:
    """References add up to the matched hours, activities to the others, people and days to all."""

    headline: Headline
    running: int
    people: list[PersonRow]
    days: list[DayRow]
    references: list[TextRow]
    activities: list[TextRow]
    findings: list[FindingExamples]


def build_time_report(aggregated: Aggregated) -> tuple[ReportData, TimeReport]:
    """The report, and the data that it is made from."""
    nothing = Enriched(as_of=aggregated.as_of, account=None, entities=[])
    data = ReportData(aggregated, nothing, Summaries())
    people = aggregated.people
    head = overview.compute_headline(people, aggregated.totals.entities)
    return data, TimeReport(
        headline=head,
        running=aggregated.totals.running,
        people=_build_person_rows(data, people),
        days=build_day_rows(data, people, head.whole),
        references=_build_text_rows(_sum_references(people), head.matched_whole),
        activities=_build_text_rows(_sum_activities(people), head.unmatched_whole),
        findings=_group_findings(data),
    )


_Raw = tuple[str, str, int, int, int]
"""Reference, text, people, entries, seconds."""


def _sum_references(people: Sequence[PersonTime]) -> list[_Raw]:
    times: dict[work_items.Key, list[EntityTime]] = defaultdict(list)
    for person in people:
        for time in person.entities:
            times[work_items.get_key(time)].append(time)
    return [_sum_reference(key, found) for key, found in times.items()]


def _sum_reference(key: work_items.Key, times: list[EntityTime]) -> _Raw:
    space, database, number = key
    worded: dict[str, int] = defaultdict(int)
    for time in times:
        for wording in time.texts:
            worded[wording.text] += wording.seconds
    text = max(sorted(worded), key=lambda text: (bool(text.strip()), worded[text]), default="")
    reference = f"{work_items.format_place(space, database) or ''} #{number}"
    return reference, text, len(times), sum(t.entries for t in times), sum(t.seconds for t in times)


def _sum_activities(people: Sequence[PersonTime]) -> list[_Raw]:
    found = work_items.sum_activities(people)
    return [("", row.text, len(row.people), row.entries, row.seconds) for row in found]


def _build_text_rows(raw: list[_Raw], whole: int) -> list[TextRow]:
    ordered = sorted(raw, key=lambda row: (-row[4], row[0], row[1]))
    shown, rest = ordered[:MOST], ordered[MOST:]
    amounts = hours.format_parts([row[4] for row in shown] + [sum(row[4] for row in rest)], whole)
    rows = [
        TextRow(sanitize.shorten(reference, TITLE), sanitize.shorten(text, TITLE), people, entries, amount)
        for (reference, text, people, entries, _), amount in zip(shown, amounts, strict=False)
    ]
    return [*rows, TextRow("", "", 0, sum(row[3] for row in rest), amounts[-1], len(rest))] if rest else rows


def _build_person_rows(data: ReportData, people: Sequence[PersonTime]) -> list[PersonRow]:
    shown = hours.split_people([(one.user_id, one.matched_seconds, one.unmatched_seconds) for one in people])
    known = {person.user_id: person for person in people}
    return [_build_person_row(data, known[user_id], *amounts) for user_id, amounts in shown.items()]


def _build_person_row(data: ReportData, person: PersonTime, matched: int, unmatched: int) -> PersonRow:
    return PersonRow(
        person=data.people[person.user_id],
        hours=hours.format_hours(matched + unmatched),
        matched_hours=hours.format_hours(matched),
        unmatched_hours=hours.format_hours(unmatched),
        billable_percent=hours.to_percent(person.billable_seconds, person.seconds),
        days_worked=len(overview.find_days_worked([person])),
        entries=person.entries,
    )


def _group_findings(data: ReportData) -> list[FindingExamples]:
    by_kind: dict[FindingKind, list[tuple[ReportPerson, str]]] = defaultdict(list)
    for finding in data.aggregated.warnings:
        if finding.user_id in data.people:
            by_kind[finding.kind].append((data.people[finding.user_id], sanitize.shorten(finding.text, TITLE)))
    return [FindingExamples(kind, len(found), found[:5]) for kind, found in sorted(by_kind.items())]
