"""Files of the archive by name, in a folder of this machine or elsewhere: each is written whole or not at all, for its owner only, and a damaged one is set aside."""

import contextlib
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from timeweave.runtime import document
from timeweave.runtime.document import Damaged
from timeweave.runtime.progress import warn
from timeweave.runtime.project import make_private

Shape = TypeVar("Shape")

TEMPORARY = ".tmp"
"""Where files lie while they are written: no reader looks there, whatever a killed process leaves."""
DAMAGED = "damaged"
"""Where files lie that were found damaged, under their names and a few letters that tell them apart."""


class Files(Protocol):
    """The files of a folder. A name has `/` between its parts and leads to a place below the folder."""

    def read(self, name: str) -> bytes | None:
        """The content; None where there is no such file, nothing at all where a folder is in its place."""

    def write(self, name: str, content: bytes) -> None:
        """Replace the file: a reader, or a crash, sees the old content or the new one, never a part."""

    def move(self, name: str, target: str) -> None:
        """Give the file another name, in place of whatever has it; a crash may leave it under both."""

    def names(self, folder: str = "") -> list[str]:
        """What lies directly in a folder, files and folders, sorted; nothing where there is no such folder."""

    def remove(self, name: str) -> None:
        """Take a file or a folder away; nothing happens where there is none."""

    def set_aside(self, name: str) -> str:
        """Move a file, or the folder in its place, to where damaged ones lie; its address there."""

    def below(self, folder: str) -> "Files":
        """The files of a folder, by their names in it."""

    def address(self, name: str = "") -> str:
        """Where a file is, for a person to read; never with a secret in it."""


def read_document(files: Files, name: str, shape: type[Shape], loss: str) -> Shape | None:
    """A JSON document; None where there is none, or where it was damaged: then it is set aside, with a word of `loss`.

    One of a newer schema is an error and stays where it is.
    """
    content = files.read(name)
    try:
        return None if content is None else document.decode(unseal(content), shape, files.address(name))
    except Damaged as damage:
        set_aside(files, name, content, damage.reason, loss)
        return None


def write_document(files: Files, name: str, content: Any) -> None:
    """Write a JSON document with the bytes that every document has, and their checksum."""
    files.write(name, seal(document.encode(content)))


def find_damaged(files: Files, folder: str = "") -> Iterator[tuple[str, bytes, str]]:
    """Name, content and fault of every document below a folder that is none, whatever it should be of."""
    for name in (f"{folder}/{one}".lstrip("/") for one in files.names(folder)):
        if not name.endswith(".json"):
            yield from find_damaged(files, name) if name != DAMAGED else ()
            continue
        content = files.read(name) or b""
        try:
            msgspec.json.decode(unseal(content))
        except (Damaged, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield name, content, str(error)


def set_aside(files: Files, name: str, content: bytes | None, reason: str, loss: str) -> str:
    """Take a file that holds `content` out of the way, tell whoever looks on why and what that means, and say what was done."""
    # Somebody else may have set it aside and written a new one since it was read.
    if content is None or files.read(name) != content:
        return "it is another one by now"
    warn(f"archive: {files.address(name)} is damaged ({reason}); it is kept as {files.set_aside(name)}. {loss}")
    return "kept aside"


_SEAL = b'{"checksum":"'
_SEALED = len(_SEAL) + 64 + len(b'",')


def seal(content: bytes) -> bytes:
    """A JSON object with the SHA-256 of all that follows as its first value."""
    return _SEAL + hashlib.sha256(content[1:]).hexdigest().encode() + b'",' + content[1:]


def unseal(content: bytes) -> bytes:
    """The object without it. Damaged where it is another's; files of an earlier version have none and pass."""
    if not content.startswith(_SEAL):
        return content
    found = b"{" + content[_SEALED:]
    if seal(found) != content:
        raise Damaged("its checksum does not fit")
    return found


class LocalFiles:
    """In a folder of this machine; `root` holds the folder for files that are being written."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder
        self._root = root or folder

    def read(self, name: str) -> bytes | None:
        """See Files."""
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except IsADirectoryError:
            return b""

    def write(self, name: str, content: bytes) -> None:
        """See Files."""
        target, temporary = self.folder / name, self._root / TEMPORARY / uuid.uuid4().hex
        try:
            make_private(temporary.parent)
            make_private(target.parent)
            try:
                with open(temporary, "xb", opener=_open_private) as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            error.filename, error.filename2 = str(target), None
            raise

    def move(self, name: str, target: str) -> None:
        """See Files."""
        path = self.folder / target
        make_private(path.parent)
        (self.folder / name).replace(path)

    def set_aside(self, name: str) -> str:
        """See Files."""
        place = (self.folder / name).relative_to(self._root).as_posix()
        target = f"{DAMAGED}/{place}.{uuid.uuid4().hex[:8]}"
        # Whoever came first has set it aside already.
        with contextlib.suppress(FileNotFoundError):
            LocalFiles(self._root).move(place, target)
        return str(self._root / target)

    def names(self, folder: str = "") -> list[str]:
        """See Files."""
        try:
            return sorted(path.name for path in (self.folder / folder).iterdir() if not path.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def remove(self, name: str) -> None:
        """See Files."""
        path = self.folder / name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def find_unfinished(self) -> list[Path]:
        """Files that somebody writes now, or that a killed process left."""
        return [path for path in sorted((self._root / TEMPORARY).glob("*")) if re.fullmatch("[0-9a-f]{32}", path.name)]

    def below(self, folder: str) -> "LocalFiles":
        """See Files."""
        return LocalFiles(self.folder / folder, self._root)

    def address(self, name: str = "") -> str:
        """See Files."""
        return str(self.folder / name)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
