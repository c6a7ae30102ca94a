"""DVC at work in a folder: one process group that ends with this process, however this process ends."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from timeweave.repository.cache import Cache
from timeweave.repository.dvc_configuration import FOLDER
from timeweave.repository.git import Git, clean_environment
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.redaction import redact

POLL = 0.05
PATIENCE = 5
"""Seconds for processes to end after they were asked to."""
_TRIES = 5
_LOST_NOTE = re.compile(
    rb"^ERROR: failed to reproduce '[^'\n]+': *"
    rb"(.*\[Errno 2\].*[/\\]runs[/\\][0-9a-f]{2}[/\\][0-9a-f]{64}[/\\]([0-9a-f]{64})?\.[\w-]+\.tmp'.*|join\(\) argument.*)?$", re.M,
)  # fmt: skip
"""What DVC says when another DVC, at work on the same cache, has taken a note that it was about to put in its place for a
damaged one and removed it, or has made the folder for a note that is not there yet (`_load_cache` and `_load` of its
dvc/stage/cache.py), or nothing at all where the folder went in between. Nothing is wrong: run again, it goes on there."""
_GUARD = 'read -r done || { kill -TERM "-$1"; sleep 2; kill -KILL "-$1"; }'
"""Waits for a word; where the pipe closes without one, whoever should have said it was killed."""


def execute_dvc(
    command: Sequence[str],
    folder: Path,
    log: Path,
    look: Callable[[], None],
    variables: Mapping[str, str],
    locks: Sequence[int] = (),
) -> int:
    """Run `dvc COMMAND` in a folder, its output redacted in `log`, calling `look` again and again; its exit code.

    What `look` raises ends DVC and its stages. `variables` are added to the environment; `locks` are open files that
    DVC holds with this process, so that they are held until the last of both is gone. Nobody else may work in the
    folder: what DVC noted there of who reads and writes what is of a process that was killed, and DVC would wait for it.
    """
    for _ in range(_TRIES):
        (folder / FOLDER / "tmp" / "rwlock").unlink(missing_ok=True)
        Cache(folder).remove_empty()
        begun = log.stat().st_size if log.exists() else 0
        code = _execute(command, folder, log, look, variables, locks)
        if not code or not _has_lost_note(log, begun):
            break
    return code


def _execute(
    command: Sequence[str], folder: Path, log: Path, look: Callable[[], None], variables: Mapping[str, str],
    locks: Sequence[int],
) -> int:  # fmt: skip
    with tempfile.TemporaryFile(dir=log.parent) as output:
        transcript = _Transcript(output.fileno(), log)
        process = subprocess.Popen(
            [sys.executable, "-m", "dvc", *command], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, env=_environment(folder) | dict(variables), pass_fds=tuple(locks), start_new_session=True,
        )  # fmt: skip
        try:
            with _guarded(process):
                return _watch(process, transcript, look)
        finally:
            transcript.copy(is_over=True)


def _has_lost_note(log: Path, begun: int) -> bool:
    """Whether DVC failed since the log had this size only because of what another DVC did to its notes in the cache."""
    with log.open("rb") as file:
        file.seek(begun)
        return _LOST_NOTE.search(file.read()) is not None


def _watch(process: subprocess.Popen[bytes], transcript: "_Transcript", look: Callable[[], None]) -> int:
    while True:
        code = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(POLL)
        transcript.copy()
        look()
        if code is not None:
            return code


class _Transcript:
    """Copies what DVC and its stages say into the log, line by line and redacted.

    They write to a file without a name, which nobody can read when this process is gone; a pipe would then break, and
    they would take that for a fault of their own.
    """

    def __init__(self, source: int, log: Path) -> None:
        self._source, self._log, self._at = source, log, 0

    def copy(self, is_over: bool = False) -> None:
        """The lines that were finished since; the last one as it is once DVC `is_over`."""
        said = os.pread(self._source, os.fstat(self._source).st_size - self._at, self._at)
        whole = said if is_over else said[: said.rfind(b"\n") + 1]
        if not whole:
            return
        try:
            with self._log.open("ab") as file:
                file.write(redact(whole.decode(errors="replace")).encode())
        except OSError as error:
            raise TimeweaveError(f"{self._log} cannot be written: {error.strerror}; run again") from None
        self._at += len(whole)


def _environment(folder: Path) -> dict[str, str]:
    """The caller's, such that DVC says at once what it does and may commit on a machine without a name."""
    given = clean_environment() | {"PYTHONUNBUFFERED": "1", "DVC_NO_ANALYTICS": "1"}
    if sys.prefix != sys.base_prefix:
        given.setdefault("VIRTUAL_ENV", sys.prefix)
    if not Git(folder).succeeds("config", "user.email"):
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
