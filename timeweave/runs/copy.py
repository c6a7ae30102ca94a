"""A copy of the project to work in where the workspace must stay as it is: git's files, the shared cache, no data."""

import shutil
import subprocess
from pathlib import Path

import yaml

from timeweave.runs.home import Home
from timeweave.runs.manifest import Manifest
from timeweave.runs.past import Past, cache_folder
from timeweave.runs.register import Register
from timeweave.runs.unsaved import FETCH
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError


def prepare(register: Register, run: Manifest, base: Manifest) -> Path:
    """A copy as the workspace is now, but with `base`'s Toggl data named in dvc.lock; `dvc checkout` brings it."""
    home = register.home
    folder = home.copies / run.id
    folder.parent.mkdir(parents=True, exist_ok=True)
    _git(home.folder, "clone", "-q", "--shared", "--no-tags", ".", str(folder))
    _git(folder, "checkout", "-q", "--detach", str(run.baseline))
    for name in _changed(home.folder):
        source, target = home.folder / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        else:
            target.unlink(missing_ok=True)
    (folder / ".dvc" / "config.local").write_text(f"[cache]\n    dir = {cache_folder(home.folder)}\n")
    past = Past(home.folder, str(base.experiment), base.id)
    lock = yaml.load((folder / "dvc.lock").read_bytes(), Loader=LOADER) if (folder / "dvc.lock").exists() else {}  # noqa: S506
    lock.setdefault("schema", "2.0")
    lock.setdefault("stages", {})[FETCH] = past.lock["stages"][FETCH]
    document.write_bytes(folder / "dvc.lock", yaml.safe_dump(lock, sort_keys=False).encode())
    return folder


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def outputs(folder: Path) -> list[str]:
    """What the stage that asks Toggl writes."""
    lock = yaml.load((folder / "dvc.lock").read_bytes(), Loader=LOADER)  # noqa: S506
    return [out["path"] for out in lock["stages"][FETCH]["outs"]]


def remove(home: Home, run: Manifest) -> None:
    """Take the copy of a run away, if it had one."""
    shutil.rmtree(home.copies / run.id, ignore_errors=True)


def _changed(folder: Path) -> list[str]:
    """Files that differ from the last commit, and new ones that git does not ignore."""
    different = _git(folder, "diff", "--name-only", "--no-renames", "-z", "HEAD")
    new = _git(folder, "ls-files", "-o", "--exclude-standard", "-z")
    return [name for name in (different + new).split("\0") if name]


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise TimeweaveError(f"git {command[0]}: {done.stderr.strip()}")
    return done.stdout
