"""A run on this worker: its checkout, its files, the stage at work."""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

from timeweave import params
from timeweave.errors import QuotaExhausted, TimeweaveError
from timeweave.runs.execution import execute
from timeweave.runs.home import Home
from timeweave.runs.lock import Lock
from timeweave.runs.log import DVC_LOG, Log
from timeweave.temporal import failure
from timeweave.temporal.checkout import Checkout
from timeweave.temporal.flight import Flight
from timeweave.temporal.messages import Outcome, Reach, StageResult, Standing, Step
from timeweave.temporal.storage import Storage
from timeweave.toggl.connection import account
from timeweave.toggl.settings import TogglSettings

FETCH = "fetch_time"


class Knobs(params.Section):
    """Whose archive it is."""

    source: str
    toggl: TogglSettings = TogglSettings()


class Work:
    """Used by one activity at a time, except for `close`, which waits for it."""

    def __init__(self, home: Home, run: str) -> None:
        self.checkout = Checkout(home, run)
        self.storage = Storage(home.folder, self.checkout.folder)
        self._busy = threading.Lock()
        self._done: list[str] = []
        self._flight: Flight | None = None

    def prepare(self, commit: str | None, edits: dict[str, Any]) -> Standing:
        """Make the checkout; stages of the run that were saved are laid out and need not run again."""
        with self._busy:
            found = self.checkout.make(commit, edits)
            self.storage.configure()
            self._done = self.checkout.saved()
            if not self.storage.bring(self._done):
                raise TimeweaveError(
                    f"what {', '.join(self._done)} wrote is not at the DVC remote; give all workers the same remote"
                )
            return Standing(found, self._account(), self._done)

    def stage(self, step: Step, shared: bool, look: Callable[[Reach | None], None]) -> StageResult:
        """Run it to its end and save it."""
        with self._busy:
            if step.stage == FETCH:
                self._take_archive(step.account)
                self._flight = Flight(self.checkout.folder, self.storage, step.account) if shared else None
                if self._flight:
                    self._flight.restore()
            result = self._run(step, look)
            self.storage.push([step.stage])
            self._done.append(step.stage)
            self.checkout.save(self._done)
            if step.stage == FETCH and shared:
                self.checkout.publish(f"archives/{step.account}")
                if self._flight:
                    self._flight.clear()
            return result

    def settle(self, step: Step, shared: bool) -> None:
        """After a stage, however it ended: keep the days that it fetched and could not bring into the archive."""
        with self._busy:
            if self._flight and step.stage not in self._done:
                self._flight.save()
            self._flight = None

    def conclude(self, baseline: str) -> Outcome:
        """The result, where everybody finds it; for a run that only fetches there is none but the archive."""
        with self._busy:
            metrics = self.checkout.folder / "data" / "metrics.json"
            if not metrics.exists():
                return Outcome(self.checkout.run, baseline, None, [])
            self.storage.push([], run_cache=True)
            commit = self.checkout.conclude(baseline)
            return Outcome(self.checkout.run, baseline, commit, [], dict(json.loads(metrics.read_bytes())))

    def close(self) -> None:
        """Wait for the stage at work to end, and take the checkout away."""
        with self._busy:
            self.checkout.remove()

    def _run(self, step: Step, look: Callable[[Reach | None], None]) -> StageResult:
        folder = self.checkout.folder
        own = folder / ".dvc" / "timeweave" / "runs" / step.run
        log = Log(own)
        command = ["repro", "-s", step.stage, *(["--pull"] if self.storage.has_remote else [])]

        def looked() -> None:
            if self._flight:
                self._flight.save()
            look(_reach(log, step.stage))

        with Lock(own / "lock") as lock:
            lock.acquire(step.run, wait=True, say=lambda _: None)
            code = execute(command, folder, step.run, own / DVC_LOG, lock.handle, looked)
        [record] = log.stages([step.stage], alive=False)
        if code:
            raise _failed(log, step.stage, code)
        return StageResult(
            record.name, record.state, record.seconds, record.requests, record.items, record.unit, record.quota_left
        )

    def _take_archive(self, account_key: str) -> None:
        """Begin with the newest archive of the account; with that of the commit where there is no newer one."""
        newest = self.checkout.known(f"archives/{account_key}")
        entry = self.checkout.lock_of(newest, FETCH) if newest else None
        if entry:
            self.checkout.adopt(FETCH, entry)
        if (self.checkout.folder / "dvc.lock").exists() and not self.storage.bring([FETCH]) and entry:
            raise TimeweaveError("the archive is not at the DVC remote; give all workers the same remote")

    def _account(self) -> str:
        knobs = params.load(Knobs, self.checkout.folder / "params.yaml")
        whose = account(knobs.source, knobs.toggl)
        return hashlib.sha256(f"{whose.source} {whose.url} {whose.workspace_id}".encode()).hexdigest()[:16]


def _reach(log: Log, stage: str) -> Reach | None:
    [record] = log.stages([stage], alive=True)
    if record.total is None:
        return None
    return Reach(stage, record.done or 0, record.total, record.unit or "", record.requests, record.quota_left)


def _failed(log: Log, stage: str, code: int) -> TimeweaveError:
    fault = log.fault(log.stages([stage], alive=False), code)
    if fault.exit_code == failure.QUOTA:
        return QuotaExhausted(fault.sentence, fault.resume_in)
    error = TimeweaveError(fault.sentence)
    error.exit_code = fault.exit_code
    return error
