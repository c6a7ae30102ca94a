"""How far a run is, as its workflow knows it."""

from datetime import datetime

from timeweave.temporal.messages import Progress, Reach, StageResult


class State:
    """Kept by the workflow, so that it is the same after every replay."""

    def __init__(self) -> None:
        self.queue: str | None = None
        """The worker's task queue; None while no worker has the run."""
        self._stages: list[str] = []
        self._done: dict[str, StageResult] = {}
        self._stage: str | None = None
        self._reach: Reach | None = None
        self._first: tuple[int, datetime] | None = None
        self._rate = 0.0
        self._doing = "waiting for a worker"

    @property
    def results(self) -> list[StageResult]:
        """A record of each stage, in order; one that has not ended is waiting or running."""
        return [self._done.get(name) or self._open(name) for name in self._stages]

    def begin(self, stages: list[str]) -> None:
        """These are to be run."""
        self._stages = stages

    def host(self, queue: str) -> None:
        """A worker has the run."""
        self.queue, self._doing = queue, "getting ready"

    def skip(self, done: list[str]) -> None:
        """Stages that were saved before, as far as it was not known."""
        for name in done:
            self._done.setdefault(name, StageResult(name, "done"))

    def start(self, stage: str) -> None:
        """A stage begins."""
        self._stage, self._reach, self._first, self._rate, self._doing = stage, None, None, 0.0, stage

    def reach(self, reach: Reach, now: datetime) -> None:
        """The running stage is so far."""
        if reach.stage != self._stage:
            return
        if self._first is None:
            self._first = reach.done, now
        elif (passed := (now - self._first[1]).total_seconds()) > 0:
            self._rate = (reach.done - self._first[0]) / passed
        self._reach = reach

    def finish(self, result: StageResult) -> None:
        """A stage is done and saved."""
        self._done[result.name] = result
        self._stage, self._reach, self._first = None, None, None

    def wait(self, reason: str, keeps: bool = False) -> None:
        """Nothing is done for now; `keeps` the worker that it has."""
        self._doing, self._stage, self._reach = reason, None, None
        if not keeps:
            self.queue = None

    def fail(self, stage: str | None) -> None:
        """The run ends here."""
        if stage in self._stages:
            self._done[stage] = StageResult(stage, "failed")

    def progress(self, now: datetime) -> Progress:
        """The answer to whoever asks."""
        reach = self._reach
        part = reach.done / reach.total if reach and reach.total else 0.0
        done = sum(result.state != "failed" for result in self._done.values())
        left = None
        if reach and self._rate > 0:
            left = round((reach.total - reach.done) / self._rate, 1)
        return Progress(
            stage=self._stage, done=reach.done if reach else 0, total=reach.total if reach else 0,
            unit=reach.unit if reach else "", percentage=int(100 * (done + part) / max(1, len(self._stages))),
            seconds_left=left, doing=self._doing, worker=self.queue, stages=self.results, reach=reach,
        )  # fmt: skip

    def _open(self, name: str) -> StageResult:
        return StageResult(name, "running" if name == self._stage else "waiting")
