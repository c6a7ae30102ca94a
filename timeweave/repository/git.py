"""The one way to run git: its refusals are sentences that show no name and no token of an address."""

import os
import re
import subprocess
from pathlib import Path

from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.redaction import remember_setting

IDENTITY = ("-c", "user.name=Timeweave", "-c", "user.email=timeweave@localhost")
"""Who makes the commits of runs, whoever started them: a machine of CI has no name of its own."""
ELSEWHERE = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_PREFIX "
    "GIT_NAMESPACE".split()
)
"""What git tells its hooks of the repository they are of: it would have us work in that one."""
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
"""Hooks are for people's own commits and pushes, not for those of runs."""


FULL = re.compile(r"[0-9a-f]{40}")


def check_commit(name: str) -> str:
    """The name, if it is that of a commit and nothing else to git: no branch, no option. ConfigurationError otherwise."""
    if not FULL.fullmatch(name):
        raise ConfigurationError(f"{name[:50]!r} is not a commit: write its 40 hexadecimal digits")
    return name


class Git:
    """A repository, by its folder."""

    def __init__(self, folder: Path, alone: bool = False) -> None:
        """`alone`: of this very folder. Else git looks above it where it is none, or is damaged, and would work there."""
        self.folder = folder
        self._limit = {"GIT_CEILING_DIRECTORIES": str(folder.parent)} if alone else {}

    def run(self, *command: str, given: bytes = b"") -> str:
        """What git says, as text."""
        return self.run_bytes(*command, given=given).decode(errors="replace")

    def run_bytes(self, *command: str, given: bytes = b"") -> bytes:
        """What git says; `given` is its input. TimeweaveError with git's last line where it fails."""
        done = self._execute(command, given)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it failed and said nothing"]
            raise TimeweaveError(f"git {_verb(command)}: {said[-1]}")
        return done.stdout

    def succeeds(self, *command: str) -> bool:
        """Whether git ends with 0."""
        return self._execute(command, b"").returncode == 0

    def head(self) -> str:
        """The commit that is checked out."""
        try:
            return self.run("rev-parse", "--verify", "HEAD^{commit}").strip()
        except TimeweaveError:
            raise ConfigurationError(
                f"{self.folder} is not a git repository with a commit; run `git init` if it is new, and commit the project"
            ) from None

    def find_origin(self) -> str:
        """The address that commits and results are exchanged with: `origin`, or this folder where it has none."""
        done = self._execute(("remote", "get-url", "origin"), b"")
        address = done.stdout.decode().strip() if done.returncode == 0 else str(self.folder)
        remember_setting("origin", address)
        return address

    def list_changes(self) -> list[str]:
        """Files that differ from the last commit, gone ones too, and new ones that git does not ignore."""
        # Unlike `diff`, it compares what was only touched, and without optional locks it notes nothing in the index.
        found = self.run(
            "--no-optional-locks", "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all",
            "--ignore-submodules=none",
        )  # fmt: skip
        return sorted(line[3:] for line in found.split("\0") if line)

    def _execute(self, command: tuple[str, ...], given: bytes) -> subprocess.CompletedProcess[bytes]:
        fixed = {"TZ": "UTC", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
        settings = clean_environment() | self._limit | fixed
        return subprocess.run(
            ["git", *NO_HOOKS, *command], cwd=self.folder, input=given, capture_output=True, env=settings
        )


def clean_environment() -> dict[str, str]:
    """The environment of this process, without what would have git work in another repository."""
    return {key: value for key, value in os.environ.items() if key not in ELSEWHERE}


def _verb(command: tuple[str, ...]) -> str:
    """The subcommand, without options that stand before it."""
    words = iter(command)
    for word in words:
        if word == "-c":
            next(words, None)
        elif not word.startswith("-"):
            return word
    return ""
