"""`manifest.json` of a run: what was asked, what happened stage by stage, what came of it."""

from timeweave.runtime.document import Record

STATUSES = ("queued", "in_progress", "completed", "failed", "cancelled")


class Parameters(Record, frozen=True, kw_only=True):
    """What the run was asked for; days `YYYY-MM-DD`, both ends included."""

    source: str
    as_of: str
    start: str
    end: str
    timezone: str = "UTC"
    users: list[str] = []


class StageRecord(Record, frozen=True, kw_only=True):
    """A stage of the run."""

    name: str
    state: str
    """waiting, running, done, unchanged (nothing to do), cached (as an earlier run made it), taken (from the run named), failed, stopped."""
    seconds: float | None = None
    requests: int | None = None
    items: int | None = None
    """What the stage worked on, in `unit`: days fetched, work items asked for."""
    unit: str | None = None
    quota_left: int | None = None
    done: int | None = None
    """How far a running or stopped stage is, of `total`."""
    total: int | None = None


class Fault(Record, frozen=True, kw_only=True):
    """Why a run ended without a result."""

    stage: str | None
    exit_code: int
    sentence: str
    resume_in: float | None = None
    """Seconds after which a spent quota is renewed."""


class Manifest(Record, frozen=True, kw_only=True):
    """A run. Times are UTC, ISO 8601; `seconds` is the run's own duration."""

    schema: int = 1
    id: str
    status: str
    where: str
    """workspace, queue (DVC's own), copy (a run that starts from another run's data), temporal, or elsewhere."""
    parameters: Parameters
    toggl_data_of: str | None = None
    """The run whose Toggl data was taken as it was."""
    baseline: str | None = None
    """The commit that the experiment belongs to."""
    experiment: str | None = None
    """The experiment's own commit; null until there is a result."""
    started_at: str
    ended_at: str | None = None
    seconds: float | None = None
    stages: list[StageRecord] = []
    error: Fault | None = None
    numbers: dict[str, float | int | None] = {}
    """The headline, from data/metrics.json."""
    reports: dict[str, str] = {}
    """Where the reports were written, relative to the project's folder."""
    doing: str | None = None
    """On Temporal: what a run that is not over does or waits for."""
    part_of: str | None = None
    """The backfill on Temporal that the run belongs to."""
    cancelled: bool = False
    """Somebody asked for its end."""

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("completed", "failed", "cancelled")
