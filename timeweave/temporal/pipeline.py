"""The workflows of a run and of a backfill, which makes many.

A run finds a worker, has each stage run there, and goes elsewhere if that worker is lost.
"""

import asyncio
import contextlib
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ChildWorkflowError, is_cancelled_exception

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.temporal import failure
from timeweave.temporal.messages import TASK_QUEUE, Checkout, Job, Outcome, Progress, Span, make_workflow_id
from timeweave.temporal.stage_calls import LONG, ONCE, SHORT, SILENCE, State, run_stage, run_stage_alone


class Pipeline:
    """What a workflow does that has stages run: one after the other, on one worker after the other."""

    def __init__(self) -> None:
        self._state = State()
        self._attempts: Counter[str | None] = Counter()
        self._session = 0

    @workflow.query
    def get_progress(self) -> Progress:
        """Stage, n of m, percentage, seconds left."""
        return self._state.describe(workflow.now())

    @workflow.signal
    def hosted(self, session: int, queue: str) -> None:
        """A worker has room for the run."""
        if session == self._session:
            self._state.worker = queue

    @workflow.signal
    def reached(self, record: StageRecord) -> None:
        """The stage at work tells how far it is."""
        self._state.update(record)

    async def execute(self, run: str, job: Job, only: tuple[str, ...] = ()) -> Outcome:
        """Until the run is saved, has failed for good, or is cancelled; `only` some stages: nothing is saved."""
        while True:
            try:
                return await self._use_worker(run, job, only)
            except failure.Pause as pause:
                until = workflow.now() + timedelta(seconds=pause.seconds)
                self._state.wait(f"{pause.reason}; going on at {until:%H:%M:%S} UTC")
                await workflow.sleep(pause.seconds)

    async def _use_worker(self, run: str, job: Job, only: tuple[str, ...]) -> Outcome:
        """For as long as one worker has the run: `hold_session` lasts until it is cancelled or the worker dies."""
        self._session += 1
        session = workflow.start_activity(
            "hold_session", args=[run, self._session], task_queue=TASK_QUEUE, start_to_close_timeout=LONG,
            heartbeat_timeout=SILENCE, retry_policy=ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )  # fmt: skip
        stages = asyncio.create_task(self._run_stages(run, job, only))
        try:
            await workflow.wait([session, stages], return_when=asyncio.FIRST_COMPLETED)
            # What the lost worker was at ends by itself at about the same time, and must not be cancelled while it does.
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(stages.done, timeout=2 * SILENCE)
            if not stages.done():
                raise failure.Pause("the worker was lost", failure.MARGIN)
            return await stages
        finally:
            stages.cancel()
            session.cancel()
            self._state.worker = None
            await asyncio.gather(stages, session, return_exceptions=True)

    async def _run_stages(self, run: str, job: Job, only: tuple[str, ...]) -> Outcome:
        await workflow.wait_condition(lambda: self._state.worker is not None)
        # Whoever makes many runs at once looks at them himself.
        is_told = workflow.info().parent is None
        try:
            checkout: Checkout = await self._call("prepare", run, job, kind=Checkout)
            stages = only or checkout.stages
            for name in stages:
                state = StageState.done if name in checkout.done else StageState.waiting
                self._state.records.setdefault(name, StageRecord(name=name, state=state))
            for name in stages:
                if name not in checkout.done:
                    await self._run_stage(run, name, checkout, save=not only)
            if only:
                return Outcome(checkout.commit, None)
            outcome: Outcome = await self._call("conclude", run, False, is_told, kind=Outcome)
        except (ActivityError, ChildWorkflowError) as error:
            if is_cancelled_exception(error):
                raise
            if pause := failure.find_pause(error, self._attempts):
                raise pause from None
            fault = failure.read_fault(error)
            with contextlib.suppress(ActivityError):
                await self._call("conclude", run, True, is_told)
            raise failure.make_error(fault) from error
        return replace(outcome, stages=list(self._state.records.values()))

    async def _run_stage(self, run: str, stage: str, checkout: Checkout, save: bool) -> None:
        """One stage; the services are asked by one at a time, and their time is not spent on saving."""
        queue = str(self._state.worker)
        if lock := checkout.locks.get(stage):
            record = await run_stage_alone(lock, run, stage, queue, self._state)
        else:
            self._state.start(stage, workflow.now())
            record = await run_stage(run, stage, queue)
        if save:
            await self._call("save_stage", run, stage)
        self._state.records[stage] = record

    async def _call(self, activity: str, *about: Any, kind: type | None = None) -> Any:
        return await workflow.execute_activity(
            activity, args=about, task_queue=str(self._state.worker), start_to_close_timeout=SHORT,
            heartbeat_timeout=SILENCE, retry_policy=ONCE, result_type=kind,
        )  # fmt: skip


@workflow.defn
class TogglFiberyPipeline(Pipeline):
    """One run. Its id is `toggl-fibery-` and the run's id."""

    @workflow.run
    async def run(self, content: Any) -> Outcome:
        """`content` is a Job, and `Any` here, so that what is none can be refused."""
        run, asked = failure.accept(Job, content)
        job = asked.name_days(workflow.now().date())
        workflow.upsert_memo(job.days)
        return await self.execute(run, job)


@workflow.defn
class Backfill(Pipeline):
    """Fetches the whole span at once; then a run of each period, its child, finds its days in the archive.

    Its id is `toggl-fibery-` and the name of the backfill.
    """

    @workflow.run
    async def run(self, content: Any) -> list[str]:
        """The ids of runs that failed; the others are made. `content` is a Span."""
        name, span = failure.accept(Span, content)
        await self.execute(name, span.make_job(span.periods[0][0], span.periods[-1][1]), ("fetch_time",))
        places = asyncio.Semaphore(span.parallel)

        async def make_run(run: str, period: tuple[str, str]) -> str | None:
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

        made = await asyncio.gather(
            *(make_run(f"{name}-{n}", period) for n, period in enumerate(span.periods, start=1))
        )
        return [run for run in made if run]
