"""One pace for each token over all workers: a workflow that hands out the moments at which a request may start.

A task queue's own rate limit bounds how often activities start; a stage is one activity that asks hundreds of times.
"""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow

SPARE = 1.08
"""Moments lie so much further apart than allowed: answers reach workers after different times."""
LONG = 1000
"""Questions after which the workflow goes on under a new history."""
IDLE = timedelta(hours=1)
"""Nobody asked for so long: the workflow ends, and the next question starts another."""


@dataclass(frozen=True)
class Beat:
    """What is asked for."""

    interval: float
    """Seconds between two starts."""


def pace_id(key: str) -> str:
    """The id of a token's workflow; `key` is a hash, never the token."""
    return f"timeweave-pace-{key}"


@workflow.defn
class Pace:
    """The next free moment of one token."""

    def __init__(self) -> None:
        self._next = 0.0
        self._asked = 0

    @workflow.run
    async def run(self, free_at: float = 0.0) -> None:
        """Until nobody asks any more; a long history is left behind, with the next free moment taken along."""
        self._next = max(self._next, free_at)
        while True:
            before = self._asked
            try:
                await workflow.wait_condition(self._is_long, timeout=IDLE)
            except TimeoutError:
                if self._asked == before:
                    return
                continue
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self._next)

    def _is_long(self) -> bool:
        return self._asked >= LONG or workflow.info().is_continue_as_new_suggested()

    @workflow.update
    def reserve(self, beat: Beat) -> float:
        """Seconds until the moment that is now the asker's own."""
        self._asked += 1
        now = workflow.time()
        moment = max(now, self._next)
        self._next = moment + beat.interval * SPARE
        return moment - now
