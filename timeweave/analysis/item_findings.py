"""What does not fit between time and work items: references that lead nowhere, work at the wrong time, plans and estimates."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from timeweave.analysis.finding import Logged, make_entry_finding, make_finding
from timeweave.analysis.item_state import find_day
from timeweave.models.analysis import Feature, FeatureStatus, Finding, FindingKind, PersonWork, Progress, WorkItem
from timeweave.models.enriched import EntityStatus, LikelyItem
from timeweave.models.entities import EntityKey
from timeweave.runtime.analysis import Thresholds

NOWHERE = {
    EntityStatus.NOT_FOUND: FindingKind.NOT_FOUND,
    EntityStatus.UNKNOWN_DATABASE: FindingKind.UNKNOWN_DATABASE,
    EntityStatus.UNRESOLVED: FindingKind.UNRESOLVED,
    EntityStatus.FAILED: FindingKind.PART_MISSING,
}


@dataclass(frozen=True)
class ItemChecks:
    """Looks at items one by one."""

    people: Mapping[str, PersonWork]
    thresholds: Thresholds
    looked_at: date
    zone: ZoneInfo
    estimated: frozenset[str | None]
    """Places where some item has an estimate, so that one without is worth a word."""
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
        likely = {
            (one.space, one.database, one.public_id): one
            for text in sorted({one.text for one in entries})
            for one in self.find_likely(item.key, text)
        }
        named = [
            {"space": one.space, "database": one.database, "public_id": one.public_id, "name": one.name}
            for one in likely.values()
        ]
        return make_entry_finding(kind, entries, item.key, reason=item.entity.reason, likely=named, title=item.title)

    def _check_dates(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        """Time on days on which nobody should have worked on it."""
        completed = find_day(item.entity.completed, self.zone)
        started = find_day(item.entity.started, self.zone)
        worked = [one for one in entries if one.entry.seconds]
        after = [one for one in worked if completed and one.day > completed.isoformat()]
        state = item.entity.state.name if item.entity.state else None
        if item.progress is Progress.CANCELLED:
            late = after if completed else worked
            if late:
                yield make_entry_finding(
                    FindingKind.ON_CANCELLED, late, item.key, state=state, completed=_format(completed)
                )
        elif after and item.progress is Progress.DONE:
            yield make_entry_finding(
                FindingKind.AFTER_COMPLETION, after, item.key, state=state, completed=_format(completed)
            )
        if item.progress is Progress.WAITING and worked:
            yield make_entry_finding(FindingKind.NOT_STARTED, worked, item.key, state=state)
        elif started and (before := [one for one in worked if one.day < started.isoformat()]):
            yield make_entry_finding(FindingKind.BEFORE_START, before, item.key, started=_format(started))

    def _check_plan(self, item: WorkItem) -> Iterator[Finding]:
        begin, end = (find_day(at, self.zone) for at in (item.entity.planned_start, item.entity.planned_end))
        if begin and end and end < begin:
            yield make_finding(
                FindingKind.REVERSED_PLAN, item.seconds, item=item.key, people=_list_people(item),
                planned_start=_format(begin), planned_end=_format(end),
            )  # fmt: skip
        if item.overdue_days:
            yield make_finding(
                FindingKind.OVERDUE, item.seconds, item=item.key, people=_list_people(item),
                overdue_days=item.overdue_days, planned_end=_format(end), estimate_seconds=item.estimate_seconds,
            )  # fmt: skip
        estimate = (item.estimate_seconds, item.estimate_points)
        if estimate == (None, None) and item.place in self.estimated and item.progress is not Progress.CANCELLED:
            yield make_finding(FindingKind.NO_ESTIMATE, item.seconds, item=item.key, people=_list_people(item))
        found = compare_estimate(item.whole_seconds, item.estimate_seconds, self.thresholds)
        if found:
            yield make_finding(
                found, abs((item.whole_seconds or 0) - (item.estimate_seconds or 0)), item=item.key,
                people=_list_people(item), whole_seconds=item.whole_seconds, estimate_seconds=item.estimate_seconds,
            )  # fmt: skip

    def _check_titles(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        """Texts that say something else than the item that their reference names."""
        title = default_process(item.entity.name or "")
        lowest = 100 * self.thresholds.title_similarity
        differing: dict[str, list[Logged]] = defaultdict(list)
        for one in entries:
            text = default_process(one.text)
            if text and title and fuzz.token_set_ratio(text, title) < lowest:
                differing[one.text].append(one)
        for text, own in sorted(differing.items()):
            yield make_entry_finding(FindingKind.TITLE_DIFFERS, own, item.key, text=text, title=item.entity.name)

    def _check_assignees(self, item: WorkItem, entries: Sequence[Logged]) -> Iterator[Finding]:
        emails = {one.email for one in item.entity.assignees if one.email}
        names = {one.name.casefold() for one in item.entity.assignees if one.name}
        if not emails and not names:
            return
        others = [one for one in entries if one.entry.seconds and not self._is_assigned(one, emails, names)]
        if others:
            assigned = [one.name for one in item.entity.assignees]
            yield make_entry_finding(FindingKind.ASSIGNED_TO_OTHERS, others, item.key, assignees=assigned)

    def _is_assigned(self, one: Logged, emails: set[str], names: set[str]) -> bool:
        person = self.people.get(str(one.user_id))
        # Of somebody whom the service does not name nothing can be said.
        return person is None or (person.email or "").casefold() in emails or person.name.casefold() in names


def find_in_features(features: Iterable[Feature], thresholds: Thresholds) -> Iterator[Finding]:
    """Features that are late, over their estimate, or stalled."""
    for one in features:
        people = [part.key for part in one.people]
        if one.status is FeatureStatus.STALLED:
            yield make_finding(
                FindingKind.STALLED_FEATURE,
                one.previous_seconds or 0,
                feature=one.key,
                previous_seconds=one.previous_seconds,
            )
        if one.overdue_days and one.seconds:
            yield make_finding(
                FindingKind.OVERDUE, one.seconds, feature=one.key, people=people,
                overdue_days=one.overdue_days, planned_end=one.planned_end, estimate_seconds=one.estimate_seconds,
            )  # fmt: skip
        if found := compare_estimate(one.whole_seconds, one.estimate_seconds, thresholds):
            yield make_finding(
                found, abs((one.whole_seconds or 0) - (one.estimate_seconds or 0)), feature=one.key, people=people,
                whole_seconds=one.whole_seconds, estimate_seconds=one.estimate_seconds,
            )  # fmt: skip


def compare_estimate(whole: int | None, estimate: int | None, thresholds: Thresholds) -> FindingKind | None:
    """Whether the whole time is over the estimate or near it; None without either."""
    if whole is None or not estimate:
        return None
    if whole > estimate:
        return FindingKind.ESTIMATE_EXCEEDED
    return FindingKind.ESTIMATE_NEAR if whole >= thresholds.estimate_warning * estimate else None


def _list_people(item: WorkItem) -> list[str]:
    return [one.key for one in item.people]


def _format(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
