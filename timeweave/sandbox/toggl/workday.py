"""A person's working day: when they start, how long they work on what, in the clock time of where they live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from timeweave.sandbox.projects import MEETING_TAG, MEETINGS, TAGS, TASKS
from timeweave.sandbox.seeded_random import generator
from timeweave.sandbox.sprints import sprint_of
from timeweave.sandbox.team import PEOPLE, Person
from timeweave.sandbox.toggl.assigned_items import AssignedItems
from timeweave.sandbox.toggl.descriptions import Note, note
from timeweave.sandbox.toggl.time_entry import TimeEntry

_FIRST_ID, _DAYS_FROM = 3_400_000_000, date(2020, 1, 1)
_MOST_PEOPLE, _MOST_ENTRIES = 10_000, 16
_DAY_OFF, _WEEKEND = 0.03, 0.04
_HOUR = 3600


@dataclass(frozen=True)
class Slot:
    """A stretch of a day, before anybody says what it was for."""

    start: datetime
    seconds: int


def entries(items: AssignedItems, seed: str, person: Person, day: date) -> Iterator[TimeEntry]:
    """The entries that a person starts on a local day, as they are once nobody changes them any more."""
    if person.has_left(day):
        return
    chance, sprint = generator(seed, person.user_id, day), sprint_of(day)
    mine = items.of(person, sprint)
    focus = [chance.choice(mine) for _ in range(3)]
    for number, slot in enumerate(_slots(chance, person, day)):
        is_planned = chance.random() < 0.85
        item = chance.choice(focus) if is_planned else items.any(seed, person.user_id, day, number, sprint=sprint)
        said = note(chance, items.workspace, item, focus[0])
        seconds = slot.seconds // 2 if said.meeting else slot.seconds
        yield TimeEntry(
            _entry_id(person, day, number), person.user_id, slot.start, seconds, said.text,
            said.project.id if said.project else None, _task(chance, said), _billable(chance, said), _tags(chance, said),
        )  # fmt: skip


def _slots(chance: Random, person: Person, day: date) -> Iterator[Slot]:
    weekend, luck = day.weekday() > 4, chance.random()
    if luck >= _WEEKEND if weekend else luck < _DAY_OFF:
        return
    midnight = datetime.combine(day, time())

    def at(seconds: int, length: int) -> Slot:
        """A slot from the clock on the wall."""
        local = (midnight + timedelta(seconds=seconds)).replace(tzinfo=ZoneInfo(person.timezone))
        return Slot(local.astimezone(UTC), length)

    count = chance.randint(1, 2) if weekend else chance.randint(4, 7)
    total = chance.uniform(6.2, 8.7) * _HOUR * count / (5.5 if weekend else count)
    shares = [chance.uniform(0.5, 1.5) for _ in range(count)]
    if chance.random() < 0.02:
        yield at(0, chance.randint(1500, 3000))
    clock = chance.uniform(8.2, 10) * _HOUR
    for number, share in enumerate(shares):
        seconds = _length(chance, total * share / sum(shares))
        yield at(int(clock), seconds)
        clock += seconds + chance.choice((0, 0, 1, chance.randint(20, 900))) + (2700 if number == count // 2 else 0)
    if chance.random() < 0.03:
        yield at(chance.randint(int(22.5 * _HOUR), int(23.8 * _HOUR)), chance.randint(5400, 8000))
    if chance.random() < 0.015:
        yield at(int(clock) + 60, 0)


def _length(chance: Random, seconds: float) -> int:
    return max(300, round(seconds / 300) * 300) if chance.random() < 0.3 else max(61, int(seconds))


def _entry_id(person: Person, day: date, number: int) -> int:
    place = person.user_id - PEOPLE[0].user_id
    return _FIRST_ID + (((day - _DAYS_FROM).days * _MOST_PEOPLE) + place) * _MOST_ENTRIES + number


def _task(chance: Random, said: Note) -> int | None:
    tasks = [task.id for task in TASKS if said.project and task.project_id == said.project.id]
    return chance.choice(tasks) if tasks and chance.random() < 0.1 else None


def _billable(chance: Random, said: Note) -> bool:
    return said.project is not None and said.project.billable and chance.random() < 0.9


def _tags(chance: Random, said: Note) -> tuple[int, ...]:
    if said.project is MEETINGS:
        return (MEETING_TAG,)
    others = [tag for tag in TAGS if tag != MEETING_TAG]
    return tuple(sorted(chance.sample(others, chance.choice((0, 0, 0, 1, 2)))))
