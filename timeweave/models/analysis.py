"""`data/analysis.json`: what the numbers mean; the one document that reports are made from.

Σ people = Σ categories = Σ items + Σ activities = Σ days = `proof.seconds`, in whole seconds. Shares lie between 0 and 1;
null where there is nothing to divide by. Days are `YYYY-MM-DD` of the period's time zone.
"""

from timeweave.models.aggregated import Period
from timeweave.models.directory import Account
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding
from timeweave.models.person_work import PersonWork, Sums
from timeweave.models.work_items import Feature, WorkItem
from timeweave.runtime.document import Record


class Proof(Record, frozen=True, kw_only=True):
    """Whether the time is complete."""

    toggl_seconds: int | None
    """The same as `seconds` where `toggl.verify_totals` is on: then no day is kept unless the entries that were fetched with
    it add up to Toggl's own total, to the second. Null where it is off, or only some people are shown."""
    seconds: int
    """All time of the people shown."""
    entries: int
    running: int
    """Timers that are not stopped; they are in no sum."""


class TeamWork(Sums, frozen=True, kw_only=True):
    """A team of config/team.yaml with those below it."""

    key: str
    name: str
    lead: str | None
    """A person's key, else the e-mail that the file gives."""
    parent: str | None
    people: list[str]
    """Their keys, of teams below included."""
    categories: dict[str, int]


class ItemChange(Record, frozen=True, kw_only=True):
    """How much more or less time in a category an item had than in the period before."""

    item: EntityKey
    title: str
    """As `WorkItem.title`: the item may have no time in the period, and no row."""
    seconds: int


class CategoryTime(Record, frozen=True, kw_only=True):
    """All time of a category."""

    key: str
    name: str
    absence: bool
    item_needed: bool
    seconds: int
    share: float
    target: list[float] | None
    """Lowest and highest share wanted."""
    previous_seconds: int | None
    previous_share: float | None
    most_gained: ItemChange | None = None
    """The item that gained most, and the one that lost most; null where none did, or nothing is compared."""
    most_lost: ItemChange | None = None
    people: int


class Part(Record, frozen=True, kw_only=True):
    """All time of a project, a database or a state; `name` is "" where there is none."""

    name: str
    seconds: int
    billable_seconds: int
    previous_seconds: int | None


class Breakdowns(Record, frozen=True, kw_only=True):
    """All time cut in other ways, most first; each adds up to the whole."""

    projects: list[Part]
    databases: list[Part]
    """By `Space/Database`; "" is time without an item, or on one whose database nobody named."""
    states: list[Part]
    """By the state's name; "" is time without an item or on one without a state."""


class PastTotals(Record, frozen=True, kw_only=True):
    """An earlier period of the same length."""

    start: str
    end: str
    seconds: int
    worked_seconds: int
    expected_seconds: int | None
    expected_worked_seconds: int | None = None
    """As in `Sums`."""
    billable_seconds: int
    item_seconds: int
    people: dict[str, int]
    """Seconds by the person's key."""
    categories: dict[str, int]


class Analysis(Record, frozen=True, kw_only=True):
    """The whole document. People and teams by key, items, features and categories most time first, findings by severity and seconds."""

    schema: int = 1
    account: Account
    fibery_account: str | None
    workspace: str
    """The Toggl workspace's name."""
    as_of: str
    period: Period
    looked_at: str
    """The period's last day or `as_of`, whichever is earlier: what is open, done or late is so on this day."""
    whole_is_later: bool = False
    """Whole times on record are of a day so long after the period that they are shown, but not compared with estimates."""
    people_in_period: int | None
    """How many people have entries, where `users` asks for some only."""
    proof: Proof
    totals: Sums
    thresholds: dict[str, float]
    past: list[PastTotals]
    """Newest first; none while the period is in progress (`as_of` is not after its last day)."""
    people: list[PersonWork]
    teams: list[TeamWork]
    categories: list[CategoryTime]
    breakdowns: Breakdowns
    items: list[WorkItem]
    features: list[Feature]
    findings: list[Finding]
