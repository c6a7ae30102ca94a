"""What a worker does for runs: keeps a checkout for each, runs stages in it, saves what they wrote."""

import asyncio
import contextlib
import contextvars
import threading
import time
from collections.abc import Iterator

import msgspec
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, CancelledError

from timeweave.runs.home import Home
from timeweave.runs.notice import notify
from timeweave.runtime.errors import TimeweaveError
from timeweave.temporal import failure
from timeweave.temporal.messages import Outcome, Preparation, Reach, StageResult, Standing, Step, Telling, workflow_id
from timeweave.temporal.telling import manifest
from timeweave.temporal.work import Work

BEAT, TELL = 1.0, 2.0
"""Seconds between two heartbeats, and between two words to the workflow of how far a stage is."""


class Host:
    """The activities of one worker process; `queue` is its own task queue."""

    def __init__(self, client: Client, home: Home, queue: str) -> None:
        self._client, self._home, self._queue = client, home, queue
        self._works: dict[str, Work] = {}
        self._loop = asyncio.get_running_loop()

    @activity.defn
    async def host(self, run: str, session: int) -> None:
        """Give the run a place here until it is cancelled; when this ends, the run's checkout is gone."""
        if run in self._works:
            # Lost to the server for a while, and come back here: what was at work in the checkout ends first.
            await asyncio.to_thread(self._works[run].close)
        work = self._works[run] = Work(self._home, run)
        handle = self._client.get_workflow_handle(workflow_id(run))
        try:
            await handle.signal("hosted", args=[session, self._queue])
            while True:
                activity.heartbeat()
                await asyncio.sleep(BEAT)
        finally:
            if self._works.get(run) is work:
                del self._works[run]
            await asyncio.shield(asyncio.to_thread(work.close))

    def _work(self, run: str) -> Work:
        """Of a run that has its place here; none where the worker is being ended."""
        if run not in self._works:
            raise failure.lost()
        return self._works[run]

    @activity.defn(no_thread_cancel_exception=True)
    def prepare(self, about: Preparation) -> Standing:
        """A clean checkout, or that of another worker taken up where it was saved."""
        with _heartbeats(), _family(None):
            return self._work(about.run).prepare(about.commit, about.edits)

    @activity.defn(no_thread_cancel_exception=True)
    def run_stage(self, step: Step, adds: bool) -> StageResult:
        """Run one DVC stage and save what it wrote; `adds`: it may leave a new archive."""
        told = 0.0
        beat = _Beat()

        def look(reach: Reach | None) -> None:
            nonlocal told
            beat(reach)
            if reach and time.monotonic() - told > TELL:
                told = time.monotonic()
                self._signal(step.run, reach)

        with _family(step.stage):
            return self._work(step.run).stage(step, adds, look)

    @activity.defn(no_thread_cancel_exception=True)
    def conclude(self, step: Step) -> Outcome:
        """Make the finished run an experiment that everybody can see."""
        with _heartbeats(), _family(None):
            return self._work(step.run).conclude(step.commit)

    @activity.defn(no_thread_cancel_exception=True)
    def tell(self, about: Telling) -> bool:
        """Send the notice that the worker's environment asks for; what goes wrong with it is no matter of the run."""
        with _heartbeats():
            notify(manifest(about), self._work(about.run).checkout.folder / "params.yaml", activity.logger.warning)
        return True

    def _signal(self, run: str, reach: Reach) -> None:
        """Sent by the event loop; a word that gets lost is followed by another."""
        handle = self._client.get_workflow_handle(workflow_id(run))
        asyncio.run_coroutine_threadsafe(handle.signal("reached", reach), self._loop)


class _Beat:
    """A heartbeat now and then; the end of the activity's own thread where somebody asks for it."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, reach: Reach | None) -> None:
        if activity.is_worker_shutdown():
            raise failure.lost()
        if activity.is_cancelled():
            raise Cancelled
        if time.monotonic() - self._last > BEAT:
            self._last = time.monotonic()
            activity.heartbeat(*[reach] * (reach is not None))


class Cancelled(BaseException):
    """The activity is to end; nothing between here and there may take it for a failure."""


@contextlib.contextmanager
def _heartbeats() -> Iterator[None]:
    """Beat beside work that cannot be looked into."""
    over, context = threading.Event(), contextvars.copy_context()

    def go() -> None:
        while not over.wait(BEAT):
            context.run(activity.heartbeat)

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def _family(stage: str | None) -> Iterator[None]:
    """Errors of the family as Temporal carries them; others are faults of the program and keep their traceback."""
    try:
        yield
    except TimeweaveError as error:
        raise failure.failure(stage, error.exit_code, str(error), getattr(error, "seconds", None)) from None
    except msgspec.DecodeError as error:
        raise failure.failure(stage, 1, f"a file of the run is damaged: {error}") from None
    except Cancelled:
        raise CancelledError("cancelled") from None
    except ApplicationError:
        raise
    except Exception:
        activity.logger.exception("a fault of the program")
        said = "it met a fault of the program; the worker's log has the traceback"
        raise failure.failure(stage, failure.FAULT, said) from None
