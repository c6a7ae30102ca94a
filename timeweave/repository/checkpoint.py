"""How far a run is, for whichever machine goes on with it: a commit at the origin, with the names of stages that are done."""

from timeweave.repository import lock_file
from timeweave.repository.git import Git
from timeweave.repository.workspace import Workspace

REFS = "refs/timeweave/runs"


class Checkpoint:
    """Of one run. What the stages wrote is in DVC's cache and at its remote."""

    def __init__(self, workspace: Workspace, origin: str, run: str) -> None:
        self._workspace, self._origin, self._run = workspace, origin, run
        self._ref = f"{REFS}/{run}"
        self._git = Git(workspace.folder)

    def save(self, done: list[str]) -> None:
        """The workspace is so far."""
        self._workspace.push(self._workspace.commit(f"{self._run}\n\n" + "\n".join(done)), self._ref, self._origin)

    def restore(self) -> list[str]:
        """Take dvc.lock over, and say which stages are done; none where the run was another commit's, or of other days."""
        listed = self._find()
        if not listed:
            return []
        self._git.run("fetch", "-q", "--end-of-options", self._origin, self._ref)
        if not self._git.succeeds("diff", "--quiet", listed[0], "--", ".", f":!{lock_file.NAME}"):
            return []
        self._git.run("checkout", "-q", listed[0], "--", lock_file.NAME)
        return self._git.run("log", "-1", "--format=%b", "--end-of-options", listed[0]).split()

    def remove(self) -> None:
        """The run is over."""
        if self._find():
            self._workspace.push("", self._ref, self._origin)

    def _find(self) -> list[str]:
        return self._git.run("ls-remote", "--end-of-options", self._origin, self._ref).split()
