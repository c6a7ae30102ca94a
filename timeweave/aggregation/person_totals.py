"""From a person's groups of entries to their time: every breakdown sums the same groups, so that each adds up to the whole."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from timeweave.aggregation.entry_groups import EntryGroup
from timeweave.aggregation.name_lookup import CommonSpelling, NameLookup
from timeweave.models.aggregated import Activity, Description, EntityTime, PersonTime, ProjectTime, Text, Totals
from timeweave.models.entities import EntityKey

Key = TypeVar("Key", bound=Hashable)


class Traits(NamedTuple):
    """All that a category can ask for of an entry, whatever the item."""

    text: str
    project: str | None
    client: str | None
    tags: tuple[str, ...]
    billable: bool

    @property
    def sort_key(self) -> tuple[object, ...]:
        """In this order, unknown parts first."""
        nameless = self.project is not None, self.project or "", self.client is not None, self.client or ""
        return self.text, *nameless, self.tags, self.billable

    @property
    def fields(self) -> dict[str, Any]:
        """As documents have them."""
        return self._asdict() | {"tags": list(self.tags)}


def read_traits(group: EntryGroup, names: NameLookup, spelling: CommonSpelling) -> Traits:
    """What the entries of a group have in common, by name."""
    project, client = spelling.find_project(group), names.find_client(group.project_id)
    return Traits(group.match.text, project, client, tuple(names.find_tags(group.tag_ids)), group.billable)


def sum_person(user_id: int, groups: list[EntryGroup], names: NameLookup, spelling: CommonSpelling) -> PersonTime:
    """One person's whole period; someone whose only timers are running has zeros and no parts."""
    items: dict[EntityKey, list[EntryGroup]] = defaultdict(list)
    for group in groups:
        if group.match.reference is not None:
            items[spelling.find_item(group.match.reference)].append(group)
    unmatched = [group for group in groups if group.match.reference is None]
    projects = split(groups, spelling.find_project)
    return PersonTime(
        user_id=user_id,
        email=names.find_email(user_id),
        name=names.find_person(user_id),
        seconds=sum_seconds(groups),
        entries=_count_entries(groups),
        matched_seconds=sum_seconds(group for part in items.values() for group in part),
        unmatched_seconds=sum_seconds(unmatched),
        billable_seconds=_sum_billable(groups),
        days=sum_days(groups),
        projects=[_sum_project(name, projects[name]) for name in sorted(projects, key=_put_nameless_first)],
        entities=[
            _sum_entity(item, items[item], names, spelling) for item in sorted(items, key=lambda item: item.sort_key)
        ],
        activities=[
            _sum_activity(text, part, names, spelling) for text, part in sorted(split(unmatched, _get_text).items())
        ],
    )


def sum_people(people: Sequence[PersonTime], running: int) -> Totals:
    """The sums over everyone shown; an item that several of them worked on is one of `entities`."""
    entities = [entity for person in people for entity in person.entities]
    activities = [activity for person in people for activity in person.activities]
    return Totals(
        seconds=sum(person.seconds for person in people),
        entries=sum(person.entries for person in people),
        matched_seconds=sum(entity.seconds for entity in entities),
        matched_entries=sum(entity.entries for entity in entities),
        unmatched_seconds=sum(activity.seconds for activity in activities),
        unmatched_entries=sum(activity.entries for activity in activities),
        billable_seconds=sum(person.billable_seconds for person in people),
        people=len(people),
        entities=len({entity.key for entity in entities}),
        running=running,
    )


def _sum_entity(item: EntityKey, groups: list[EntryGroup], names: NameLookup, spelling: CommonSpelling) -> EntityTime:
    return EntityTime(
        space=item.space,
        database=item.database,
        public_id=item.public_id,
        projects=sorted({name for group in groups if (name := spelling.find_project(group)) is not None}),
        seconds=sum_seconds(groups),
        entries=_count_entries(groups),
        billable_seconds=_sum_billable(groups),
        days=sum_days(groups),
        texts=[
            Text(text=text, seconds=sum_seconds(part), entries=_count_entries(part))
            for text, part in sorted(split(groups, _get_text).items())
        ],
        descriptions=_describe(groups, names, spelling),
    )


def _sum_activity(text: str, groups: list[EntryGroup], names: NameLookup, spelling: CommonSpelling) -> Activity:
    return Activity(
        text=text,
        seconds=sum_seconds(groups),
        entries=_count_entries(groups),
        billable_seconds=_sum_billable(groups),
        descriptions=_describe(groups, names, spelling),
    )


def _describe(groups: list[EntryGroup], names: NameLookup, spelling: CommonSpelling) -> list[Description]:
    parts = split(groups, lambda group: read_traits(group, names, spelling))
    return [
        Description(
            **traits.fields,
            seconds=sum_seconds(part),
            entries=sorted(
                (entry for group in part for entry in group.logged),
                key=lambda entry: (datetime.fromisoformat(entry.start), entry.id),
            ),
        )
        for traits, part in sorted(parts.items(), key=lambda item: item[0].sort_key)
    ]


def _sum_project(name: str | None, groups: list[EntryGroup]) -> ProjectTime:
    return ProjectTime(name=name, seconds=sum_seconds(groups), billable_seconds=_sum_billable(groups))


def split(groups: Iterable[EntryGroup], key: Callable[[EntryGroup], Key]) -> dict[Key, list[EntryGroup]]:
    """The groups by what `key` says of them."""
    parts: dict[Key, list[EntryGroup]] = defaultdict(list)
    for group in groups:
        parts[key(group)].append(group)
    return parts


def _get_text(group: EntryGroup) -> str:
    return group.match.text


def _put_nameless_first(name: str | None) -> tuple[bool, str]:
    return name is not None, name or ""


def sum_seconds(groups: Iterable[EntryGroup]) -> int:
    """Of all the groups."""
    return sum(group.seconds for group in groups)


def _count_entries(groups: Iterable[EntryGroup]) -> int:
    return sum(group.entries for group in groups)


def _sum_billable(groups: Iterable[EntryGroup]) -> int:
    return sum(group.seconds for group in groups if group.billable)


def sum_days(groups: Sequence[EntryGroup]) -> dict[str, int]:
    """By local day. Shares the dictionary of a group that stands alone, as most do: over a year they are most of the memory."""
    if len(groups) == 1:
        return groups[0].days
    days: dict[str, int] = {}
    for group in groups:
        for day, seconds in group.days.items():
            days[day] = days.get(day, 0) + seconds
    return days
