"""The workflow of a backfill: one run fetches the whole span, then a run of each period finds its days in the archive."""

import asyncio
import dataclasses

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError

with workflow.unsafe.imports_passed_through():
    from timeweave.temporal.messages import SPAN, Job, Span, workflow_id
    from timeweave.temporal.pipeline import FETCH, TogglFiberyPipeline

MOST = 100
"""Runs made before the workflow is continued as new, with the periods that are left."""


@workflow.defn
class Backfill:
    """Its id is `toggl-fibery-` and the name of the backfill; its runs are its children."""

    @workflow.run
    async def run(self, span: Span) -> list[str]:
        """The ids of runs that failed; the others are made."""
        if not span.fetched:
            await self._child(span.name + SPAN, self._job(span, [FETCH], (span.first, span.last), "shared"))
        places = asyncio.Semaphore(span.parallel)
        now, rest = span.periods[:MOST], span.periods[MOST:]

        async def make(number: int, period: tuple[str, str]) -> str | None:
            name = f"{span.name}-{number}"
            async with places:
                try:
                    await self._child(name, self._job(span, span.stages, period, "held"))
                except ChildWorkflowError as error:
                    if isinstance(error.cause, asyncio.CancelledError):
                        raise
                    return name
            return None

        made = await asyncio.gather(*(make(span.runs + n, period) for n, period in enumerate(now, start=1)))
        failed = span.failed + [name for name in made if name]
        if rest:
            runs = span.runs + len(now)
            workflow.continue_as_new(dataclasses.replace(span, periods=rest, fetched=True, runs=runs, failed=failed))
        return failed

    def _job(self, span: Span, stages: list[str], period: tuple[str, str], archive: str) -> Job:
        edits = span.edits | {"period.start": period[0], "period.end": period[1]}
        return Job(stages=stages, commit=span.commit, edits=edits, archive=archive, notify=False)

    async def _child(self, name: str, job: Job) -> None:
        await workflow.execute_child_workflow(
            TogglFiberyPipeline.run, job, id=workflow_id(name), memo=memo(job),
            parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,
        )  # fmt: skip


def memo(job: Job) -> dict[str, str]:
    """What a list of runs shows of one without asking its worker."""
    shown = ("as_of", "period.start", "period.end")
    return {key: str(job.edits[key]) for key in shown if key in job.edits}
