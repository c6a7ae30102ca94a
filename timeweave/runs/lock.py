"""One run at a time in a workspace: the second waits, or stops at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from timeweave.errors import TimeweaveError

PATH = Path(".timeweave/lock")


@contextmanager
def alone(wait: bool, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the workspace; a process that dies lets go of it."""
    PATH.parent.mkdir(exist_ok=True)
    lock = FileLock(PATH)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not wait:
            raise TimeweaveError("another run is at work in this folder; wait for it, or leave out --no-wait") from None
        say("another run is at work in this folder; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
