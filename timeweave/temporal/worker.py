"""A worker: takes runs that wait, one at a time unless told otherwise, and works for them in a project's folder.

Its activities hold a workspace for each run, run stages in it, and save what they wrote.
"""

import asyncio
import contextlib
import functools
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.remotes import Origin
from timeweave.runs.manifest import StageRecord
from timeweave.runs.register import make_fault
from timeweave.runs.workspace_lock import take_workspace
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.temporal import failure
from timeweave.temporal.connection import Answer
from timeweave.temporal.messages import TASK_QUEUE, Checkout, Outcome, make_workflow_id
from timeweave.temporal.pipeline import Backfill, TogglFiberyPipeline
from timeweave.temporal.stage_calls import ServiceLock
from timeweave.temporal.worker_run import Session

WORKFLOWS = (TogglFiberyPipeline, ServiceLock, Backfill)
RUNNER = UnsandboxedWorkflowRunner()
"""A sandbox would let the project's own modules through, and there is nothing else; replayed histories are the check."""
THROTTLE = timedelta(seconds=1)
"""Heartbeats go out at least so often: with their answers comes the word that a run is cancelled."""
BEAT = 2.0
"""Seconds between two heartbeats, and between two words to the workflow of how far a stage is."""
STICKY = timedelta(seconds=2)
"""What a workflow does next is decided by the worker that decided last. It may be lost: after this, by any."""
PATIENCE = 60.0
"""Seconds to wait for a lock before the workflow is asked whether it is still wanted."""


async def run_worker(
    client: Client, project: ProjectFolder, runs: int, branches: Sequence[str], say: Callable[[str], None]
) -> None:
    """Until SIGTERM or Ctrl-C; runs under way are then taken up by other workers. `branches`: see Origin."""
    # A branch that is not there is told now, and not by each run.
    Origin(project.folder, branches).find_head()
    name = f"{TASK_QUEUE}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    activities = Activities(client, project, name, branches)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(runs + 2))
    serve = functools.partial(
        Worker, client, max_heartbeat_throttle_interval=THROTTLE, default_heartbeat_throttle_interval=THROTTLE,
        workflow_runner=RUNNER, sticky_queue_schedule_to_start_timeout=STICKY,
    )  # fmt: skip
    steps: list[Callable[..., Any]] = [
        activities.prepare, activities.run_stage, activities.save_stage, activities.conclude, activities.await_release
    ]  # fmt: skip
    own = serve(task_queue=name, activities=steps)
    common = serve(
        task_queue=TASK_QUEUE, workflows=WORKFLOWS, activities=[activities.hold_session], max_concurrent_activities=runs
    )
    async with own, common:
        say(f"{name} waits for runs")
        await _wait_for_signal()
        say("ending; runs under way go on elsewhere")
        # Both at once: a session ends when its stage does, and that is when it is told to.
        await asyncio.gather(own.shutdown(), common.shutdown())


async def _wait_for_signal() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()


class Activities:
    """Of one worker process; `queue` is its own task queue."""

    def __init__(self, client: Client, project: ProjectFolder, queue: str, branches: Sequence[str]) -> None:
        self._client, self._project, self._queue, self._branches = client, project, queue, branches
        self._sessions: dict[str, Session] = {}

    @activity.defn
    async def hold_session(self, run: str, number: int) -> None:
        """Give the run a workspace here until it is cancelled; when this ends, nothing works in it any more."""
        failure.refuse_strangers(run, activity.info().workflow_id)
        with take_workspace(self._project) as (workspace, lock):
            # A session of the same run that is left from when the server lost sight of this worker ends by itself.
            session = self._sessions[run] = Session(run, workspace, lock, self._branches)
            try:
                await self._find_workflow(run).signal("hosted", args=[number, self._queue])
                while True:
                    activity.heartbeat()
                    await asyncio.sleep(BEAT)
            finally:
                if self._sessions.get(run) is session:
                    del self._sessions[run]
                await asyncio.shield(session.close())

    @activity.defn
    async def prepare(self, run: str, content: Any) -> Checkout:
        """The workspace as the job wants it."""
        return await self._run_in_session(run, lambda session, _: session.prepare(content))

    @activity.defn
    async def run_stage(self, run: str, stage: str) -> StageRecord:
        """Run one DVC stage."""
        return await self._run_in_session(run, lambda session, stop: session.run_stage(stage, stop), stage)

    @activity.defn
    async def save_stage(self, run: str, stage: str) -> None:
        """Bring what the stage wrote to where other workers find it."""
        await self._run_in_session(run, lambda session, _: session.save_stage(stage))

    @activity.defn
    async def conclude(self, run: str, has_failed: bool, is_told: bool) -> Outcome:
        """Make the finished run an experiment that everybody can see; tell people how it ended."""
        return await self._run_in_session(run, lambda session, _: session.conclude(has_failed, is_told))

    @activity.defn
    async def await_release(self, lock: str) -> None:
        """Return when nobody holds the lock, or after a while."""
        try:
            with contextlib.suppress(WorkflowFailureError, RPCError, TimeoutError):
                await asyncio.wait_for(self._client.get_workflow_handle(lock).result(), PATIENCE)
        except asyncio.CancelledError:
            _raise_lost_where_shut_down()
            raise

    async def _run_in_session(
        self, run: str, work: Callable[[Session, threading.Event], Answer], stage: str | None = None
    ) -> Answer:
        """Beside the heartbeats, and with errors as the workflow reads them."""
        if stage is None or activity.info().workflow_type != ServiceLock.__name__:
            failure.refuse_strangers(run, activity.info().workflow_id)
        session = self._sessions.get(run)
        if session is None:
            raise failure.make_lost()
        async with session.busy:
            stop = threading.Event()
            task = asyncio.create_task(asyncio.to_thread(work, session, stop))
            try:
                while not (await asyncio.wait([task], timeout=BEAT))[0]:
                    reached = session.log.read_stages([stage], alive=True) if stage else []
                    activity.heartbeat(*reached)
                    # A word that gets lost is followed by another.
                    with contextlib.suppress(RPCError):
                        for record in reached:
                            await self._find_workflow(run).signal(
                                "reached", record, rpc_timeout=timedelta(seconds=BEAT)
                            )
            except asyncio.CancelledError:
                stop.set()
                await asyncio.wait([task])
                _raise_lost_where_shut_down()
                raise
        error = task.exception()
        if isinstance(error, OSError):
            error = explain(error)
        if isinstance(error, TimeweaveError):
            session.fault = make_fault(error, stage)
            raise failure.make_error(session.fault) from None
        if isinstance(error, ApplicationError):
            session.fault = failure.read_fault(error)
        if error and not isinstance(error, ApplicationError):
            activity.logger.error("a fault of the program", exc_info=error)
            said = "it met a fault of the program; the worker's log has the traceback"
            raise ApplicationError(said, type="Fault", non_retryable=True) from None
        return task.result()

    def _find_workflow(self, run: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(make_workflow_id(run))


def _raise_lost_where_shut_down() -> None:
    """What is cancelled because the worker ends goes on elsewhere."""
    if activity.is_worker_shutdown():
        raise failure.make_lost() from None
