"""From a person's lines to their time: every breakdown sums the same lines, so that each adds up to the whole."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from timeweave.aggregation.items import place
from timeweave.aggregation.ledger import Line
from timeweave.aggregation.names import Names
from timeweave.aggregation.vocabulary import Vocabulary
from timeweave.models.aggregated import Activity, EntityTime, PersonTime, ProjectTime, Text
from timeweave.models.entities import EntityKey

Key = TypeVar("Key", bound=Hashable)


def person_time(user_id: int, lines: list[Line], names: Names, vocabulary: Vocabulary) -> PersonTime:
    """One person's whole period; someone whose only timers are running has zeros and no parts."""
    items: dict[EntityKey, list[Line]] = defaultdict(list)
    for line in lines:
        if line.match.reference is not None:
            items[vocabulary.item(line.match.reference)].append(line)
    unmatched = [line for line in lines if line.match.reference is None]
    projects = _grouped(lines, vocabulary.project)
    return PersonTime(
        user_id=user_id,
        email=names.email(user_id),
        name=names.person(user_id),
        seconds=_seconds(lines),
        entries=_entries(lines),
        matched_seconds=_seconds(line for group in items.values() for line in group),
        unmatched_seconds=_seconds(unmatched),
        billable_seconds=_billable(lines),
        days=_days(lines),
        projects=[_project_time(name, projects[name]) for name in sorted(projects, key=_nameless_first)],
        entities=[_entity_time(item, items[item], vocabulary) for item in sorted(items, key=place)],
        activities=[_activity(text, group) for text, group in sorted(_grouped(unmatched, _text).items())],
    )


def _entity_time(item: EntityKey, lines: list[Line], vocabulary: Vocabulary) -> EntityTime:
    return EntityTime(
        space=item.space,
        database=item.database,
        public_id=item.public_id,
        projects=sorted({name for line in lines if (name := vocabulary.project(line)) is not None}),
        seconds=_seconds(lines),
        entries=_entries(lines),
        billable_seconds=_billable(lines),
        days=_days(lines),
        texts=[
            Text(text=text, seconds=_seconds(group), entries=_entries(group))
            for text, group in sorted(_grouped(lines, _text).items())
        ],
    )


def _activity(text: str, lines: list[Line]) -> Activity:
    return Activity(text=text, seconds=_seconds(lines), entries=_entries(lines), billable_seconds=_billable(lines))


def _project_time(name: str | None, lines: list[Line]) -> ProjectTime:
    return ProjectTime(name=name, seconds=_seconds(lines), billable_seconds=_billable(lines))


def _grouped(lines: Iterable[Line], key: Callable[[Line], Key]) -> dict[Key, list[Line]]:
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return groups


def _text(line: Line) -> str:
    return line.match.text


def _nameless_first(name: str | None) -> tuple[bool, str]:
    return name is not None, name or ""


def _seconds(lines: Iterable[Line]) -> int:
    return sum(line.seconds for line in lines)


def _entries(lines: Iterable[Line]) -> int:
    return sum(line.entries for line in lines)


def _billable(lines: Iterable[Line]) -> int:
    return sum(line.seconds for line in lines if line.billable)


def _days(lines: Sequence[Line]) -> dict[str, int]:
    """Shares the dictionary of a line that stands alone, as most do: over a year they are most of the memory."""
    if len(lines) == 1:
        return lines[0].days
    days: dict[str, int] = {}
    for line in lines:
        for day, seconds in line.days.items():
            days[day] = days.get(day, 0) + seconds
    return days
