"""DVC's queue, as far as its files say what became of a run; asking DVC itself takes seconds."""

import enum
import json
from pathlib import Path

from timeweave.runs.execution import is_alive
from timeweave.runs.home import Home
from timeweave.runs.manifest import Manifest


class Place(enum.Enum):
    """Where an unfinished run is."""

    queued = "queued"
    running = "running"
    gone = "gone"


FAILED = 4
"""What DVC notes of a task that failed (its TaskStatus)."""


def place(home: Home, run: Manifest, has_result: bool = False) -> Place:
    """Of a run that has not said that it is over."""
    if run.where != "queue":
        if home.lock.holder() == run.id:
            return Place.running
        return Place.queued if home.waiting(run.id).holder() else Place.gone
    begun = task(home, run)
    if begun is None:
        return Place.gone if run.cancelled else Place.queued
    code = _json(begun.with_suffix(".json")).get("returncode")
    if code is not None:
        # DVC brings the result home only after the process has ended.
        awaited = code == 0 and not has_result and _json(begun.with_suffix(".run")).get("status") != FAILED
        return Place.running if awaited else Place.gone
    pid = process(home, run)
    return Place.running if pid is None or is_alive(pid) else Place.gone


def task(home: Home, run: Manifest) -> Path | None:
    """The files that DVC keeps of a queued run that has begun, without their suffix: .json the process, .out what it said.

    Found by name: DVC calls them after a commit of its own, which is gone as soon as the run begins.
    """
    infos = (home.folder / ".dvc" / "tmp" / "exps" / "run").glob("*/*.run")
    found = [info.with_suffix("") for info in infos if _json(info).get("name") == run.id]
    return next((one for one in found if one.with_suffix(".pid").exists()), None)


def process(home: Home, run: Manifest) -> int | None:
    """DVC's process that works on a queued run."""
    begun = task(home, run)
    told = _json(begun.with_suffix(".json")).get("pid") if begun else None
    return told if isinstance(told, int) else None


def _json(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
