"""`data/aggregated.json`: who worked on what and how long, in whole seconds that add up.

For every person `seconds` = Σ entities + Σ activities = Σ days = Σ projects, and the totals are the sums over people.
An entry belongs to the day of its start in `period.timezone`, unsplit. Running timers are counted, never summed.
"""

from datetime import date
from enum import StrEnum

import msgspec

from timeweave.models.directory import Account
from timeweave.models.entities import ItemRecord
from timeweave.runtime.document import Record


class Period(Record, frozen=True, kw_only=True):
    """Both days included, `YYYY-MM-DD`, cut in `timezone` (IANA)."""

    start: str
    end: str
    timezone: str

    def find_days_over(self, as_of: str) -> tuple[int, int] | None:
        """How many of how many days were over on the day `as_of`; None once all were."""
        first, last, look = map(date.fromisoformat, (self.start, self.end, as_of))
        return None if look > last else (max(0, (look - first).days), (last - first).days + 1)


class Text(Record, frozen=True, kw_only=True):
    """One wording under which an item was logged."""

    text: str
    seconds: int
    entries: int


class LoggedEntry(Record, frozen=True, kw_only=True, gc=False):
    """One entry by Toggl's id; `start` is local time of `period.timezone`, ISO 8601 with its offset."""

    id: int
    start: str
    seconds: int


class Description(Record, frozen=True, kw_only=True):
    """Entries that read the same and have everything in common that a category can ask for."""

    text: str
    """The wording, as in `EntityTime.texts`, or the activity's text."""
    project: str | None
    """As in `PersonTime.projects`."""
    client: str | None
    """Of Toggl's project."""
    tags: list[str]
    """Names, sorted."""
    billable: bool
    seconds: int
    entries: list[LoggedEntry]
    """By start, then id."""


class EntityTime(ItemRecord, frozen=True, kw_only=True):
    """A person's time on one work item: the reference as written in descriptions, never looked up."""

    projects: list[str]
    seconds: int
    entries: int
    billable_seconds: int
    days: dict[str, int]
    texts: list[Text]
    descriptions: list[Description] = []
    """By text, project, client, tags and billable; their seconds add up to the item's. Empty before schema 2."""


class Activity(Record, frozen=True, kw_only=True):
    """A person's time under one text that names no work item."""

    text: str
    seconds: int
    entries: int
    billable_seconds: int
    descriptions: list[Description] = []
    """As those of an item."""


class ProjectTime(Record, frozen=True, kw_only=True):
    """A person's time on one project: Toggl's project of the entry, else the description's project tag, else null."""

    name: str | None
    seconds: int
    billable_seconds: int


class PersonTime(Record, frozen=True, kw_only=True):
    """One person's whole period. Sorted by user id; a person without an e-mail keeps all hours."""

    user_id: int
    email: str | None
    name: str
    seconds: int
    entries: int
    matched_seconds: int
    unmatched_seconds: int
    billable_seconds: int
    days: dict[str, int]
    projects: list[ProjectTime]
    entities: list[EntityTime]
    activities: list[Activity]


class FindingKind(StrEnum):
    """Why a person should look at an entry, or at somebody's account."""

    DETACHED_TAGS = "detached_tags"
    NEAR_MISS = "near_miss"
    NO_DESCRIPTION = "no_description"
    NO_EMAIL = "no_email"
    """Toggl shows no e-mail of the person, so `users` cannot name them."""
    NO_TAGS = "no_tags"
    PARTIAL_TAGS = "partial_tags"
    RUNNING = "running"
    """The timer is still running."""
    SEVERAL_REFERENCES = "several_references"
    SPLIT_ID = "split_id"
    UNCLOSED_TAG = "unclosed_tag"
    UNKNOWN_LINK = "unknown_link"


class Finding(Record, frozen=True, kw_only=True):
    """Something a person should look at. `entry_id` is Toggl's, where it concerns one entry."""

    kind: FindingKind
    """Most kinds are flags of the matching, timeweave.matching.bracket_tags.Flag, which says what they mean."""
    user_id: int
    entry_id: int | None
    text: str
    """The description as logged, in brief."""
    start: str | None = None
    """Local time of `period.timezone`, ISO 8601 with its offset, where the timer is running."""

    @property
    def sort_key(self) -> tuple[str, int, int]:
        """By kind, user and entry."""
        return self.kind, self.user_id, self.entry_id or 0


class Totals(Record, frozen=True, kw_only=True):
    """Sums over all people shown."""

    seconds: int
    entries: int
    matched_seconds: int
    matched_entries: int
    unmatched_seconds: int
    unmatched_entries: int
    billable_seconds: int
    people: int
    entities: int
    running: int


class Aggregated(Record, frozen=True, kw_only=True):
    """The whole document. `people` by user id; `warnings` by kind, user and entry."""

    schema: int = 2
    account: Account
    as_of: str
    period: Period
    totals: Totals
    people: list[PersonTime]
    people_in_period: int | msgspec.UnsetType = msgspec.UNSET
    """How many people have entries in the period, where `users` asks for some of them only; else it is left out."""
    warnings: list[Finding]
