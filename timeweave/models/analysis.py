"""`data/analysis.json`: what the numbers mean; the one document that reports are made from.

Σ people = Σ categories = Σ items + Σ activities = Σ days = `proof.seconds`, in whole seconds. Shares lie between 0 and 1;
null where there is nothing to divide by. Days are `YYYY-MM-DD` of the period's time zone.
"""

from enum import StrEnum
from typing import Any

from timeweave.models.aggregated import LoggedEntry, Period
from timeweave.models.directory import Account
from timeweave.models.enriched import Completion, EnrichedEntity, EntityStatus, MatchedBy
from timeweave.models.entities import EntityKey
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


class PersonStatus(StrEnum):
    """Where a person is known from."""

    MEMBER = "member"
    LEFT = "left"
    """Toggl has entries of them, and they are no member any more."""
    NOT_LISTED = "not_listed"
    """config/team.yaml names them, and Toggl does not list them."""


class Progress(StrEnum):
    """How far an item is at `looked_at`."""

    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    CANCELLED = "cancelled"
    """Neither open nor done."""
    UNKNOWN = "unknown"


class PersonItem(Record, frozen=True, kw_only=True):
    """A person's time on one item, in one category, matched in one way. `space`, `database` and `public_id` are the item's."""

    space: str | None
    database: str | None
    public_id: str
    status: EntityStatus
    matched_by: MatchedBy | None
    """Null where the item is unresolved."""
    category: str
    seconds: int
    billable_seconds: int
    entries: list[LoggedEntry]
    texts: list[str]
    """The wordings, sorted."""
    entry_texts: list[int] = []
    """For each of `entries`, in their order, the place of its wording in `texts`."""


class PersonActivity(Record, frozen=True, kw_only=True):
    """A person's time under one text without an item, in one category."""

    text: str
    category: str
    seconds: int
    billable_seconds: int
    entries: list[LoggedEntry]


class DayKind(StrEnum):
    """Why as much is expected as is; the first that fits, from above."""

    UNKNOWN = "unknown"
    """Nothing is said of the person's hours."""
    NOT_EMPLOYED = "not_employed"
    """Before the first day or after the last."""
    NOT_DUE = "not_due"
    """After the day that the data is looked at."""
    FREE_DAY = "free_day"
    """No hours on this weekday."""
    HOLIDAY = "holiday"
    ABSENCE = "absence"
    """The whole day; a day that is absent in part is a workday."""
    WORKDAY = "workday"


class PersonDay(Record, frozen=True, kw_only=True):
    """A day of a person. `seconds` is all that was logged: work and absence."""

    seconds: int
    worked: int
    expected: int | None
    """What was to be worked after holidays and absences; null where nothing is said of the person's hours."""
    kind: DayKind
    absent: int
    """Absence: planned in config/team.yaml or logged under a category that is an absence."""
    reason: str | None = None
    """Of a holiday its name, of an absence its reason."""


class Sums(Record, frozen=True, kw_only=True):
    """What people, teams and the whole have alike."""

    seconds: int
    worked_seconds: int
    absent_seconds: int
    expected_seconds: int | None
    billable_seconds: int
    coverage: float | None
    """Worked of expected."""
    utilization: float | None
    """Billable of expected."""
    utilization_target: float | None = None
    previous_seconds: int | None
    """Logged in the period before; null where nothing is compared."""
    previous_worked_seconds: int | None
    previous_expected_seconds: int | None


class PersonWork(Sums, frozen=True, kw_only=True):
    """Everyone of whom hours are expected or logged, also those without an entry."""

    key: str
    """Names the person in this document: the user id as text, else the e-mail."""
    user_id: int | None
    name: str
    email: str | None
    slug: str
    """The name of this person's files; unique."""
    team: str | None
    """On the period's last day."""
    status: PersonStatus
    account_of: str | None = None
    """Of a further account of somebody: the key of the row in which their hours are expected and absences are counted."""
    entries: int
    running: int
    item_seconds: int
    """Time on work items, found or not; unresolved ones included."""
    days: dict[str, PersonDay]
    """Every day of the period."""
    categories: dict[str, int]
    projects: dict[str, int]
    """Seconds by project; "" is none."""
    items: list[PersonItem]
    activities: list[PersonActivity]


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
    """By `Space/Database`; "" is time without an item."""
    states: list[Part]
    """By the state's name; "" is time without an item or on one without a state."""


class ItemPerson(Record, frozen=True, kw_only=True):
    """A person's part in an item or a feature."""

    key: str
    seconds: int


class WorkItem(Record, frozen=True, kw_only=True):
    """A work item that time was logged on, or a reference that led to none."""

    key: EntityKey
    title: str
    """Its name in Fibery, else the wording most time was logged under."""
    place: str | None
    """`Space/Database` as Fibery spells it, else as written."""
    entity: EnrichedEntity
    progress: Progress
    completed_later: bool
    """It was completed after `looked_at` and counts as open."""
    overdue_days: int
    """Days from the planned end to `looked_at`, where it is open; 0 where it is in time or has no plan."""
    feature: str | None
    """The key of the feature that it is part of."""
    categories: dict[str, int]
    projects: dict[str, int] = {}
    """Seconds by project, spelt as in `PersonWork.projects`; "" is none."""
    matched_by: dict[str, int]
    """Seconds by how entries came to the item; `unresolved` is the key of those that did not."""
    seconds: int
    entries: int
    people: list[ItemPerson]
    """Most first."""
    previous_seconds: int | None
    whole_seconds: int | None
    whole_source: str | None
    """`fibery`: the field that the configuration names; `logged`: all since `whole_since`."""
    whole_since: str | None
    estimate_seconds: int | None
    estimate_points: float | None

    @property
    def is_feature(self) -> bool:
        """It is the feature that it belongs to, and is judged as that."""
        return self.feature is not None and self.feature == f"{self.entity.found_as}#{self.key.public_id}"


class FeatureStatus(StrEnum):
    """What became of a feature in the period."""

    NEW = "new"
    """None of the compared periods has time on it."""
    ACTIVE = "active"
    FINISHED = "finished"
    """Completed inside the period."""
    STALLED = "stalled"
    """Open, with time in the period before and none now."""


class Feature(Record, frozen=True, kw_only=True):
    """A feature with the items below it that time was logged on in this period; or in the one before, and it was open since."""

    key: str
    name: str
    place: str | None
    public_id: str
    url: str | None
    state: str | None
    progress: Progress
    completed_later: bool
    planned_start: str | None
    planned_end: str | None
    completed: str | None
    overdue_days: int
    status: FeatureStatus
    seconds: int
    previous_seconds: int | None
    whole_seconds: int | None
    whole_source: str | None
    whole_since: str | None
    estimate_seconds: int | None
    estimate_points: float | None
    completion: Completion | None
    forecast_seconds: int | None
    """The whole divided by the share of items done; null below the thresholds."""
    items: list[EntityKey]
    """Those with time in the period, most first."""
    people: list[ItemPerson]


class PastTotals(Record, frozen=True, kw_only=True):
    """An earlier period of the same length."""

    start: str
    end: str
    seconds: int
    worked_seconds: int
    expected_seconds: int | None
    billable_seconds: int
    item_seconds: int
    people: dict[str, int]
    """Seconds by the person's key."""
    categories: dict[str, int]


class Severity(StrEnum):
    """What a finding asks for."""

    PROBLEM = "problem"
    """It makes numbers wrong, or a decision is due."""
    WARNING = "warning"
    """A correction is wanted."""
    NOTICE = "notice"
    """Good to know."""


class FindingKind(StrEnum):
    """What was found; docs/analysis.md has the formula of each and what to do about it."""

    EMPTY_PERIOD = "empty_period"
    MISSING_DAY = "missing_day"
    SHORT_DAY = "short_day"
    LONG_DAY = "long_day"
    DAY_OVER_24_HOURS = "day_over_24_hours"
    LONG_ENTRY = "long_entry"
    ZERO_ENTRY = "zero_entry"
    OVERLAP = "overlap"
    DUPLICATE = "duplicate"
    FREE_DAY_WORK = "free_day_work"
    ABSENT_BUT_WORKED = "absent_but_worked"
    RUNNING_TIMER = "running_timer"
    NOT_FOUND = "not_found"
    UNKNOWN_DATABASE = "unknown_database"
    UNRESOLVED = "unresolved"
    NEAR_MISS = "near_miss"
    NO_DESCRIPTION = "no_description"
    NO_ITEM = "no_item"
    TITLE_DIFFERS = "title_differs"
    BEFORE_START = "before_start"
    AFTER_COMPLETION = "after_completion"
    ON_CANCELLED = "on_cancelled"
    NOT_STARTED = "not_started"
    REVERSED_PLAN = "reversed_plan"
    OVERDUE = "overdue"
    ESTIMATE_EXCEEDED = "estimate_exceeded"
    ESTIMATE_NEAR = "estimate_near"
    NO_ESTIMATE = "no_estimate"
    ASSIGNED_TO_OTHERS = "assigned_to_others"
    STALLED_FEATURE = "stalled_feature"
    UNUSUAL = "unusual"
    UNCATEGORIZED = "uncategorized"
    UNKNOWN_FIELD = "unknown_field"
    PART_MISSING = "part_missing"


class Finding(Record, frozen=True, kw_only=True):
    """Something that does not fit, never as a sentence: templates put it into words."""

    kind: FindingKind
    severity: Severity
    seconds: int
    """At stake; where entries are named, of those that are concerned."""
    people: list[str]
    """Their keys."""
    item: EntityKey | None
    feature: str | None = None
    days: list[str]
    entry_ids: list[int]
    values: dict[str, Any]
    """What the sentence needs besides: numbers, texts; docs/analysis.md lists them by kind."""


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
    people_in_period: int | None
    """How many people have entries, where `users` asks for some only."""
    proof: Proof
    totals: Sums
    thresholds: dict[str, float]
    past: list[PastTotals]
    """Newest first."""
    people: list[PersonWork]
    teams: list[TeamWork]
    categories: list[CategoryTime]
    breakdowns: Breakdowns
    items: list[WorkItem]
    features: list[Feature]
    findings: list[Finding]
