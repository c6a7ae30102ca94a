"""Experiments as git keeps them: read and written without DVC, which takes a second to start."""

from dataclasses import dataclass
from pathlib import Path

from timeweave.repository.git import Git
from timeweave.repository.lock_file import NAME, LockFile
from timeweave.runtime.errors import TimeweaveError

REFS = "refs/exps"


@dataclass(frozen=True)
class Experiment:
    """A result that git knows: `name` is the run's id."""

    name: str
    ref: str
    commit: str
    baseline: str
    """The commit that it belongs to."""
    at: str
    """When it was committed, UTC, ISO 8601."""


def make_ref(baseline: str, name: str) -> str:
    """Where DVC looks for the experiments of a commit."""
    return f"{REFS}/{baseline[:2]}/{baseline[2:]}/{name}"


class Experiments:
    """The experiments of one project."""

    def __init__(self, folder: Path) -> None:
        self._git = Git(folder)

    def list_experiments(self) -> dict[str, Experiment]:
        """By name; of several with one name the newest."""
        shape = "%(refname) %(objectname) %(committerdate:format-local:%Y-%m-%dT%H:%M:%SZ)"
        found = {}
        for line in self._git.run("for-each-ref", "--sort=committerdate", f"--format={shape}", REFS).splitlines():
            ref, commit, at = line.split()
            parts = ref.split("/")
            # refs/exps/ab/cdef…/name; DVC's own, such as refs/exps/exec/…, have fewer parts.
            if len(parts) == 5 and len(parts[2]) == 2:
                found[parts[4]] = Experiment(parts[4], ref, commit, parts[2] + parts[3], at)
        return found

    def read_files(self, wanted: list[tuple[str, str]]) -> list[str | None]:
        """The texts of (commit, path), in one question; None for one that is not there."""
        given = "".join(f"{commit}:{path}\n" for commit, path in wanted)
        output = self._git.run_bytes("cat-file", "--batch", given=given.encode())
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

    def read_lock(self, commit: str) -> LockFile:
        """dvc.lock as a run left it."""
        [text] = self.read_files([(commit, NAME)])
        if text is None:
            raise TimeweaveError(f"commit {commit[:10]} has no {NAME}; the experiment is not a run of this project")
        return LockFile.parse(text, f"{NAME} of commit {commit[:10]}")

    def bring(self, source: str, name: str) -> None:
        """Take the experiment of that name over from a repository that is reached by its address."""
        listed = [
            line.split()
            for line in self._git.run("ls-remote", "--end-of-options", source, f"{REFS}/*/*/{name}").splitlines()
        ]
        for _, ref in listed:
            self._git.run("fetch", "-q", "--end-of-options", source, f"+{ref}:{ref}")

    def remove(self, names: list[str]) -> None:
        """Forget results; files in DVC's cache stay until `dvc gc`."""
        known = self.list_experiments()
        lines = "".join(f"delete {known[name].ref}\n" for name in names if name in known)
        self._git.run("update-ref", "--stdin", given=lines.encode())
