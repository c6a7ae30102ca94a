"""The documents of a period, and what every report of it says in the same way: names, addresses, days and hours."""

import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from timeweave.analysis.slugs import LONGEST, transliterate
from timeweave.models.analysis import Analysis, CategoryTime
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind
from timeweave.models.summaries import Summaries
from timeweave.models.work_items import Feature, WorkItem
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.formatting.hours import HoursFormat, ReportParams
from timeweave.reports.report_person import NAME, ReportPerson, name_people
from timeweave.runtime import document, params

NO_TEAM = ""
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class ReportData:
    """The documents and what follows from them for all reports."""

    analysis: Analysis
    summaries: Summaries = field(default_factory=Summaries)
    hours: HoursFormat = field(default_factory=HoursFormat)

    @cached_property
    def start(self) -> date:
        return date.fromisoformat(self.analysis.period.start)

    @cached_property
    def end(self) -> date:
        return date.fromisoformat(self.analysis.period.end)

    @cached_property
    def days(self) -> list[Day]:
        return [Day(self.start + timedelta(days=n)) for n in range((self.end - self.start).days + 1)]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.analysis.period.timezone)

    @cached_property
    def as_of(self) -> Day:
        return Day(date.fromisoformat(self.analysis.as_of))

    @cached_property
    def looked_at(self) -> Day:
        return Day(date.fromisoformat(self.analysis.looked_at))

    @cached_property
    def span(self) -> str:
        return dates.format_span(self.start, self.end)

    @cached_property
    def before(self) -> str:
        """What the period before is called in a sentence."""
        return "the week before" if len(self.days) == len(dates.WEEKDAYS) else "the period before"

    @property
    def compared(self) -> bool:
        return bool(self.analysis.past)

    @cached_property
    def chosen_people(self) -> str | None:
        """Whose time it is, where `users` asked for some people only: the one name, or `3 of 11 people`."""
        everyone = self.analysis.people_in_period
        if everyone is None:
            return None
        if len(self.people) == 1:
            return next(iter(self.people.values())).name
        return f"{len(self.people)} of {everyone} people"

    @cached_property
    def people(self) -> dict[str, ReportPerson]:
        """By key."""
        return {person.key: person for person in name_people(self.analysis.people, self.toggl_url)}

    @cached_property
    def teams(self) -> dict[str, str]:
        """Names by key of the teams that people are in themselves; `NO_TEAM` for those in none, where others are in one."""
        names = {team.key: sanitize.shorten(team.name, NAME) or team.key for team in self.analysis.teams}
        used = {person.team or NO_TEAM for person in self.analysis.people}
        return {key: names.get(key, key) for key in sorted(used, key=lambda key: (key == NO_TEAM, names.get(key, key)))}

    @cached_property
    def items(self) -> dict[EntityKey, WorkItem]:
        return {item.key: item for item in self.analysis.items}

    @cached_property
    def features(self) -> dict[str, Feature]:
        return {feature.key: feature for feature in self.analysis.features}

    @cached_property
    def categories(self) -> dict[str, CategoryTime]:
        return {category.key: category for category in self.analysis.categories}

    @cached_property
    def category_names(self) -> dict[str, str]:
        """As shown, by key."""
        return {key: sanitize.shorten(one.name, NAME) or key for key, one in self.categories.items()}

    @cached_property
    def item_findings(self) -> dict[EntityKey, list[Finding]]:
        """By the item that they are about."""
        return _group_findings((finding.item, finding) for finding in self.analysis.findings)

    @cached_property
    def feature_findings(self) -> dict[str, list[Finding]]:
        """By the feature that they are about."""
        return _group_findings((finding.feature, finding) for finding in self.analysis.findings)

    @cached_property
    def person_findings(self) -> dict[str, list[Finding]]:
        """By each person that they concern."""
        return _group_findings((key, finding) for finding in self.analysis.findings for key in finding.people)

    @cached_property
    def missing_days(self) -> dict[str, list[str]]:
        """The days without any time on which some was expected, by person: of somebody with two accounts, on none of them."""
        found = (one for one in self.analysis.findings if one.kind is FindingKind.MISSING_DAY)
        return {key: finding.days for finding in found for key in finding.people}

    @cached_property
    def item_anchors(self) -> dict[EntityKey, str]:
        """The address of an item's row on any page of any period."""
        ordered = sorted(self.analysis.items, key=lambda one: one.key.sort_key)
        return _make_anchors("i", {one.key: (one.place or "", one.key.public_id) for one in ordered})

    @cached_property
    def feature_anchors(self) -> dict[str, str]:
        """The same of features."""
        ordered = sorted(self.analysis.features, key=lambda one: one.key)
        return _make_anchors("f", {one.key: (one.place or "", one.public_id) for one in ordered})

    @cached_property
    def category_anchors(self) -> dict[str, str]:
        """The same of categories."""
        return _make_anchors("c", {key: (key, "") for key in sorted(self.categories)})

    @cached_property
    def item_summaries(self) -> dict[tuple[str | None, str | None, str], str]:
        """What was done on an item, by reference, where a summary was written."""
        return {(item.space, item.database, item.public_id): item.text for item in self.summaries.items}

    @cached_property
    def toggl_url(self) -> str:
        """Everybody's entries of the period in Toggl's detailed report."""
        workspace = self.analysis.account.workspace_id
        return f"https://track.toggl.com/reports/detailed/{workspace}/from/{self.start}/to/{self.end}"

    def find_people(self, keys: list[str]) -> list[ReportPerson]:
        """The people of these keys that the document has."""
        return [self.people[key] for key in keys if key in self.people]


def load(analysis: Path, summaries: Path) -> ReportData:
    """The documents at these paths, with hours written as params.yaml says."""
    style = params.load(ReportParams).reports.hours
    return ReportData(document.read(analysis, Analysis), document.read(summaries, Summaries), HoursFormat(style))


def _group_findings(findings: Iterable[tuple[Name | None, Finding]]) -> dict[Name, list[Finding]]:
    found: dict[Name, list[Finding]] = {}
    for key, finding in ((key, one) for key, one in findings if key is not None):
        found.setdefault(key, []).append(finding)
    return found


def _make_anchors(kind: str, names: Mapping[Name, tuple[str, str]]) -> dict[Name, str]:
    """`i-scrum-task-150` of each (place, number): unique, and the same in every period."""
    taken: Counter[str] = Counter()
    found = {}
    for key, (place, number) in names.items():
        anchor = "-".join(part for part in (kind, spell(place), number) if part)
        taken[anchor] += 1
        # `_` is in no other, so that this can be nobody else's.
        found[key] = (
            anchor if taken[anchor] == 1 else f"{anchor}_{zlib.crc32(str(key).encode(errors='surrogatepass')):08x}"
        )
    return found


@lru_cache(1024)
def spell(name: str) -> str:
    """The name for an address: as ASCII words where these say all of it, else by a checksum that no other name has."""
    slug = transliterate(name)
    if len(slug) < LONGEST and all(transliterate(char) for char in name if char not in " -/"):
        return slug
    return f"{zlib.crc32(name.encode(errors='surrogatepass')):08x}"
