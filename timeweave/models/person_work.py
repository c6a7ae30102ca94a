"""A person's period beside what was expected, as a part of `data/analysis.json`."""

from enum import StrEnum

from timeweave.models.aggregated import LoggedEntry
from timeweave.models.enriched import EntityStatus, MatchedBy
from timeweave.models.entities import ItemRecord
from timeweave.runtime.document import Record


class PersonStatus(StrEnum):
    """Where a person is known from."""

    MEMBER = "member"
    LEFT = "left"
    """Toggl has entries of them, and they are no longer a member."""
    NOT_LISTED = "not_listed"
    """config/team.yaml names them, and Toggl does not list them."""


class PersonItem(ItemRecord, frozen=True, kw_only=True):
    """A person's time on one item, in one category, matched in one way."""

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
    projects: dict[str, int] = {}
    """Seconds by project; "" is none."""


class PersonActivity(Record, frozen=True, kw_only=True):
    """A person's time under one text without an item, in one category."""

    text: str
    category: str
    seconds: int
    billable_seconds: int
    entries: list[LoggedEntry]
    projects: dict[str, int] = {}
    """Seconds by project; "" is none."""


class DayKind(StrEnum):
    """Why as much is expected as is; the first that fits, from above."""

    UNKNOWN = "unknown"
    """Nothing is said of the person's hours."""
    NOT_EMPLOYED = "not_employed"
    """Before the first day or after the last."""
    NOT_DUE = "not_due"
    """Not over on `as_of`."""
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
    worked_elsewhere: int = 0
    """Worked on the person's other accounts, in the row in which their hours are expected."""
    absent: int
    """Absence: planned in config/team.yaml or logged under a category that is an absence."""
    reason: str | None = None
    """Of a holiday its name, of an absence its reason."""

    @property
    def joint_worked(self) -> int:
        """Worked on all accounts of the person: what stands beside `expected`."""
        return self.worked + self.worked_elsewhere


class Sums(Record, frozen=True, kw_only=True):
    """What people, teams and the whole have alike."""

    seconds: int
    worked_seconds: int
    absent_seconds: int
    expected_seconds: int | None
    expected_worked_seconds: int | None = None
    """What was worked of the expected: on all accounts, on days that are over, by those of whom hours are expected."""
    billable_seconds: int
    coverage: float | None
    """`expected_worked_seconds` of `expected_seconds`."""
    expected_billable_seconds: int | None = None
    """Billable time counted in the same way."""
    utilization: float | None
    """`expected_billable_seconds` of `expected_seconds`."""
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

    @property
    def joint_worked_seconds(self) -> int:
        """Worked on all accounts of the person, in the row in which their hours are expected."""
        return sum(day.joint_worked for day in self.days.values())
