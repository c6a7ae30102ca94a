"""Everything that does not fit, in one list: each kind of check over the figures of a period."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from timeweave.analysis import reference_findings, time_findings
from timeweave.analysis.attribution import Attribution
from timeweave.analysis.category_rules import Categories
from timeweave.analysis.comparison import find_unusual
from timeweave.analysis.finding import Logged, get_sort_key
from timeweave.analysis.item_findings import ItemChecks, find_in_closed_features
from timeweave.analysis.overdue_and_estimate_findings import compare_estimate, find_in_features
from timeweave.analysis.reference_findings import TextChecks
from timeweave.analysis.roster import Member
from timeweave.analysis.similar_items import SimilarItems
from timeweave.analysis.work_rows import WorkRow
from timeweave.models.aggregated import Aggregated
from timeweave.models.analysis import CategoryTime, PastTotals, Proof
from timeweave.models.enriched import Enriched, LikelyItem
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind
from timeweave.models.person_work import PersonWork
from timeweave.models.work_items import Feature, WorkItem
from timeweave.runtime.analysis_params import Thresholds


@dataclass(frozen=True)
class Figures:
    """What is looked through."""

    proof: Proof
    rows: Sequence[WorkRow]
    members: Sequence[Member]
    people: Sequence[PersonWork]
    """In the order of `members`."""
    items: Sequence[WorkItem]
    features: Sequence[Feature]
    categories: Sequence[CategoryTime]
    past: Sequence[PastTotals]


@dataclass(frozen=True)
class Checks:
    """All checks of a period, and what they ask besides its figures."""

    figures: Figures
    aggregated: Aggregated
    enriched: Enriched
    attribution: Attribution
    rules: Categories
    thresholds: Thresholds
    zone: ZoneInfo
    chosen: bool
    """Only some people are shown."""
    is_of_period: Callable[[str | None], bool]
    """Whether a whole time from this source says how it was in the period."""

    def find_all(self) -> list[Finding]:
        """Problems first, of them those with most time."""
        return sorted(self._find(), key=get_sort_key)

    def _find(self) -> Iterator[Finding]:
        figures, thresholds = self.figures, self.thresholds
        yield from time_findings.find_in_period(figures.proof, figures.people, chosen=self.chosen)
        yield from self._find_in_days()
        yield from self._find_in_texts()
        yield from time_findings.find_running(self.aggregated)
        yield from self._find_in_items()
        yield from find_in_features(figures.features, thresholds, self.is_of_period)
        yield from find_unusual(figures.people, figures.categories, figures.past, thresholds)
        if self.rules.listed:
            yield from reference_findings.find_in_categories(figures.categories, thresholds)
        yield from reference_findings.find_in_rules(self.rules, self.enriched)
        yield from reference_findings.find_in_enrichment(self.enriched)

    @cached_property
    def _logged(self) -> Mapping[int, list[tuple[WorkRow, list[Logged]]]]:
        """Each row with its entries, by account."""
        found: dict[int, list[tuple[WorkRow, list[Logged]]]] = defaultdict(list)
        for row in self.figures.rows:
            logged = [Logged(entry, row.user_id, row.text, row.key, row.category.absence) for entry in row.entries]
            found[row.user_id].append((row, logged))
        return found

    def _find_in_days(self) -> Iterator[Finding]:
        """By person: what was logged on several accounts of somebody counts together."""
        people = {person.key: person for person in self.figures.people}
        for member in self.figures.members:
            if member.is_main:
                accounts = member.accounts or ((member.user_id,) if member.user_id is not None else ())
                entries = [one for account in accounts for _, logged in self._logged.get(account, ()) for one in logged]
                yield from time_findings.find_in_person(people[member.key], entries, self.thresholds)

    def _find_in_texts(self) -> Iterator[Finding]:
        checks = TextChecks(
            meant=reference_findings.list_meant(self.aggregated),
            item_needed={one.key: one.item_needed and not one.absence for one in self.figures.categories},
            find_similar=SimilarItems(self.figures.items).find,
            find_match=lambda text: self.attribution.find_match(None, text),
        )
        for _, rows in sorted(self._logged.items()):
            yield from checks.check((one, row.category.key) for row, own in rows if row.key is None for one in own)

    def _find_in_items(self) -> Iterator[Finding]:
        items = self.figures.items
        checks = ItemChecks(
            names={member.key: member.names for member in self.figures.members},
            thresholds=self.thresholds,
            zone=self.zone,
            estimated=frozenset(
                item.place for item in items if (item.estimate_seconds, item.estimate_points) != (None, None)
            ),
            features_over=frozenset(
                one.key
                for one in self.figures.features
                if compare_estimate(one.whole_seconds, one.estimate_seconds, self.thresholds)
                is FindingKind.ESTIMATE_EXCEEDED
            ),
            is_of_period=self.is_of_period,
            find_likely=self._find_likely,
        )
        entries: dict[EntityKey, list[Logged]] = defaultdict(list)
        for row, logged in (pair for rows in self._logged.values() for pair in rows):
            if row.key is not None:
                entries[row.key] += logged
        found = [finding for item in items for finding in checks.check(item, entries[item.key])]
        yield from found
        yield from find_in_closed_features(self.figures.features, entries, found)

    def _find_likely(self, key: EntityKey, text: str) -> list[LikelyItem]:
        match = self.attribution.find_match(key, text)
        return match.likely if match else []
