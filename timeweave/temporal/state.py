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
        self._began: datetime | None = None

    @property
    def _running(self) -> StageRecord | None:
        return next((one for one in self.records.values() if one.state is StageState.running), None)

    def start(self, stage: str, now: datetime) -> None:
        """A stage begins."""
        self.records[stage] = StageRecord(name=stage, state=StageState.running)
        self._doing, self._began = stage, now

    def update(self, record: StageRecord) -> None:
        """The stage at work is so far; a word of one that is over comes too late, of one that has not noted it began too early."""
        if (running := self._running) and running.name == record.name and record.state is not StageState.waiting:
            self.records[record.name] = record

    def wait(self, reason: str) -> None:
        """Nothing is done for now."""
        self._doing = reason
        if running := self._running:
            self.records[running.name] = StageRecord(name=running.name)

    def describe(self, now: datetime) -> Progress:
        """The answer to whoever asks."""
        stages, running, part, left = list(self.records.values()), self._running, 0.0, None
        if running and running.total and running.done and self._began:
            part = running.done / running.total
            left = round((now - self._began).total_seconds() * (1 - part) / part, 1)
        over = sum(one.state not in (StageState.waiting, StageState.running) for one in stages)
        percentage = int(100 * (over + part) / max(1, len(stages)))
        return Progress(self._doing, running, percentage, left, self.worker, stages)
