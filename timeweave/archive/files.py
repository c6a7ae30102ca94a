"""Files of the archive: in a folder of this machine, or at any address that fsspec knows; written whole or not at all."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Protocol

TEMPORARY = ".tmp"
"""Where a folder keeps files that are being written: no reader looks there, whatever a killed process leaves."""


class Files(Protocol):
    """Files by name; a name has `/` between its parts and stays below the place it is of."""

    def read(self, name: str) -> bytes | None:
        """The content; None where there is no such file."""

    def write(self, name: str, content: bytes) -> None:
        """Replace the file: a reader, or a crash, sees the old content or the new one, never a part."""

    def names(self, folder: str = "") -> list[str]:
        """What lies directly in a folder, files and folders, sorted; nothing where there is no such folder."""

    def remove(self, name: str) -> None:
        """Take a file or a folder away; nothing happens where there is none."""

    def below(self, folder: str) -> "Files":
        """The files of a folder, by their names in it."""


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
        """See Files."""
        target, temporary = self.folder / name, self._root / TEMPORARY
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=temporary)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(path).replace(target)
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise

    def names(self, folder: str = "") -> list[str]:
        """See Files."""
        try:
            return sorted(path.name for path in (self.folder / folder).iterdir() if path.name != TEMPORARY)
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


class RemoteFiles:
    """At an address of fsspec. Stores of objects, such as S3, write an object whole or not at all by themselves."""

    def __init__(self, system: Any, folder: str) -> None:
        self._system, self._folder = system, folder.rstrip("/")

    def read(self, name: str) -> bytes | None:
        """See Files."""
        try:
            return bytes(self._system.cat_file(self._path(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """See Files."""
        self._system.pipe_file(self._path(name), content)

    def names(self, folder: str = "") -> list[str]:
        """See Files."""
        try:
            listed = self._system.ls(self._path(folder), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(
            str(path).rstrip("/").rpartition("/")[2] for path in listed if path.rstrip("/") != self._path(folder)
        )

    def remove(self, name: str) -> None:
        """See Files."""
        path = self._path(name)
        if self._system.exists(path):
            self._system.rm(path, recursive=True)

    def below(self, folder: str) -> "RemoteFiles":
        """See Files."""
        return RemoteFiles(self._system, self._path(folder))

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}" if name else self._folder
