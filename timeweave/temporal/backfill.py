"""The workflow of a backfill: the whole span is fetched at once, then a run of each period finds its days in the archive."""

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError, is_cancelled_exception

from timeweave.temporal.failure import accept
from timeweave.temporal.messages import Span, make_workflow_id
from timeweave.temporal.pipeline import Pipeline, TogglFiberyPipeline


@workflow.defn
class Backfill(Pipeline):
    """Its id is `toggl-fibery-` and the name of the backfill; its runs are its children."""

    @workflow.run
    async def run(self, content: Any) -> list[str]:
        """The ids of runs that failed; the others are made. `content` is a Span."""
        name, span = accept(Span, content)
        await self.execute(name, span.make_job(span.periods[0][0], span.periods[-1][1]), ("fetch_time",))
        places = asyncio.Semaphore(span.parallel)

        async def make(run: str, period: tuple[str, str]) -> str | None:
            async with places:
                try:
                    await workflow.execute_child_workflow(
                        TogglFiberyPipeline.run, span.make_job(*period), id=make_workflow_id(run),
                        parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    )  # fmt: skip
                except ChildWorkflowError as error:
                    if is_cancelled_exception(error):
                        raise
                    return run
            return None

        made = await asyncio.gather(*(make(f"{name}-{n}", period) for n, period in enumerate(span.periods, start=1)))
        return [run for run in made if run]
