"""A run on this worker: its checkout, its files, the stage at work."""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

from timeweave.runs.execution import execute
from timeweave.runs.home import Home
from timeweave.runs.lock import Lock
from timeweave.runs.log import DVC_LOG, Log
from timeweave.runtime import params
from timeweave.runtime.errors import QuotaExhausted, TimeweaveError
from timeweave.runtime.period import Period
from timeweave.temporal import failure
from timeweave.temporal.checkout import Checkout
from timeweave.temporal.messages import Outcome, Reach, StageResult, Standing, Step
from timeweave.temporal.shared_archive import FETCH, SharedArchive
from timeweave.temporal.storage import Storage
from timeweave.toggl.connection import account
from timeweave.toggl.settings import TogglSettings


class Params(params.Section):
    """Whose archive it is, and which days are asked for."""

    source: str
    as_of: str
    period: Period
    toggl: TogglSettings = TogglSettings()


class Work:
    """Used by one activity at a time, except for `close`, which waits for it."""

    def __init__(self, home: Home, run: str) -> None:
        self.checkout = Checkout(home, run)
        self.storage = Storage(home.folder, self.checkout.folder)
        self._busy = threading.Lock()
        self._done: list[str] = []

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
            given = params.load(Params, self.checkout.folder / "params.yaml")
            period = given.period
            return Standing(
                found, key(given), str(period.start), str(period.end), given.as_of, given.source, self._done
            )

    def stage(self, step: Step, adds: bool, look: Callable[[Reach | None], None]) -> StageResult:
        """Run it to its end and save it; `adds`: it may leave a new archive."""
        with self._busy:
            if step.stage != FETCH:
                return self._saved(step, self._run(step, look))
            archive = SharedArchive(self.checkout, self.storage, step.account, adds)
            archive.take()

            def looked(reach: Reach | None) -> None:
                archive.watch()
                look(reach)

            try:
                result = self._saved(step, self._run(step, looked))
            except TimeweaveError as error:
                if error.exit_code == failure.INCOMPLETE:
                    archive.forget()
                raise
            finally:
                archive.watch()
            archive.publish()
            return result

    def conclude(self, baseline: str) -> Outcome:
        """The result, where everybody finds it; for a run that only fetches there is none but the archive."""
        with self._busy:
            metrics = self.checkout.folder / "data" / "metrics.json"
            if not metrics.exists():
                self.checkout.forget()
                return Outcome(self.checkout.run, baseline, None, [])
            self.storage.push([], run_cache=True)
            commit = self.checkout.conclude(baseline)
            return Outcome(self.checkout.run, baseline, commit, [], dict(json.loads(metrics.read_bytes())))

    def close(self) -> None:
        """Wait for the stage at work to end, and take the checkout away."""
        with self._busy:
            self.checkout.remove()

    def _saved(self, step: Step, result: StageResult) -> StageResult:
        """From here on another worker can go on."""
        self.storage.push([step.stage])
        self._done.append(step.stage)
        self.checkout.save(self._done)
        return result

    def _run(self, step: Step, look: Callable[[Reach | None], None]) -> StageResult:
        folder = self.checkout.folder
        own = folder / ".dvc" / "timeweave" / "runs" / step.run
        log = Log(own)
        command = ["repro", "-s", step.stage, *(["--pull"] if self.storage.has_remote else [])]

        with Lock(own / "lock") as lock:
            lock.acquire(step.run, wait=True, say=lambda _: None)
            seen = lambda: look(_reach(log, step.stage))  # noqa: E731
            code = execute(command, folder, step.run, own / DVC_LOG, lock.handle, seen)
        [record] = log.stages([step.stage], alive=False)
        if code:
            raise _failed(log, step.stage, code)
        return StageResult(
            record.name, record.state, record.seconds, record.requests, record.items, record.unit, record.quota_left
        )


def key(given: Params) -> str:
    """Names the archive of an account: a hash, since addresses do not fit into a reference of git."""
    whose = account(given.source, given.toggl)
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
