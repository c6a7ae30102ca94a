"""Runs on Temporal from a project's folder: handed over as a commit and a few values, kept in the project's register."""

import subprocess
import time
from typing import Any

import yaml

from timeweave.runs.experiment import mapping
from timeweave.runs.home import Home
from timeweave.runs.launch import asked
from timeweave.runs.manifest import Manifest
from timeweave.runs.order import Order
from timeweave.runs.register import Register
from timeweave.runs.view import View
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.temporal import engine
from timeweave.temporal.checkout import KEPT, Checkout, public
from timeweave.temporal.engine import do
from timeweave.temporal.messages import Job
from timeweave.temporal.mirror import mirrored

OWN = ("params.yaml", "dvc.lock")
"""Files of git that a run changes itself."""
POLL = 0.5


def start(register: Register, order: Order) -> Manifest:
    """Hand the order over; its manifest. Workers find the commit at the project's origin."""
    if order.base or order.refresh:
        option = "--start-from" if order.base else "--refresh"
        raise ConfigurationError(f"{option} works on this folder's data; leave --engine temporal away")
    home = register.home
    commit = handed_over(home, register.experiments.head())
    stages = list(mapping((home.folder / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
    do(engine.start(order.id, Job(stages=stages, commit=commit, edits=differences(home, commit) | order.edits)))
    return asked(register, order, "temporal")


def follow(register: Register, run: Manifest, view: View) -> Manifest:
    """Wait for its end, showing how far it is; interrupting leaves it at work."""
    said = ""
    try:
        while not run.is_over:
            time.sleep(POLL)
            seen = do(engine.look(run.id))
            if seen is None:
                raise TimeweaveError(f"Temporal does not know {run.id} any more")
            if seen.progress and seen.progress.stage is None and seen.progress.doing != said:
                said = seen.progress.doing
                view.say(f"{run.id}: {said}")
            run = mirrored(register, run, seen)
            view.update(run.stages)
    except KeyboardInterrupt:
        view.say(f"{run.id} goes on without you: timeweave show-run {run.id}; timeweave cancel-run {run.id} ends it")
    finally:
        view.close()
    return run


def handed_over(home: Home, commit: str) -> str:
    """The commit, once it is where workers look for it; what it does not have must be committed first."""
    listed = _git(home, "status", "--porcelain", "--untracked-files=normal", "--", ".").splitlines()
    changed = [line[3:] for line in listed if line[3:] not in OWN]
    if changed:
        raise ConfigurationError(
            f"workers take what is committed, and {', '.join(changed[:3])} is not: commit it, or add it to .gitignore"
        )
    source = Checkout(home, "").source
    if source != str(home.folder):
        _git(home, "push", "-q", source, f"{commit}:{KEPT}/commits/{commit}")
    return commit


def differences(home: Home, commit: str) -> dict[str, Any]:
    """What params.yaml says otherwise than it does in the commit, by dotted key."""
    ours = _flat(mapping(home.params.read_text(encoding="utf-8")))
    theirs = _flat(yaml.safe_load(_git(home, "show", f"{commit}:params.yaml")) or {})
    if gone := sorted(theirs.keys() - ours.keys()):
        raise ConfigurationError(f"params.yaml leaves out {gone[0]}, which it has in the last commit: commit it first")
    return {key: value for key, value in ours.items() if key not in theirs or theirs[key] != value}


def _flat(content: dict[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = value
    return found


def _git(home: Home, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=home.folder, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it failed"]
        raise TimeweaveError(f"git {command[0]}: {public(said[-1])}")
    return done.stdout
