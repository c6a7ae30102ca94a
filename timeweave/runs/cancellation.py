"""Ends runs that are waiting or at work; what they fetched stays in the archive."""

import contextlib
import os
import signal
import subprocess
import time

import msgspec
import psutil

from timeweave.runs.execution import DVC, environment
from timeweave.runs.manifest import Manifest
from timeweave.runs.queue import Place, place, process
from timeweave.runs.register import Register
from timeweave.runtime.errors import TimeweaveError

PATIENCE = 30
"""Seconds for a run to end after it was asked to."""


def cancel(register: Register, run: Manifest) -> Manifest:
    """End it and wait for its end; its final manifest."""
    if run.is_over:
        raise TimeweaveError(f"{run.id} is {run.status} already; there is nothing to cancel")
    if register.engine and run.where in ("temporal", "elsewhere"):
        register.engine.cancel(run.id)
        return _awaited(register, run)
    register.save(msgspec.structs.replace(register.written(run.id), cancelled=True))
    if run.where == "queue":
        _cancel_queued(register, run)
    else:
        pid = register.home.waiting(run.id).holder_pid()
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    return _awaited(register, run)


def _awaited(register: Register, run: Manifest) -> Manifest:
    """Wait for the end that was asked for."""
    deadline = time.monotonic() + PATIENCE
    while not (now := register.find(run.id)).is_over:
        if time.monotonic() > deadline:
            raise TimeweaveError(f"{run.id} has not ended within {PATIENCE} s; try again")
        if run.where == "queue":
            _end_stage(process(register.home, run))
        time.sleep(0.2)
    return now


def _cancel_queued(register: Register, run: Manifest) -> None:
    """Take it out of DVC's queue where it has not begun."""
    home = register.home
    if place(home, run) is Place.queued:
        subprocess.run(
            [*DVC, "queue", "remove", run.id], cwd=home.folder, env=environment(home.folder), capture_output=True
        )


def _end_stage(pid: int | None) -> None:
    """End the stages of a queued run: DVC then sees a failed stage and clears its copy away by itself."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(pid).children(recursive=True) if pid else []:
            child.terminate()
