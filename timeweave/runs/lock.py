"""The lock that one run at a time holds; the processes that a run starts hold it with it."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from timeweave.runtime.errors import TimeweaveError

POLL = 0.2


class Lock:
    """A file that says who holds it. The system frees it when the last process that has it open is gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def acquire(self, who: str, wait: bool, say: Callable[[str], None]) -> None:
        """Take it for `who`; where another run has it wait, saying so once, or raise."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        said = False
        while not self._try():
            if not wait:
                self.release()
                raise TimeweaveError(
                    f"{self.holder() or 'another run'} is at work here; wait for it, or run without --no-wait"
                )
            if not said:
                say(f"waiting for {self.holder() or 'another run'} to end")
                said = True
            time.sleep(POLL)
        self.sign(who)

    def sign(self, who: str) -> None:
        """Say that this process is who holds it for `who`."""
        handle = os.open(self.path, os.O_WRONLY)
        try:
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{who} {os.getpid()}\n".encode(), 0)
        finally:
            os.close(handle)

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

    def holder(self) -> str | None:
        """The run that holds it now; None if nobody does."""
        found = self._owner()
        return found[0] if found else None

    def holder_pid(self) -> int | None:
        """The process that took it."""
        found = self._owner()
        return found[1] if found else None

    def _owner(self) -> tuple[str, int] | None:
        try:
            handle = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                name, _, pid = os.pread(handle, 500, 0).decode().strip().partition(" ")
                return (name, int(pid)) if pid.isdecimal() else None
            return None
        finally:
            os.close(handle)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
