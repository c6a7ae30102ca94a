"""A person's working day: when they start, how long they work on what, in the clock time of where they live."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from timeweave.sandbox.chance import seeded
from timeweave.sandbox.projects import MEETINGS, TAGS, TASKS
from timeweave.sandbox.sprints import sprint_of
from timeweave.sandbox.team import PEOPLE, Person
from timeweave.sandbox.toggl import descriptions
from timeweave.sandbox.toggl.entry import TimeEntry
from timeweave.sandbox.toggl.pool import Pool

_FIRST_ID, _DAYS_FROM = 3_400_000_000, date(2020, 1, 1)
_PEOPLE, _SLOTS = 10_000, 16
_DAY_OFF, _WEEKEND = 0.03, 0.04
_HOUR = 3600


@dataclass(frozen=True)
class Slot:
    """A stretch of a day, before anybody says what it was for."""

    start: datetime
    seconds: int


def entries(pool: Pool, seed: str, person: Person, day: date) -> Iterator[TimeEntry]:
    """The entries that a person starts on a local day, as they are once nobody changes them any more."""
    chance = seeded(seed, person.user_id, day)
    if person.left is not None and day > person.left:
        return
    mine = pool.items(person, sprint_of(day))
    focus = [chance.choice(mine) for _ in range(3)]
    for number, slot in enumerate(_slots(chance, person, day)):
        item = (
            chance.choice(focus)
            if chance.random() < 0.85
            else pool.any(seed, person.user_id, day, number, sprint=sprint_of(day))
        )
        note = descriptions.note(chance, item, focus[0])
        seconds = slot.seconds // 2 if note.meeting else slot.seconds
        yield TimeEntry(
            _entry_id(person, day, number), person.user_id, slot.start, seconds, note.text,
            note.project.id if note.project else None, _task(chance, note), _billable(chance, note), _tags(chance, note),
        )  # fmt: skip


def _slots(chance: Random, person: Person, day: date) -> Iterator[Slot]:
    weekend, luck = day.weekday() > 4, chance.random()
    if luck >= _WEEKEND if weekend else luck < _DAY_OFF:
        return
    zone = ZoneInfo(person.timezone)
    count = chance.randint(1, 2) if weekend else chance.randint(4, 7)
    total = chance.uniform(6.2, 8.7) * _HOUR * count / (5.5 if weekend else count)
    shares = [chance.uniform(0.5, 1.5) for _ in range(count)]
    if chance.random() < 0.02:
        yield Slot(_local(day, 0, zone), chance.randint(1500, 3000))
    clock = chance.uniform(8.2, 10) * _HOUR
    for number, share in enumerate(shares):
        seconds = _length(chance, total * share / sum(shares))
        yield Slot(_local(day, int(clock), zone), seconds)
        clock += seconds + chance.choice((0, 0, 1, chance.randint(20, 900))) + (2700 if number == count // 2 else 0)
    if chance.random() < 0.03:
        yield Slot(_local(day, chance.randint(int(22.5 * _HOUR), int(23.8 * _HOUR)), zone), chance.randint(5400, 8000))
    if chance.random() < 0.015:
        yield Slot(_local(day, int(clock) + 60, zone), 0)


def _length(chance: Random, seconds: float) -> int:
    return max(300, round(seconds / 300) * 300) if chance.random() < 0.3 else max(61, int(seconds))


def _local(day: date, seconds: int, zone: ZoneInfo) -> datetime:
    """An instant from the clock on the wall."""
    return (datetime.combine(day, time()) + timedelta(seconds=seconds)).replace(tzinfo=zone).astimezone(UTC)


def _entry_id(person: Person, day: date, number: int) -> int:
    place = person.user_id - PEOPLE[0].user_id
    return _FIRST_ID + (((day - _DAYS_FROM).days * _PEOPLE) + place) * _SLOTS + number


def _task(chance: Random, note: descriptions.Note) -> int | None:
    tasks = [task for task, project, _ in TASKS if note.project and project == note.project.id]
    return chance.choice(tasks) if tasks and chance.random() < 0.1 else None


def _billable(chance: Random, note: descriptions.Note) -> bool:
    return note.project is not None and note.project.billable and chance.random() < 0.9


def _tags(chance: Random, note: descriptions.Note) -> tuple[int, ...]:
    if note.project is MEETINGS:
        return (TAGS[0][0],)
    return tuple(sorted(chance.sample([tag for tag, _ in TAGS[1:]], chance.choice((0, 0, 0, 1, 2)))))
