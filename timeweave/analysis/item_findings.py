"""What does not fit between time and work items: references that lead nowhere, work at the wrong time, plans and estimates."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from timeweave.analysis.finding import Logged, make_entry_finding, make_finding
from timeweave.analysis.item_work import find_day, format_day
from timeweave.analysis.overdue_and_estimate_findings import About
from timeweave.models.enriched import EntityStatus, LikelyItem
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind, Severity
from timeweave.models.states import Progress
from timeweave.models.work_items import Feature, WorkItem
from timeweave.runtime.analysis_params import Thresholds
from timeweave.runtime.name_comparison import fold

NOWHERE = {
    EntityStatus.NOT_FOUND: FindingKind.NOT_FOUND,
    EntityStatus.UNKNOWN_DATABASE: FindingKind.UNKNOWN_DATABASE,
    EntityStatus.UNRESOLVED: FindingKind.UNRESOLVED,
    EntityStatus.FAILED: FindingKind.PART_MISSING,
}
WHEN_OVER = (FindingKind.AFTER_COMPLETION, FindingKind.ON_CANCELLED)


@dataclass(frozen=True)
class ItemChecks:
    """Looks at items one by one."""

    names: Mapping[str, frozenset[str]]
    """Addresses and names of people, folded, by their keys."""
    thresholds: Thresholds
    zone: ZoneInfo
    estimated: frozenset[str | None]
    """Places where some item has an estimate, so that one without is worth a word."""
    features_over: frozenset[str | None]
    """The features whose whole time is over their estimate."""
    is_of_period: Callable[[str | None], bool]
    """Whether a whole time from this source says how it was in the period."""
    find_likely: Callable[[EntityKey, str], list[LikelyItem]]
    """The items that an incomplete reference may mean under a text."""

    def check(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        """Every finding about an item; `entries` are its own."""
        status = item.entity.status
        if status is not EntityStatus.FOUND:
            yield self._check_nowhere(item, entries)
            return
        yield from self._check_dates(item, entries)
        yield from self._check_plan(item)
        yield from self._check_titles(item, entries)
        yield from self._check_assignees(item, entries)
        if item.entity.missing:
            parts = [str(part) for part in item.entity.missing]
            yield make_finding(
                FindingKind.PART_MISSING, item.seconds, item=item.key, people=_list_people(item), parts=parts
            )

    def _check_nowhere(self, item: WorkItem, entries: Sequence[Logged]) -> Finding:
        kind = NOWHERE[item.entity.status]
        texts = sorted({one.text for one in entries})
        likely = {one.key: one for text in texts for one in self.find_likely(item.key, text)}
        named = [msgspec.structs.asdict(one) for one in likely.values()]
        return make_entry_finding(kind, entries, item.key, reason=item.entity.reason, likely=named, title=item.title)

    def _check_dates(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        """Time on days on which nobody should have worked on it."""
        started = find_day(item.entity.started, self.zone)
        worked = [one for one in entries if one.entry.seconds]
        state = item.entity.state.name if item.entity.state else None
        # What is a feature itself is judged as one, together with the items below it.
        if not item.is_feature:
            completed = format_day(find_day(item.entity.completed, self.zone))
            yield from find_when_over(item.progress, state, completed, worked, item=item.key)
        if item.progress is Progress.WAITING and worked:
            yield make_entry_finding(FindingKind.NOT_STARTED, worked, item.key, state=state)
        elif started:
            # Fibery notes the start when somebody changes the state, which is often late: work that was due does not count.
            planned = find_day(item.entity.planned_start, self.zone)
            first = min(filter(None, (started, planned))).isoformat()
            if before := [one for one in worked if one.day < first]:
                yield make_entry_finding(
                    FindingKind.BEFORE_START,
                    before,
                    item.key,
                    started=format_day(started),
                    planned_start=format_day(planned),
                )

    def _check_plan(self, item: WorkItem) -> Iterator[Finding]:
        begin, end = (find_day(at, self.zone) for at in (item.entity.planned_start, item.entity.planned_end))
        about = About(item.key, None, _list_people(item))
        if begin and end and end < begin:
            yield about.find(
                FindingKind.REVERSED_PLAN, item.seconds, planned_start=format_day(begin), planned_end=format_day(end)
            )
        estimate = (item.estimate_seconds, item.estimate_points)
        if estimate == (None, None) and item.place in self.estimated and item.progress is not Progress.CANCELLED:
            yield about.find(FindingKind.NO_ESTIMATE, item.seconds)
        # What is a feature itself is judged as one.
        if not item.is_feature:
            yield from about.judge(item, format_day(end))
            if self.is_of_period(item.whole_source):
                part_of = item.feature if item.feature in self.features_over else None
                yield from about.compare_estimate(item, self.thresholds, part_of_feature=part_of)

    def _check_titles(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        """Texts that say something else than the item that their reference names."""
        title = default_process(item.entity.name or "")
        lowest = 100 * self.thresholds.title_similarity
        by_text: dict[str, list[Logged]] = defaultdict(list)
        for one in entries:
            by_text[one.text].append(one)
        for written, own in sorted(by_text.items()):
            text = default_process(written)
            if text and title and fuzz.token_set_ratio(text, title) < lowest:
                yield make_entry_finding(FindingKind.TITLE_DIFFERS, own, item.key, text=written, title=item.entity.name)

    def _check_assignees(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        assignees = item.entity.assignees
        assigned = {fold(name) for one in assignees for name in (one.email, one.name) if name}
        if not assigned:
            return
        people = {str(one.user_id) for one in entries}
        # Of somebody whom the service does not name nothing can be said.
        strangers = {key for key in people if key in self.names and assigned.isdisjoint(self.names[key])}
        others = [one for one in entries if one.entry.seconds and str(one.user_id) in strangers]
        if others:
            yield make_entry_finding(
                FindingKind.ASSIGNED_TO_OTHERS, others, item.key, assignees=[one.name for one in assignees]
            )


def find_in_closed_features(
    features: Iterable[Feature], entries: Mapping[EntityKey, Sequence[Logged]], found: Iterable[Finding]
) -> Iterator[Finding]:
    """Time on features after they were closed, but for that which `found` says of their items already; `entries` by item."""
    told = {at for one in found if one.kind in WHEN_OVER for at in one.entry_ids}
    for feature in features:
        own = (one for key in feature.items for one in entries.get(key, ()))
        worked = [one for one in own if one.entry.seconds and one.entry.id not in told]
        yield from find_when_over(feature.progress, feature.state, feature.completed, worked, feature=feature.key)


def find_when_over(
    progress: Progress, state: str | None, completed: str | None, worked: Sequence[Logged], **about: Any
) -> Iterator[Finding]:
    """Time on days after an item or a feature was done or cancelled."""
    after = [one for one in worked if completed and one.day > completed]
    if progress is Progress.CANCELLED:
        late = after if completed else worked
        if late:
            # Without a day nobody knows whether the time was logged before.
            severity = None if completed else Severity.WARNING
            yield make_entry_finding(
                FindingKind.ON_CANCELLED, late, severity=severity, state=state, completed=completed, **about
            )
    elif after and progress is Progress.DONE:
        yield make_entry_finding(FindingKind.AFTER_COMPLETION, after, state=state, completed=completed, **about)


def _list_people(item: WorkItem) -> list[str]:
    return [one.key for one in item.people]
