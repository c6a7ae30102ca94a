"""`manifest.json` of a run: what was asked, what happened stage by stage, what came of it."""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime

from timeweave.runtime.document import Record


class Status(enum.StrEnum):
    """What became of a run."""

    queued = "queued"
    in_progress = "in_progress"
    completed = "completed"
    failed = "failed"
    cancelled = "cancelled"


class StageState(enum.StrEnum):
    """What became of a stage."""

    waiting = "waiting"
    running = "running"
    done = "done"
    unchanged = "unchanged"
    """Nothing that it reads has changed."""
    cached = "cached"
    """DVC knows from an earlier run what comes out."""
    taken = "taken"
    """From the run that this one started from."""
    failed = "failed"
    stopped = "stopped"
    """Ended from outside."""


class Location(enum.StrEnum):
    """Where a run was made."""

    here = "here"
    temporal = "temporal"
    workspace = "workspace"
    """By `dvc repro` in the project itself."""
    elsewhere = "elsewhere"
    """On another machine, or by `dvc exp run`: known by its experiment."""


class Request(Record, frozen=True, kw_only=True):
    """What the run was asked for; days `YYYY-MM-DD`, both ends included."""

    source: str
    account: str = ""
    """Which of the live accounts: the number of Toggl's workspace."""
    as_of: str
    start: str
    end: str
    timezone: str = "UTC"
    users: list[str] = []

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last."""
        return self.start, self.end

    @property
    def whose(self) -> tuple[str, str, tuple[str, ...]]:
        """Source, account and people: runs that differ in it are about different things."""
        return self.source, self.account, tuple(self.users)

    @property
    def newness(self) -> tuple[str, str]:
        """What periods are ordered by: the last day, then the first."""
        return self.end, self.start


@dataclass(frozen=True, kw_only=True)
class StageRecord:
    """A stage of the run. A dataclass, so that Temporal carries it as it is."""

    name: str
    state: StageState = StageState.waiting
    seconds: float | None = None
    requests: int | None = None
    items: int | None = None
    """What the stage worked on, in `unit`: days fetched, work items asked for."""
    unit: str | None = None
    quota_left: int | None = None
    done: int | None = None
    """How far a running or stopped stage is, of `total`."""
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a run ended without a result."""

    stage: str | None
    exit_code: int
    sentence: str
    resume_in: float | None = None
    """Seconds after which a spent quota is renewed."""


class Manifest(Record, frozen=True, kw_only=True):
    """A run. Times are UTC, ISO 8601; `seconds` is the run's own duration."""

    schema: int = 3
    id: str
    status: Status
    where: Location
    parameters: Request
    toggl_data_of: str | None = None
    """The run whose Toggl data was taken as it was."""
    baseline: str | None = None
    """The commit that the experiment belongs to."""
    experiment: str | None = None
    """The experiment's own commit; null until there is a result."""
    started_at: str = ""
    """Empty where nobody knows: of a run that is known by its results alone."""
    ended_at: str | None = None
    seconds: float | None = None
    stages: list[StageRecord] = []
    around: dict[str, float] = {}
    """Seconds that the run spent besides its stages, by what it did to the end; empty for a run on Temporal."""
    error: Fault | None = None
    numbers: dict[str, float | int | None] = {}
    """The headline, from data/metrics.json."""
    doing: str | None = None
    """On Temporal: what a run that is not over does or waits for."""
    part_of: str | None = None
    """The backfill on Temporal that the run belongs to."""

    @property
    def made_at(self) -> str:
        """What runs are ordered by: when it began, else when its results were written."""
        return self.started_at or self.ended_at or ""

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in (Status.completed, Status.failed, Status.cancelled)

    @property
    def has_result(self) -> bool:
        """Whether there are numbers and reports to look at."""
        return self.status is Status.completed and bool(self.numbers)


def format_now() -> str:
    """This moment, as manifests write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
