"""The checkout of a run on a worker: git's files as they were asked for, DVC's cache of the worker, no data."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from timeweave.runs import edits
from timeweave.runs.experiment import mapping
from timeweave.runs.home import Home
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

KEPT = "refs/timeweave"
"""Of git: `runs/{run}` how far a run has been saved, `archives/{account}` the newest archive, `commits/{sha}` what runs start from."""
SAVED = ("dvc.lock", "params.yaml")


class Checkout:
    """A folder below the worker's project; `.env` is found above it, and the project's own `.venv`."""

    def __init__(self, home: Home, run: str) -> None:
        self.home, self.run = home, run
        self.folder = home.copies / run

    @property
    def source(self) -> str:
        """Where commits and results are exchanged: the project's origin, or the project itself where it has none."""
        found = subprocess.run(
            ["git", "remote", "get-url", "origin"], cwd=self.home.folder, capture_output=True, text=True
        )
        return found.stdout.strip() if found.returncode == 0 else str(self.home.folder)

    def make(self, commit: str | None, changes: dict[str, Any]) -> str:
        """Anew; the commit that is checked out. What was saved of the run before is taken up."""
        self.remove()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        _git(self.home.folder, "clone", "-q", "--shared", "--no-checkout", "--no-tags", ".", str(self.folder))
        found = commit or self._head()
        if _git_says(self.folder, "cat-file", "-e", f"{found}^{{commit}}") != 0:
            self._fetch(found)
        _git(self.folder, "checkout", "-q", "--detach", found)
        (self.folder / ".dvc" / "timeweave" / "runs" / self.run).mkdir(parents=True)
        params = self.folder / "params.yaml"
        document.write_bytes(params, edits.edited(params.read_text(encoding="utf-8"), changes).encode())
        return found

    def saved(self) -> list[str]:
        """Stages that an earlier worker finished, after taking dvc.lock over from it; none for a new run."""
        commit = self.known(f"runs/{self.run}")
        if commit is None:
            return []
        _git(self.folder, "checkout", "-q", commit, "--", *SAVED)
        return _git(self.folder, "log", "-1", "--format=%b", commit).split()

    def save(self, done: list[str]) -> None:
        """Say that these stages are done; the files are at the DVC remote already."""
        self._push(self._commit(f"{self.run}\n\n" + "\n".join(done)), f"{KEPT}/runs/{self.run}")

    def conclude(self, baseline: str) -> str:
        """Make it an experiment, as DVC knows them; its commit."""
        commit = self._commit(f"dvc: commit experiment {self.run}")
        self._push(commit, f"refs/exps/{baseline[:2]}/{baseline[2:]}/{self.run}")
        self.forget()
        return commit

    def forget(self) -> None:
        """The run is over: how far it was saved is of no use any more."""
        _git(self.folder, "push", "-q", self.source, f":{KEPT}/runs/{self.run}")

    def publish(self, name: str) -> None:
        """Say under that name what dvc.lock says now."""
        self._push(self._commit(name), f"{KEPT}/{name}")

    def known(self, name: str) -> str | None:
        """The commit that is known under that name, brought here; None if there is none."""
        listed = _git(self.folder, "ls-remote", self.source, f"{KEPT}/{name}").split()
        if not listed:
            return None
        _git(self.folder, "fetch", "-q", self.source, f"{KEPT}/{name}")
        return listed[0]

    def lock_of(self, commit: str, stage: str) -> dict[str, Any] | None:
        """What dvc.lock of a commit says of a stage."""
        found: dict[str, Any] = mapping(_git(self.folder, "show", f"{commit}:dvc.lock")).get("stages", {})
        return found.get(stage)

    def adopt(self, stage: str, entry: dict[str, Any]) -> None:
        """Let dvc.lock say this of a stage."""
        path = self.folder / "dvc.lock"
        content: dict[str, Any] = {"schema": "2.0"}
        if path.exists():
            content = mapping(path.read_text(encoding="utf-8"))
        content.setdefault("stages", {})[stage] = entry
        document.write_bytes(path, yaml.safe_dump(content, sort_keys=False).encode())

    def remove(self) -> None:
        """Take it away."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _head(self) -> str:
        """What the branch of the worker's project is at its origin by now."""
        branch = _git(self.home.folder, "rev-parse", "--abbrev-ref", "HEAD").strip()
        listed = _git(self.home.folder, "ls-remote", self.source, f"refs/heads/{branch}").split()
        return listed[0] if listed else _git(self.home.folder, "rev-parse", "HEAD").strip()

    def _fetch(self, commit: str) -> None:
        for name in (f"{KEPT}/commits/{commit}", commit):
            if _git_says(self.folder, "fetch", "-q", self.source, name) == 0:
                return
        raise ConfigurationError(f"commit {commit[:10]} is not at {public(self.source)}; push it there")

    def _commit(self, message: str) -> str:
        """dvc.lock and params.yaml as they are, upon what is checked out; no branch moves."""
        _git(self.folder, "add", "-f", *SAVED)
        tree = _git(self.folder, "write-tree").strip()
        return _git(self.folder, *WHO, "commit-tree", tree, "-p", "HEAD", "-m", message).strip()

    def _push(self, commit: str, ref: str) -> None:
        _git(self.folder, "push", "-q", "--force", self.source, f"{commit}:{ref}")


WHO = ("-c", "user.name=Timeweave", "-c", "user.email=timeweave@localhost")
"""Who makes these commits: a worker, whoever started it."""


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it failed"]
        raise TimeweaveError(f"git {command[0]}: {public(said[-1])}")
    return done.stdout


def _git_says(folder: Path, *command: str) -> int:
    return subprocess.run(["git", *command], cwd=folder, capture_output=True).returncode


def public(text: str) -> str:
    """Without names and tokens in addresses."""
    return re.sub(r"://[^/@\s]+@", "://", text)
