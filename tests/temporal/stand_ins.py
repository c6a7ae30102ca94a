"""A workflow that stands for a run, which would take some seconds."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError

FAILS = ("2025-01-03", "2025-01-11")


@workflow.defn(name="TogglFiberyPipeline")
class Made:
    """Done at once; fails for a few first days."""

    @workflow.run
    async def run(self, job: Any) -> None:
        """Nothing is made."""
        if job["start"] in FAILS:
            raise ApplicationError("no", non_retryable=True)
