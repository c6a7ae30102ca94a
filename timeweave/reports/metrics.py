"""`data/metrics.json` and `data/plots/`: a period as numbers and series that DVC compares from run to run."""

from timeweave.models.aggregated import PersonTime
from timeweave.reports import headline, hours, partition
from timeweave.reports.edition import Edition
from timeweave.reports.partition import Part

KINDS = {
    "no_item": "(no work item)",
    "no_state": "(no state)",
    "no_database": "(no database written)",
    "no_project": "(no project)",
    "not_found": "(not found)",
    "unknown_database": "(unknown database)",
    "unresolved": "(unresolved)",
    "failed": "(failed)",
}
"""What the series call time that has no name of its own; in brackets, as no database or state is."""


NOT_FOUND = ("not_found", "unknown_database", "unresolved", "failed")
"""Why nothing is known of an item."""


def metrics(edition: Edition) -> dict[str, int | float]:
    """Flat numbers; shares between 0 and 1, 0 where there is nothing to share."""
    totals, items = edition.aggregated.totals, edition.items
    head = headline.headline(edition.aggregated.people, len(items))
    found = [item for item in items if item.found]
    return {
        "hours": head.whole / 100,
        "matched_hours": head.matched_whole / 100,
        "unmatched_hours": head.unmatched_whole / 100,
        "billable_hours": _hours(totals.billable_seconds),
        "people": totals.people,
        "entries": totals.entries,
        "entities": totals.entities,
        "matched_share": _share(totals.matched_seconds, totals.seconds),
        "matched_entries_share": _share(totals.matched_entries, totals.entries),
        "billable_share": _share(totals.billable_seconds, totals.seconds),
        "enriched_share": _share(len(found), len(items)),
        **{kind: sum(item.entity.status == kind for item in items) for kind in NOT_FOUND},
        "overdue": sum(item.entity.overdue for item in items),
        "done": sum(bool(item.entity.state and item.entity.state.final) for item in items),
        "running": totals.running,
        "findings": len(edition.aggregated.warnings),
    }


def by_day_person(edition: Edition) -> list[dict[str, str | float]]:
    """Hours of each person on each day that they logged time on."""
    people = sorted(edition.aggregated.people, key=lambda person: edition.bylines[person.user_id].slug)
    rows = sorted(((day, at, seconds) for at, person in enumerate(people) for day, seconds in person.days.items()))
    return [{"date": day, "person": _label(edition, people[at]), "hours": _hours(seconds)} for day, at, seconds in rows]


def by_database(edition: Edition) -> list[dict[str, str | float]]:
    """Hours by database."""
    return _series("database", partition.by_database(edition.aggregated.people, edition.items))


def by_state(edition: Edition) -> list[dict[str, str | float]]:
    """Hours by state."""
    return _series("state", partition.by_state(edition.aggregated.people, edition.items))


def _series(label: str, parts: list[Part]) -> list[dict[str, str | float]]:
    return [{label: part.name or KINDS.get(part.kind, part.kind), "hours": _hours(part.seconds)} for part in parts]


def _label(edition: Edition, person: PersonTime) -> str:
    """The name; with the user id where two people share it, or their hours would be taken for one's."""
    byline = edition.bylines[person.user_id]
    shared = sum(other.name == byline.name for other in edition.bylines.values()) > 1
    return f"{byline.name} ({person.user_id})" if shared else byline.name


def _hours(seconds: int) -> float:
    return hours.hundredths(seconds) / 100


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
