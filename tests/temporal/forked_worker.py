"""A worker as a process that has nothing left to import: it is forked from one that has imported all that workers do."""

import os
import sys
import tempfile
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["dvc.repo", "timeweave.cli", "timeweave.temporal.worker"])
BEAT, THROTTLE, FIRST_WAIT = 0.5, timedelta(seconds=0.25), 2.0
"""A run that is cancelled is so within a beat, and what has failed is soon tried again. When a worker counts as lost is as ever."""


class ForkedWorker:
    """To be handled as a `subprocess.Popen` of `timeweave worker`."""

    def __init__(self, options: tuple[str, ...], folder: Path, environment: dict[str, str]) -> None:
        ours, theirs = os.pipe()
        with Connection(theirs, readable=False) as stderr:
            self._process = FORKS.Process(target=_work, args=(options, folder, environment, stderr))
            self._process.start()
        self.stderr = open(ours)  # noqa: SIM115, PTH123
        self.pid = self._process.pid

    @property
    def returncode(self) -> int | None:
        """None while it works."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """The same."""
        return self.returncode

    def send_signal(self, number: int) -> None:
        """To the process alone."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end in order."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def communicate(self, timeout: float | None = None) -> tuple[None, str]:
        """Wait for its end; what it said on stderr since."""
        self._process.join(timeout)
        assert self.returncode is not None, "it goes on"
        with self.stderr:
            return None, self.stderr.read()


def _work(options: tuple[str, ...], folder: Path, environment: dict[str, str], stderr: Connection) -> None:
    from timeweave import cli
    from timeweave.temporal import failure, worker

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(stderr.fileno(), 2)
    stderr.close()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    tempfile.tempdir = None
    worker.BEAT, worker.THROTTLE, failure.FIRST_WAIT = BEAT, THROTTLE, FIRST_WAIT
    sys.argv = ["timeweave", "worker", *options]
    cli.main()
