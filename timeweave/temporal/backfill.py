"""The workflow of a backfill: the whole span is fetched at once, then a run of each period finds its days in the archive."""

import asyncio
from dataclasses import replace
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError

from timeweave.temporal.failure import refuse
from timeweave.temporal.messages import Job, Span, make_workflow_id, parse_workflow_id, read_payload
from timeweave.temporal.pipeline import TogglFetch, TogglFiberyPipeline

MOST = 100
"""Runs made before the workflow is continued as new, with the periods that are left."""


@workflow.defn
class Backfill:
    """Its id is `toggl-fibery-` and the name of the backfill; its runs are its children."""

    @workflow.run
    async def run(self, span: Any) -> list[str]:
        """The ids of runs that failed; the others are made. `span` is a Span."""
        with refuse():
            name = parse_workflow_id(workflow.info().workflow_id)
            asked = read_payload(Span, span)
        if not asked.begun:
            await _make(TogglFetch, f"{name}-days", asked.job)
        places = asyncio.Semaphore(asked.parallel)
        now, rest = asked.periods[:MOST], asked.periods[MOST:]

        async def make(number: int, period: tuple[str, str]) -> str | None:
            async with places:
                try:
                    await _make(TogglFiberyPipeline, f"{name}-{number}", asked.make_job(period))
                except ChildWorkflowError as error:
                    if isinstance(error.cause, asyncio.CancelledError):
                        raise
                    return f"{name}-{number}"
            return None

        made = await asyncio.gather(*(make(asked.begun + n, period) for n, period in enumerate(now, start=1)))
        failed = asked.failed + [run for run in made if run]
        if rest:
            workflow.continue_as_new(replace(asked, periods=rest, begun=asked.begun + len(now), failed=failed))
        return failed


async def _make(kind: type[TogglFetch] | type[TogglFiberyPipeline], run: str, job: Job) -> None:
    await workflow.execute_child_workflow(
        kind.run, job, id=make_workflow_id(run), memo=job.describe(),
        parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
    )  # fmt: skip
