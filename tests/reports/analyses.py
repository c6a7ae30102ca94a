"""Documents of an invented team, built from what people logged so that every sum in them holds."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from timeweave.models.aggregated import LoggedEntry, Period
from timeweave.models.analysis import Analysis, Breakdowns, CategoryTime, Part, PastTotals, Proof, TeamWork
from timeweave.models.directory import Account
from timeweave.models.enriched import EnrichedEntity, EntityStatus, MatchedBy, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding, FindingKind, Severity
from timeweave.models.person_work import (
    DayKind,
    PersonActivity,
    PersonDay,
    PersonItem,
    PersonStatus,
    PersonWork,
    Sums,
)
from timeweave.models.states import Progress
from timeweave.models.work_items import Feature, FeatureStatus, ItemPerson, WorkItem

TEMPLATES = Path(__file__).parents[2] / "config" / "templates"
HOUR = 3600
NO_ITEM = "other"


@dataclass(frozen=True)
class Member:
    """Somebody, and what is expected of them on a weekday (hours; None: nothing is said)."""

    user_id: int | None
    name: str
    email: str | None = None
    team: str | None = None
    hours: float | None = 8
    slug: str = ""
    absences: Mapping[str, tuple[float, str]] = field(default_factory=dict, hash=False)
    """Hours and reason by day; 0 hours: a holiday."""
    status: PersonStatus = PersonStatus.MEMBER

    @property
    def key(self) -> str:
        return str(self.user_id) if self.user_id is not None else self.email or self.name


@dataclass(frozen=True)
class Log:
    """Something that somebody logged. `item` is a key of the items."""

    who: Member
    day: str
    begin: str
    seconds: int
    text: str = ""
    item: EntityKey | None = None
    category: str = NO_ITEM
    project: str = ""
    billable: bool = False
    matched_by: MatchedBy | None = MatchedBy.REFERENCE


@dataclass
class Span:
    start: str = "2025-10-07"
    end: str = "2025-10-13"

    @property
    def days(self) -> list[str]:
        start, end = date.fromisoformat(self.start), date.fromisoformat(self.end)
        return [(start + timedelta(days=n)).isoformat() for n in range((end - start).days + 1)]


@dataclass
class Scene:
    """All that a document is made from."""

    members: Sequence[Member] = ()
    logs: Sequence[Log] = ()
    entities: Mapping[EntityKey, EnrichedEntity] = field(default_factory=dict)
    categories: Mapping[str, tuple[str, tuple[float, float] | None]] = field(default_factory=dict)
    """Name and target by key."""
    teams: Mapping[str, str] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    previous: Mapping[Any, int] = field(default_factory=dict)
    """Seconds of the period before, by an item's key, a category's, a person's or a feature's."""
    compared: bool = True
    toggl_seconds: int | None = -1
    """-1: the same as ours."""
    running: int = 0
    period: Span = field(default_factory=Span)
    feature_estimates: Mapping[str, int] = field(default_factory=dict)
    stalled: Sequence[Feature] = ()
    source: str = "demo"


def replaced(scene: Scene, **changes: Any) -> Scene:
    """The same scene with something changed."""
    return replace(scene, **changes)


def key(space: str | None, database: str | None, public_id: str) -> EntityKey:
    return EntityKey(space=space, database=database, public_id=public_id)


def finding(
    kind: str, severity: str = "warning", seconds: int = 0, people: Iterable[str] = (), **given: Any
) -> Finding:
    """A finding with what is not given left empty."""
    parts = {name: given.pop(name) for name in ("item", "feature", "days", "entry_ids") if name in given}
    return Finding(
        kind=FindingKind(kind), severity=Severity(severity), seconds=seconds, people=list(people),
        item=parts.get("item"), feature=parts.get("feature"), days=list(parts.get("days", [])),
        entry_ids=list(parts.get("entry_ids", [])), values=given,
    )  # fmt: skip


def build(scene: Scene) -> Analysis:
    """The document."""
    logs = [(n + 1, log) for n, log in enumerate(scene.logs)]
    seconds = _total(logs)
    by_person: dict[str, list[tuple[int, Log]]] = defaultdict(list)
    for one in logs:
        by_person[one[1].who.key].append(one)
    people = sorted((_person(scene, each, by_person[each.key]) for each in scene.members), key=lambda one: one.key)
    items = _items(scene, logs)
    totals = _sums(people, scene, None)
    return Analysis(
        account=Account(source=scene.source, url="https://api.track.toggl.com", workspace_id=7),
        fibery_account="heliotrope",
        workspace="Heliotrope",
        as_of="2025-10-14",
        period=Period(start=scene.period.start, end=scene.period.end, timezone="UTC"),
        looked_at=scene.period.end,
        people_in_period=None,
        proof=Proof(
            toggl_seconds=seconds if scene.toggl_seconds == -1 else scene.toggl_seconds,
            seconds=seconds, entries=len(logs), running=scene.running,
        ),
        totals=totals,
        thresholds={"short_day": 0.9, "long_day": 1.1},
        past=_past(scene, people),
        people=people,
        teams=[_team(scene, name, people) for name in sorted(scene.teams)],
        categories=_categories(scene, logs, seconds),
        breakdowns=Breakdowns(
            projects=_parts(logs, lambda log: log.project),
            databases=_parts(logs, lambda log: f"{log.item.space}/{log.item.database}" if log.item else ""),
            states=_parts(logs, lambda log: _state(scene, log)),
        ),
        items=items,
        features=[*_features(scene, items), *scene.stalled],
        findings=sorted(scene.findings, key=lambda one: (list(Severity).index(one.severity), -one.seconds)),
    )  # fmt: skip


Numbered = Sequence[tuple[int, Log]]


def _total(logs: Numbered) -> int:
    return sum(log.seconds for _, log in logs)


def _sum_by(logs: Numbered, name: Callable[[Log], Any]) -> dict[Any, int]:
    found: dict[Any, int] = defaultdict(int)
    for _, log in logs:
        found[name(log)] += log.seconds
    return dict(found)


def _parts(logs: Numbered, name: Callable[[Log], str]) -> list[Part]:
    found = sorted(_sum_by(logs, name).items(), key=lambda one: (-one[1], one[0]))
    return [Part(name=key, seconds=amount, billable_seconds=0, previous_seconds=amount) for key, amount in found]


def _state(scene: Scene, log: Log) -> str:
    entity = scene.entities[log.item] if log.item else None
    return entity.state.name if entity and entity.state else ""


def _person(scene: Scene, member: Member, own: Numbered) -> PersonWork:
    by_day = _sum_by(own, lambda log: log.day)
    days = {day: _day(member, day, by_day.get(day, 0)) for day in scene.period.days}
    expected = None if member.hours is None else sum(day.expected or 0 for day in days.values())
    worked, billable = _total(own), sum(log.seconds for _, log in own if log.billable)
    return PersonWork(
        key=member.key, user_id=member.user_id, name=member.name, email=member.email,
        slug=member.slug or f"p{member.user_id}", team=member.team, status=member.status,
        entries=len(own), running=0, seconds=worked, worked_seconds=worked,
        absent_seconds=sum(day.absent for day in days.values()), expected_seconds=expected, billable_seconds=billable,
        coverage=worked / expected if expected else None, utilization=billable / expected if expected else None,
        expected_worked_seconds=None if expected is None else worked,
        previous_seconds=scene.previous.get(member.key, 0) if scene.compared else None,
        previous_worked_seconds=scene.previous.get(member.key, 0) if scene.compared else None,
        previous_expected_seconds=expected if scene.compared else None,
        item_seconds=_total([(n, log) for n, log in own if log.item]),
        days=days, categories=_sum_by(own, lambda log: log.category), projects=_sum_by(own, lambda log: log.project),
        items=_person_items(scene, own), activities=_activities(own),
    )  # fmt: skip


def _day(member: Member, day: str, seconds: int) -> PersonDay:
    absent, reason = member.absences.get(day, (None, None))
    weekday = date.fromisoformat(day).weekday() < 5
    expected = None if member.hours is None else int(member.hours * HOUR) if weekday else 0
    if expected and absent is not None:
        expected = 0 if absent == 0 else max(0, expected - int(absent * HOUR))
    kind = DayKind.WORKDAY if weekday else DayKind.FREE_DAY
    if member.hours is None:
        kind = DayKind.UNKNOWN
    elif absent is not None:
        kind = DayKind.HOLIDAY if absent == 0 else DayKind.WORKDAY if expected else DayKind.ABSENCE
    return PersonDay(
        seconds=seconds, worked=seconds, expected=expected, kind=kind, absent=int((absent or 0) * HOUR), reason=reason
    )


def _person_items(scene: Scene, logs: Numbered) -> list[PersonItem]:
    groups: dict[Any, list[tuple[int, Log]]] = defaultdict(list)
    for n, log in logs:
        if log.item:
            groups[log.item, log.category, log.matched_by].append((n, log))
    found = []
    for (item, category, matched_by), own in groups.items():
        texts = sorted({log.text for _, log in own})
        found.append(
            PersonItem(
                space=item.space, database=item.database, public_id=item.public_id,
                status=scene.entities[item].status, matched_by=matched_by, category=category, seconds=_total(own),
                billable_seconds=0, entries=_entries(own), texts=texts,
                entry_texts=[texts.index(log.text) for _, log in own], projects=_sum_by(own, lambda log: log.project),
            )
        )  # fmt: skip
    return found


def _entries(logs: Numbered) -> list[LoggedEntry]:
    return [LoggedEntry(id=n, start=f"{log.day}T{log.begin}:00+00:00", seconds=log.seconds) for n, log in logs]


def _activities(logs: Numbered) -> list[PersonActivity]:
    groups: dict[tuple[str, str], list[tuple[int, Log]]] = defaultdict(list)
    for n, log in logs:
        if not log.item:
            groups[log.text, log.category].append((n, log))
    return [
        PersonActivity(
            text=text,
            category=category,
            seconds=_total(own),
            billable_seconds=0,
            entries=_entries(own),
            projects=_sum_by(own, lambda log: log.project),
        )
        for (text, category), own in sorted(groups.items())
    ]


def _sums(people: Sequence[PersonWork], scene: Scene, kind: Any) -> Any:
    expected = [one.expected_seconds for one in people if one.expected_seconds is not None]
    worked = sum(one.worked_seconds for one in people)
    billable = sum(one.billable_seconds for one in people)
    whole = sum(expected) if expected else None
    before = sum(one.previous_seconds or 0 for one in people) if scene.compared else None
    return (kind or Sums)(
        seconds=sum(one.seconds for one in people), worked_seconds=worked,
        absent_seconds=sum(one.absent_seconds for one in people), expected_seconds=whole, billable_seconds=billable,
        coverage=worked / whole if whole else None, utilization=billable / whole if whole else None,
        expected_worked_seconds=sum(one.expected_worked_seconds or 0 for one in people) if expected else None,
        previous_seconds=before, previous_worked_seconds=before, previous_expected_seconds=whole if scene.compared else None,
    )  # fmt: skip


def _team(scene: Scene, name: str, people: Sequence[PersonWork]) -> TeamWork:
    members = [one for one in people if one.team == name]
    sums = _sums(members, scene, None)
    values = {field: getattr(sums, field) for field in sums.__struct_fields__}
    return TeamWork(
        **values, key=name, name=scene.teams[name], lead=None, parent=None, people=[one.key for one in members],
        categories={},
    )  # fmt: skip


def _past(scene: Scene, people: Sequence[PersonWork]) -> list[PastTotals]:
    if not scene.compared:
        return []
    seconds = sum(one.previous_seconds or 0 for one in people)
    start, end = (date.fromisoformat(day) for day in (scene.period.start, scene.period.end))
    length = timedelta(days=len(scene.period.days))
    return [
        PastTotals(
            start=(start - length).isoformat(), end=(end - length).isoformat(), seconds=seconds, worked_seconds=seconds,
            expected_seconds=sum(one.expected_seconds or 0 for one in people), expected_worked_seconds=seconds, billable_seconds=seconds // 2,
            item_seconds=seconds // 2, people={one.key: one.previous_seconds or 0 for one in people}, categories={},
        )
    ]  # fmt: skip


def _categories(scene: Scene, logs: Numbered, whole: int) -> list[CategoryTime]:
    found = _sum_by(logs, lambda log: log.category)
    before = sum(scene.previous.get(name, 0) for name in scene.categories)
    rows, whose = [], defaultdict(set)
    for _, log in logs:
        whose[log.category].add(log.who.key)
    for name in sorted({*found, *scene.categories}, key=lambda name: (-found.get(name, 0), name)):
        title, target = scene.categories.get(name, (name.capitalize(), None))
        previous = scene.previous.get(name, 0)
        rows.append(
            CategoryTime(
                key=name, name=title, absence=name == "absence", item_needed=name != "meetings",
                seconds=found.get(name, 0), share=found.get(name, 0) / whole if whole else 0.0,
                target=list(target) if target else None, previous_seconds=previous if scene.compared else None,
                previous_share=previous / before if scene.compared and before else None,
                people=len(whose[name]),
            )
        )  # fmt: skip
    return rows


def _items(scene: Scene, logs: Numbered) -> list[WorkItem]:
    groups: dict[EntityKey, list[tuple[int, Log]]] = defaultdict(list)
    for n, log in logs:
        if log.item:
            groups[log.item].append((n, log))
    found = [_item(scene, item, own) for item, own in groups.items()]
    return sorted(found, key=lambda item: (-item.seconds, item.key.sort_key))


def _item(scene: Scene, item: EntityKey, logs: Numbered) -> WorkItem:
    entity = scene.entities[item]
    state = entity.state
    progress = state.meaning if state else Progress.UNKNOWN
    planned = entity.planned_end
    overdue = (
        progress in (Progress.WAITING, Progress.STARTED, Progress.UNKNOWN) and planned and planned < scene.period.end
    )
    feature = _find_feature(entity)
    return WorkItem(
        key=item,
        title=entity.name or logs[0][1].text,
        place=entity.found_as or "/".join(part for part in (item.space, item.database) if part) or None,
        entity=entity, progress=progress, completed_later=False,
        overdue_days=(date.fromisoformat(scene.period.end) - date.fromisoformat(planned)).days if overdue and planned else 0,
        feature=_feature_key(feature) if feature else None,
        categories=_sum_by(logs, lambda log: log.category), projects=_sum_by(logs, lambda log: log.project),
        matched_by=_sum_by(logs, lambda log: log.matched_by or "unresolved"), seconds=_total(logs), entries=len(logs),
        people=_shares(logs), previous_seconds=scene.previous.get(item, 0) if scene.compared else None,
        whole_seconds=2 * _total(logs), whole_source="logged", whole_since="2025-01-01",
        estimate_seconds=entity.estimate_seconds, estimate_points=entity.estimate_points,
    )  # fmt: skip


def _shares(logs: Numbered) -> list[ItemPerson]:
    found = sorted(_sum_by(logs, lambda log: log.who.key).items(), key=lambda one: (-one[1], one[0]))
    return [ItemPerson(key=key, seconds=seconds) for key, seconds in found]


def _find_feature(entity: EnrichedEntity) -> Parent | None:
    return next((parent for parent in entity.parents if parent.database == "Feature"), None)


def _feature_key(feature: Parent) -> str:
    return f"{feature.space}/{feature.database}#{feature.public_id}"


def _features(scene: Scene, items: Sequence[WorkItem]) -> list[Feature]:
    below: dict[str, list[WorkItem]] = defaultdict(list)
    parents = {}
    for item in items:
        if item.feature and (parent := _find_feature(item.entity)):
            below[item.feature].append(item)
            parents[item.feature] = parent
    found = [_feature(scene, name, parents[name], own) for name, own in below.items()]
    return sorted(found, key=lambda feature: (-feature.seconds, feature.key))


def _feature(scene: Scene, name: str, parent: Parent, items: Sequence[WorkItem]) -> Feature:
    seconds = sum(item.seconds for item in items)
    people: dict[str, int] = defaultdict(int)
    for item in items:
        for one in item.people:
            people[one.key] += one.seconds
    return Feature(
        key=name, name=parent.name, place=f"{parent.space}/{parent.database}", public_id=parent.public_id,
        url=parent.url, state=parent.state.name if parent.state else None,
        progress=parent.state.meaning if parent.state else Progress.UNKNOWN,
        completed_later=False, planned_start=None, planned_end=None, completed=None, overdue_days=0,
        status=FeatureStatus.ACTIVE, seconds=seconds, previous_seconds=scene.previous.get(name, 0) if scene.compared else None,
        whole_seconds=parent.progress.seconds if parent.progress else None, whole_source="fibery", whole_since=None,
        estimate_seconds=scene.feature_estimates.get(name), estimate_points=None, completion=parent.progress,
        forecast_seconds=None, items=[item.key for item in items],
        people=[ItemPerson(key=key, seconds=amount) for key, amount in sorted(people.items(), key=lambda one: -one[1])],
    )  # fmt: skip


def lost(item: EntityKey, reason: str = "Scrum/Task has no such item.") -> EnrichedEntity:
    """A reference that leads nowhere."""
    return EnrichedEntity(
        space=item.space, database=item.database, public_id=item.public_id, status=EntityStatus.NOT_FOUND, reason=reason
    )
