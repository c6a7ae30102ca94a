"""The workflow of a backfill: the whole span is fetched at once, then a run of each period finds its days in the archive."""

import asyncio
from dataclasses import replace
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError

from timeweave.temporal.failure import refuse
from timeweave.temporal.messages import Span, make_workflow_id, parse_workflow_id, read_payload
from timeweave.temporal.pipeline import Pipeline, TogglFiberyPipeline

MOST = 100
"""Runs made before the workflow is continued as new, with the periods that are left."""


@workflow.defn
class Backfill(Pipeline):
    """Its id is `toggl-fibery-` and the name of the backfill; its runs are its children."""

    @workflow.run
    async def run(self, content: Any) -> list[str]:
        """The ids of runs that failed; the others are made. `content` is a Span."""
        with refuse():
            name = parse_workflow_id(workflow.info().workflow_id)
            span = read_payload(Span, content)
        if not span.begun:
            await self.execute(name, span.make_job(span.periods[0][0], span.periods[-1][1]), ("fetch_time",))
        places = asyncio.Semaphore(span.parallel)
        now, rest = span.periods[:MOST], span.periods[MOST:]

        async def make(number: int, period: tuple[str, str]) -> str | None:
            run, job = f"{name}-{number}", span.make_job(*period)
            async with places:
                try:
                    await workflow.execute_child_workflow(
                        TogglFiberyPipeline.run, job, id=make_workflow_id(run), memo=job.days,
                        parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
                    )  # fmt: skip
                except ChildWorkflowError as error:
                    if isinstance(error.cause, asyncio.CancelledError):
                        raise
                    return run
            return None

        made = await asyncio.gather(*(make(span.begun + n, period) for n, period in enumerate(now, start=1)))
        failed = span.failed + [run for run in made if run]
        if rest:
            workflow.continue_as_new(replace(span, periods=rest, begun=span.begun + len(now), failed=failed))
        return failed
