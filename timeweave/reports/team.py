"""The team's report: all of it computed, for a template to put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from timeweave.models.aggregated import PersonTime
from timeweave.reports import activities, attention, breakdown, headline, hours, ledger, progress, rows
from timeweave.reports.activities import ActivityRow
from timeweave.reports.attention import Attention
from timeweave.reports.breakdown import DayRow, PartRow
from timeweave.reports.edition import Byline, Edition
from timeweave.reports.headline import Headline
from timeweave.reports.progress import FeatureRow
from timeweave.reports.rows import ItemRow

MOST_ITEMS = 300
MOST_ACTIVITIES = 100
MOST_FEATURES = 100

Row = TypeVar("Row", ItemRow, ActivityRow, FeatureRow)


@dataclass(frozen=True)
class PersonRow:
    """A person in the team's table; the hours are the matched and the unmatched ones."""

    person: Byline
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
    """Seconds by the edition's stretches of days."""


@dataclass(frozen=True)
class Top(Generic[Row]):
    """The rows with most time; `more` others together have `more_hours`, so that all add up to `hours`."""

    rows: list[Row]
    hours: str
    more: int
    more_hours: str
    more_seconds: int


@dataclass(frozen=True)
class Team:
    """Everybody's period. Items and features add up to the matched hours, activities to the others."""

    headline: Headline
    attention: Attention
    people: list[PersonRow]
    items: Top[ItemRow]
    features: Top[FeatureRow]
    activities: Top[ActivityRow]
    days: list[DayRow]
    projects: list[PartRow]
    databases: list[PartRow]
    states: list[PartRow]
    summary: str | None


def team(edition: Edition) -> Team:
    """The report of all people of the edition."""
    people, items = edition.aggregated.people, edition.items
    head = headline.headline(people, len(items))
    item_rows = rows.item_rows(edition, items, head.matched_whole)
    logged = activities.activity_rows(edition, ledger.activities(people), head.unmatched_whole, MOST_ACTIVITIES)
    features = progress.feature_rows(edition, items, head.matched_whole)
    return Team(
        headline=head,
        attention=attention.attention(edition, people, item_rows, logged),
        people=_people(edition, people),
        items=_top(item_rows, MOST_ITEMS, head.matched_whole),
        features=_top(features, MOST_FEATURES, head.matched_whole),
        activities=_top(logged, MOST_ACTIVITIES, head.unmatched_whole),
        days=breakdown.days(edition, people, head.whole),
        projects=breakdown.projects(people, head.whole),
        databases=breakdown.databases(people, items, head.whole),
        states=breakdown.states(people, items, head.whole),
        summary=edition.summaries.team,
    )


def _people(edition: Edition, people: Sequence[PersonTime]) -> list[PersonRow]:
    """Most time first. Rows and columns add up."""
    shown = hours.people([(one.user_id, one.matched_seconds, one.unmatched_seconds) for one in people])
    known = {person.user_id: person for person in people}
    return [_person(edition, known[user_id], *amounts) for user_id, amounts in shown.items()]


def _person(edition: Edition, person: PersonTime, matched: int, unmatched: int) -> PersonRow:
    return PersonRow(
        person=edition.bylines[person.user_id],
        hours=hours.text(matched + unmatched),
        seconds=person.seconds,
        matched_percent=hours.percent(person.matched_seconds, person.seconds),
        billable_percent=hours.percent(person.billable_seconds, person.seconds),
        matched_hours=hours.text(matched),
        unmatched_hours=hours.text(unmatched),
        days_worked=len(headline.days_worked([person])),
        items=len(ledger.items([person], edition.enriched)),
        entries=person.entries,
        days=[stretch.seconds(person.days) for stretch in edition.stretches],
    )


def _top(found: list[Row], most: int, whole: int) -> Top[Row]:
    """The rows as they are shown, cut after `most`; what is cut keeps its hours in one sum."""
    kept, cut = found[:most], found[most:]
    more = whole - sum(_amount(row) for row in kept) if cut else 0
    return Top(kept, hours.text(whole), len(cut), hours.text(more), sum(row.seconds for row in cut))


def _amount(row: ItemRow | ActivityRow | FeatureRow) -> int:
    return int(row.hours.replace(",", "").replace(".", ""))
