"""How a finding is made: its severity by its kind, its days and entries sorted."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from timeweave.models.aggregated import LoggedEntry
from timeweave.models.entities import NO_ITEM_FIRST, EntityKey
from timeweave.models.findings import Finding, FindingKind, Severity

PROBLEMS = {
    FindingKind.EMPTY_PERIOD, FindingKind.MISSING_DAY, FindingKind.DAY_OVER_24_HOURS, FindingKind.LONG_ENTRY,
    FindingKind.OVERLAP, FindingKind.DUPLICATE, FindingKind.ON_CANCELLED, FindingKind.OVERDUE,
    FindingKind.ESTIMATE_EXCEEDED, FindingKind.STALLED_FEATURE, FindingKind.PART_MISSING,
}  # fmt: skip
NOTICES = {
    FindingKind.LONG_DAY, FindingKind.ZERO_ENTRY, FindingKind.FREE_DAY_WORK,
    FindingKind.BEFORE_START, FindingKind.ESTIMATE_NEAR, FindingKind.NO_ESTIMATE, FindingKind.ASSIGNED_TO_OTHERS, FindingKind.UNUSUAL,
}  # fmt: skip
ORDER = (Severity.PROBLEM, Severity.WARNING, Severity.NOTICE)


class Logged(msgspec.Struct, frozen=True, gc=False):
    """An entry with what findings ask of it."""

    entry: LoggedEntry
    user_id: int
    text: str
    key: EntityKey | None
    """The item's."""
    absence: bool
    """Its category is an absence."""

    @property
    def day(self) -> str:
        """The local day of its start."""
        return self.entry.start[:10]

    @property
    def begin(self) -> int:
        """Seconds since 1970; parsed each time."""
        return int(datetime.fromisoformat(self.entry.start).timestamp())


def rate(kind: FindingKind) -> Severity:
    """A problem makes numbers wrong or is a decision to take, a warning is to be put right, a notice is good to know."""
    if kind in PROBLEMS:
        return Severity.PROBLEM
    return Severity.NOTICE if kind in NOTICES else Severity.WARNING


def make_finding(
    kind: FindingKind,
    seconds: int,
    *,
    people: Iterable[str] = (),
    item: EntityKey | None = None,
    feature: str | None = None,
    days: Iterable[str] = (),
    entries: Iterable[int] = (),
    severity: Severity | None = None,
    **values: Any,
) -> Finding:
    """A finding whose seconds are computed in their own way, and as grave as its kind unless said otherwise."""
    return Finding(
        kind=kind,
        severity=severity or rate(kind),
        seconds=seconds,
        people=sorted(set(people)),
        item=item,
        feature=feature,
        days=sorted(set(days)),
        entry_ids=sorted(entries),
        values=values,
    )


def make_entry_finding(
    kind: FindingKind, entries: Iterable[Logged], item: EntityKey | None = None, **values: Any
) -> Finding:
    """A finding about entries: its seconds are theirs."""
    concerned = list(entries)
    return make_finding(
        kind,
        sum(one.entry.seconds for one in concerned),
        people={str(one.user_id) for one in concerned},
        item=item,
        days={one.day for one in concerned},
        entries={one.entry.id for one in concerned},
        **values,
    )


def get_sort_key(finding: Finding) -> tuple[Any, ...]:
    """Problems first, then those with most time; never the order in which entries came."""
    return (
        ORDER.index(finding.severity),
        finding.kind is not FindingKind.EMPTY_PERIOD,
        -finding.seconds,
        finding.kind,
        finding.people,
        finding.item.sort_key if finding.item else NO_ITEM_FIRST,
        finding.feature or "",
        finding.days,
        finding.entry_ids,
        str(finding.values),
    )
