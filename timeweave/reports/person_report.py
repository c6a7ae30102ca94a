"""One person's report: all of it computed, for a template to put into words."""

from dataclasses import dataclass

from timeweave.models.aggregated import PersonTime
from timeweave.reports import work_items
from timeweave.reports.report_data import ReportData, ReportPerson
from timeweave.reports.sections import activity_rows, breakdowns, feature_rows, overview
from timeweave.reports.sections.activity_rows import ActivityRow
from timeweave.reports.sections.breakdowns import DayRow, PartRow
from timeweave.reports.sections.feature_rows import FeatureRow
from timeweave.reports.sections.overview import Headline, NeedsAttention

SUGGESTED = 40
"""Activities, those with most time first, that a similar item is looked for."""


@dataclass(frozen=True)
class PersonReport:
    """A person's period. Features add up to the matched hours, their items to them; activities to the others."""

    person: ReportPerson
    headline: Headline
    attention: NeedsAttention
    features: list[FeatureRow]
    activities: list[ActivityRow]
    days: list[DayRow]
    projects: list[PartRow]
    summary: str | None


def build_person_report(data: ReportData, person: PersonTime) -> PersonReport:
    """The report of one person."""
    items = work_items.join_items([person], data.enriched)
    head = overview.compute_headline([person], len(items))
    features = feature_rows.build_feature_rows(data, items, head.matched_whole)
    logged = activity_rows.build_activity_rows(
        data, work_items.sum_activities([person]), head.unmatched_whole, SUGGESTED
    )
    rows = [row for feature in features for row in feature.items]
    return PersonReport(
        person=data.people[person.user_id],
        headline=head,
        attention=overview.collect_attention(data, [person], rows, logged),
        features=features,
        activities=logged,
        days=breakdowns.build_day_rows(data, [person], head.whole),
        projects=breakdowns.build_part_rows(breakdowns.split_by_project([person]), head.whole),
        summary=next((part.text for part in data.summaries.people if part.user_id == person.user_id), None),
    )
