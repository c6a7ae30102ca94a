"""A time entry as the sandbox keeps it."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class TimeEntry:
    """A stretch of logged time; moments carry a zone, `seconds` is None while the timer runs."""

    id: int
    user_id: int
    start: datetime
    seconds: int | None
    description: str = ""
    project_id: int | None = None
    task_id: int | None = None
    billable: bool = False
    tag_ids: tuple[int, ...] = ()
    at: datetime | None = None
    """The last change; None: when it ended."""

    @property
    def stop(self) -> datetime | None:
        """The end, None while it runs."""
        return None if self.seconds is None else self.start + timedelta(seconds=self.seconds)

    @property
    def changed(self) -> datetime:
        """The last change."""
        return self.at or self.stop or self.start
