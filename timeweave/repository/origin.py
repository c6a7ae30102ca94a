"""Where commits are exchanged with other machines: git's `origin`, or the project itself where it has none."""

import re
from pathlib import Path

from timeweave.repository.git import Git
from timeweave.runtime.errors import ConfigurationError

OFFERED = "refs/timeweave/commits"
"""Of git: commits that runs were started from, whatever branch has them."""
FULL = re.compile(r"[0-9a-f]{40}")


class Origin:
    """Of one project."""

    def __init__(self, project: Path) -> None:
        self._git = Git(project)
        self.address = self._git.find_origin()

    def offer(self, commit: str) -> None:
        """Let other machines have a commit of the project."""
        self._git.run("push", "-q", "--end-of-options", self.address, f"{commit}:{OFFERED}/{commit}")

    def find_head(self) -> str:
        """What the project's branch is there by now; what is checked out here where it is on no branch."""
        branch = self._git.run("rev-parse", "--abbrev-ref", "HEAD").strip()
        return self._find_ref(f"refs/heads/{branch}") or self._git.head()

    def bring(self, commit: str) -> None:
        """Have a commit here that the project's branch has, or that was offered; ConfigurationError for any other."""
        if not FULL.fullmatch(commit):
            raise ConfigurationError(f"{commit[:50]!r} is not a commit: write its 40 hexadecimal digits")
        if self._find_ref(f"{OFFERED}/{commit}") == commit:
            self._fetch(commit, f"{OFFERED}/{commit}")
            return
        head = self.find_head()
        self._fetch(head, head)
        if not self._git.succeeds("merge-base", "--is-ancestor", "--end-of-options", commit, head):
            raise ConfigurationError(
                f"commit {commit[:10]} is not in the workers' branch at its origin, and no `timeweave run` offered it"
            )

    def _find_ref(self, ref: str) -> str | None:
        listed = [
            line.split() for line in self._git.run("ls-remote", "--end-of-options", self.address, ref).splitlines()
        ]
        return next((commit for commit, name in listed if name == ref), None)

    def _fetch(self, commit: str, name: str) -> None:
        if not self._git.succeeds("cat-file", "-e", f"{commit}^{{commit}}"):
            self._git.run("fetch", "-q", "--no-write-fetch-head", "--end-of-options", self.address, name)
