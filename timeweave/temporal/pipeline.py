"""The workflow of a run: finds a worker, has each stage run there, and takes the run elsewhere if that worker is lost."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from timeweave.runs import span
    from timeweave.temporal import failure
    from timeweave.temporal.messages import (
        TASK_QUEUE,
        Job,
        Outcome,
        Place,
        Preparation,
        Progress,
        Reach,
        StageResult,
        Standing,
        Step,
        run_id,
    )  # fmt: skip
    from timeweave.temporal.state import State
    from timeweave.temporal.telling import telling
    from timeweave.temporal.turn import BEAT, LONG, ArchiveTurn, turn_id

FETCH = "fetch_time"
ONCE = RetryPolicy(maximum_attempts=1)
"""What to do after a failure depends on what failed, so the workflow decides."""
SEVERAL = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=5)
"""What surrounds the stages, git and the DVC remote, may have a bad moment too."""
SHORT = timedelta(minutes=30)
WINDOW = 3600.0
"""Seconds that Toggl grants a quota for, where it did not say when the next begins."""
PAUSE = 5.0
MARGIN = 1
"""Seconds: the header that tells when a quota is renewed counts whole ones."""


@workflow.defn
class TogglFiberyPipeline:
    """One run. Its id is `toggl-fibery-` and the run's id."""

    def __init__(self) -> None:
        self._state = State()
        self._attempts: dict[str, int] = {}
        self._session = 0
        self._period = "", ""

    @workflow.run
    async def run(self, job: Job) -> Outcome:
        """Until the run is saved, has failed for good, or is cancelled."""
        run = run_id(workflow.info().workflow_id)
        edits = job.edits | _dates(job.period)
        self._state.begin(job.stages)
        while True:
            try:
                return await self._on_a_worker(run, job, edits)
            except failure.Lost:
                was_hosted = self._state.queue is not None
                self._state.wait("the worker was lost; waiting for another")
                if not was_hosted:
                    # Whatever keeps workers from taking the run is no reason to ask them without a pause.
                    await workflow.sleep(PAUSE)
            except failure.Spent as spent:
                until = workflow.now() + timedelta(seconds=spent.seconds + MARGIN)
                self._state.wait(f"Toggl's quota is spent; going on at {until:%H:%M:%S} UTC")
                await workflow.sleep(spent.seconds + MARGIN)

    @workflow.query
    def get_progress(self) -> Progress:
        """Stage, n of m, percentage, seconds left."""
        return self._state.progress(workflow.now())

    @workflow.signal
    def hosted(self, session: int, queue: str) -> None:
        """A worker has room for the run."""
        if session == self._session:
            self._state.host(queue)

    @workflow.signal
    def reached(self, reach: Reach) -> None:
        """A stage tells how far it is."""
        self._state.reach(reach, workflow.now())

    async def _on_a_worker(self, run: str, job: Job, edits: dict[str, Any]) -> Outcome:
        """For as long as one worker has the run: the activity `host` lasts until it is cancelled or the worker dies."""
        self._session += 1
        host = workflow.start_activity(
            "host", args=[run, self._session], task_queue=TASK_QUEUE, start_to_close_timeout=LONG,
            heartbeat_timeout=BEAT, retry_policy=ONCE,
            cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )  # fmt: skip
        work = asyncio.create_task(self._work(run, job, edits))
        try:
            await workflow.wait([host, work], return_when=asyncio.FIRST_COMPLETED)
            # What the lost worker was at ends by itself at about the same time, and must not be cancelled while it does.
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(work.done, timeout=2 * BEAT)
            if not work.done():
                raise failure.Lost
            return await work
        finally:
            work.cancel()
            host.cancel()
            await asyncio.gather(work, host, return_exceptions=True)

    async def _work(self, run: str, job: Job, edits: dict[str, Any]) -> Outcome:
        await workflow.wait_condition(lambda: self._state.queue is not None)
        at = Place(run, str(self._state.queue))
        try:
            standing: Standing = await self._ask(at, "prepare", Preparation(run, job.commit, edits), Standing)
            self._state.skip(standing.done)
            self._period = standing.first, standing.last
            workflow.upsert_memo(
                {"source": standing.source, "as_of": standing.as_of, "period.start": standing.first,
                 "period.end": standing.last}
            )  # fmt: skip
            for stage in job.stages:
                if stage not in standing.done:
                    await self._until_done(at, Step(run, stage, standing.account, standing.commit), job)
            made = await self._ask(at, "conclude", Step(run, "", standing.account, standing.commit), Outcome)
        except (ActivityError, ChildWorkflowError) as error:
            if is_cancelled_exception(error):
                raise
            if failure.is_lost(error):
                raise failure.Lost from None
            raise await self._given_up(at, job, error) from error
        outcome = Outcome(run, made.commit, made.experiment, self._state.results, made.numbers)
        if job.notify:
            await self._ask(at, "tell", telling(run, self._period, None, outcome.numbers), bool)
        return outcome

    async def _until_done(self, at: Place, step: Step, job: Job) -> None:
        """Again after what may pass: by back-off, and for a spent quota after its renewal."""
        while True:
            self._state.start(step.stage)
            try:
                self._state.finish(await self._stage(at, step, job))
                return
            except (ActivityError, ChildWorkflowError) as error:
                if is_cancelled_exception(error):
                    raise
                if failure.is_lost(error):
                    raise failure.Lost from None
                _, code, sentence, resume_in = failure.told(error)
                if code == failure.QUOTA:
                    raise failure.Spent(resume_in or WINDOW) from None
                number = self._attempts[step.stage] = self._attempts.get(step.stage, 0) + 1
                if number >= failure.attempts(error):
                    raise
                seconds = failure.wait_before(number)
                self._state.wait(f"{step.stage}: {sentence}; again in {seconds:.0f} s", keeps=True)
                await workflow.sleep(seconds)

    async def _stage(self, at: Place, step: Step, job: Job) -> Any:
        """One stage; the one that adds to the archive in its turn."""
        if step.stage == FETCH and job.archive == "shared":
            return await ArchiveTurn.take(turn_id(step.account), step, at.queue, self._state)
        return await workflow.execute_activity(
            "run_stage", args=[step, job.archive == "shared"], task_queue=at.queue, start_to_close_timeout=LONG,
            heartbeat_timeout=BEAT, retry_policy=ONCE, result_type=StageResult, summary=step.stage,
        )  # fmt: skip

    async def _ask(self, at: Place, activity: str, about: Any, kind: type) -> Any:
        return await workflow.execute_activity(
            activity, about, task_queue=at.queue, start_to_close_timeout=SHORT, heartbeat_timeout=BEAT,
            retry_policy=SEVERAL, result_type=kind,
        )  # fmt: skip

    async def _given_up(self, at: Place, job: Job, error: Exception) -> ApplicationError:
        """The error that the run ends with; people are told of it first."""
        stage, code, sentence, _ = failure.told(error)
        self._state.fail(stage)
        if job.notify:
            await self._ask(at, "tell", telling(at.run, self._period, (stage, code, sentence), {}), bool)
        return failure.failure(stage, code, sentence)


def _dates(period: str | None) -> dict[str, str]:
    """What a period's name means on the day that the run began."""
    if period is None:
        return {}
    today = workflow.now().date()
    first, last = span.named(period, today)
    return {"as_of": str(today), "period.start": str(first), "period.end": str(last)}
