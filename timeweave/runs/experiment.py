"""Experiments as git keeps them: read without DVC, which takes a second to start."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from timeweave.runtime.errors import ConfigurationError, TimeweaveError

REFS = "refs/exps"


@dataclass(frozen=True)
class Experiment:
    """A result that git knows: `name` is the run's id."""

    name: str
    ref: str
    commit: str
    baseline: str
    at: str
    """When it was committed, UTC, ISO 8601."""


class Experiments:
    """The experiments of one project."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> dict[str, Experiment]:
        """By name; of several with one name the newest."""
        shape = "%(refname) %(objectname) %(committerdate:format-local:%Y-%m-%dT%H:%M:%SZ)"
        found = {}
        for line in self._git("for-each-ref", "--sort=committerdate", f"--format={shape}", REFS).splitlines():
            ref, commit, at = line.split()
            parts = ref.split("/")
            # refs/exps/ab/cdef…/name; DVC's own, such as refs/exps/exec/…, have fewer parts.
            if len(parts) == 5 and len(parts[2]) == 2:
                found[parts[4]] = Experiment(parts[4], ref, commit, parts[2] + parts[3], at)
        return found

    def files(self, wanted: list[tuple[str, str]]) -> list[str | None]:
        """The texts of (commit, path), in one question; None for one that is not there."""
        asked = "".join(f"{commit}:{path}\n" for commit, path in wanted)
        output = self._bytes(["cat-file", "--batch"], asked.encode())
        found: list[str | None] = []
        for _ in wanted:
            head, _, output = output.partition(b"\n")
            if head.endswith(b"missing"):
                found.append(None)
                continue
            size = int(head.rsplit(b" ", 1)[1])
            found.append(output[:size].decode(errors="replace"))
            output = output[size + 1 :]
        return found

    def document(self, commit: str, path: str) -> dict[str, Any]:
        """A YAML file as a run left it."""
        [text] = self.files([(commit, path)])
        if text is None:
            raise TimeweaveError(f"{path} is not in commit {commit[:10]}; the experiment is no run of this project")
        return mapping(text)

    def head(self) -> str:
        """The commit that the workspace stands on."""
        try:
            return self._git("rev-parse", "HEAD").strip()
        except TimeweaveError:
            raise ConfigurationError("this repository has no commit yet; commit the project first") from None

    def fetch(self, other: Path, name: str) -> None:
        """Take the experiment of that name over from a copy of the project."""
        experiment = Experiments(other).all()[name]
        self._git("fetch", "-q", str(other), f"+{experiment.ref}:{experiment.ref}")

    def bring(self, source: str, name: str) -> None:
        """Take the experiment of that name over from a repository that is reached by its address."""
        listed = [line.split() for line in self._git("ls-remote", source, f"{REFS}/*/*/{name}").splitlines()]
        for _, ref in listed:
            self._git("fetch", "-q", source, f"+{ref}:{ref}")

    def remove(self, names: list[str]) -> None:
        """Forget results."""
        known = self.all()
        lines = "".join(f"delete {known[name].ref}\n" for name in names if name in known)
        self._bytes(["update-ref", "--stdin"], lines.encode())

    def _git(self, *command: str) -> str:
        return self._bytes(list(command), b"").decode()

    def _bytes(self, command: list[str], given: bytes) -> bytes:
        done = subprocess.run(
            ["git", *command], cwd=self.folder, input=given, capture_output=True, env=os.environ | {"TZ": "UTC"}
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it failed"]
            raise TimeweaveError(f"git {command[0]}: {said[-1]}")
        return done.stdout


def mapping(text: str) -> dict[str, Any]:
    """YAML that holds a mapping, read fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
    return content if isinstance(content, dict) else {}
