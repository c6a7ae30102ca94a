"""`data/enriched.json`: what Fibery says of every reference of `entities.json`, found or not.

A missing item is a row with a status, never a gap. Dates are `YYYY-MM-DD` or ISO 8601 instants as Fibery sends them.
"""

from enum import StrEnum
from typing import Any

from timeweave.runtime.document import Record


class EntityStatus(StrEnum):
    """What became of a reference."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    """Its database has no such item that the token can see."""
    UNKNOWN_DATABASE = "unknown_database"
    """Fibery has no such database, or the configuration names none that it could be."""
    UNRESOLVED = "unresolved"
    """Of the databases that it may be in, none or several have it."""
    FAILED = "failed"
    """Fibery did not give the item."""


class StateMeaning(StrEnum):
    """How far an item is, whatever its state is called."""

    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    UNKNOWN = "unknown"


class State(Record, frozen=True, kw_only=True):
    """A workflow state, or the value of a plain select named State (then `type` and `final` are null)."""

    name: str
    type: str | None = None
    """`Not started`, `Started` or `Finished`."""
    final: bool | None = None

    @property
    def meaning(self) -> StateMeaning:
        """What the state means: by its finality, else by its type."""
        if self.final or self.type == "Finished":
            return StateMeaning.DONE
        return {"Not started": StateMeaning.WAITING, "Started": StateMeaning.STARTED}.get(
            self.type or "", StateMeaning.UNKNOWN
        )


class Assignee(Record, frozen=True, kw_only=True):
    """A person an item is assigned to."""

    name: str
    email: str | None = None


class Comment(Record, frozen=True, kw_only=True):
    """A comment, oldest first; `text` is Markdown."""

    at: str | None
    author: str | None
    text: str


class Completion(Record, frozen=True, kw_only=True):
    """How far a feature is: its items, how many of them are in a final state, and the time Fibery has on record."""

    items: int
    final: int
    seconds: int | None = None


class Parent(Record, frozen=True, kw_only=True):
    """One step of the chain upwards, nearest first: Sub-task → Task → Feature → Epic."""

    relation: str
    """The label of the field that leads there."""
    space: str
    database: str
    public_id: str
    name: str
    state: State | None = None
    url: str | None = None
    progress: Completion | None = None
    """Where Fibery counts the items of it, as it does for features."""


class EnrichedEntity(Record, frozen=True, kw_only=True):
    """One reference and what became of it. Everything below `reason` is null or empty unless it was found."""

    space: str | None
    database: str | None
    public_id: str
    """The reference exactly as in `entities.json`."""
    status: EntityStatus
    reason: str | None = None
    """A sentence for people, unless it was found."""
    found_as: str | None = None
    """`Space/Database` as the schema spells it, where it was found."""
    activity: str | None = None
    id: str | None = None
    name: str | None = None
    url: str | None = None
    state: State | None = None
    created: str | None = None
    modified: str | None = None
    started: str | None = None
    completed: str | None = None
    planned_start: str | None = None
    planned_end: str | None = None
    overdue: bool = False
    """Planned to end before `as_of` and not final."""
    assignees: list[Assignee] = []
    description: str | None = None
    """Markdown."""
    comments: list[Comment] = []
    parents: list[Parent] = []
    progress: Completion | None = None
    fields: dict[str, Any] = {}
    """The configured fields by label: text, number, bool, null, list of these, or {start, end}."""


class Enriched(Record, frozen=True, kw_only=True):
    """`entities` in the order of `entities.json`."""

    schema: int = 1
    as_of: str
    account: str | None
    """The Fibery account that items are linked to."""
    entities: list[EnrichedEntity]
