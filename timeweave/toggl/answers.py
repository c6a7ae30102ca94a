"""What Toggl answers, checked as it comes in: time entries inside rows of the detailed report, totals, lists of names."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from timeweave.runtime import shapes
from timeweave.web.answers import MOST_TAGS, Id, Text, UnusableAnswer, check_rows

COMPARED = ("user_id", "project_id", "task_id", "billable", "description", "tag_ids")
"""Keys of a row that a person can change; names beside the ids change without the entry."""
CORRECTED = ("seconds", "start", "stop")
"""Keys of an entry whose values a person can put right in Toggl."""
LONGEST_ENTRY = 366 * 86400
"""Seconds; Toggl itself takes no entry of 1000 hours."""
LONGEST_AGO = 131 * 366 * 86400
"""Seconds since 1970, which Toggl writes with a minus for a running timer, until the year 2100 is over."""

_BOUNDS = Meta(ge=-LONGEST_AGO, le=LONGEST_ENTRY)
# As the archive's readers can read it again; they cut a fraction to six digits.
_INSTANT = re.compile(r"(20\d\d|2100)-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_IN_ROW = re.compile(r"\[(\d+)\](?:\.time_entries\[(\d+)\])?\.?")


class _Time(msgspec.Struct, gc=False):
    id: Id
    seconds: Annotated[int, _BOUNDS] | Annotated[float, _BOUNDS]
    start: str
    stop: str | None = None
    at: str | None = None

    def __post_init__(self) -> None:
        if self.seconds % 1:
            raise ValueError(f"seconds is {self.seconds}, not a whole number")
        _refuse_other_times("start", self.start)
        if self.stop is not None:
            _refuse_other_times("stop", self.stop)


class _Row(msgspec.Struct, gc=False):
    """What is used of a row. Whatever else it holds is kept as it is."""

    user_id: Id
    time_entries: list[_Time]
    username: Text | None = None
    email: Text | None = None
    project_id: Id | None = None
    project_name: Text | None = None
    client_name: Text | None = None
    task_id: Id | None = None
    task_name: Text | None = None
    billable: bool | None = None
    description: Text | None = None
    tag_ids: Annotated[list[Id], Meta(max_length=MOST_TAGS)] | None = None
    tag_names: Annotated[list[Text], Meta(max_length=MOST_TAGS)] | None = None


class Entry(msgspec.Struct, frozen=True):
    """One time entry with the row it came in, which holds just this entry."""

    id: int
    start: datetime
    """The instant it started, in UTC."""
    local_start: datetime
    """The same on its owner's clock, without a zone."""
    seconds: int
    """What counts: elapsed seconds, 0 while the timer runs."""
    row: dict[str, Any]

    @property
    def is_running(self) -> bool:
        """Whether its timer still runs."""
        [time] = self.row["time_entries"]
        return time.get("stop") is None or time["seconds"] < 0

    @property
    def day(self) -> date:
        """The UTC day it started on."""
        return self.start.date()

    @property
    def content(self) -> dict[str, Any]:
        """What a person can change about it."""
        [time] = self.row["time_entries"]
        kept = {key: self.row.get(key) for key in COMPARED}
        kept["billable"] = bool(kept["billable"])
        return kept | {key: time.get(key) for key in ("seconds", "start", "stop")}


def read_entries(rows: Any, place: str, note: Callable[[str], None] = lambda _: None) -> list[Entry]:
    """The entries of rows as Toggl's Reports API v3 sends them, each in a row of its own. Raises UnusableAnswer.

    `row_number` is dropped: it counts from the first row of the question asked, so it is no property of the entry.
    """
    try:
        shapes = check_rows(rows, _Row, place, note)
    except UnusableAnswer as error:
        raise _name_entry(error, rows, place) from None
    found = []
    for row, shape in zip(rows, shapes, strict=True):
        for raw, time in zip(row["time_entries"], shape.time_entries, strict=True):
            local, seconds = datetime.fromisoformat(time.start), int(time.seconds)
            # 60.0 would be refused by whoever reads whole numbers.
            alone = {**row, "time_entries": [{**raw, "seconds": seconds}]}
            alone.pop("row_number", None)
            counted = 0 if time.stop is None else max(seconds, 0)
            found.append(Entry(time.id, local.astimezone(UTC), local.replace(tzinfo=None), counted, alone))
    return found


def _name_entry(error: UnusableAnswer, rows: Any, place: str) -> UnusableAnswer:
    """The same with the entry's id in the path's place, and what a person can do about its times."""
    found = _IN_ROW.match(error.field)
    try:
        id_ = shapes.convert(found and rows[int(found[1])]["time_entries"][int(found[2] or 0)]["id"], Id)
    except (LookupError, TypeError, msgspec.ValidationError):
        return error
    field = error.field[found.end() :] if found else ""
    misfit = f"{field}: {error.fault}" if field else error.fault
    remedy = "correct it in Toggl, then run again" if misfit.startswith(CORRECTED) else "run again later"
    return UnusableAnswer(f"{place} cannot be used: entry {id_}: {misfit}; {remedy}", f"entry {id_}", misfit)


def _refuse_other_times(name: str, text: str) -> None:
    try:
        if _INSTANT.fullmatch(text):
            datetime.fromisoformat(text)
            return
    except ValueError:
        pass
    raise ValueError(f"{name} is not an instant of the years 2000 to 2100 with its offset from UTC")


class Totals(msgspec.Struct):
    """Of the totals of a report."""

    seconds: Annotated[int, Meta(ge=-(2**53), le=2**53)]


class SummaryPart(Totals):
    """Time under one description; `ids` of entries where they were asked for."""

    ids: list[Id] | None = None


class SummaryGroup(msgspec.Struct):
    """One person's time in a summary report by users."""

    id: Id
    sub_groups: list[SummaryPart] | None = None


class Summary(msgspec.Struct):
    """A summary report."""

    groups: list[SummaryGroup] | None = None


class WorkspaceRow(msgspec.Struct):
    """A workspace: `admin` says whether the token is an admin's, where Toggl says so."""

    name: Text | None = None
    admin: bool | None = None

    @property
    def shows_everyone(self) -> bool:
        """Whether the token may see everybody's time: it may unless Toggl says that it is no admin's."""
        return self.admin is not False


class NamedRow(msgspec.Struct):
    """A project, client, tag or task."""

    id: Id
    name: Text | None
    client_id: Id | None = None
    project_id: Id | None = None
    active: bool | None = None
    archived: bool | None = None


class UserRow(msgspec.Struct, kw_only=True):
    """A user, in the words of whichever list it stands in."""

    id: Id
    name: Text | None = None
    fullname: Text | None = None
    email: Text | None = None
    timezone: Text | None = None
    inactive: bool | None = None


class MemberRow(UserRow, kw_only=True):
    """A membership: its `id` is its own, `uid` is the user's, null for who is invited and not there yet."""

    uid: Id | None
