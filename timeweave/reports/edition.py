"""One edition of the reports: the documents of a period, and what every report of it says in the same way."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from timeweave.models.aggregated import Aggregated, PersonTime
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import calendar, ledger, likeness, plain
from timeweave.reports.calendar import Day, Stretch
from timeweave.reports.slug import slugs

NAME = 80
"""Characters of a person's name that are shown."""


@dataclass(frozen=True)
class Byline:
    """A person as reports name them."""

    user_id: int
    name: str
    email: str | None
    slug: str
    toggl_url: str
    """Their entries of the period in Toggl's detailed report."""


@dataclass(frozen=True)
class Edition:
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
        return calendar.span(self.start, self.end)

    @cached_property
    def stretches(self) -> list[Stretch]:
        logged = {day for person in self.aggregated.people for day in person.days}
        return calendar.stretches(self.start, self.end, logged)

    @cached_property
    def items(self) -> list[ledger.Item]:
        """Everybody's items."""
        return ledger.items(self.aggregated.people, self.enriched)

    @cached_property
    def likely(self) -> likeness.Items:
        return likeness.Items(self.items)

    @cached_property
    def prose(self) -> dict[ledger.Key, str]:
        """What was done on an item, by reference, where a summary was written."""
        return {(item.space, item.database, item.public_id): item.text for item in self.summaries.items}

    @cached_property
    def bylines(self) -> dict[int, Byline]:
        """By user id."""
        people = self.aggregated.people
        slug = slugs((person.user_id, person.email, person.name) for person in people)
        return {person.user_id: self._byline(person, slug[person.user_id]) for person in people}

    @cached_property
    def toggl_url(self) -> str:
        """Everybody's entries of the period in Toggl's detailed report."""
        workspace = self.aggregated.account.workspace_id
        return f"https://track.toggl.com/reports/detailed/{workspace}/from/{self.start}/to/{self.end}"

    def _byline(self, person: PersonTime, slug: str) -> Byline:
        email = plain.brief(person.email, NAME) if person.email else None
        name = plain.brief(person.name, NAME) or email or f"User {person.user_id}"
        return Byline(person.user_id, name, email, slug, f"{self.toggl_url}/users/{person.user_id}")
