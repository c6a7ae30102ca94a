"""The project's folder, found from anywhere below it."""

import errno
import os
import stat
from itertools import takewhile
from pathlib import Path

MARKS = ("dvc.yaml", "stages/fetch_time.py")
OWN = ".timeweave"


def find_project(start: Path | None = None) -> Path:
    """The outermost project folder that `start` (the working folder) lies in; `start` itself where there is none.

    The outermost, so that a run's workspace and a queued experiment, which are copies of the project somewhere below
    it, share the memory of the project they belong to. The way up ends at a folder that somebody else could have laid
    a project into, as in /tmp: their project would decide what ours remembers.
    """
    here = (start or Path.cwd()).resolve()
    ours = takewhile(is_ours, (here, *here.parents))
    found = [folder for folder in ours if all((folder / mark).exists() for mark in MARKS)]
    return found[-1] if found else here


def is_ours(folder: Path) -> bool:
    """Whether a folder is this user's or root's, and not everybody's to write in."""
    found = folder.stat()
    return found.st_uid in (os.getuid(), 0) and not found.st_mode & stat.S_IWOTH


def find_env_file() -> Path | None:
    """The nearest `.env` upwards from the working folder, no further than the project: what lies above it is not ours."""
    here = Path.cwd().resolve()
    outermost = find_project(here)
    folders = [folder for folder in (here, *here.parents) if folder == outermost or outermost in folder.parents]
    return next((path for folder in folders if (path := folder / ".env").is_file()), None)


def make_own_folder(project: Path) -> Path:
    """`.timeweave` of the project, where everything lies that is remembered; ignored by git whatever the project says."""
    folder = project / OWN
    if folder.exists() and folder.stat().st_uid not in (os.getuid(), 0):
        raise FileExistsError(errno.EEXIST, "it belongs to another user, and is not used", str(folder))
    return make_ignored(folder)


def make_ignored(folder: Path) -> Path:
    """The folder, made where there is none, with a word to git that nothing in it is to be kept."""
    ignore = folder / ".gitignore"
    if not ignore.exists():
        make_private(folder)
        ignore.write_text("*\n", encoding="utf-8")
    return folder


def make_private(folder: Path) -> Path:
    """The folder, made where there is none, with those above it, for its owner only; one that is there stays as it is."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder
