"""Puts `analysis.json` together: the join first, then people, items, features and groups, then what does not fit."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from timeweave.analysis import groups
from timeweave.analysis.all_findings import Checks, Figures
from timeweave.analysis.category_rules import Categories
from timeweave.analysis.comparison import sum_past
from timeweave.analysis.expectation import Expectations, Span
from timeweave.analysis.features import FeatureRows, build_features, group_by_feature
from timeweave.analysis.item_work import LATE, ItemContext, WholeTimes, build_items, sum_by_item
from timeweave.analysis.person_work import PersonContext, build_person
from timeweave.analysis.roster import Member, Present, list_members, name_files
from timeweave.analysis.team_file import TeamFile
from timeweave.analysis.work_calendar import list_days
from timeweave.analysis.work_rows import Join, WorkRow, group_by_person, sum_seconds
from timeweave.models.aggregated import Aggregated
from timeweave.models.aggregated import FindingKind as MatchingKind
from timeweave.models.analysis import Analysis, CategoryTime, PastTotals, Proof
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched
from timeweave.models.history import History, PastPeriod
from timeweave.models.person_work import PersonWork
from timeweave.models.work_items import Feature, WorkItem
from timeweave.runtime.analysis_params import Thresholds
from timeweave.runtime.period import Period, span


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
        self._expectations = Expectations(sources.team, sources.as_of)

    def analyze(self) -> Analysis:
        """The whole document."""
        given, aggregated = self._given, self._given.aggregated
        everyone = aggregated.people_in_period
        return Analysis(
            account=aggregated.account,
            fibery_account=given.enriched.account,
            workspace=given.directory.workspace,
            as_of=aggregated.as_of,
            period=aggregated.period,
            looked_at=self._looked_at.isoformat(),
            whole_is_later=any(
                one.whole_seconds is not None and not self._item_context.is_of_period(one.whole_source)
                for one in (*self._items, *self._features)
            ),
            people_in_period=everyone if isinstance(everyone, int) else None,
            proof=self._proof,
            totals=groups.add_past(groups.add_up(self._people), next(iter(self._totals_before), None)),
            thresholds=given.thresholds.model_dump(),
            past=self._totals_before,
            people=self._people,
            teams=groups.build_teams(given.team, self._people),
            categories=self._categories,
            breakdowns=groups.build_breakdowns(self._rows, self._previous),
            items=self._items,
            features=self._features,
            findings=self._checks.find_all(),
        )

    @cached_property
    def _proof(self) -> Proof:
        totals, seconds = self._given.aggregated.totals, sum_seconds(self._rows)
        compared = self._given.verified and not self._given.users
        return Proof(
            toggl_seconds=seconds if compared else None, seconds=seconds, entries=totals.entries, running=totals.running
        )

    @cached_property
    def _rows(self) -> list[WorkRow]:
        return self._join.read_period(self._given.aggregated)

    @cached_property
    def _periods_before(self) -> list[PastPeriod]:
        """None while the period is in progress: a part of a week is not to be compared with a whole one."""
        is_over = self._given.period.end < self._given.as_of
        return self._given.history.periods if is_over else []

    @cached_property
    def _past_rows(self) -> list[list[WorkRow]]:
        return [self._join.read_past(period) for period in self._periods_before]

    @property
    def _previous(self) -> list[WorkRow] | None:
        return self._past_rows[0] if self._past_rows else None

    @cached_property
    def _members(self) -> list[Member]:
        period = self._given.period
        return self._list_members(self._given.aggregated.people, period.start, period.end)

    def _list_members(self, present: Iterable[Present], first: date, last: date) -> list[Member]:
        given = self._given
        return list_members(given.team, given.directory, present, first, last, given.users)

    @cached_property
    def _totals_before(self) -> list[PastTotals]:
        found = []
        for period, rows in zip(self._periods_before, self._past_rows, strict=True):
            days = list_days(period.start, period.end)
            members = self._list_members(period.people, days[0], days[-1])
            found.append(sum_past(period, rows, members, self._expectations))
        return found

    @cached_property
    def _people(self) -> list[PersonWork]:
        period, before = self._given.period, None
        if self._previous is not None:
            last = self._periods_before[0]
            before = Span(list_days(last.start, last.end), group_by_person(self._previous))
        context = PersonContext(
            period=Span(span(period.start, period.end), group_by_person(self._rows)),
            before=before,
            expectations=self._expectations,
            running=Counter(one.user_id for one in self._given.aggregated.warnings if one.kind is MatchingKind.RUNNING),
            slugs=name_files(self._given.team, self._given.directory, self._given.aggregated.people),
        )
        return [build_person(member, context) for member in self._members]

    @cached_property
    def _features_grouped(self) -> Mapping[str, FeatureRows]:
        whole, known = self._whole, self._join.ancestors
        further = [entity for key in whole.list_items() if (entity := known.get(key))]
        return group_by_feature(self._rows, self._past_rows, further, known)

    @cached_property
    def _whole(self) -> WholeTimes:
        # Of some people's time there is no whole.
        return WholeTimes(None if self._given.users else self._given.history.since, self._join.attribution)

    @cached_property
    def _item_context(self) -> ItemContext:
        previous = self._previous
        return ItemContext(
            looked_at=self._looked_at,
            zone=self._given.period.zone,
            whole=self._whole,
            previous=None if previous is None else sum_by_item(previous),
            features={key: one.key for one in self._features_grouped.values() for key in one.items},
            is_partial=bool(self._given.users),
            is_late=(self._given.as_of - self._looked_at) > LATE,
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

    @property
    def _checks(self) -> Checks:
        given = self._given
        figures = Figures(
            self._proof, self._rows, self._members, self._people, self._items, self._features, self._categories,
            self._totals_before,
        )  # fmt: skip
        return Checks(
            figures, given.aggregated, given.enriched, self._join.attribution, given.categories, given.thresholds,
            given.period.zone, bool(given.users), self._item_context.is_of_period,
        )  # fmt: skip
