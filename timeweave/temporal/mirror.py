"""A run on Temporal as a manifest of this project."""

import dataclasses
from collections.abc import Callable
from datetime import datetime

import msgspec

from timeweave.runs.manifest import Fault, Manifest, Parameters, StageRecord
from timeweave.runs.register import Register
from timeweave.runtime.errors import TimeweaveError
from timeweave.temporal import engine
from timeweave.temporal.checkout import Checkout
from timeweave.temporal.engine import Seen, do
from timeweave.temporal.messages import SPAN, StageResult


class Temporal:
    """The other engine of a register. A list of runs is of use while Temporal is down, too: `say` tells of it once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._is_down = False

    def refreshed(self, register: Register, run: Manifest) -> Manifest:
        """A run that was not over when it was last looked at."""
        if self._is_down:
            return run
        try:
            seen = do(engine.look(run.id))
            waits = seen is None and run.part_of is not None and do(engine.goes_on(run.part_of))
        except TimeweaveError as error:
            self._down(error)
            return run
        if waits:
            return msgspec.structs.replace(run, status="queued")
        if seen is None:
            fault = Fault(
                stage=None, exit_code=1, sentence="Temporal does not know the run; its backfill ended before it"
            )
            return _ended(register, run, "failed", error=fault)
        return mirrored(register, run, seen)

    def looked_up(self, register: Register, run: str) -> Manifest | None:
        """A run that this project did not start; None where Temporal does not know it either."""
        seen = do(engine.look(run))
        return _of(register, seen) if seen else None

    def others(self, register: Register, known: set[str]) -> list[Manifest]:
        """Runs that Temporal keeps and this project did not start, those of schedules and backfills among them."""
        if self._is_down:
            return []
        try:
            found = [seen for seen in do(engine.listed()) if seen.run not in known and not seen.run.endswith(SPAN)]
            return [_of(register, seen) for seen in found]
        except TimeweaveError as error:
            self._down(error)
            return []

    def cancel(self, run: str) -> None:
        """Ask for the end of a run."""
        do(engine.cancel(run))

    def _down(self, error: TimeweaveError) -> None:
        self._is_down = True
        self._say(f"{error}; its runs are shown as they were last seen, or not at all")


def mirrored(register: Register, run: Manifest, seen: Seen) -> Manifest:
    """The manifest after what was seen; kept once the run is over, with its result brought here."""
    if seen.progress:
        at_work = seen.progress.worker or any(stage.state == "done" for stage in seen.progress.stages)
        stages = [_record(stage) for stage in seen.progress.stages]
        if reach := seen.progress.reach:
            stages = [_reaching(record, reach.done, reach.total, reach.unit) for record in stages]
        return msgspec.structs.replace(
            run,
            status="in_progress" if at_work else "queued",
            stages=stages or run.stages,
            started_at=seen.started_at,
            doing=seen.progress.doing,
        )
    if seen.status == "in_progress":
        return run
    changes = {"started_at": seen.started_at, "ended_at": seen.ended_at, "seconds": _seconds(seen)}
    if seen.outcome:
        stages = [_record(stage) for stage in seen.outcome.stages]
        if seen.outcome.experiment and register.experiments.all().get(run.id) is None:
            register.experiments.bring(Checkout(register.home, run.id).source, run.id)
        return _ended(
            register, run, "completed", stages=stages, experiment=seen.outcome.experiment, numbers=seen.outcome.numbers,
            baseline=seen.outcome.commit, **changes,
        )  # fmt: skip
    if seen.status == "cancelled":
        fault = Fault(
            stage=None, exit_code=130, sentence="it was cancelled; what was fetched is kept, run again to go on"
        )
        return _ended(register, run, "cancelled", cancelled=True, error=fault, **changes)
    stage, code, sentence = seen.failure or (None, 1, "its workflow was terminated; run again")
    return _ended(register, run, "failed", error=Fault(stage=stage, exit_code=code, sentence=sentence), **changes)


def _ended(register: Register, run: Manifest, status: str, **changes: object) -> Manifest:
    if "stages" not in changes:
        changes["stages"] = [
            msgspec.structs.replace(one, state="stopped") if one.state == "running" else one for one in run.stages
        ]
    ended = msgspec.structs.replace(run, status=status, doing=None, **changes)
    if run.where == "temporal":
        register.save(ended)
    return ended


def _of(register: Register, seen: Seen) -> Manifest:
    """As much as is known of a run that another project started, or none."""
    asked = seen.memo
    run = Manifest(
        id=seen.run, status=seen.status, where="elsewhere", started_at=seen.started_at, ended_at=seen.ended_at,
        parameters=Parameters(
            source=asked.get("source", ""), as_of=asked.get("as_of", ""), start=asked.get("period.start", ""),
            end=asked.get("period.end", ""),
        ),
    )  # fmt: skip
    return mirrored(register, run, seen) if seen.progress or seen.outcome or seen.failure else run


def _record(stage: StageResult) -> StageRecord:
    return StageRecord(**dataclasses.asdict(stage))


def _reaching(record: StageRecord, done: int, total: int, unit: str) -> StageRecord:
    if record.state != "running":
        return record
    return msgspec.structs.replace(record, done=done, total=total, unit=unit)


def _seconds(seen: Seen) -> float | None:
    if seen.ended_at is None:
        return None
    return (datetime.fromisoformat(seen.ended_at) - datetime.fromisoformat(seen.started_at)).total_seconds()
