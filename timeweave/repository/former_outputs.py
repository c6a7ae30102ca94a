"""Outputs of an earlier version that DVC has removed from the project, brought back from its cache."""

import shutil
import subprocess
import sys
from pathlib import Path

MARKS = ("path: data/toggl/changes.json\n", "source: live\n")
"""In a dvc.lock: an output that only the earlier version had, and that it fetched from a real account."""
WANTED = ("data/toggl/days", "data/toggl/directory.json")
"""Outputs of both versions: DVC removes the former ones before the stage that writes the new ones runs."""


def has_former_outputs(project: Path) -> bool:
    """Whether an earlier version was the last to fetch from a real account, by the project's dvc.lock."""
    lock = project / "dvc.lock"
    text = lock.read_text(encoding="utf-8", errors="replace") if lock.exists() else ""
    return all(mark in text for mark in MARKS)


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
