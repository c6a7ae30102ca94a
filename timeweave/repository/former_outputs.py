"""Outputs of an earlier version that DVC has removed from the project, brought back from its cache."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FORMER = "data/toggl/changes.json"
"""Only the earlier version had this output."""
WANTED = ("data/toggl/days", "data/toggl/directory.json")
"""Outputs of both versions: DVC removes the former ones before the stage that writes the new ones runs."""


def restore_former_outputs(project: Path, target: Path, say: Callable[[str], None]) -> bool:
    """Lay the days and the directory that the project's dvc.lock names into `target`, where an earlier version wrote it.

    False where there are none, or where neither DVC's cache nor its remote has them any more.
    """
    lock = project / "dvc.lock"
    if not lock.exists() or f"path: {FORMER}\n" not in lock.read_text(encoding="utf-8"):
        return False
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in WANTED:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "get", "--quiet", str(project), path, "--out", str(target / Path(path).name)],
            cwd=project, stdin=subprocess.DEVNULL, capture_output=True,
        )  # fmt: skip
        if done.returncode:
            say("the days of the former archive are not in DVC's cache any more; they are asked for again")
            return False
    return True
