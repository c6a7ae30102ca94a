"""How far a run is, as its workflow knows it: kept by the workflow, so that it is the same after every replay."""

from datetime import datetime

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.temporal.messages import Progress


class State:
    """Stages, and what the run does or waits for."""

    def __init__(self) -> None:
        self.worker: str | None = None
        """The task queue of the worker that has the run; None while none has it."""
        self._doing = "waiting for a worker"
        self._records: dict[str, StageRecord] = {}
        self._first: tuple[int, datetime] | None = None
        self._rate = 0.0

    @property
    def records(self) -> list[StageRecord]:
        """A record of each stage, in order."""
        return list(self._records.values())

    def list_stages(self, stages: list[str], done: list[str]) -> None:
        """A worker is ready: these are to be run, but for those that are done."""
        for name in stages:
            state = StageState.done if name in done else StageState.waiting
            self._records.setdefault(name, StageRecord(name=name, state=state))

    def start(self, stage: str) -> None:
        """A stage begins."""
        self._records[stage] = StageRecord(name=stage, state=StageState.running)
        self._doing, self._first, self._rate = stage, None, 0.0

    def update(self, record: StageRecord, now: datetime) -> None:
        """The stage at work is so far; a word of one that is over comes too late."""
        known = self._records.get(record.name)
        if known is None or known.state is not StageState.running:
            return
        if self._first is None:
            self._first = record.done or 0, now
        elif (passed := (now - self._first[1]).total_seconds()) > 0:
            self._rate = ((record.done or 0) - self._first[0]) / passed
        self._records[record.name] = record

    def finish(self, record: StageRecord) -> None:
        """A stage is done."""
        self._records[record.name] = record

    def wait(self, reason: str) -> None:
        """Nothing is done for now."""
        self._doing = reason
        for record in self.records:
            if record.state is StageState.running:
                self._records[record.name] = StageRecord(name=record.name)

    def describe(self) -> Progress:
        """The answer to whoever asks."""
        running = next((one for one in self.records if one.state is StageState.running), None)
        over = sum(one.state not in (StageState.waiting, StageState.running) for one in self.records)
        part, left = 0.0, None
        if running and running.total:
            part = (running.done or 0) / running.total
            left = round((running.total - (running.done or 0)) / self._rate, 1) if self._rate > 0 else None
        percentage = int(100 * (over + part) / max(1, len(self._records)))
        return Progress(self._doing, running, percentage, left, self.worker, self.records)
