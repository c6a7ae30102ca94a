"""Reads the archive's day files: only what is computed with is decoded, whatever else Toggl sent is skipped."""

from datetime import date
from pathlib import Path

import msgspec

from timeweave.runtime import shapes
from timeweave.runtime.document import REMEDY
from timeweave.runtime.errors import TimeweaveError

SCHEMA = 1


# The archive writes sorted keys. Fields in the same order are found at the first try.
class Entry(msgspec.Struct, gc=False, kw_only=True):
    """One stretch of logged time."""

    id: int
    seconds: int
    """Elapsed; below zero it is no duration but the mark of a running timer."""
    start: str
    """ISO 8601 with `Z` or an offset, 0 to 6 fraction digits."""
    stop: str | None = None
    """Null while the timer runs."""


class Row(msgspec.Struct, gc=False, kw_only=True):
    """A row of the detailed report (Toggl Reports API v3, search/time_entries) and its entries, usually one."""

    billable: bool | None = None
    """Null is false."""
    client_name: str | None = None
    description: str | None = None
    email: str | None = None
    project_id: int | None = None
    project_name: str | None = None
    tag_ids: list[int] | None = None
    tag_names: list[str] | None = None
    time_entries: list[Entry]
    user_id: int
    username: str | None = None


class _File(msgspec.Struct):
    schema: int
    day: str
    rows: list[Row]


def read(folder: Path, day: date) -> list[Row]:
    """The rows of the entries that start on a UTC day; a day without its file is an error, never an empty day."""
    path = folder / f"{day.isoformat()}.json"
    try:
        file = shapes.decode(path.read_bytes(), _File)
    except FileNotFoundError:
        raise TimeweaveError(
            f"{path} does not exist: {day} was never fetched; run fetch_time, or `dvc repro`"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TimeweaveError(
            f"{path} cannot be read: {error}; {REMEDY}; if that does not help, `timeweave run --refresh toggl` asks "
            "Toggl for the day again"
        ) from None
    if file.schema > SCHEMA:
        raise TimeweaveError(f"{path} was made by a newer Timeweave (schema {file.schema}); update it")
    if (file.schema, file.day) != (SCHEMA, day.isoformat()):
        raise TimeweaveError(f"{path} says schema {file.schema}, day {file.day!r}, not {SCHEMA} and {day}; {REMEDY}")
    return file.rows
