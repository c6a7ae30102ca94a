"""What does not fit, as a part of `data/analysis.json`: kinds, never sentences; docs/analysis.md has the formula of each."""

from enum import StrEnum
from typing import Any

from timeweave.models.entities import EntityKey
from timeweave.runtime.document import Record


class Severity(StrEnum):
    """What a finding asks for."""

    PROBLEM = "problem"
    """It makes numbers wrong, or a decision is due."""
    WARNING = "warning"
    """Something is to be put right, in Toggl, in Fibery or in the configuration."""
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


CORRECTIONS = (
    FindingKind.NOT_FOUND,
    FindingKind.UNKNOWN_DATABASE,
    FindingKind.UNRESOLVED,
    FindingKind.NEAR_MISS,
    FindingKind.NO_DESCRIPTION,
    FindingKind.NO_ITEM,
    FindingKind.TITLE_DIFFERS,
)
"""Findings about a description, which whoever wrote it corrects in Toggl; all of them are warnings."""


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
