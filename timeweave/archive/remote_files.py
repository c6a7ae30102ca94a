"""Files of the archive at an address that fsspec knows, such as a bucket of S3."""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import fsspec

from timeweave.archive.files import DAMAGED, TEMPORARY
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss"})
"""They show an object when all of it has arrived; elsewhere a file is written beside its place and moved there."""


class RemoteFiles:
    """In a folder of a file system of fsspec; `root` holds the folder for files that are being written."""

    def __init__(self, system: Any, folder: str, root: str | None = None) -> None:
        self._system, self._folder = system, folder.rstrip("/")
        self._root = root or self._folder

    @classmethod
    def at(cls, address: str, setting: str) -> "RemoteFiles":
        """At an address such as s3://bucket/folder; `setting` names where it is written, for the sentence of an error."""
        protocol = address.partition("://")[0]
        try:
            system, folder = fsspec.core.url_to_fs(address)
        except ImportError as error:
            hint = "pip install -e '.[s3]'" if protocol in ("s3", "s3a") else str(error)
            raise ConfigurationError(f"{setting}: {protocol}:// needs a package that is missing: {hint}") from None
        except ValueError:
            raise ConfigurationError(
                f"{setting}: {protocol}:// is not known; write a folder, or an address such as s3://bucket/timeweave"
            ) from None
        return cls(system, folder)

    def read(self, name: str) -> bytes | None:
        """See Files."""
        with self._explained("read", name):
            try:
                return bytes(self._system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        """See Files."""
        with self._explained("written", name):
            if self._is_object_store:
                self._system.pipe_file(self._path(name), content)
                return
            temporary = f"{self._root}/{TEMPORARY}/{uuid.uuid4().hex}"
            for path in (temporary, self._path(name)):
                self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(temporary, content)
            self._system.mv(temporary, self._path(name))

    def move(self, name: str, target: str) -> None:
        """See Files."""
        with self._explained("written", target):
            self._move(name, target)

    def _move(self, name: str, target: str) -> None:
        if self._is_object_store:
            self._system.cp_file(self._path(name), self._path(target))
            self._system.rm_file(self._path(name))
            return
        self._system.makedirs(self._path(target).rpartition("/")[0], exist_ok=True)
        self._system.mv(self._path(name), self._path(target))

    def names(self, folder: str = "") -> list[str]:
        """See Files."""
        place = self._path(folder)
        with self._explained("read", folder):
            # What other processes wrote meanwhile must be seen.
            self._system.invalidate_cache()
            try:
                listed = [str(path).rstrip("/") for path in self._system.ls(place, detail=False)]
            except (FileNotFoundError, NotADirectoryError):
                return []
        names = {path.rpartition("/")[2] for path in listed if path != place}
        return sorted(name for name in names if not name.startswith("."))

    def remove(self, name: str) -> None:
        """See Files."""
        with self._explained("written", name):
            self._system.invalidate_cache()
            if self._system.exists(self._path(name)):
                self._system.rm(self._path(name), recursive=True)

    def set_aside(self, name: str) -> str:
        """See Files."""
        root = RemoteFiles(self._system, self._root)
        place = self._path(name).removeprefix(f"{self._root}/")
        target = f"{DAMAGED}/{place}.{uuid.uuid4().hex[:8]}"
        # Whoever came first, on whatever machine, has set it aside already.
        with suppress(FileNotFoundError), root._explained("set aside", place):
            root._move(place, target)
        return root.address(target)

    def below(self, folder: str) -> "RemoteFiles":
        """See Files."""
        return RemoteFiles(self._system, self._path(folder), self._root)

    def address(self, name: str = "") -> str:
        """See Files. The path alone: what came before it in the address may have been a password."""
        return f"{self._protocol}://{self._path(name).lstrip('/')}"

    @property
    def _protocol(self) -> str:
        named = self._system.protocol
        return str(named if isinstance(named, str) else named[0])

    @property
    def _is_object_store(self) -> bool:
        return self._protocol in OBJECT_STORES

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}" if name else self._folder

    @contextmanager
    def _explained(self, verb: str, name: str) -> Iterator[None]:
        """What the store refuses as a sentence; a file that is not there is for the caller."""
        # Where botocore was never imported, none of its errors can come.
        botocore = sys.modules.get("botocore.exceptions")
        failures: tuple[type[Exception], ...] = (OSError, *([botocore.BotoCoreError] if botocore else []))
        try:
            yield
        except FileNotFoundError as error:
            if verb != "written":
                raise
            raise TimeweaveError(self._sentence(verb, name, error)) from None
        except failures as error:
            raise TimeweaveError(self._sentence(verb, name, error)) from None

    def _sentence(self, verb: str, name: str, error: Exception) -> str:
        said = " ".join(str(error).split())
        return f"{self.address(name)} cannot be {verb}: {said}; check TIMEWEAVE_ARCHIVE and who may use it"
