"""Files of the archive by name, in a folder of this machine or elsewhere; each is written whole or not at all."""

import os
import shutil
import uuid
from pathlib import Path
from typing import Any, Protocol, TypeVar

from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError

Shape = TypeVar("Shape")

TEMPORARY = ".tmp"
"""Where files lie while they are written: no reader looks there, whatever a killed process leaves."""


class Files(Protocol):
    """The files of a folder. A name has `/` between its parts and leads to a place below the folder."""

    def read(self, name: str) -> bytes | None:
        """The content; None where there is no such file."""

    def write(self, name: str, content: bytes) -> None:
        """Replace the file: a reader, or a crash, sees the old content or the new one, never a part."""

    def move(self, name: str, target: str) -> None:
        """Give the file another name, in place of whatever has it; a crash may leave it under both."""

    def names(self, folder: str = "") -> list[str]:
        """What lies directly in a folder, files and folders, sorted; nothing where there is no such folder."""

    def remove(self, name: str) -> None:
        """Take a file or a folder away; nothing happens where there is none."""

    def below(self, folder: str) -> "Files":
        """The files of a folder, by their names in it."""

    def address(self, name: str = "") -> str:
        """Where a file is, for a person to read; never with a secret in it."""


def read_document(files: Files, name: str, shape: type[Shape]) -> Shape | None:
    """A JSON document; None where there is none. A damaged one is an error that says where it is."""
    content = files.read(name)
    return None if content is None else document.decode(content, shape, files.address(name))


def write_document(files: Files, name: str, content: Any) -> None:
    """Write a JSON document with the bytes that every document has."""
    files.write(name, document.encode(content))


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

    def write(self, name: str, content: bytes) -> None:
        """See Files. Opened as any new file is, so that whoever shares the folder may read it."""
        target, temporary = self.folder / name, self._root / TEMPORARY / uuid.uuid4().hex
        try:
            temporary.parent.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                with temporary.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(target)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise TimeweaveError(
                f"{target} cannot be written: {error.strerror}; make room or correct its permissions"
            ) from None

    def move(self, name: str, target: str) -> None:
        """See Files."""
        path = self.folder / target
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).replace(path)

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

    def below(self, folder: str) -> "LocalFiles":
        """See Files."""
        return LocalFiles(self.folder / folder, self._root)

    def address(self, name: str = "") -> str:
        """See Files."""
        return str(self.folder / name)
