"""A time entry inside a row of Toggl's detailed report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from timeweave.runtime.errors import IncompleteData

COMPARED = ("user_id", "project_id", "task_id", "billable", "description", "tag_ids")
"""Keys of a row that a person can change; names beside the ids change without the entry."""


@dataclass(frozen=True)
class Entry:
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
        return kept | {key: time.get(key) for key in ("seconds", "start", "stop")}


def read_entries(row: dict[str, Any]) -> Iterator[Entry]:
    """The entries of a row as Toggl's Reports API v3 sends it, each in a row of its own.

    `row_number` is dropped: it counts from the first row of the question asked, so it is no property of the entry.
    """
    try:
        for time in row["time_entries"]:
            local = datetime.fromisoformat(time["start"])
            running = time.get("stop") is None or time["seconds"] < 0
            yield Entry(
                id=int(time["id"]),
                start=local.astimezone(UTC),
                local_start=local.replace(tzinfo=None),
                seconds=0 if running else int(time["seconds"]),
                row={key: value for key, value in row.items() if key != "row_number"} | {"time_entries": [time]},
            )
    except (KeyError, TypeError, ValueError) as error:
        raise IncompleteData(
            f"Toggl sent a row that cannot be read ({error!r}); nothing of it may be guessed"
        ) from error
