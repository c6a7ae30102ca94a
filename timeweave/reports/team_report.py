"""The team's report: all of it computed, for a template to put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from timeweave.models.aggregated import PersonTime
from timeweave.reports import work_items
from timeweave.reports.formatting import hours
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.sections import activity_rows, breakdowns, feature_rows, item_rows, overview
from timeweave.reports.sections.activity_rows import ActivityRow
from timeweave.reports.sections.breakdowns import DayRow, PartRow
from timeweave.reports.sections.feature_rows import FeatureRow
from timeweave.reports.sections.item_rows import ItemRow
from timeweave.reports.sections.overview import Headline, NeedsAttention

MOST_ITEMS = 300
MOST_ACTIVITIES = 100
MOST_FEATURES = 100

Row = TypeVar("Row", ItemRow, ActivityRow, FeatureRow)


@dataclass(frozen=True)
class PersonRow:
    """A person in the team's table; the hours are the matched and the unmatched ones."""

    person: ReportPerson
    hours: str
    seconds: int
    matched_percent: int
    billable_percent: int
    matched_hours: str
    unmatched_hours: str
    days_worked: int
    items: int
    entries: int
    days: list[int]
    """Seconds by day, week or month, as the period is shown."""


@dataclass(frozen=True)
class Top(Generic[Row]):
    """The rows with most time; `more` others together have `more_hours`, so that all add up to `hours`."""

    rows: list[Row]
    hours: str
    more: int
    more_hours: str
    more_seconds: int


@dataclass(frozen=True)
class TeamReport:
    """Everybody's period. Items and features add up to the matched hours, activities to the others."""

    headline: Headline
    attention: NeedsAttention
    people: list[PersonRow]
    items: Top[ItemRow]
    features: Top[FeatureRow]
    activities: Top[ActivityRow]
    days: list[DayRow]
    projects: list[PartRow]
    databases: list[PartRow]
    states: list[PartRow]
    summary: str | None


def build_team_report(data: ReportData) -> TeamReport:
    """The report of everybody."""
    people, items = data.aggregated.people, data.items
    head = overview.compute_headline(people, len(items))
    rows = item_rows.build_item_rows(data, items, head.matched_whole)
    logged = activity_rows.build_activity_rows(
        data, work_items.sum_activities(people), head.unmatched_whole, MOST_ACTIVITIES
    )
    features = feature_rows.build_feature_rows(data, items, head.matched_whole)
    return TeamReport(
        headline=head,
        attention=overview.collect_attention(data, people, rows, logged),
        people=_build_person_rows(data, people),
        items=_take_top(rows, MOST_ITEMS, head.matched_whole),
        features=_take_top(features, MOST_FEATURES, head.matched_whole),
        activities=_take_top(logged, MOST_ACTIVITIES, head.unmatched_whole),
        days=breakdowns.build_day_rows(data, people, head.whole),
        projects=breakdowns.build_part_rows(breakdowns.split_by_project(people), head.whole),
        databases=breakdowns.build_part_rows(breakdowns.split_by_database(people, items), head.whole),
        states=breakdowns.build_part_rows(breakdowns.split_by_state(people, items), head.whole),
        summary=data.summaries.team,
    )


def _build_person_rows(data: ReportData, people: Sequence[PersonTime]) -> list[PersonRow]:
    """Most time first. Rows and columns add up."""
    shown = hours.split_people([(one.user_id, one.matched_seconds, one.unmatched_seconds) for one in people])
    known = {person.user_id: person for person in people}
    return [_build_person_row(data, known[user_id], *amounts) for user_id, amounts in shown.items()]


def _build_person_row(data: ReportData, person: PersonTime, matched: int, unmatched: int) -> PersonRow:
    return PersonRow(
        person=data.people[person.user_id],
        hours=hours.format_hours(matched + unmatched),
        seconds=person.seconds,
        matched_percent=hours.to_percent(person.matched_seconds, person.seconds),
        billable_percent=hours.to_percent(person.billable_seconds, person.seconds),
        matched_hours=hours.format_hours(matched),
        unmatched_hours=hours.format_hours(unmatched),
        days_worked=len(overview.find_days_worked([person])),
        items=len(work_items.join_items([person], data.enriched)),
        entries=person.entries,
        days=[bucket.sum_seconds(person.days) for bucket in data.buckets],
    )


def _take_top(found: list[Row], most: int, whole: int) -> Top[Row]:
    """The rows as they are shown, cut after `most`; what is cut keeps its hours in one sum."""
    kept, cut = found[:most], found[most:]
    more = whole - sum(_parse_hours(row) for row in kept) if cut else 0
    return Top(kept, hours.format_hours(whole), len(cut), hours.format_hours(more), sum(row.seconds for row in cut))


def _parse_hours(row: ItemRow | ActivityRow | FeatureRow) -> int:
    return int(row.hours.replace(",", "").replace(".", ""))
