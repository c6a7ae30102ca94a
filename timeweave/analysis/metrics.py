"""`data/metrics.json` and `data/plots/`: a period as numbers and series that DVC compares from run to run."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from timeweave.models.analysis import Analysis, Part
from timeweave.models.enriched import NOT_FOUND, EntityStatus, MatchedBy, describe_not_found
from timeweave.models.findings import CORRECTIONS, FindingKind, Severity
from timeweave.models.states import Progress
from timeweave.models.work_items import FeatureStatus

HOUR = 3600
NO_DATABASE, NO_STATE = "(no database)", "(no state)"
"""What the series call time that has no name of its own; in brackets, as no database or state is."""
Row = dict[str, str | float]


LABELS = {
    "hours": "Hours logged", "worked_hours": "Hours worked", "absent_hours": "Hours absent",
    "expected_hours": "Hours expected", "coverage": "Worked of expected", "utilization": "Billable of expected",
    "billable_hours": "Billable hours", "billable_share": "Billable share", "matched_hours": "Hours on work items",
    "unmatched_hours": "Hours without a work item", "matched_share": "Share on work items",
    "hours_by_reference": "Hours matched by reference", "hours_by_id_and_title": "Hours matched by id and title",
    "hours_by_title": "Hours matched by title", "hours_by_unresolved": "Hours unresolved", "people": "People with time",
    "people_expected": "People with expected hours", "entries": "Entries", "running": "Timers running",
    "entities": "Work items", "enriched_share": "Share of items found",
    **{str(status): f"Not found: {words}" for status, words in NOT_FOUND.items()},
    "done": "Items done", "cancelled": "Items cancelled", "overdue": "Late",
    "features": "Features", "features_stalled": "Features that stand still", "missing_days": "Missing days (of all people)",
    "overlap_hours": "Hours counted twice", "over_estimate": "Over their estimate", "findings": "Findings",
    "problems": "Problems", "corrections": "Corrections", "warnings": "Warnings", "notices": "Notices",
}  # fmt: skip
"""What people read for each number of metrics.json, in the order in which they read it."""
SHARES = frozenset({"coverage", "utilization", "billable_share", "matched_share", "enriched_share"})
"""Numbers between 0 and 1, which people read as percent."""


def label_metric(name: str) -> str:
    """The words for a number; of one that another version wrote, its name."""
    return LABELS.get(name, name.replace("_", " "))


def describe_items(numbers: Mapping[str, Any]) -> str:
    """How many items there are, how many of them were not found, and how many are late; an earlier version wrote fewer numbers."""
    items, missing = int(numbers.get("entities") or 0), describe_not_found(numbers)
    found = f"{items:,} work item{'' if items == 1 else 's'}, " + (f"{missing}, " if missing else "")
    return f"{found}{numbers.get('overdue') or 0:,} late"


def describe_findings(numbers: Mapping[str, Any]) -> str:
    """How many problems and corrections there are, as on the first page; empty of a version that did not count them."""
    names = {"problems": "problem", "corrections": "correction"}
    counts = {one: int(numbers[name] or 0) for name, one in names.items() if name in numbers}
    return ", ".join(f"{count:,} {one}{'' if count == 1 else 's'}" for one, count in counts.items())


def order_metrics(names: Iterable[str]) -> list[str]:
    """The names as people read them, those of other versions last."""
    places = {name: at for at, name in enumerate(LABELS)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))


def compute_metrics(analysis: Analysis) -> dict[str, int | float | None]:
    """Flat numbers; shares between 0 and 1, null where there is nothing to share. docs/analysis.md describes each."""
    totals, found = analysis.totals, Counter(one.kind for one in analysis.findings)
    severity = Counter(one.severity for one in analysis.findings)
    statuses = Counter(item.entity.status for item in analysis.items)
    on_items = sum(person.item_seconds for person in analysis.people)
    matched = Counter[str]()
    for item in analysis.items:
        matched.update(item.matched_by)
    return {
        "hours": round_hours(totals.seconds),
        "worked_hours": round_hours(totals.worked_seconds),
        "absent_hours": round_hours(totals.absent_seconds),
        "expected_hours": None if totals.expected_seconds is None else round_hours(totals.expected_seconds),
        "coverage": totals.coverage,
        "utilization": totals.utilization,
        "billable_hours": round_hours(totals.billable_seconds),
        "billable_share": _divide(totals.billable_seconds, totals.seconds),
        "matched_hours": round_hours(on_items),
        "unmatched_hours": round_hours(totals.seconds - on_items),
        "matched_share": _divide(on_items, totals.seconds),
        **{f"hours_by_{one}": round_hours(matched[one]) for one in (*MatchedBy, "unresolved")},
        "people": sum(1 for person in analysis.people if person.entries),
        "people_expected": sum(1 for person in analysis.people if person.expected_seconds),
        "entries": analysis.proof.entries,
        "running": analysis.proof.running,
        "entities": len(analysis.items),
        "enriched_share": _divide(statuses[EntityStatus.FOUND], len(analysis.items)),
        **{str(one): statuses[one] for one in EntityStatus if one is not EntityStatus.FOUND},
        "done": sum(item.progress is Progress.DONE for item in analysis.items),
        "cancelled": sum(item.progress is Progress.CANCELLED for item in analysis.items),
        "overdue": found[FindingKind.OVERDUE],
        "features": len(analysis.features),
        "features_stalled": sum(one.status is FeatureStatus.STALLED for one in analysis.features),
        "missing_days": sum(len(one.days) for one in analysis.findings if one.kind is FindingKind.MISSING_DAY),
        "overlap_hours": round_hours(sum(one.seconds for one in analysis.findings if one.kind is FindingKind.OVERLAP)),
        "over_estimate": found[FindingKind.ESTIMATE_EXCEEDED],
        "findings": len(analysis.findings),
        **{f"{one}s": severity[one] for one in Severity},
        "corrections": sum(found[one] for one in CORRECTIONS),
    }


def list_series(analysis: Analysis) -> dict[str, list[Row]]:
    """Every series by the name of its file."""
    return {
        "by_category": sum_by_category(analysis),
        "by_database": _list_parts(analysis.breakdowns.databases, "database", NO_DATABASE),
        "by_day_person": sum_by_day_and_person(analysis),
        "by_state": _list_parts(analysis.breakdowns.states, "state", NO_STATE),
    }


def sum_by_day_and_person(analysis: Analysis) -> list[Row]:
    """Hours of each person on each day that they logged time on."""
    people = sorted(analysis.people, key=lambda person: person.slug)
    labels = [_label(person.name, person.email) for person in people]
    rows = sorted(
        (day, at, one.seconds) for at, person in enumerate(people) for day, one in person.days.items() if one.seconds
    )
    return [{"date": day, "person": labels[at], "hours": round_hours(seconds)} for day, at, seconds in rows]


def sum_by_category(analysis: Analysis) -> list[Row]:
    """Hours of each category, in this period and in those before, oldest first."""
    names = {one.key: one.name for one in analysis.categories}
    periods = [(one.start, one.categories) for one in reversed(analysis.past)]
    periods.append((analysis.period.start, {one.key: one.seconds for one in analysis.categories}))
    return [
        {"period": start, "category": names.get(key, key), "hours": round_hours(seconds)}
        for start, categories in periods
        for key, seconds in sorted(categories.items())
        if seconds
    ]


def round_hours(seconds: int) -> float:
    """Hours with two decimals, half up."""
    return (seconds + 18) // 36 / 100


def _list_parts(parts: list[Part], label: str, nameless: str) -> list[Row]:
    return [{label: part.name or nameless, "hours": round_hours(part.seconds)} for part in parts if part.seconds]


def _label(name: str, email: str | None) -> str:
    return f"{name} ({email})" if email else name


def _divide(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
