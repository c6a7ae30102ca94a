"""A project with a git origin and a DVC remote, and workers of it: processes, each in a clone of its own."""

import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import live
from tests.project import Project
from timeweave.sandbox.server import Sandbox

RUN = ("timeweave", "run", "--engine", "temporal", "--as-of", "2025-10-14")


@dataclass
class Fleet:
    """What the tests start and look at."""

    project: Project
    origin: Path
    folder: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[str]] = field(default_factory=list)
    clones: list[Project] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def made(cls, folder: Path, sandbox: Sandbox | None, address: str, **params: object) -> "Fleet":
        """A project, its origin and its remote; live against the sandbox, or the demo."""
        (folder / "project").mkdir(parents=True)
        project = live(folder / "project", sandbox) if sandbox else Project.copy(folder / "project")
        project.environment["TEMPORAL_ADDRESS"] = address
        if params:
            project.set_params(**params)
        project.succeed("dvc", "remote", "add", "-d", "storage", str(folder / "storage"))
        project.succeed("git", "commit", "-qam", "A remote")
        subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(folder / "origin")], check=True)
        project.succeed("git", "remote", "add", "origin", str(folder / "origin"))
        return cls(project, folder / "origin", folder, dict(project.environment))

    def start(self, count: int = 1) -> None:
        """Start so many workers; each waits for runs when this returns."""
        with self._lock:
            begun = [self._begin() for _ in range(count)]
        for worker in begun:
            assert worker.stderr is not None
            said = worker.stderr.readline()
            assert "waits for runs" in said, said + worker.stderr.read()

    def _begin(self) -> subprocess.Popen[str]:
        number = len(self.workers)
        clone = Project(self.folder / f"worker-{number}", dict(self.environment))
        subprocess.run(["git", "clone", "-q", str(self.origin), str(clone.folder)], check=True)
        # Another machine has another temporary folder, and with it no pace in common.
        (self.folder / f"tmp-{number}").mkdir()
        worker = subprocess.Popen(
            ["timeweave", "worker"], cwd=clone.folder, env=clone.environ(TMPDIR=str(self.folder / f"tmp-{number}")),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.clones.append(clone)
        self.workers.append(worker)
        return worker

    def at_work(self, run: str) -> subprocess.Popen[str] | None:
        """The worker that has the checkout of a run."""
        for worker, clone in zip(self.workers, self.clones, strict=True):
            if worker.poll() is None and (clone.folder / ".dvc/timeweave/copies" / run).exists():
                return worker
        return None

    def in_flight(self, run: str) -> int:
        """How many days the run has fetched that are not in the archive yet."""
        place = f".dvc/timeweave/copies/{run}/data/toggl/days-in-flight"
        return sum(len(list((clone.folder / place).glob("2*.json"))) for clone in self.clones)

    def kill(self, run: str) -> None:
        """End the worker that has a run, as if its machine had lost power."""
        worker = until(lambda: self.at_work(run), 5, every=0.02)
        worker.kill()
        worker.communicate()

    def stop(self) -> None:
        """End all workers in order."""
        left = [worker for worker in self.workers if worker.poll() is None]
        for worker in left:
            worker.send_signal(signal.SIGTERM)
        for worker in left:
            worker.communicate()

    def shown(self, run: str) -> dict:
        """The manifest of a run."""
        return json.loads(self.project.succeed("timeweave", "show-run", run, "--json").stdout)

    def until_over(self, run: str, seconds: float = 120) -> dict:
        """Its final manifest."""
        return until(
            lambda: (found := self.shown(run))["status"] not in ("queued", "in_progress") and found, seconds, every=1
        )

    def refs(self, below: str) -> list[str]:
        """References of the origin."""
        return subprocess.run(
            ["git", "for-each-ref", "--format=%(refname)", below], cwd=self.origin, check=True, capture_output=True,
            text=True,
        ).stdout.split()  # fmt: skip


def until(condition, seconds: float = 60, every: float = 0.1):
    """What the condition gives once that is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(every)
    return found


def alive(pid: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
