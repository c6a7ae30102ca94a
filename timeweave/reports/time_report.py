"""The time alone, before any work item is looked up: people, days, references and texts as they were written."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from msgspec import UNSET

from timeweave.models.aggregated import Aggregated, EntityTime, PersonTime
from timeweave.reports.formatting import dates, hours, sanitize
from timeweave.reports.formatting.hours import HoursFormat
from timeweave.reports.sections import finding_examples
from timeweave.reports.sections.finding_examples import FindingExamples

MOST = 50
_Raw = tuple[str, str, int, int, int]
"""Reference, text, people, entries, seconds."""
TITLE, NAME = 160, 80


@dataclass(frozen=True)
class PersonRow:
    """A person's hours, of which the matched ones name a work item."""

    name: str
    hours: str
    matched_hours: str
    unmatched_hours: str
    billable_percent: int
    days_worked: int
    entries: int


@dataclass(frozen=True)
class DayRow:
    """A day, or a week or month where the period is long."""

    label: str
    hours: str


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
class TimeReport:
    """Everything about the time of a period that Toggl alone tells."""

    aggregated: Aggregated
    format: HoursFormat

    @cached_property
    def span(self) -> str:
        period = self.aggregated.period
        return dates.format_span(date.fromisoformat(period.start), date.fromisoformat(period.end))

    @cached_property
    def chosen_people(self) -> str | None:
        """Whose time it is, where `users` asked for some people only."""
        people, everyone = self.aggregated.people, self.aggregated.people_in_period
        if everyone is UNSET:
            return None
        return _name(people[0]) if len(people) == 1 else f"{len(people)} of {everyone} people"

    @cached_property
    def toggl_url(self) -> str:
        """Everybody's entries of the period in Toggl's detailed report."""
        period = self.aggregated.period
        place = f"{self.aggregated.account.workspace_id}/from/{period.start}/to/{period.end}"
        return f"https://track.toggl.com/reports/detailed/{place}"

    @cached_property
    def hours(self) -> dict[str, str]:
        """`all`, `matched`, `unmatched` and `billable` time."""
        totals = self.aggregated.totals
        amounts = {"all": totals.seconds, "matched": totals.matched_seconds, "unmatched": totals.unmatched_seconds}
        return {name: self.format.exact(one) for name, one in (amounts | {"billable": totals.billable_seconds}).items()}

    @cached_property
    def percents(self) -> dict[str, int]:
        """Whole percent of all time: `matched` and `billable`."""
        totals = self.aggregated.totals
        parts = {"matched": totals.matched_seconds, "billable": totals.billable_seconds}
        return {name: hours.to_percent(part, totals.seconds) for name, part in parts.items()}

    @cached_property
    def days_worked(self) -> int:
        """Days on which anybody logged time."""
        return len({day for one in self.aggregated.people for day, seconds in one.days.items() if seconds})

    @cached_property
    def people(self) -> list[PersonRow]:
        """Most time first."""
        return [
            self._build_person(one)
            for one in sorted(self.aggregated.people, key=lambda one: (-one.seconds, one.user_id))
        ]

    @cached_property
    def days(self) -> list[DayRow]:
        """All time by day, the days without any included."""
        people, period = self.aggregated.people, self.aggregated.period
        logged = {day for person in people for day in person.days}
        buckets = dates.split_into_buckets(date.fromisoformat(period.start), date.fromisoformat(period.end), logged)
        return [
            DayRow(one.label, self.format.exact(sum(one.sum_seconds(person.days) for person in people)))
            for one in buckets
        ]

    @cached_property
    def references(self) -> list[TextRow]:
        """Work items as written, most time first."""
        times: dict[str, list[EntityTime]] = defaultdict(list)
        for person in self.aggregated.people:
            for time in person.entities:
                times[_format_reference(time)].append(time)
        return self._cut(_sum_reference(reference, found) for reference, found in times.items())

    @cached_property
    def activities(self) -> list[TextRow]:
        """Texts that name no item, most time first."""
        rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for person in self.aggregated.people:
            for one in person.activities:
                rows[one.text] = [a + b for a, b in zip(rows[one.text], (1, one.entries, one.seconds), strict=True)]
        return self._cut(("", text, people, entries, seconds) for text, (people, entries, seconds) in rows.items())

    @cached_property
    def findings(self) -> list[FindingExamples]:
        """What was remarkable about descriptions and accounts, by kind."""
        names = {person.user_id: _name(person) for person in self.aggregated.people}
        return finding_examples.list_examples(self.aggregated, names, self.format)

    def _build_person(self, person: PersonTime) -> PersonRow:
        return PersonRow(
            name=_name(person),
            hours=self.format.exact(person.seconds),
            matched_hours=self.format.exact(person.matched_seconds),
            unmatched_hours=self.format.exact(person.unmatched_seconds),
            billable_percent=hours.to_percent(person.billable_seconds, person.seconds),
            days_worked=sum(1 for seconds in person.days.values() if seconds),
            entries=person.entries,
        )

    def _cut(self, raw: Iterable[_Raw]) -> list[TextRow]:
        ordered = sorted(raw, key=lambda row: (-row[4], row[0], row[1]))
        rest = ordered[MOST:]
        rows = [
            TextRow(
                sanitize.shorten(name, TITLE), sanitize.shorten(text, TITLE), people, entries, self.format.exact(amount)
            )
            for name, text, people, entries, amount in ordered[:MOST]
        ]
        if rest:
            entries, seconds = sum(row[3] for row in rest), sum(row[4] for row in rest)
            rows.append(TextRow("", "", 0, entries, self.format.exact(seconds), len(rest)))
        return rows


def _format_reference(time: EntityTime) -> str:
    place = "/".join(part for part in (time.space, time.database) if part)
    return f"{place} #{time.public_id}"


def _sum_reference(reference: str, times: Sequence[EntityTime]) -> _Raw:
    worded: dict[str, int] = defaultdict(int)
    for time in times:
        for wording in time.texts:
            worded[wording.text] += wording.seconds
    text = max(sorted(worded), key=lambda text: (bool(text.strip()), worded[text]), default="")
    return reference, text, len(times), sum(one.entries for one in times), sum(one.seconds for one in times)


def _name(person: PersonTime) -> str:
    return sanitize.shorten(person.name or person.email or "", NAME) or f"User {person.user_id}"
