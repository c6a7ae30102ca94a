"""The documents of a period, and what every report of it says in the same way."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from timeweave.models.aggregated import Aggregated, PersonTime
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import work_items
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Bucket, Day
from timeweave.reports.formatting.file_names import assign_slugs
from timeweave.reports.similar_items import SimilarItems

NAME = 80
"""Characters of a person's name that are shown."""


@dataclass(frozen=True)
class ReportPerson:
    """A person as reports name them."""

    user_id: int
    name: str
    email: str | None
    slug: str
    toggl_url: str
    """Their entries of the period in Toggl's detailed report."""


@dataclass(frozen=True)
class ReportData:
    """The documents and what follows from them for all reports."""

    aggregated: Aggregated
    enriched: Enriched
    summaries: Summaries

    @cached_property
    def start(self) -> date:
        return date.fromisoformat(self.aggregated.period.start)

    @cached_property
    def end(self) -> date:
        return date.fromisoformat(self.aggregated.period.end)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.aggregated.period.timezone)

    @cached_property
    def as_of(self) -> Day:
        return Day(date.fromisoformat(self.aggregated.as_of))

    @cached_property
    def span(self) -> str:
        return dates.format_span(self.start, self.end)

    @cached_property
    def chosen_people(self) -> str | None:
        """Whose time it is, where `users` asked for some people only: the one name, or `3 of 11 people`."""
        everyone = self.aggregated.people_in_period
        if everyone is msgspec.UNSET:
            return None
        if len(self.people) == 1:
            return next(iter(self.people.values())).name
        return f"{len(self.people)} of {everyone} people"

    @cached_property
    def buckets(self) -> list[Bucket]:
        logged = {day for person in self.aggregated.people for day in person.days}
        return dates.split_into_buckets(self.start, self.end, logged)

    @cached_property
    def items(self) -> list[work_items.WorkItem]:
        """Everybody's items."""
        return work_items.join_items(self.aggregated.people, self.enriched)

    @cached_property
    def similar_items(self) -> SimilarItems:
        """Everybody's items, to be found by a text that is similar."""
        return SimilarItems(self.items)

    @cached_property
    def item_summaries(self) -> dict[work_items.Key, str]:
        """What was done on an item, by reference, where a summary was written."""
        return {(item.space, item.database, item.public_id): item.text for item in self.summaries.items}

    @cached_property
    def people(self) -> dict[int, ReportPerson]:
        """By user id."""
        people = self.aggregated.people
        slugs = assign_slugs((person.user_id, person.email, person.name) for person in people)
        return {person.user_id: self._name_person(person, slugs[person.user_id]) for person in people}

    @cached_property
    def toggl_url(self) -> str:
        """Everybody's entries of the period in Toggl's detailed report."""
        workspace = self.aggregated.account.workspace_id
        return f"https://track.toggl.com/reports/detailed/{workspace}/from/{self.start}/to/{self.end}"

    def _name_person(self, person: PersonTime, slug: str) -> ReportPerson:
        email = sanitize.shorten(person.email, NAME) if person.email else None
        name = sanitize.shorten(person.name, NAME) or email or f"User {person.user_id}"
        return ReportPerson(person.user_id, name, email, slug, f"{self.toggl_url}/users/{person.user_id}")
