"""DVC at work on a run: one process group that ends with this process, however this process ends."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

POLL = 0.05
PATIENCE = 5
"""Seconds for processes to end after they were asked to."""
_GUARD = 'read -r done || { kill -TERM "-$1"; sleep 2; kill -KILL "-$1"; }'
"""Waits for a word; where the pipe closes without one, whoever should have said it was killed."""


class Stopped(BaseException):
    """A signal asks this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def execute(command: list[str], folder: Path, run: str, log: Path, lock: int, look: Callable[[], None]) -> int:
    """Run `dvc COMMAND` in `folder` for a run, its output in `log`, calling `look` again and again; its exit code."""
    clear_dead_locks(folder)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*DVC, *command], cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=environment(folder) | {"DVC_EXP_NAME": run}, pass_fds=(lock,), start_new_session=True,
        )  # fmt: skip
        with _guarded(process):
            while True:
                try:
                    code = process.wait(POLL)
                except subprocess.TimeoutExpired:
                    look()
                    continue
                look()
                return code


def clear_dead_locks(folder: Path) -> None:
    """Take away DVC's record of what a killed process was reading and writing: DVC would refuse to work because of it.

    Only if every process in it is gone.
    """
    path = folder / ".dvc" / "tmp" / "rwlock"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return
    held = [one for place in record.values() for one in place.values()]
    holders = [holder for one in held for holder in (one if isinstance(one, list) else [one])]
    if not any(is_alive(holder.get("pid", -1)) for holder in holders):
        path.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Whether a process is at work; one that ended and was not buried yet is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return False


DVC = (sys.executable, "-m", "dvc")


def environment(folder: Path) -> dict[str, str]:
    """The caller's, such that DVC says at once what it does and may commit an experiment on a machine without a name."""
    given = dict(os.environ) | {"PYTHONUNBUFFERED": "1", "DVC_NO_ANALYTICS": "1"}
    if sys.prefix != sys.base_prefix:
        given.setdefault("VIRTUAL_ENV", sys.prefix)
    asked = subprocess.run(["git", "config", "user.email"], cwd=folder, capture_output=True)
    if asked.returncode:
        for role in ("AUTHOR", "COMMITTER"):
            given.setdefault(f"GIT_{role}_NAME", "Timeweave")
            given.setdefault(f"GIT_{role}_EMAIL", "timeweave@localhost")
    return given


@contextmanager
def _guarded(process: subprocess.Popen[bytes]) -> Iterator[None]:
    with subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "sh", str(process.pid)], stdin=subprocess.PIPE, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as guard:  # fmt: skip
        try:
            yield
        finally:
            _end(process)
            if guard.stdin:
                with contextlib.suppress(BrokenPipeError):
                    guard.stdin.write(b"done\n")
                    guard.stdin.flush()


def _end(process: subprocess.Popen[bytes]) -> None:
    """See that nothing of the group goes on."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def stoppable() -> Iterator[None]:
    """SIGTERM and SIGHUP end the run in order, as Ctrl-C does."""

    def stop(number: int, _: object) -> None:
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
