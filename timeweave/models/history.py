"""`data/history.json`: the time that the period is compared with, and the whole time of items, in sums only.

A period's `seconds` = Σ people = Σ rows, and a row's `seconds` = Σ days. Items, projects and texts are spelt as in
`aggregated.json`; running timers are left out.
"""

from timeweave.models.directory import Account
from timeweave.models.entities import OptionalItemRecord
from timeweave.runtime.document import Record


class PastPerson(Record, frozen=True, kw_only=True):
    """Somebody's whole time in a compared period."""

    user_id: int
    email: str | None
    name: str
    seconds: int


class PastRow(OptionalItemRecord, frozen=True, kw_only=True):
    """A person's time with everything in common that a category can ask for; the reference is as in `aggregated.json`."""

    user_id: int
    text: str
    project: str | None
    client: str | None
    tags: list[str]
    """Names, sorted."""
    billable: bool
    seconds: int
    days: dict[str, int]


class PastPeriod(Record, frozen=True, kw_only=True):
    """One period before, both days included. `people` by user id; `rows` by user, item, text and what follows."""

    start: str
    end: str
    seconds: int
    people: list[PastPerson]
    rows: list[PastRow]


class SinceRow(OptionalItemRecord, frozen=True, kw_only=True):
    """Everybody's time on one item, or under one text without an item."""

    text: str | None
    """Where the reference is incomplete, the wording; without an item, texts that the period or a compared one has.

    Null otherwise: what is only needed as a sum is kept as one.
    """
    seconds: int
    people: dict[str, int]
    """By user id, as text."""


class Since(Record, frozen=True, kw_only=True):
    """All time from `analysis.since` to the period's last day, both included. `rows` by item and text."""

    start: str
    end: str
    rows: list[SinceRow]


class History(Record, frozen=True, kw_only=True):
    """The whole document. `periods` newest first; `since` is null where no day is named."""

    schema: int = 1
    account: Account
    as_of: str
    timezone: str
    periods: list[PastPeriod]
    since: Since | None
