"""Puts `analysis.json` together: the join first, then people, items, features and groups, then what does not fit."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from timeweave.analysis import groups, past, reference_findings, time_findings
from timeweave.analysis.category_file import Categories
from timeweave.analysis.expectation import Expectations
from timeweave.analysis.features import FeatureRows, build_features, group_by_feature
from timeweave.analysis.finding import Logged, get_sort_key
from timeweave.analysis.item_findings import ItemChecks, find_in_features
from timeweave.analysis.item_work import ItemContext, WholeTimes, build_items
from timeweave.analysis.person_work import PersonContext, build_person
from timeweave.analysis.reference_findings import TextChecks
from timeweave.analysis.roster import Member, list_members
from timeweave.analysis.similar_items import SimilarItems
from timeweave.analysis.slugs import assign_slugs
from timeweave.analysis.sums import sum_seconds
from timeweave.analysis.team_file import TeamFile
from timeweave.analysis.work_rows import Join, WorkRow
from timeweave.models.aggregated import Aggregated
from timeweave.models.aggregated import FindingKind as MatchingKind
from timeweave.models.analysis import (
    Analysis,
    CategoryTime,
    Feature,
    Finding,
    PastTotals,
    PersonWork,
    Proof,
    WorkItem,
)  # fmt: skip
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched, LikelyItem
from timeweave.models.entities import EntityKey
from timeweave.models.history import History
from timeweave.runtime.analysis import Thresholds
from timeweave.runtime.period import Period


@dataclass(frozen=True)
class Sources:
    """Everything that the analysis is a function of."""

    aggregated: Aggregated
    history: History
    enriched: Enriched
    directory: Directory
    team: TeamFile
    categories: Categories
    period: Period
    as_of: date
    users: Sequence[str]
    thresholds: Thresholds
    verified: bool
    """Whether the entries were compared with Toggl's own totals when they were fetched."""


class Analyzer:
    """One period; each part is worked out once."""

    def __init__(self, sources: Sources) -> None:
        self._given = sources
        self._join = Join(sources.enriched, sources.categories)
        self._looked_at = min(sources.period.end, sources.as_of)
        self._expectations = Expectations(sources.team, self._looked_at)

    def analyze(self) -> Analysis:
        """The whole document."""
        given, aggregated = self._given, self._given.aggregated
        everyone = aggregated.people_in_period
        filtered = bool(given.users)
        seconds = sum_seconds(self._rows)
        proof = Proof(
            toggl_seconds=seconds if given.verified and not filtered else None,
            seconds=seconds,
            entries=aggregated.totals.entries,
            running=aggregated.totals.running,
        )
        return Analysis(
            account=aggregated.account,
            fibery_account=given.enriched.account,
            workspace=given.directory.workspace,
            as_of=aggregated.as_of,
            period=aggregated.period,
            looked_at=self._looked_at.isoformat(),
            people_in_period=everyone if isinstance(everyone, int) else None,
            proof=proof,
            totals=groups.add_up(self._people),
            thresholds=given.thresholds.model_dump(),
            past=self._past,
            people=self._people,
            teams=groups.build_teams(given.team, self._people),
            categories=self._categories,
            breakdowns=groups.build_breakdowns(self._rows, self._previous),
            items=self._items,
            features=self._features,
            findings=sorted(self._find(proof), key=get_sort_key),
        )

    @cached_property
    def _rows(self) -> list[WorkRow]:
        return self._join.read_period(self._given.aggregated)

    @cached_property
    def _past_rows(self) -> list[list[WorkRow]]:
        return [self._join.read_past(period) for period in self._given.history.periods]

    @property
    def _previous(self) -> list[WorkRow] | None:
        return self._past_rows[0] if self._past_rows else None

    @cached_property
    def _members(self) -> list[Member]:
        given = self._given
        people, period = given.aggregated.people, given.period
        return list_members(given.team, given.directory, people, period.start, period.end, given.users)

    @cached_property
    def _past(self) -> list[PastTotals]:
        periods = zip(self._given.history.periods, self._past_rows, strict=True)
        return [past.sum_past(period, rows, self._members, self._expectations) for period, rows in periods]

    @cached_property
    def _people(self) -> list[PersonWork]:
        period, history = self._given.period, self._given.history.periods
        context = PersonContext(
            days=past.list_days(str(period.start), str(period.end)),
            expectations=self._expectations,
            rows=_group_by_person(self._rows),
            previous=None if self._previous is None else _group_by_person(self._previous),
            previous_days=past.list_days(history[0].start, history[0].end) if history else [],
            running=_count_running(self._given.aggregated),
            slugs=_name_files(self._members),
        )
        return [build_person(member, context) for member in self._members]

    @cached_property
    def _features_grouped(self) -> Mapping[str, FeatureRows]:
        whole, previous = self._whole, self._previous or []
        further = [entity for key in whole.list_items() if (entity := self._join.ancestors.get(key))]
        return group_by_feature(self._rows, previous, further, self._join.ancestors)

    @cached_property
    def _whole(self) -> WholeTimes:
        return WholeTimes(self._given.history.since, self._join.attribution)

    @cached_property
    def _item_context(self) -> ItemContext:
        previous = self._previous
        return ItemContext(
            looked_at=self._looked_at,
            zone=self._given.period.zone,
            whole=self._whole,
            previous=None if previous is None else _sum_by_item(previous),
            features={key: one.key for one in self._features_grouped.values() for key in one.items},
        )

    @cached_property
    def _items(self) -> list[WorkItem]:
        return build_items(self._rows, self._item_context)

    @cached_property
    def _features(self) -> list[Feature]:
        return build_features(self._features_grouped, self._item_context, self._given.period, self._given.thresholds)

    @cached_property
    def _categories(self) -> list[CategoryTime]:
        return groups.build_categories(self._rows, self._previous, self._given.categories.listed)

    def _find(self, proof: Proof) -> Iterator[Finding]:
        given, thresholds = self._given, self._given.thresholds
        yield from time_findings.find_in_period(proof, self._people)
        yield from self._find_in_people()
        yield from time_findings.find_running(given.aggregated)
        yield from self._find_in_items()
        yield from find_in_features(self._features, thresholds)
        yield from past.find_unusual(self._people, self._categories, self._past, thresholds)
        configured = bool(given.categories.listed)
        yield from reference_findings.find_in_categories(self._categories, thresholds, configured=configured)
        yield from reference_findings.find_in_enrichment(given.enriched)

    def _find_in_people(self) -> Iterator[Finding]:
        similar = SimilarItems(self._items)
        checks = TextChecks(
            meant=reference_findings.list_meant(self._given.aggregated),
            item_needed={one.key: one.item_needed and not one.absence for one in self._categories},
            find_similar=similar.find,
            find_match=lambda text: self._join.attribution.find_match((None, None, None, text)),
        )
        rows = _group_by_person(self._rows)
        for person in self._people:
            own = rows.get(person.user_id, []) if person.user_id is not None else []
            entries = [one for row in own for one in _list_logged(row)]
            yield from time_findings.find_in_person(person, entries, self._given.thresholds)
            unmatched = [(one, row.category.key) for row in own if row.key is None for one in _list_logged(row)]
            yield from checks.check(person.key, unmatched)

    def _find_in_items(self) -> Iterator[Finding]:
        found = self._items
        checks = ItemChecks(
            people={person.key: person for person in self._people},
            thresholds=self._given.thresholds,
            looked_at=self._looked_at,
            zone=self._given.period.zone,
            estimated=frozenset(
                one.place for one in found if (one.estimate_seconds, one.estimate_points) != (None, None)
            ),
            find_likely=self._find_likely,
        )
        entries: dict[EntityKey, list[Logged]] = defaultdict(list)
        for row in self._rows:
            if row.key is not None:
                entries[row.key] += _list_logged(row)
        for item in found:
            yield from checks.check(item, entries[item.key])

    def _find_likely(self, key: EntityKey, text: str) -> list[LikelyItem]:
        match = self._join.attribution.find_match((key.space, key.database, key.public_id, text))
        return match.likely if match else []


def _list_logged(row: WorkRow) -> list[Logged]:
    return [Logged(entry, row.user_id, row.text, row.key, row.category.absence) for entry in row.entries]


def _group_by_person(rows: Sequence[WorkRow]) -> dict[int, list[WorkRow]]:
    found: dict[int, list[WorkRow]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def _sum_by_item(rows: Sequence[WorkRow]) -> dict[EntityKey, int]:
    found: dict[EntityKey, int] = defaultdict(int)
    for row in rows:
        if row.key is not None:
            found[row.key] += row.seconds
    return found


def _count_running(aggregated: Aggregated) -> dict[int, int]:
    return Counter(one.user_id for one in aggregated.warnings if one.kind is MatchingKind.RUNNING)


def _name_files(members: Sequence[Member]) -> dict[str, str]:
    """A file name by key; people without an account come after all that have one, so that they rename nobody's."""
    last = max((member.user_id or 0 for member in members), default=0)
    ids = {member.key: member.user_id or last + at for at, member in enumerate(members, 1)}
    slugs = assign_slugs((ids[member.key], member.email, member.name) for member in members)
    return {key: slugs[number] for key, number in ids.items()}
