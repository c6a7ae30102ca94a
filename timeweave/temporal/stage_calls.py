"""Has stages run on workers, one at a time where they ask a service, and knows how far a run is."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.temporal.failure import refuse_strangers
from timeweave.temporal.messages import Progress

SILENCE = timedelta(seconds=6)
"""A worker that has not been heard of for so long is lost."""
LONG, SHORT = timedelta(days=30), timedelta(minutes=30)
ONCE = RetryPolicy(maximum_attempts=1)
"""What to do after a failure depends on what failed, so the workflow decides."""


class State:
    """How far a run is, kept by its workflow, so that it is the same after every replay: stages, what it does or waits for."""

    def __init__(self) -> None:
        self.worker: str | None = None
        """The task queue of the worker that has the run; None while none has it."""
        self.records: dict[str, StageRecord] = {}
        """Of each stage, in order."""
        self._doing = "waiting for a worker"
        self._began: datetime | None = None

    @property
    def _running(self) -> StageRecord | None:
        return next((one for one in self.records.values() if one.state is StageState.running), None)

    def start(self, stage: str, now: datetime) -> None:
        """A stage begins."""
        self.records[stage] = StageRecord(name=stage, state=StageState.running)
        self._doing, self._began = stage, now

    def update(self, record: StageRecord) -> None:
        """The stage at work is so far; a word of one that is over comes too late, of one that has not noted it began too early."""
        if (running := self._running) and running.name == record.name and record.state is not StageState.waiting:
            self.records[record.name] = record

    def wait(self, reason: str) -> None:
        """Nothing is done for now."""
        self._doing = reason
        if running := self._running:
            self.records[running.name] = StageRecord(name=running.name)

    def describe(self, now: datetime) -> Progress:
        """The answer to whoever asks."""
        stages, running, part, left = list(self.records.values()), self._running, 0.0, None
        if running and running.total and running.done and self._began:
            part = running.done / running.total
            left = round((now - self._began).total_seconds() * (1 - part) / part, 1)
        over = sum(one.state not in (StageState.waiting, StageState.running) for one in stages)
        percentage = int(100 * (over + part) / max(1, len(stages)))
        return Progress(self._doing, running, percentage, left, self.worker, stages)


@workflow.defn
class ServiceLock:
    """Runs the stage that asks a service, one at a time, whatever worker runs it: its id is the lock. Two at once would ask for the same days twice, at twice the pace.

    Temporal gives an id to one workflow at a time, so that there is no lock to be lost: it is free when the workflow is
    over, however it ended, and the workflow is over when the stage is.
    """

    @workflow.run
    async def run(self, run: str, stage: str, queue: str) -> StageRecord:
        """The stage, on the worker that has the run."""
        parent = workflow.info().parent
        refuse_strangers(run, parent.workflow_id if parent else None)
        return await run_stage(run, stage, queue)


async def run_stage(run: str, stage: str, queue: str) -> StageRecord:
    """From a workflow: one stage, on the worker of that task queue."""
    record: StageRecord = await workflow.execute_activity(
        "run_stage", args=[run, stage], task_queue=queue, start_to_close_timeout=LONG, heartbeat_timeout=SILENCE,
        retry_policy=ONCE, result_type=StageRecord, summary=stage,
        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    )  # fmt: skip
    return record


async def run_stage_alone(lock: str, run: str, stage: str, queue: str, state: State) -> StageRecord:
    """The same under the lock of that id, as soon as no other run holds it."""
    while True:
        state.start(stage, workflow.now())
        try:
            return await workflow.execute_child_workflow(
                ServiceLock.run, args=[run, stage, queue], id=lock,
                parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                cancellation_type=workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
            )  # fmt: skip
        except WorkflowAlreadyStartedError:
            state.wait(f"another run is at {stage}; waiting for it")
            await workflow.execute_activity(
                "await_release", lock, task_queue=queue, start_to_close_timeout=SHORT, retry_policy=ONCE
            )
