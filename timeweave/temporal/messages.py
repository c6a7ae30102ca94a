"""What workflows, activities and clients tell each other: keys and counts, never documents."""

import re
from dataclasses import dataclass, field
from typing import Any

TASK_QUEUE = "timeweave"
"""Where workflows are, and where a run looks for a worker that has room for it."""
PREFIX = "toggl-fibery-"
"""Of a workflow's id; what follows is the run's id."""
SPAN = "-span"
"""At the end of the id of what fetches the days of a backfill; it makes no report, and is in no list of runs."""


@dataclass(frozen=True)
class Job:
    """A run to be made."""

    stages: list[str]
    commit: str | None = None
    """What to check out; None: what the branch of the worker's project is at its origin."""
    edits: dict[str, Any] = field(default_factory=dict)
    """What must be different in params.yaml, by dotted key."""
    period: str | None = None
    """A name such as last-week, which the day of the run turns into dates; None: as `edits` say."""
    archive: str = "shared"
    """shared: one run at a time adds to the archive; held: whoever started this one sees to that."""
    notify: bool = True


@dataclass(frozen=True)
class Place:
    """Where a run is at work."""

    run: str
    queue: str
    """The task queue of the one worker that has the run's checkout."""


@dataclass(frozen=True)
class Preparation:
    """What a worker needs for the checkout of a run."""

    run: str
    commit: str | None
    edits: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """How far a run has been saved."""

    commit: str
    """The one that was asked for."""
    account: str
    """Which archive the run belongs to: a hash of source, address and workspace."""
    first: str
    last: str
    """The period, as params.yaml of the checkout says."""
    done: list[str] = field(default_factory=list)
    """Stages that need not run again."""


@dataclass(frozen=True)
class Step:
    """One stage to be run."""

    run: str
    stage: str
    account: str
    commit: str


@dataclass(frozen=True)
class StageResult:
    """What became of a stage: as in a manifest."""

    name: str
    state: str
    seconds: float | None = None
    requests: int | None = None
    items: int | None = None
    unit: str | None = None
    quota_left: int | None = None


@dataclass(frozen=True)
class Reach:
    """How far the running stage is."""

    stage: str
    done: int
    total: int
    unit: str
    requests: int | None = None
    quota_left: int | None = None


@dataclass(frozen=True)
class Progress:
    """Answer of the query `get_progress`."""

    stage: str | None
    done: int
    total: int
    unit: str
    percentage: int
    """Of the whole run, by stages."""
    seconds_left: float | None
    """Of the running stage, by its rate so far; None where nothing can be said yet."""
    doing: str
    """In words: what it does, or what it waits for."""
    worker: str | None
    stages: list[StageResult] = field(default_factory=list)
    reach: Reach | None = None


@dataclass(frozen=True)
class Outcome:
    """What a workflow ends with."""

    run: str
    commit: str
    experiment: str | None
    """The commit of the result; None for a run that only fetches."""
    stages: list[StageResult]
    numbers: dict[str, float | int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Telling:
    """What to tell people of a run that is over."""

    run: str
    start: str
    end: str
    stage: str | None = None
    sentence: str | None = None
    """Why it failed; None where it did not."""
    exit_code: int = 0
    numbers: dict[str, float | int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """Many runs: the periods of a span, fetched at once and then made in parallel."""

    name: str
    stages: list[str]
    commit: str
    first: str
    last: str
    edits: dict[str, Any]
    periods: list[tuple[str, str]]
    parallel: int
    fetched: bool = False
    runs: int = 0
    """How many were made before the workflow was continued as new."""
    failed: list[str] = field(default_factory=list)


def workflow_id(run: str) -> str:
    """The id of a run's workflow; those that a schedule starts have a time at the end, with colons, as Temporal adds it."""
    return PREFIX + re.sub(r"T(\d\d)-(\d\d)-(\d\dZ)$", r"T\1:\2:\3", run)


def run_id(workflow: str) -> str:
    """The run of a workflow: a name that a folder and a git reference can have."""
    return workflow.removeprefix(PREFIX).replace(":", "-")
