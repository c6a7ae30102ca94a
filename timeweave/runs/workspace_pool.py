"""The workspaces of a project: each run takes one that is free, or a new one."""

import contextlib
from collections.abc import Iterator

from timeweave.project.project_folder import ProjectFolder
from timeweave.repository.workspace import Workspace
from timeweave.runs.lock import Lock

LOCK = "lock"
"""A file of a workspace; whoever works in it holds it."""


@contextlib.contextmanager
def take(project: ProjectFolder) -> Iterator[tuple[Workspace, Lock]]:
    """A workspace and its lock, which is held until the last process that was given it is gone.

    The lowest number that is free, so that the next run finds what the one before left.
    """
    number = 1
    while True:
        folder = project.workspaces / f"{number:02}"
        with Lock(folder / LOCK) as lock:
            if lock.acquire():
                yield Workspace(project.folder, folder), lock
                return
        number += 1
