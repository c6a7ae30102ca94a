"""How far a run is, as its workflow knows it: kept by the workflow, so that it is the same after every replay."""

from datetime import datetime

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.temporal.messages import Progress


class State:
    """Stages, and what the run does or waits for."""

    def __init__(self) -> None:
        self.worker: str | None = None
        """The task queue of the worker that has the run; None while none has it."""
        self.records: dict[str, StageRecord] = {}
        """Of each stage, in order."""
        self._doing = "waiting for a worker"
        self._first: tuple[int, datetime] | None = None
        self._seconds_left: float | None = None

    @property
    def _running(self) -> StageRecord | None:
        return next((one for one in self.records.values() if one.state is StageState.running), None)

    def start(self, stage: str) -> None:
        """A stage begins."""
        self.records[stage] = StageRecord(name=stage, state=StageState.running)
        self._doing, self._first, self._seconds_left = stage, None, None

    def update(self, record: StageRecord, now: datetime) -> None:
        """The stage at work is so far; a word of one that is over comes too late."""
        running, done, total = self._running, record.done or 0, record.total or 0
        if running is None or running.name != record.name:
            return
        self.records[record.name] = record
        first, began = self._first = self._first or (done, now)
        if done > first:
            self._seconds_left = round((total - done) * (now - began).total_seconds() / (done - first), 1)

    def wait(self, reason: str) -> None:
        """Nothing is done for now."""
        self._doing = reason
        if running := self._running:
            self.records[running.name] = StageRecord(name=running.name)

    def describe(self) -> Progress:
        """The answer to whoever asks."""
        stages, running = list(self.records.values()), self._running
        over = sum(one.state not in (StageState.waiting, StageState.running) for one in stages)
        part = (running.done or 0) / running.total if running and running.total else 0.0
        percentage = int(100 * (over + part) / max(1, len(stages)))
        return Progress(self._doing, running, percentage, self._seconds_left if running else None, self.worker, stages)
