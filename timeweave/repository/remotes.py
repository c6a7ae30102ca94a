"""What machines exchange: commits and how far runs are at git's origin, outputs of stages at the DVC remote."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from timeweave.repository import lock_file
from timeweave.repository.dvc_configuration import has_remote
from timeweave.repository.git import Git, check_commit
from timeweave.repository.run_workspace import Workspace
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

OFFERED = "refs/timeweave/commits"
"""Of git: commits that runs were started from, whatever branch has them."""
REACHED = "refs/timeweave/runs"
"""Of git: how far each run is that is not over."""


class Origin:
    """Where a project's commits are exchanged: git's `origin`, or the project itself where it has none."""

    def __init__(self, project: Path, branches: Sequence[str] = ()) -> None:
        """`branches`: whose commits may be brought here; none named: that which the project is on."""
        self._git, self._branches = Git(project), tuple(branches)
        self.address = self._git.find_origin()

    def offer(self, commit: str) -> None:
        """Let other machines have a commit of the project."""
        self._git.run("push", "-q", "--end-of-options", self.address, f"{commit}:{OFFERED}/{commit}")

    def find_head(self) -> str:
        """What the first allowed branch is there by now; what is checked out here where the project is on no branch."""
        return self._find_heads()[0]

    def bring(self, commit: str) -> None:
        """Have a commit here that an allowed branch has, or that was offered; ConfigurationError for any other."""
        check_commit(commit)
        if self._find_ref(f"{OFFERED}/{commit}") == commit:
            self._fetch(commit, f"{OFFERED}/{commit}")
            return
        for head in self._find_heads():
            self._fetch(head, head)
            if self._git.succeeds("merge-base", "--is-ancestor", "--end-of-options", commit, head):
                return
        raise ConfigurationError(
            f"commit {commit[:10]} is not in the workers' branch at its origin, and no `timeweave run` offered it"
        )

    def _find_heads(self) -> list[str]:
        """The commits of the allowed branches, by now."""
        if not self._branches:
            branch = self._git.run("rev-parse", "--abbrev-ref", "HEAD").strip()
            return [self._find_ref(f"refs/heads/{branch}") or self._git.head()]
        found = {branch: self._find_ref(f"refs/heads/{branch}") for branch in self._branches}
        if missing := [branch for branch, head in found.items() if not head]:
            raise ConfigurationError(
                f"the origin has no branch {missing[0][:50]!r}; see --branch of `timeweave worker`"
            )
        return [head for head in found.values() if head]

    def _find_ref(self, ref: str) -> str | None:
        listed = [
            line.split() for line in self._git.run("ls-remote", "--end-of-options", self.address, ref).splitlines()
        ]
        return next((commit for commit, name in listed if name == ref), None)

    def _fetch(self, commit: str, name: str) -> None:
        if not self._git.succeeds("cat-file", "-e", "--end-of-options", f"{commit}^{{commit}}"):
            self._git.run("fetch", "-q", "--no-write-fetch-head", "--end-of-options", self.address, name)


def push_outputs(folder: Path, stages: list[str]) -> None:
    """Bring what the stages wrote to the remote, if there is one."""
    if has_remote(folder):
        with _open(folder, "save") as repo:
            repo.push(targets=_name_targets(folder, stages))


def restore_outputs(folder: Path, stages: list[str]) -> None:
    """Lay out what the stages wrote, as dvc.lock says. TimeweaveError where it is nowhere to be had."""
    from dvc.exceptions import CheckoutError, DownloadError, FileTransferError

    if not stages:
        return
    targets = _name_targets(folder, stages)
    with _open(folder, "bring") as repo:
        try:
            if has_remote(folder):
                repo.fetch(targets=targets)
            repo.checkout(targets=targets, force=True)
        except (CheckoutError, DownloadError, FileTransferError):
            raise TimeweaveError(
                f"what {', '.join(stages)} wrote is not at the DVC remote; give all workers the same remote"
            ) from None


def _name_targets(folder: Path, stages: list[str]) -> list[str]:
    """Not by name alone: DVC would look for them in the working folder of this process."""
    return [f"{folder / 'dvc.yaml'}:{stage}" for stage in stages]


@contextmanager
def _open(folder: Path, what: str) -> Iterator[Any]:
    # Imported here: it takes time that commands have no use for.
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo(str(folder)) as repo:
            yield repo
    except DvcException as error:
        raise TimeweaveError(f"DVC cannot {what} outputs of stages: {error}; see docs/operating.md") from None


class Checkpoint:
    """How far a run is: a commit at the origin, with the names of the stages that are done."""

    def __init__(self, workspace: Workspace, origin: str, run: str) -> None:
        self._workspace, self._origin, self._run = workspace, origin, run
        self._ref = f"{REACHED}/{run}"
        self._git = Git(workspace.folder, alone=True)

    def save(self, done: list[str]) -> None:
        """The workspace is so far."""
        self._workspace.push(self._workspace.commit(f"{self._run}\n\n" + "\n".join(done)), self._ref, self._origin)

    def restore(self) -> list[str]:
        """Take dvc.lock over, and say which stages are done; none where the run was another commit's, or of other days."""
        listed = self._find()
        if not listed:
            return []
        commit = check_commit(listed[0])
        self._git.run("fetch", "-q", "--end-of-options", self._origin, self._ref)
        if not self._git.succeeds("diff", "--quiet", "--end-of-options", commit, "--", ".", f":!{lock_file.NAME}"):
            return []
        self._git.run("checkout", "-q", commit, "--", lock_file.NAME)
        return self._git.run("log", "-1", "--format=%b", "--end-of-options", commit).split()

    def remove(self) -> None:
        """The run is over."""
        if self._find():
            self._workspace.push("", self._ref, self._origin)

    def _find(self) -> list[str]:
        return self._git.run("ls-remote", "--end-of-options", self._origin, self._ref).split()
