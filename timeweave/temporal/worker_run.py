"""A run on this worker: its workspace, the stages in it, and what is saved of them."""

import asyncio
import hashlib
import json
import shutil
import signal
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from temporalio import activity

from timeweave.delivery.notice import notify
from timeweave.fibery.connection import find_account
from timeweave.project.parameters import edit_parameters, load_parameters
from timeweave.repository.dvc_process import execute_dvc
from timeweave.repository.lock_file import list_stages
from timeweave.repository.remotes import Checkpoint, Origin, push_outputs, restore_outputs
from timeweave.repository.run_workspace import PARAMS, Workspace
from timeweave.runs.manifest import Fault, Location, Manifest, Request, StageRecord, StageState, Status
from timeweave.runs.run_folder import check_run_id
from timeweave.runs.stage_status import ENRICH, FETCH, StageLog, has_gaps
from timeweave.runs.workspace_lock import Lock, Stopped
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.progress import JOURNAL_VARIABLE
from timeweave.temporal import failure
from timeweave.temporal.messages import Checkout, Job, Outcome, read_payload
from timeweave.toggl.connection import account

UNKNOWN = Fault(stage=None, exit_code=1, sentence="it ended for a reason that its worker does not know; see show-run")


class Session:
    """Used by one activity at a time, which holds `busy`."""

    def __init__(self, run: str, workspace: Workspace, lock: Lock, branches: Sequence[str] = ()) -> None:
        self.run, self.busy = check_run_id(run), asyncio.Lock()
        self.fault: Fault | None = None
        """Why its last activity failed."""
        self.log = StageLog(lock.path.parent / "log")
        self._workspace, self._lock = workspace, lock
        self._origin = Origin(workspace.project, branches)
        self._checkpoint = Checkpoint(workspace, self._origin.address, run)
        self._job, self._done = Job(period="today"), list[str]()
        self._is_stopped = False

    def prepare(self, content: Any) -> Checkout:
        """Make the workspace the commit with the days and people of the job; what was saved of the run is taken up.

        `content` is a Job, read as strictly here as by the workflow, which need not be ours.
        """
        job = read_payload(Job, content)
        if job.period:
            raise ConfigurationError(f"the job of {self.run} has no days yet")
        shutil.rmtree(self.log.folder, ignore_errors=True)
        self.log.folder.mkdir()
        commit = job.commit or self._origin.find_head()
        self._job = replace(job, commit=commit)
        self._origin.bring(commit)
        edits = job.days | ({} if job.users is None else {"users": job.users})
        self._workspace.lay_in_commit(commit, lambda text: edit_parameters(text, edits))
        stages = list_stages(self._workspace.folder)
        # What is saved was written by whoever may push to the origin.
        saved = self._checkpoint.restore()
        self._done = [stage for stage in stages if stage in saved]
        restore_outputs(self._workspace.folder, self._done)
        given = load_parameters(self._workspace.folder / PARAMS)
        locks = {
            FETCH: name_lock("toggl", account(given.source, given.toggl)),
            ENRICH: name_lock("fibery", find_account(given.source, given.fibery)),
        }
        return Checkout(commit, stages, self._done, locks)

    def run_stage(self, stage: str, stop: threading.Event) -> StageRecord:
        """Run it to its end; `stop` ends it before."""
        self._check_stage(stage)

        def look() -> None:
            if stop.is_set():
                raise Stopped(signal.SIGTERM)

        def execute(*options: str) -> int:
            return execute_dvc(
                ["repro", *options, "-s", stage], self._workspace.folder, self.log.dvc, look,
                {JOURNAL_VARIABLE: str(self.log.journal)}, (self._lock.handle,),
            )  # fmt: skip

        self._is_stopped = True
        code = execute()
        [record] = self.log.read_stages([stage], alive=False)
        if stage == ENRICH and not code and record.state is not StageState.done and has_gaps(self._workspace.folder):
            code = execute("-f")
            [record] = self.log.read_stages([stage], alive=False)
        self._is_stopped = False
        if code:
            raise failure.make_error(self.log.find_fault([record], code))
        return record

    def save_stage(self, stage: str) -> None:
        """From here on another worker can go on."""
        self._check_stage(stage)
        push_outputs(self._workspace.folder, [stage])
        self._done.append(stage)
        self._checkpoint.save(self._done)

    def conclude(self, has_failed: bool, is_told: bool) -> Outcome:
        """Make the result an experiment at the origin, if there is one; tell people, as the worker's own params.yaml says.

        Why it failed is what this worker saw of it: nobody else puts words into a notice.
        """
        fault = (self.fault or UNKNOWN) if has_failed else None
        commit, numbers = None, {}
        if fault is None:
            numbers = json.loads((self._workspace.folder / "data" / "metrics.json").read_bytes())
            commit = self._workspace.save_experiment(self.run, self._origin.address)
            self._checkpoint.remove()
        if is_told:
            given, job = load_parameters(self._workspace.project / PARAMS), self._job
            asked = Request(source=given.source, as_of=job.as_of, start=job.start, end=job.end)
            ended = Manifest(
                id=self.run, status=Status.failed if fault else Status.completed, where=Location.temporal, started_at="",
                parameters=asked, error=fault, numbers=numbers,
            )  # fmt: skip
            notify(ended, given.notify, activity.logger.error)
        return Outcome(self._job.commit, commit, numbers)

    def _check_stage(self, stage: str) -> None:
        if stage not in list_stages(self._workspace.folder):
            raise ConfigurationError(f"{stage[:50]!r} is not a stage of the commit's dvc.yaml")

    async def close(self) -> None:
        """The run leaves this worker; what it was stopped in the middle of is thrown away by the next one."""
        async with self.busy:
            if not self._is_stopped:
                self._workspace.release()


def name_lock(service: str, account: object) -> str:
    """The same for all workers, and the same for two runs where they ask the same account."""
    return f"timeweave-{service}-{hashlib.sha256(repr(account).encode()).hexdigest()[:16]}"
