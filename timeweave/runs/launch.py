"""Starts a run and stays with it to its end."""

import json
import signal
import time
from pathlib import Path

import msgspec

from timeweave.runs import copy, edits, fresh
from timeweave.runs.execution import Stopped, execute, stoppable
from timeweave.runs.experiment import mapping
from timeweave.runs.log import DVC_LOG
from timeweave.runs.manifest import Fault, Manifest, StageRecord
from timeweave.runs.order import Order
from timeweave.runs.register import CANCELLED, Register, now
from timeweave.runs.steps import steps
from timeweave.runs.view import View
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError

REPORTS = {
    "team": "data/reports/team_summary.md",
    "people": "data/reports/individual",
    "toggl": "data/reports/toggl_summary.md",
    "site": "data/site/index.html",
}


def launch(register: Register, order: Order, view: View, wait: bool, detached: bool = False) -> Manifest:
    """Run it in the workspace, or in a copy where it starts from another run's data; its final manifest."""
    home = register.home
    started = time.monotonic()
    folder = home.copies / order.id if order.base else home.folder
    code, reason = None, None
    with stoppable(), home.waiting(order.id) as waiting, home.lock as lock:
        if not wait:
            # A run that is refused is none: it leaves no manifest.
            lock.acquire(order.id, wait, view.say)
        if not detached:
            waiting.acquire(order.id, wait=True, say=view.say)
            asked(register, order, "copy" if order.base else "workspace")
        waiting.sign(order.id)
        try:
            if register.written(order.id).cancelled:
                # Cancelled before this process had signed, when nobody could tell it.
                raise Stopped(signal.SIGTERM)
            if wait:
                lock.acquire(order.id, wait, view.say)
            started = time.monotonic()
            run = msgspec.structs.replace(register.written(order.id), status="in_progress", started_at=now())
            register.save(run)
            code = _carry_out(register, order, run, folder, lock.handle, view)
        except (KeyboardInterrupt, Stopped) as stop:
            reason = _stopped(register, register.written(order.id), stop)
        except TimeweaveError as error:
            reason = Fault(stage=None, exit_code=error.exit_code, sentence=str(error))
        finally:
            view.close()
            run = _concluded(register, order.id, folder, code, reason, time.monotonic() - started)
            copy.remove(home, run)
    return run


def asked(register: Register, order: Order, where: str) -> Manifest:
    """The manifest of a run that is asked for; it is written."""
    pipeline = mapping((register.home.folder / "dvc.yaml").read_text(encoding="utf-8"))
    run = Manifest(
        id=order.id,
        status="queued",
        where=where,
        parameters=order.parameters,
        toggl_data_of=order.base.id if order.base else None,
        baseline=register.experiments.head(),
        started_at=now(),
        stages=[StageRecord(name=name, state="waiting") for name in pipeline["stages"]],
    )
    register.save(run)
    return run


def configure(path: Path, order: Order) -> None:
    """Write what the run was asked for into params.yaml, comments and all else as they were."""
    if order.edits:
        document.write_bytes(path, edits.edited(path.read_text(encoding="utf-8"), order.edits).encode())


def _carry_out(register: Register, order: Order, run: Manifest, folder: Path, lock: int, view: View) -> int:
    if order.base:
        copy.prepare(register, run, order.base)
    configure(folder / "params.yaml", order)
    if order.refresh == "toggl":
        fresh.doubt_days(folder, order.parameters)
    log, names = register.log(run), [record.name for record in run.stages]
    output = register.home.runs / run.id / DVC_LOG
    for command in steps(order, folder):
        look = lambda: view.update(log.stages(names, alive=True))  # noqa: E731
        code = execute(command, folder, run.id, output, lock, look)
        if code:
            return code
    if order.base:
        register.experiments.fetch(folder, run.id)
    return 0


def _concluded(
    register: Register, id_: str, folder: Path, code: int | None, reason: Fault | None, seconds: float
) -> Manifest:
    """The final manifest, written."""
    result = register.experiments.all().get(id_)
    run = register.written(id_)
    if reason and reason.exit_code == 128 + signal.SIGINT:
        run = msgspec.structs.replace(run, cancelled=True)
    run = register.finished(run, code, result.commit if result else None)
    run = msgspec.structs.replace(run, seconds=round(seconds, 1))
    if run.experiment:
        numbers = dict(json.loads((folder / "data" / "metrics.json").read_bytes()))
        reports = dict(REPORTS) if folder == register.home.folder else {}
        run = msgspec.structs.replace(run, numbers=numbers, reports=reports)
    elif reason:
        run = msgspec.structs.replace(run, error=reason)
    register.save(run)
    return run


def _stopped(register: Register, run: Manifest, stop: KeyboardInterrupt | Stopped) -> Fault:
    stages = register.log(run).stages([record.name for record in run.stages], alive=True)
    stage = next((record.name for record in stages if record.state == "running"), None)
    number = stop.number if isinstance(stop, Stopped) else int(signal.SIGINT)
    how = "interrupted" if number == signal.SIGINT else f"ended by {signal.Signals(number).name}"
    if run.cancelled:
        how = CANCELLED
    where = f" while {stage} was at work" if stage else ""
    return Fault(
        stage=stage, exit_code=128 + number, sentence=f"{how}{where}; what was fetched is kept, run again to go on"
    )
