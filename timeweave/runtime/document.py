"""JSON documents on disk: read with their shape checked, written whole or not at all, always with the same bytes."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from timeweave.runtime import shapes
from timeweave.runtime.errors import TimeweaveError

Shape = TypeVar("Shape")

END = b"\n"
PRIVATE, PUBLIC = 0o600, 0o644
"""Who may read a file: its owner, or everybody who may enter its folder."""
REMEDY = "run `timeweave doctor --repair`, then `dvc repro` or `timeweave run`, to have it made again"
"""For what the stages write. DVC alone would not do: it trusts its cache, and what looks as old and as long as before."""


class Damaged(TimeweaveError):
    """A file that is cut, garbled or of another shape; `reason` is what is wrong with it."""

    def __init__(self, reason: str, sentence: str = "") -> None:
        super().__init__(sentence or reason)
        self.reason = reason


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document that Timeweave itself writes and reads: immutable, built by keyword, closed to unknown keys."""


def read(path: Path, shape: type[Shape], remedy: str = REMEDY) -> Shape:
    """The document at `path` as `shape`; a missing, cut or misshapen file is a sentence that names it and the remedy."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise TimeweaveError(f"{path} does not exist; run the stage that writes it first, or `dvc repro`") from None
    except IsADirectoryError:
        raise Damaged("a folder is in its place", f"{path} is a folder; {remedy}") from None
    return decode(content, shape, str(path), remedy)


def decode(content: bytes, shape: type[Shape], place: str, remedy: str = REMEDY) -> Shape:
    """The bytes of a document as `shape`; `place` names it in the sentence about what is wrong with it."""
    try:
        found = shapes.decode(content, shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        _refuse_newer(_read_schema(content), shape, place)
        raise Damaged(str(error), f"{place} cannot be read: {error}; {remedy}") from None
    _refuse_newer(getattr(found, "schema", 0), shape, place)
    return found


class _Schema(msgspec.Struct):
    schema: int = 1


def _read_schema(content: bytes) -> int:
    """What a document that fits no shape says of itself; 0 where it says nothing."""
    try:
        return shapes.decode(content, _Schema).schema
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def _refuse_newer(schema: int, shape: type[Any], place: str) -> None:
    """A document of a newer schema is in order: it is this program that does not know it."""
    known = next((field.default for field in msgspec.structs.fields(shape) if field.name == "schema"), 1)
    if schema > known:
        raise TimeweaveError(f"{place} was made by a newer Timeweave (schema {schema}, known is {known}); update it")


def encode(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys, one value a line, a newline at the end: the bytes of every document."""
    return _format(content) + END


def _format(content: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=1)


def write(path: Path, content: Any, mode: int = PUBLIC) -> None:
    """Write the document so that a reader, or a crash, sees the old file or the new one, never a part."""
    # A large document is not put together once more for the sake of its end.
    write_bytes(path, _format(content), mode, END)


def write_bytes(path: Path, content: bytes, mode: int = PUBLIC, end: bytes = b"") -> None:
    """Replace `path` atomically, creating its folder; an error of the system names `path`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.write(end)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(mode)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


_UNFINISHED = re.compile(r"\.\w.*\.\w+\.[a-z0-9_]{8}")
"""What `write_bytes` calls a file until it is whole; other hidden files are people's own."""


def find_unfinished(folder: Path) -> list[Path]:
    """Files below a folder that somebody writes now, or that were left by a process that was killed."""
    # `os.walk` goes past folders that vanish meanwhile.
    found = [Path(top, name) for top, _, names in os.walk(folder) for name in names if _UNFINISHED.fullmatch(name)]
    return sorted(found)


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
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError as error:
                error.filename = str(folder / name)
                raise
    except BaseException:
        shutil.rmtree(written, ignore_errors=True)
        raise
    if folder.exists():
        folder.rename(replaced)
    written.rename(folder)
    shutil.rmtree(replaced, ignore_errors=True)
