"""One person's report: all of it computed, for a template to put into words."""

from dataclasses import dataclass

from timeweave.models.aggregated import PersonTime
from timeweave.reports import activities, attention, breakdown, headline, ledger, progress
from timeweave.reports.activities import ActivityRow
from timeweave.reports.attention import Attention
from timeweave.reports.breakdown import DayRow, PartRow
from timeweave.reports.edition import Byline, Edition
from timeweave.reports.headline import Headline
from timeweave.reports.progress import FeatureRow

SUGGESTED = 40
"""Activities, those with most time first, that a similar item is looked for."""


@dataclass(frozen=True)
class Individual:
    """A person's period. Features add up to the matched hours, their items to them; activities to the others."""

    person: Byline
    headline: Headline
    attention: Attention
    features: list[FeatureRow]
    activities: list[ActivityRow]
    days: list[DayRow]
    projects: list[PartRow]
    summary: str | None


def individual(edition: Edition, person: PersonTime) -> Individual:
    """The report of one person of the edition."""
    items = ledger.items([person], edition.enriched)
    head = headline.headline([person], len(items))
    features = progress.feature_rows(edition, items, head.matched_whole)
    logged = activities.activity_rows(edition, ledger.activities([person]), head.unmatched_whole, SUGGESTED)
    rows = [row for feature in features for row in feature.items]
    return Individual(
        person=edition.bylines[person.user_id],
        headline=head,
        attention=attention.attention(edition, [person], rows, logged),
        features=features,
        activities=logged,
        days=breakdown.days(edition, [person], head.whole),
        projects=breakdown.projects([person], head.whole),
        summary=next((part.text for part in edition.summaries.people if part.user_id == person.user_id), None),
    )
