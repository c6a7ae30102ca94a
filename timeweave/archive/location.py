"""Where the archive lies, and whose turn it is to add to it."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
from filelock import FileLock, Timeout

from timeweave.archive.files import Files, LocalFiles, RemoteFiles
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.project import find_project, own_folder

VARIABLE = "TIMEWEAVE_ARCHIVE"
"""A folder, or an address that fsspec knows (s3://bucket/timeweave). Where it lies is no identity, so it is no parameter."""


def find_archive() -> Files:
    """The archive of the project that the working folder belongs to, or the one that TIMEWEAVE_ARCHIVE names."""
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return LocalFiles(own_folder(find_project()) / "archive")
    if "://" not in named:
        return LocalFiles(Path(named).expanduser().absolute())
    try:
        system, folder = fsspec.core.url_to_fs(named)
    except (ImportError, ValueError) as error:
        raise ConfigurationError(f"{VARIABLE}: {error}") from None
    return RemoteFiles(system, folder)


@contextmanager
def take_turn(files: Files, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the only turn on this machine to add to these files; wait for it, saying so once.

    The system gives it back when the process that holds it is gone, however it ended.
    """
    lock = FileLock(_lock_path(files))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("another run adds to the archive; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _lock_path(files: Files) -> Path:
    if isinstance(files, LocalFiles):
        files.folder.mkdir(parents=True, exist_ok=True)
        return files.folder / ".lock"
    folder = Path(tempfile.gettempdir(), f"timeweave-locks-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    address = repr((type(files).__name__, getattr(files, "_folder", "")))
    return folder / f"{hashlib.sha256(address.encode()).hexdigest()[:24]}.lock"
