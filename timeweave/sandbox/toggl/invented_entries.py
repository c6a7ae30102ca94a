"""The time entries of a person's day: when they start, how long they work on what, on the clock of where they live."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from timeweave.sandbox.company import MEETING_TAG, MEETINGS, PEOPLE, SEED, TAGS, TASKS, Person, pick, season, sprint_of
from timeweave.sandbox.fibery.entities import Entity
from timeweave.sandbox.fibery.texts import toggl_text
from timeweave.sandbox.fibery.workspace import Workspace, read_name
from timeweave.sandbox.toggl.descriptions import Description, describe, find_meetings

_FIRST_ID, _DAYS_FROM, _MOST_PEOPLE, _MOST_ENTRIES = 3_400_000_000, date(2020, 1, 1), 10_000, 16
_DAY_OFF, _WEEKEND, _ELSEWHERE = 0.01, 0.04, 0.06
"""Shares of working days off, of free days with some work, of entries on what is anybody's."""
_HOUR = 3600


class TimeEntry(NamedTuple):
    """A stretch of logged time; moments carry a zone, `seconds` is None while the timer runs."""

    id: int
    user_id: int
    start: datetime
    seconds: int | None
    description: str = ""
    project_id: int | None = None
    task_id: int | None = None
    billable: bool = False
    tag_ids: tuple[int, ...] = ()
    at: datetime | None = None
    """The last change; None: when it ended."""
    item: tuple[str, int] | None = None
    """Database and public id of the work item that was meant, whatever the description says of it."""

    @property
    def stop(self) -> datetime | None:
        return None if self.seconds is None else self.start + timedelta(seconds=self.seconds)

    @property
    def changed(self) -> datetime:
        return self.at or self.stop or self.start


class TimeEntries:
    """What everybody logs, as it is once nobody changes it any more."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._assigned = workspace, cache(self._assign)
        self.of_day = cache(self._log_day)
        story = workspace.story
        absences = story.get("absences", {})
        self._absences = {(user, date.fromisoformat(day)) for day, users in absences.items() for user in users}
        self._days = {(one["user"], date.fromisoformat(one["day"])): one["entries"] for one in story.get("days", ())}
        self._focus = {
            (one["user"], date.fromisoformat(day)): [workspace.item(*read_name(name)) for name in one["items"]]
            for one in story.get("focus", ()) for day in one["days"]
        }  # fmt: skip
        self._stalled = {int(number): date.fromisoformat(day) for number, day in story.get("stalled", {}).items()}

    def _log_day(self, person: Person, day: date) -> tuple[TimeEntry, ...]:
        """The entries that a person starts on a local day."""
        away = not person.has_joined(day) or person.has_left(day) or (person.user_id, day) in self._absences
        if away or (day.weekday() < 5 and person.has_holiday(day)):
            return ()
        random = Random(f"{SEED}:{person.user_id}:{day}")  # noqa: S311 - invented data, no secret
        number = (day - _DAYS_FROM).days * _MOST_PEOPLE + person.user_id - PEOPLE[0].user_id
        told = self._days.get((person.user_id, day))
        day_of_work = self._tell(person, day, told) if told else self._invent(random, person, day)
        return tuple(
            TimeEntry(
                _FIRST_ID + number * _MOST_ENTRIES + place, person.user_id, start, seconds,
                said.text, said.project.id if said.project else None, *_book(random, said),
                at=start + timedelta(seconds=seconds) if told else None,
                item=(said.item.type.name, said.item.number) if said.item else None,
            ) for place, (start, seconds, said) in enumerate(day_of_work)
        )  # fmt: skip

    def _invent(self, random: Random, person: Person, day: date) -> Iterator[tuple[datetime, int, Description]]:
        """A day that nobody told of."""
        plan = [*_plan_day(random, person, day)]
        if not plan:
            return
        assigned = self._assigned(sprint_of(day))
        everybody = list(assigned.values())
        # Likelier items stand there several times; who has none works on somebody else's.
        own = assigned.get(person.user_id) or pick(everybody, person.user_id, sprint_of(day))
        under_way = {item for item in set(own) if self._is_current(item, day)}
        current = [item for item in own if item in under_way] or own
        focus = self._focus.get((person.user_id, day)) or [random.choice(current) for _ in range(3)]
        for place, (start, seconds, meeting) in enumerate(plan):
            if meeting is not None:
                yield start, seconds, meeting
                continue
            item = random.choice(focus)
            if random.random() < _ELSEWHERE:
                key = (SEED, person.user_id, day, place)
                other = pick(pick(everybody, *key, "who"), *key, "what")
                item = item if self._is_stalled(other, day) else other
            yield start, seconds, describe(random, self._workspace, item, focus[0])

    def _tell(self, person: Person, day: date, told: list[Any]) -> Iterator[tuple[datetime, int, Description]]:
        """A day as the story tells it: when, for how many minutes, and on which item (`@Scrum/Task 3634`) or what."""
        for clock, minutes, text in told:
            start = datetime.combine(day, time.fromisoformat(clock)).replace(tzinfo=ZoneInfo(person.timezone))
            if text.startswith("@"):
                item = self._workspace.item(*read_name(text[1:]))
                said = Description(toggl_text(self._workspace, item), self._workspace.project(item), item)
            else:
                said = Description(text, MEETINGS if text else None)
            yield start.astimezone(UTC), round(minutes * 60), said

    def _is_current(self, item: Entity, day: date) -> bool:
        """Whether an item is worked on that day, as far as its dates say."""
        life = item.timeline
        ended = life.completed is not None and life.completed.date() < day
        return life.started.date() <= day and not ended and not self._is_stalled(item, day)

    def _is_stalled(self, item: Entity, day: date) -> bool:
        since = self._stalled.get(self._workspace.feature_number(item) or 0)
        return since is not None and day >= since

    def _assign(self, sprint: int) -> dict[int, list[Entity]]:
        """The items of a sprint, and what the two before it left, by the person that they fall to."""
        found: dict[int, list[Entity]] = defaultdict(list)
        for kind in self._workspace.types.values():
            if weight := kind.database.get("booked"):
                for number in self._workspace.numbering(kind.name).numbers(sprint - 2, sprint):
                    item = self._workspace.item(kind.name, number)
                    if item.timeline.deleted is None:
                        support = kind.name == "Scrum/Bug" and item.get("Scrum/Source").title == "Customer"
                        found[self._workspace.owner(item)] += [item] * (weight + support * round(8 * season(sprint)))
        return dict(sorted(found.items()))


def _plan_day(random: Random, person: Person, day: date) -> Iterator[tuple[datetime, int, Description | None]]:
    """Starts and lengths in seconds, of meetings with what they were; of work nobody has said yet what it was for."""
    free, luck = day.weekday() > 4 or day.weekday() in person.free, random.random()
    if luck >= _WEEKEND if free else luck < _DAY_OFF:
        return

    def at(seconds: int) -> datetime:
        local = datetime.combine(day, time()) + timedelta(seconds=seconds)
        return local.replace(tzinfo=ZoneInfo(person.timezone)).astimezone(UTC)

    plan: list[tuple[int, Description | None]] = [] if free else [*find_meetings(random, person, day)]
    hours = (0.7, 3.0) if free else random.choices(((7.4, 8.4), (5.5, 7.0), (9.0, 10.4)), (90, 7, 3))[0]
    work = random.uniform(*hours) * _HOUR - sum(seconds for seconds, _ in plan)
    shares = [random.uniform(0.5, 1.5) for _ in range(random.randint(1, 2) if free else random.randint(3, 6))]
    for share in shares:
        seconds = work * share / sum(shares)
        seconds = max(300, round(seconds / 300) * 300) if random.random() < 0.3 else max(61, int(seconds))
        # The first meeting begins the day, the others come at any time.
        plan.insert(random.randint(min(1, len(plan)), len(plan)), (int(seconds), None))
    if random.random() < 0.02:
        yield at(0), random.randint(1500, 3000), None
    clock = random.uniform(8.2, 10) * _HOUR
    for number, (seconds, meeting) in enumerate(plan):
        yield at(int(clock)), seconds, meeting
        pause = 2700 if number == len(plan) // 2 else 0
        clock += seconds + random.choice((0, 0, 1, random.randint(20, 900))) + pause
    if random.random() < 0.03:
        yield at(random.randint(int(22.5 * _HOUR), int(23.8 * _HOUR))), random.randint(5400, 8000), None
    if random.random() < 0.015:
        yield at(int(clock) + 60), 0, None


def _book(random: Random, said: Description) -> tuple[int | None, bool, tuple[int, ...]]:
    tasks = [task.id for task in TASKS if said.project and task.project_id == said.project.id]
    task = random.choice(tasks) if tasks and random.random() < 0.1 else None
    billable = said.project is not None and said.project.billable and random.random() < 0.9
    if said.project is MEETINGS:
        return task, billable, (MEETING_TAG,)
    others = [tag for tag in TAGS if tag != MEETING_TAG]
    return task, billable, tuple(sorted(random.sample(others, random.choice((0, 0, 0, 1, 2)))))
