"""Plans and estimates that do not hold, of items and of features alike, and features that stand still."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from timeweave.analysis.finding import make_finding
from timeweave.analysis.work_rows import scale
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind
from timeweave.models.work_items import Feature, FeatureStatus, TrackedWork
from timeweave.runtime.analysis_params import Thresholds


@dataclass(frozen=True)
class About:
    """What findings about an item and about a feature have alike."""

    item: EntityKey | None
    feature: str | None
    people: Sequence[str]

    def find(self, kind: FindingKind, seconds: int, **values: Any) -> Finding:
        return make_finding(kind, seconds, item=self.item, feature=self.feature, people=self.people, **values)

    def judge(self, one: TrackedWork, planned_end: str | None) -> Iterator[Finding]:
        """Whether it is late and had time."""
        if one.overdue_days and one.seconds:
            yield self.find(
                FindingKind.OVERDUE, one.seconds, overdue_days=one.overdue_days, planned_end=planned_end,
                estimate_seconds=one.estimate_seconds,
            )  # fmt: skip

    def compare_estimate(self, one: TrackedWork, thresholds: Thresholds, **values: Any) -> Iterator[Finding]:
        """Whether its whole time is over its estimate; or near it, while there is still work to come."""
        whole, estimate = one.whole_seconds, one.estimate_seconds
        kind = compare_estimate(whole, estimate, thresholds)
        if kind and not (kind is FindingKind.ESTIMATE_NEAR and one.progress.is_over):
            seconds = abs((whole or 0) - (estimate or 0))
            yield self.find(kind, seconds, whole_seconds=whole, estimate_seconds=estimate, **values)


def find_in_features(
    features: Iterable[Feature], thresholds: Thresholds, is_of_period: Callable[[str | None], bool]
) -> Iterator[Finding]:
    """Features that are late, over their estimate, or stalled."""
    for one in features:
        about = About(None, one.key, [part.key for part in one.people])
        if one.status is FeatureStatus.STALLED:
            before = one.previous_seconds or 0
            yield about.find(FindingKind.STALLED_FEATURE, before, previous_seconds=before)
        yield from about.judge(one, one.planned_end)
        if is_of_period(one.whole_source):
            yield from about.compare_estimate(one, thresholds)


def compare_estimate(whole: int | None, estimate: int | None, thresholds: Thresholds) -> FindingKind | None:
    """Whether the whole time is over the estimate or near it; None without either."""
    if whole is None or not estimate:
        return None
    if whole > estimate:
        return FindingKind.ESTIMATE_EXCEEDED
    return FindingKind.ESTIMATE_NEAR if whole >= scale(estimate, thresholds.estimate_warning) else None
