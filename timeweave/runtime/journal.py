"""The journal of a run: what its stages note while they work. A stage that belongs to no run of `timeweave run` has none."""

import contextlib
import json
import os
from functools import cache
from pathlib import Path

RUNS = Path(".dvc", "timeweave", "runs")
"""Below the project's folder: a folder for each run, made by whoever starts it."""
FILE = "journal.jsonl"


def note(**facts: object) -> None:
    """Append a line; nothing that the stage writes depends on whether that works."""
    path = _path(os.environ.get("DVC_EXP_NAME", ""))
    if path is not None:
        with contextlib.suppress(OSError), path.open("ab") as file:
            file.write(json.dumps(facts).encode() + b"\n")


@cache
def _path(run: str) -> Path | None:
    """Looked for upwards from the working folder: a queued experiment runs in a copy below the project."""
    if not run or Path(run).name != run:
        return None
    here = Path.cwd()
    homes = (folder / RUNS / run for folder in (here, *here.parents))
    return next((home / FILE for home in homes if home.is_dir()), None)
