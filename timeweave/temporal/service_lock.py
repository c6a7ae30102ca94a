"""A service is asked by one stage at a time, whatever worker runs it: the id of a workflow is the lock."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from timeweave.runs.manifest import StageRecord
from timeweave.temporal.failure import refuse_strangers
from timeweave.temporal.state import State

SILENCE = timedelta(seconds=6)
"""A worker that has not been heard of for so long is lost."""
LONG, SHORT = timedelta(days=30), timedelta(minutes=30)
ONCE = RetryPolicy(maximum_attempts=1)
"""What to do after a failure depends on what failed, so the workflow decides."""


@workflow.defn
class ServiceLock:
    """Runs the stage that asks the service. Two at once would ask for the same days twice, at twice the pace.

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
