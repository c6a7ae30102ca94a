"""A lock that a run holds and hands on to the processes that it starts; the workspaces of a project, each taken by one run at a time; and the signals that end a run."""

import contextlib
import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.run_workspace import Workspace
from timeweave.runtime.project import make_private


class Lock:
    """A file. The system frees it when the last process that has it open is gone, however that ended."""

    def __init__(self, path: Path, handle: int | None = None) -> None:
        """`handle`: the open file of one that another process took and handed on to this one."""
        self.path = path
        self._handle = handle

    def acquire(self) -> bool:
        """Take it; False where somebody else has it."""
        make_private(self.path.parent)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Give it back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @property
    def handle(self) -> int:
        """The open file, to hand on to a process that works for the holder."""
        if self._handle is None:
            raise ValueError("the lock is not held")
        return self._handle

    def is_held(self) -> bool:
        """Whether anybody has it now."""
        try:
            handle = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


LOCK = "lock"
"""A file of a workspace; whoever works in it holds it."""


@contextlib.contextmanager
def take_workspace(project: ProjectFolder) -> Iterator[tuple[Workspace, Lock]]:
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


def list_idle(project: ProjectFolder) -> list[Workspace]:
    """The workspaces that nobody works in now."""
    folders = [one for one in sorted(project.workspaces.glob("*")) if one.is_dir() and not (one / LOCK).is_dir()]
    return [Workspace(project.folder, one) for one in folders if not Lock(one / LOCK).is_held()]


@contextlib.contextmanager
def take_left(workspace: Workspace) -> Iterator[bool]:
    """Whether nobody works in a workspace and it is damaged, or was left in the middle of a run; until the end nobody does.

    The file of the lock must stay: who has just opened it would hold the lock of nothing.
    """
    with Lock(workspace.folder.parent / LOCK) as lock:
        yield lock.acquire() and not workspace.is_sound()


class Stopped(BaseException):
    """A signal, or somebody with `cancel-run`, asks for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextmanager
def stop_on_signals(then: Callable[[], None] | None = None) -> Iterator[None]:
    """SIGTERM and SIGHUP end what is at work in order, as Ctrl-C does."""

    def stop(number: int, _: object) -> None:
        if then:
            then()
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            with contextlib.suppress(TypeError):
                signal.signal(number, handler)
