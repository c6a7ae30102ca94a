"""Where the archive lies, how its folders are named, and who may add to one."""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from timeweave.archive.files import Files, LocalFiles
from timeweave.runtime.errors import ConfigurationError, explain
from timeweave.runtime.project import find_project, make_ignored, make_own_folder, make_private

VARIABLE = "TIMEWEAVE_ARCHIVE"
"""A folder, or an address that fsspec knows (s3://bucket/timeweave). Where it lies is no identity, so it is no parameter."""
LOCK = ".lock"
LONGEST_NAME = 80


def find_archive() -> Files:
    """The archive of the project that the working folder belongs to, or the one that TIMEWEAVE_ARCHIVE names.

    A folder that is not absolute is one of the project: workspaces below it would each have their own else.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return LocalFiles(make_own_folder(find_project()) / "archive")
    # Of this machine, where fsspec would let others look in.
    if named.startswith(("file://", "local://")):
        named = named.partition("://")[2]
    if "://" not in named:
        project = find_project()
        folder = project / Path(named).expanduser()
        if project in folder.parents:
            make_ignored(folder)
        return LocalFiles(folder)
    # Imported here: it takes time that most have no use for.
    from timeweave.archive.remote_files import RemoteFiles

    return RemoteFiles.at(named, VARIABLE)


def find_account(service: str, source: str, *identity: object) -> Files:
    """The folder of an account of a service. A sandbox whose code has changed is another account."""
    whose = (source, *identity)
    if source == "demo":
        from timeweave.sandbox import find_fingerprint

        whose += (find_fingerprint(),)
    return find_archive().below(service).below(name_folder(*whose))


def name_folder(*identity: object) -> str:
    """A name that is readable, valid on any file system and never the same for two identities."""
    digest = hashlib.sha256(repr(identity).encode()).hexdigest()[:10]
    words = re.sub(r"[^a-z0-9.]+", "-", "-".join(str(part) for part in identity if part is not None).lower())
    return f"{words[:LONGEST_NAME].strip('-.')}-{digest}".lstrip("-")


@contextmanager
def take_turn(files: Files, say: Callable[[str], None]) -> Iterator[None]:
    """Be the only one on this machine who adds to these files; wait for it, saying so once.

    The system frees the lock when the process that holds it is gone, however it ended.
    """
    handle = _open_lock(files)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run adds to the archive; waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open_lock(files: Files) -> int:
    """A file beside them; for those at an address, one of this machine that is named by the address."""
    if isinstance(files, LocalFiles):
        path = files.folder / LOCK
    else:
        digest = hashlib.sha256(files.address().encode()).hexdigest()[:24]
        path = Path(tempfile.gettempdir(), f"timeweave-locks-{os.getuid()}", f"{digest}.lock")
    try:
        make_private(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ConfigurationError(f"the archive cannot be written: {explain(error)}") from None
