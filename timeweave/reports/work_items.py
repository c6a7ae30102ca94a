"""Time joined with work items: who worked on what, no second twice and none left out."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from timeweave.models.aggregated import Activity, EntityTime, PersonTime
from timeweave.models.enriched import Enriched, EnrichedEntity, EntityStatus

Key = tuple[str | None, str | None, str]
"""Space, database and public id, as people wrote them."""


@dataclass(frozen=True)
class WorkItem:
    """A work item and everybody's time on it."""

    entity: EnrichedEntity
    times: tuple[tuple[PersonTime, EntityTime], ...]

    @cached_property
    def seconds(self) -> int:
        return sum(time.seconds for _, time in self.times)

    @property
    def entries(self) -> int:
        return sum(time.entries for _, time in self.times)

    @property
    def found(self) -> bool:
        return self.entity.status is EntityStatus.FOUND

    @cached_property
    def title(self) -> str:
        """Its name in Fibery, else the wording most time was logged under, else empty."""
        texts: dict[str, int] = defaultdict(int)
        for _, time in self.times:
            for wording in time.texts:
                texts[wording.text] += wording.seconds
        logged = max(sorted(texts), key=lambda text: (bool(text.strip()), texts[text]), default="")
        return self.entity.name or logged

    @property
    def place(self) -> str | None:
        """`Space/Database`: as Fibery spells it where it was found, else as written; None where nothing was."""
        return self.entity.found_as or format_place(self.entity.space, self.entity.database)

    @cached_property
    def people(self) -> list[tuple[PersonTime, int]]:
        """Who worked on it and how many seconds, most first."""
        seconds: dict[int, int] = defaultdict(int)
        by_id = {person.user_id: person for person, _ in self.times}
        for person, time in self.times:
            seconds[person.user_id] += time.seconds
        return [(by_id[user], seconds[user]) for user in sorted(seconds, key=lambda user: (-seconds[user], user))]

    @property
    def days(self) -> dict[str, int]:
        """Seconds by day."""
        days: dict[str, int] = defaultdict(int)
        for _, time in self.times:
            for day, seconds in time.days.items():
                days[day] += seconds
        return dict(sorted(days.items()))


@dataclass(frozen=True)
class ActivityTime:
    """Everybody's time under one text that names no work item."""

    text: str
    seconds: int
    entries: int
    people: tuple[tuple[PersonTime, int], ...]
    """Who, and how many seconds, most first."""


def get_key(time: EntityTime | EnrichedEntity) -> Key:
    """The reference."""
    return (time.space, time.database, time.public_id)


def format_place(space: str | None, database: str | None) -> str | None:
    """`Space/Database` of what is known of the two."""
    return "/".join(part for part in (space, database) if part) or None


def join_items(people: Iterable[PersonTime], enriched: Enriched) -> list[WorkItem]:
    """The items of these people, most time first. Two references that Fibery knows as one item are one."""
    entities = {get_key(entity): entity for entity in enriched.entities}
    chosen: dict[Hashable, EnrichedEntity] = {}
    times: dict[Hashable, list[tuple[PersonTime, EntityTime]]] = defaultdict(list)
    for person in people:
        for time in person.entities:
            entity = entities.get(get_key(time)) or _describe_unknown(time)
            identity: Hashable = entity.id or get_key(time)
            chosen.setdefault(identity, entity)
            times[identity].append((person, time))
    found = [WorkItem(entity, tuple(times[identity])) for identity, entity in chosen.items()]
    return sorted(found, key=lambda item: (-item.seconds, _get_sort_key(item.entity)))


def sum_activities(people: Iterable[PersonTime]) -> list[ActivityTime]:
    """Time without a work item by text, most first."""
    logged: dict[str, list[tuple[PersonTime, Activity]]] = defaultdict(list)
    for person in people:
        for activity in person.activities:
            logged[activity.text].append((person, activity))
    found = [_sum_activity(text, rows) for text, rows in logged.items()]
    return sorted(found, key=lambda activity: (-activity.seconds, activity.text))


def _sum_activity(text: str, rows: list[tuple[PersonTime, Activity]]) -> ActivityTime:
    who = sorted(((person, activity.seconds) for person, activity in rows), key=lambda row: (-row[1], row[0].user_id))
    seconds, entries = (sum(activity.seconds for _, activity in rows), sum(activity.entries for _, activity in rows))
    return ActivityTime(text, seconds, entries, tuple(who))


def _describe_unknown(time: EntityTime) -> EnrichedEntity:
    """A reference that the enrichment was never given: a gap in the documents, shown as such."""
    return EnrichedEntity(
        space=time.space,
        database=time.database,
        public_id=time.public_id,
        status=EntityStatus.UNRESOLVED,
        reason="data/enriched.json does not know it; run the enrichment again",
    )


def _get_sort_key(entity: EnrichedEntity) -> tuple[str, str, int, str]:
    number = int(entity.public_id) if entity.public_id.isdecimal() else 0
    return (entity.space or "", entity.database or "", number, entity.public_id)
