"""One run at a time adds to the archive of an account: the id of a workflow is the lock."""

from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

with workflow.unsafe.imports_passed_through():
    from timeweave.temporal.messages import StageResult, Step

if TYPE_CHECKING:
    from timeweave.temporal.state import State

BEAT = timedelta(seconds=6)
"""A worker that has not been heard of for so long is lost."""
LONG = timedelta(days=30)
AGAIN = 2.0
"""Seconds between two looks whether the archive is free; what holds it asks Toggl once a second at most anyway."""


def turn_id(account: str) -> str:
    """The id of the workflow that holds the archive of an account."""
    return f"timeweave-archive-{account}"


@workflow.defn
class ArchiveTurn:
    """Runs the stage that asks Toggl. Two at once would pay for the same days twice, and each leave out the other's.

    Temporal gives an id to one workflow at a time, so that there is no lock to be lost: it is free when the workflow is
    over, however it ended, and the workflow is over when the stage is.
    """

    @workflow.run
    async def run(self, step: Step, queue: str) -> StageResult:
        """The stage, on the worker that has the run's checkout."""
        result: StageResult = await workflow.execute_activity(
            "run_stage", args=[step, True], task_queue=queue, start_to_close_timeout=LONG, heartbeat_timeout=BEAT,
            retry_policy=RetryPolicy(maximum_attempts=1), result_type=StageResult, summary=step.stage,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )  # fmt: skip
        return result

    @staticmethod
    async def take(id_: str, step: Step, queue: str, state: "State") -> StageResult:
        """From a run's workflow: wait for the turn, and take it."""
        while True:
            try:
                return await workflow.execute_child_workflow(
                    ArchiveTurn.run, args=[step, queue], id=id_,
                    parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    cancellation_type=workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
                )  # fmt: skip
            except WorkflowAlreadyStartedError:
                state.wait("another run adds to the archive; waiting for it", keeps=True)
                await workflow.sleep(AGAIN)
