"""A workflow that stands for a run, which would take some seconds."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from timeweave.temporal.messages import Job

FAILS = ("3", "102")


@workflow.defn(name="TogglFiberyPipeline")
class Made:
    """Done at once; fails for a few first days."""

    @workflow.run
    async def run(self, job: Job) -> None:
        """Nothing is made."""
        if job.edits.get("period.start") in FAILS:
            raise ApplicationError("no", non_retryable=True)
