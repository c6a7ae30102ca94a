"""What workflows, activities and clients tell each other: days, keys, counts and sentences, never documents.

Whoever reaches the server can start a workflow with any content. So what is asked for is checked as it is made: a `Job`
that exists can do no more than report other days or people of a commit that the project's owners pushed.
"""

import re
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, TypeVar

import msgspec

from timeweave.repository.git import check_commit
from timeweave.runs.manifest import StageRecord
from timeweave.runs.run_folder import check_run_id
from timeweave.runtime import shapes
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.period import KNOWN, parse_period

TASK_QUEUE = "timeweave"
"""Where workflows are, and where a run looks for a worker that has room for it."""
PREFIX = "toggl-fibery-"
"""Of a workflow's id; what follows is the run's id."""
EMAIL = re.compile(r"[^@\s,;:<>()/\\\"]{1,64}@[^@\s,;:<>()/\\\"']{1,255}")
MOST_USERS, MOST_PERIODS = 1000, 1000
"""Twenty years of weeks: as many as one workflow's history has room for."""
LONGEST_TEXT = 2000
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Job:
    """A run to be made. All that is not said here is as the commit has it."""

    as_of: str = ""
    start: str = ""
    end: str = ""
    """Days, YYYY-MM-DD, both included."""
    period: str = ""
    """Instead of days: a name such as last-week, which the day of the run turns into days."""
    users: list[str] | None = None
    """E-mails; none of them: everyone. None: those of the commit."""
    commit: str = ""
    """Empty: what the branch of the worker's project is at its origin."""

    def __post_init__(self) -> None:
        if self.period:
            if not self.period.isprintable():
                raise ConfigurationError(f"the period {self.period[:50]!r} is not known; write {KNOWN}")
            days = [str(day) for day in parse_period(self.period, date(2050, 1, 1))]
        else:
            days = [self.start, self.end, self.as_of]
        start, end, *_ = (_check_day(day) for day in days)
        if end < start:
            raise ConfigurationError(f"the end {end} is before the start {start}; swap them")
        if self.commit:
            check_commit(self.commit)
        users = self.users or []
        if len(users) > MOST_USERS or not all(map(_is_email, users)):
            raise ConfigurationError(f"users must be e-mail addresses, {MOST_USERS:,} at most")

    def name_days(self, today: date) -> "Job":
        """The same with days in place of a period's name."""
        if not self.period:
            return self
        start, end = parse_period(self.period, today)
        return replace(self, as_of=str(today), start=str(start), end=str(end), period="")

    @property
    def days(self) -> dict[str, str]:
        """As params.yaml has them, by dotted key."""
        return {"as_of": self.as_of, "period.start": self.start, "period.end": self.end}


@dataclass(frozen=True)
class Span:
    """Many runs: days that are fetched at once, and the periods that they are cut into."""

    as_of: str
    users: list[str]
    commit: str
    periods: list[tuple[str, str]]
    """First and last day of each."""
    parallel: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.periods) <= MOST_PERIODS or self.parallel < 1:
            raise ConfigurationError(f"a backfill has 1 to {MOST_PERIODS:,} periods, and makes at least one at a time")
        for first, last in (*self.periods, (self.periods[0][0], self.periods[-1][1])):
            self.make_job(first, last)

    def make_job(self, first: str, last: str) -> Job:
        """The run of one period."""
        return Job(self.as_of, first, last, users=self.users, commit=self.commit)


@dataclass(frozen=True)
class Checkout:
    """What a worker found in the commit of a run."""

    commit: str
    stages: list[str]
    done: list[str]
    """Those that an earlier worker finished, and that need not run again."""
    locks: dict[str, str]
    """By stage: the id of the workflow that keeps the service it asks for itself."""


@dataclass(frozen=True)
class Progress:
    """Answer of the query `get_progress`."""

    doing: str
    """In words: what it does, or what it waits for."""
    stage: StageRecord | None
    """The stage at work: how many of how many units it has done."""
    percentage: int
    """Of the whole run, by stages."""
    seconds_left: float | None
    """Of the stage at work, by its rate so far; None where nothing can be said yet."""
    worker: str | None
    stages: list[StageRecord]


@dataclass(frozen=True)
class Outcome:
    """What the workflow of a run ends with."""

    commit: str
    experiment: str | None
    """The commit of the result; None where days were fetched and no more."""
    numbers: dict[str, Any] = field(default_factory=dict)
    """The headline. `Any`: a union of numbers would make floats of whole ones on the way."""
    stages: list[StageRecord] = field(default_factory=list)


Shape = TypeVar("Shape", Job, Span)


def read_payload(shape: type[Shape], content: Any) -> Shape:
    """A payload as it came, strictly: what it has beyond the shape is refused and not left out."""
    known = [one.name for one in fields(shape)]
    if unknown := [str(key)[:50] for key in content if key not in known] if isinstance(content, dict) else []:
        raise ConfigurationError(f"the job has {unknown[0]!r}; a job has {', '.join(known)} and nothing else")
    try:
        return shapes.convert(content, shape)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"the job cannot be read: {error}") from None


def make_workflow_id(run: str) -> str:
    """The id of a run's workflow; those that a schedule starts have a time at the end, with colons, as Temporal adds it."""
    return PREFIX + re.sub(r"T(\d\d)-(\d\d)-(\d\dZ)$", r"T\1:\2:\3", run)


def parse_workflow_id(workflow: str) -> str:
    """The run of a workflow, which folders and references of git are named by. ConfigurationError where it names none."""
    if not workflow.startswith(PREFIX):
        raise ConfigurationError(f"the id of a run's workflow begins with {PREFIX}")
    return check_run_id(read_run_id(workflow))


def read_run_id(workflow: str) -> str:
    """The same as it is shown, whatever it is."""
    return workflow.removeprefix(PREFIX).replace(":", "-")


def hide_emails(text: str) -> str:
    """For what everybody who reaches the server can read, also where payloads are encrypted."""
    return EMAIL.sub("(an e-mail address)", text)


def _check_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if day.year not in YEARS or str(day) != text:
        raise ConfigurationError(f"{text[:50]!r} is not a day of the years 2000 to 2100; write it as 2025-10-07")
    return day


def clean_text(text: str) -> str:
    """What somebody wrote who may be anybody, so that a terminal shows it and does nothing else."""
    return "".join(letter if letter.isprintable() else " " for letter in text[:LONGEST_TEXT])


def _is_email(text: str) -> bool:
    return bool(EMAIL.fullmatch(text)) and text.isprintable() and ".." not in text and not text.startswith("-")
