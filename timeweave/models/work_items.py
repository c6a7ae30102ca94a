"""Work items and features with their time, as a part of `data/analysis.json`."""

from enum import StrEnum

from timeweave.models.enriched import Completion, EnrichedEntity
from timeweave.models.entities import EntityKey
from timeweave.models.states import Progress
from timeweave.runtime.document import Record


class ItemPerson(Record, frozen=True, kw_only=True):
    """A person's part in an item or a feature."""

    key: str
    seconds: int


class TrackedWork(Record, frozen=True, kw_only=True):
    """What work items and features have alike."""

    place: str | None
    """`Space/Database` as Fibery spells it, else as written."""
    progress: Progress
    """At `looked_at`."""
    completed_later: bool
    """It was completed after `looked_at` and counts as open."""
    overdue_days: int
    """Days from the planned end to `looked_at`, where it is open; 0 where it is in time or has no plan."""
    seconds: int
    people: list[ItemPerson]
    """Most first."""
    previous_seconds: int | None
    whole_seconds: int | None
    whole_source: str | None
    """`fibery`: the field that the configuration names; `logged`: all since `whole_since`."""
    whole_since: str | None
    estimate_seconds: int | None
    estimate_points: float | None


class WorkItem(TrackedWork, frozen=True, kw_only=True):
    """A work item that time was logged on, or a reference that led to none."""

    key: EntityKey
    title: str
    """Its name in Fibery, else the wording most time was logged under."""
    entity: EnrichedEntity
    feature: str | None
    """The key of the feature that it is part of."""
    categories: dict[str, int]
    projects: dict[str, int] = {}
    """Seconds by project, spelt as in `PersonWork.projects`; "" is none."""
    matched_by: dict[str, int]
    """Seconds by how entries came to the item; `unresolved` is the key of those that did not."""
    entries: int

    @property
    def is_feature(self) -> bool:
        """It is the feature that it belongs to, and is judged as that."""
        return self.feature is not None and self.feature == f"{self.entity.found_as}#{self.key.public_id}"


class FeatureStatus(StrEnum):
    """What became of a feature in the period."""

    NEW = "new"
    """No earlier time on it is known, neither from the compared periods nor from its whole time."""
    ACTIVE = "active"
    FINISHED = "finished"
    """Completed inside the period."""
    STALLED = "stalled"
    """Open, with time in the period before and none now, on features below it neither."""


class Feature(TrackedWork, frozen=True, kw_only=True):
    """A feature with the items below it that time was logged on in this period; or in the one before, and it was open since."""

    key: str
    name: str
    public_id: str
    url: str | None
    state: str | None
    planned_start: str | None
    planned_end: str | None
    completed: str | None
    status: FeatureStatus | None
    """Null where it has no time in the period, and neither was finished in it nor stands still."""
    completion: Completion | None
    forecast_seconds: int | None
    """The whole divided by the share of items done; null below the thresholds."""
    items: list[EntityKey]
    """Those with time in the period, most first."""
