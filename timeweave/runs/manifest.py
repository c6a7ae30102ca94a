"""What became of each run: one small file a run, so that a list of them needs neither git nor DVC."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from timeweave import document
from timeweave.errors import ConfigurationError
from timeweave.models.record import Record

FOLDER = Path(".timeweave/runs")
"""Git-ignored: a manifest tells of this machine's runs. What a run produced travels as a DVC experiment."""
STATUSES = ("in_progress", "completed", "failed")
GONE = "its process ended before the run was done; what was fetched is kept, run again"


class StageRecord(Record, frozen=True, kw_only=True):
    """One stage of a run."""

    name: str
    state: str
    """done, unchanged or failed."""
    seconds: float | None = None
    requests: int | None = None
    items: int | None = None
    error: str | None = None


class Manifest(Record, frozen=True, kw_only=True):
    """One run. Times are UTC, ISO 8601."""

    id: str
    status: str
    pid: int
    params: dict[str, str]
    """What was set for this run, by the place in params.yaml."""
    start: str
    end: str
    began: str
    ended: str | None = None
    stages: list[StageRecord] = []
    exit_code: int | None = None
    error: str | None = None
    reports: list[str] = []
    """Where the reports of the run were written."""


def save(manifest: Manifest) -> None:
    """Write it whole."""
    document.write(FOLDER / f"{manifest.id}.json", manifest)


def load(run_id: str) -> Manifest:
    """The manifest of a run of this machine; an unknown id names the nearest ones."""
    path = FOLDER / f"{run_id}.json"
    if not path.exists():
        known = [manifest.id for manifest in every()][:3]
        hint = f"the last ones are {', '.join(known)}" if known else "there is none yet: start one with timeweave run"
        raise ConfigurationError(f"there is no run {run_id!r}; {hint}")
    return _seen(document.read(path, Manifest))


def every() -> list[Manifest]:
    """All runs of this machine, the newest first."""
    found = [_seen(document.read(path, Manifest)) for path in FOLDER.glob("*.json")]
    return sorted(found, key=lambda manifest: (manifest.began, manifest.id), reverse=True)


def _seen(manifest: Manifest) -> Manifest:
    """As it is now: a run whose process is gone has failed, whatever it last said."""
    if manifest.status != "in_progress" or is_alive(manifest.pid):
        return manifest
    return msgspec.structs.replace(manifest, status="failed", exit_code=1, error=GONE)


def is_alive(pid: int) -> bool:
    """Whether a process is at work; one that ended and was not buried yet is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return False


def now() -> str:
    """This moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()
