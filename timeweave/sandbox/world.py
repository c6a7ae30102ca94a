"""The invented world: a team, what it works on and the time it logs, all worked out from a day."""

import threading
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from timeweave.sandbox.company import PEOPLE, team
from timeweave.sandbox.fibery.field_values import find_value
from timeweave.sandbox.fibery.workspace import Overrides, Workspace
from timeweave.sandbox.toggl.entries_as_of import Timesheet
from timeweave.sandbox.toggl.invented_entries import TimeEntries, TimeEntry


class World:
    """The world as it is at the end (UTC) of the day `as_of`; `entries` takes the place of every invented time entry,
    `items` sets fields of Fibery entities by (database, public id), or with None takes one away.
    """

    def __init__(
        self, as_of: date, *, team_size: int = len(PEOPLE), entries: Iterable[TimeEntry] | None = None,
        items: Overrides | None = None,
    ) -> None:  # fmt: skip
        self.lock = threading.Lock()
        """Held by whoever asks: what is worked out on demand is worked out by one thread at a time."""
        self.as_of, self.people = as_of, tuple(one for one in team(team_size) if one.has_joined(as_of))
        self.people_by_id = {person.user_id: person for person in self.people}
        self.members = tuple(person for person in self.people if not person.has_left(as_of))
        self.workspace = Workspace(as_of, self.people, find_value, items)
        self.timesheet = Timesheet(as_of, self.people, TimeEntries(self.workspace), entries)
        self.workspace.time_spent, self.workspace.time_needed = self.timesheet.time_spent, self.timesheet.time_needed


@lru_cache(maxsize=16)
def invent(as_of: date) -> World:
    """The world as of a day, the same for all who ask in this process: much of it is worked out only once."""
    return World(as_of)
