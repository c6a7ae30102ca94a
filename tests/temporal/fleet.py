"""A project with a git origin, a DVC remote and an archive, and workers of it: processes, each in a clone of its own."""

import contextlib
import json
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.conftest import TOKENS, live_params
from tests.project import Project, commit_all
from tests.short_pipeline import HELD, Hold, copy_shortest
from tests.temporal.forked_worker import ForkedWorker
from tests.temporal.watching import Watch
from timeweave.runs.workspace_lock import Lock
from timeweave.sandbox.server import Sandbox

RUN = ("timeweave", "run", "--engine", "temporal", "--as-of", "2025-10-14")
UP_TO_ANALYSIS = ["fetch_time", "aggregate_time", "extract_entities", "enrich_entities", "analyze_work"]


def copy_up_to_analysis(folder: Path) -> Project:
    """A copy of the project that asks the services and has all numbers, and writes no reports."""
    project = Project.copy(folder)
    path = project.folder / "dvc.yaml"
    pipeline = yaml.safe_load(path.read_text())
    pipeline["stages"] = {name: pipeline["stages"][name] for name in UP_TO_ANALYSIS}
    path.write_text(yaml.safe_dump(pipeline, sort_keys=False))
    commit_all(project, "Without reports")
    return project


Worker = subprocess.Popen[str] | ForkedWorker


@dataclass
class Fleet:
    """What the tests start and look at."""

    project: Project
    origin: Path
    folder: Path
    environment: dict[str, str]
    is_whole: bool = True
    """Whether its workers are begun as anybody begins them."""
    workers: list[Worker] = field(default_factory=list)
    clones: list[Project] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.held = Hold(self.folder / "held")

    @staticmethod
    def prepare(folder: Path, is_quick: bool) -> Path:
        """A repository with the project; `is_quick`: with the shortest pipeline."""
        project = (copy_shortest if is_quick else copy_up_to_analysis)(folder / "project")
        subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(folder / "origin")], check=True)
        return folder / "origin"

    @classmethod
    def make(
        cls, folder: Path, template: Path, sandbox: Sandbox | None, address: str, is_whole: bool = True,
        **params: object,
    ) -> "Fleet":  # fmt: skip
        """A project, its origin and its remote; live against the sandbox, or the demo."""
        shutil.copytree(template, folder / "origin")
        environment = {"TEMPORAL_ADDRESS": address, "TIMEWEAVE_ARCHIVE": str(folder / "archive")}
        environment |= {HELD: str(folder / "held")} | (TOKENS if sandbox else {})
        (folder / "held").mkdir()
        found = cls(Project(folder / "project", environment), folder / "origin", folder, environment, is_whole)
        found._clone(found.project)
        config = found.project.folder / ".dvc" / "config"
        remote = f"    remote = storage\n['remote \"storage\"']\n    url = {folder / 'storage'}\n"
        config.write_text(config.read_text().rstrip() + f"\n{remote}")
        if sandbox:
            found.project.set_params(**live_params(sandbox) | params)
        found.project.succeed("git", "commit", "-qam", "A remote, and the sandbox's accounts")
        found.project.succeed("git", "push", "-q", "origin", "main")
        return found

    def _clone(self, project: Project) -> None:
        subprocess.run(["git", "clone", "-q", str(self.origin), str(project.folder)], check=True)

    def start(self, count: int = 1, *options: str, **environment: str) -> None:
        """Start so many workers; each waits for runs when this returns."""
        with self._lock:
            begun = [self._begin(options, environment) for _ in range(count)]
        for worker in begun:
            assert worker.stderr is not None
            said = worker.stderr.readline()
            assert "waits for runs" in said, said + worker.stderr.read()

    def _begin(self, options: tuple[str, ...], environment: dict[str, str]) -> Worker:
        number = len(self.workers)
        clone = Project(self.folder / f"worker-{number}", dict(self.environment))
        self._clone(clone)
        # Another machine has another temporary folder, and with it no pace and no locks in common.
        (self.folder / f"tmp-{number}").mkdir()
        given = clone.environ(TMPDIR=str(self.folder / f"tmp-{number}"), **environment)
        worker = (_start_command if self.is_whole else ForkedWorker)(options, clone.folder, given)
        self.clones.append(clone)
        self.workers.append(worker)
        return worker

    def begin(self, run: str, *options: str) -> None:
        """Start a run in the background."""
        done = self.project.call(
            "run", "--engine", "temporal", "--detach", "--as-of", "2025-10-14", "--run-id", run, *options
        )
        assert done.returncode == 0, done.stderr

    def count_kept_pages(self, month: str) -> int:
        """How far a walk through a month has come that is not at its end."""
        return len(list((self.folder / "archive").rglob(f"walks/{month}-*/pages/*.json")))

    def kill(self, queue: str) -> None:
        """End the worker of that task queue, as if its machine had lost power."""
        worker = next(one for one in self.workers if f"-{one.pid}-" in queue)
        worker.kill()
        worker.communicate()

    def stop(self) -> None:
        """End all workers in order."""
        left = [worker for worker in self.workers if worker.poll() is None]
        for worker in left:
            worker.send_signal(signal.SIGTERM)
        for worker in left:
            worker.communicate()

    def show(self, run: str) -> dict:
        """The manifest of a run."""
        return json.loads(self.project.call("show-run", run, "--json").stdout)

    def wait_for_end(self, run: str) -> dict:
        """Its final manifest."""
        with contextlib.closing(Watch(self.environment["TEMPORAL_ADDRESS"])) as watch:
            watch.wait_for_end(run)
        return self.show(run)

    def list_runs(self) -> list[dict]:
        """All manifests."""
        return json.loads(self.project.call("list-runs", "--json").stdout)

    def list_refs(self, below: str) -> list[str]:
        """References of the origin."""
        return subprocess.run(
            ["git", "for-each-ref", "--format=%(refname)", below], cwd=self.origin, check=True, capture_output=True,
            text=True,
        ).stdout.split()  # fmt: skip

    def is_idle(self) -> bool:
        """Whether nobody works in any workspace."""
        locks = [lock for clone in self.clones for lock in clone.folder.glob(".timeweave/workspaces/*/lock")]
        return not any(Lock(lock).is_held() for lock in locks)


def _start_command(options: tuple[str, ...], folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["timeweave", "worker", *options], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(condition, seconds: float = 60, every: float = 0.1):
    """What the condition gives once that is something."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(every)
    return found
