"""The invented world: a team, what it works on and the time it logs, all worked out from a seed and a day."""

from collections.abc import Iterable
from datetime import date

from timeweave.sandbox.fibery.field_values import find_value
from timeweave.sandbox.fibery.workspace import Overrides, Workspace
from timeweave.sandbox.team import PEOPLE, Person, team
from timeweave.sandbox.toggl.assigned_items import AssignedItems
from timeweave.sandbox.toggl.time_entry import TimeEntry
from timeweave.sandbox.toggl.timesheet import Timesheet

SEED = "heliotrope"


class World:
    """The world as it is at the end (UTC) of the day `as_of`.

    `entries` takes the place of every invented time entry, `extra_entries` is added to them; `items` sets fields of
    Fibery entities by (database, public id), or with None takes one away. A larger team has that much more to work on,
    or `scale` times what eleven people have.
    """

    def __init__(
        self, as_of: date, *, seed: str = SEED, team_size: int = len(PEOPLE), entries: Iterable[TimeEntry] | None = None,
        extra_entries: Iterable[TimeEntry] = (), items: Overrides | None = None, scale: int | None = None,
    ) -> None:  # fmt: skip
        self.as_of, self.people = as_of, team(team_size)
        factor = scale if scale is not None else max(1, round(team_size / len(PEOPLE)))
        self.workspace = Workspace(as_of, self.people, find_value, seed=seed, scale=factor, overrides=items)
        self.timesheet = Timesheet(
            as_of, self.people, AssignedItems(self.workspace), seed=seed, given=entries, added=extra_entries
        )
        self._by_id = {person.user_id: person for person in self.people}

    def person(self, user_id: int) -> Person | None:
        """Who has a Toggl user id; None for one that nobody knows."""
        return self._by_id.get(user_id)
