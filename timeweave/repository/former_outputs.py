"""Outputs of an earlier version that DVC has removed from the project, brought back from its cache."""

import shutil
import subprocess
import sys
from pathlib import Path

FORMER = "data/toggl/changes.json"
"""Only the earlier version had this output."""
WANTED = ("data/toggl/days", "data/toggl/directory.json")
"""Outputs of both versions: DVC removes the former ones before the stage that writes the new ones runs."""


def has_former_outputs(project: Path) -> bool:
    """Whether the last to run the stage that asks Toggl was an earlier version, by the project's dvc.lock."""
    lock = project / "dvc.lock"
    return lock.exists() and f"path: {FORMER}\n" in lock.read_text(encoding="utf-8", errors="replace")


def restore_former_outputs(project: Path, target: Path) -> bool:
    """Lay out what the earlier version fetched, as dvc.lock names it: `days` and `directory.json` in `target`.

    False where neither DVC's cache nor its remote has it any more.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    commands = [
        [sys.executable, "-m", "dvc", "get", "--quiet", str(project), path, "--out", str(target / Path(path).name)]
        for path in WANTED
    ]
    return not any(
        subprocess.run(command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True).returncode
        for command in commands
    )
