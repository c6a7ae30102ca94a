"""JSON documents on disk: read with their shape checked, written whole or not at all, always with the same bytes."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from timeweave.runtime.errors import TimeweaveError

Shape = TypeVar("Shape")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document that Timeweave itself writes and reads: immutable, built by keyword, closed to unknown keys."""


def read(path: Path, shape: type[Shape]) -> Shape:
    """The document at `path` as `shape`; a missing, cut or misshapen file is a sentence that names it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TimeweaveError(f"{path} does not exist; run the stage that writes it first, or `dvc repro`") from None
    return decode(content, shape, str(path))


def decode(content: bytes, shape: type[Shape], place: str) -> Shape:
    """The bytes of a document as `shape`; `place` names it in the sentence about what is wrong with it."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TimeweaveError(f"{place} cannot be read: {error}; delete it and run `dvc repro`") from None


def encode(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys, one value a line, a newline at the end: the bytes of every document."""
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=1) + b"\n"


def write(path: Path, content: Any) -> None:
    """Write the document so that a reader, or a crash, sees the old file or the new one, never a part."""
    write_bytes(path, encode(content))


def write_bytes(path: Path, content: bytes) -> None:
    """Replace `path` atomically, creating its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_folder(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Replace a folder: afterwards it holds these files, by names with `/` between their parts, and no others.

    They are written beside it, one after the other, and take its place when all are there: what a process that is
    killed leaves lies in the folder's neighbours, which the next call clears away.
    """
    written, replaced = (folder.with_name(f".{folder.name}.{state}") for state in ("new", "old"))
    for remains in (written, replaced):
        shutil.rmtree(remains, ignore_errors=True)
    written.mkdir(parents=True)
    try:
        for name, content in files:
            path = written / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except BaseException:
        shutil.rmtree(written, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(replaced)
    written.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)
