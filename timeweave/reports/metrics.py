"""`data/metrics.json` and `data/plots/`: a period as numbers and series that DVC compares from run to run."""

from timeweave.models.aggregated import PersonTime
from timeweave.models.enriched import EntityStatus, State, StateMeaning
from timeweave.reports.formatting import hours
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import breakdowns, overview
from timeweave.reports.sections.breakdowns import Part, PartKind

LABELS = {
    PartKind.NO_ITEM: "(no work item)",
    PartKind.NO_STATE: "(no state)",
    PartKind.NO_DATABASE: "(no database written)",
    PartKind.NO_PROJECT: "(no project)",
    PartKind.NOT_FOUND: "(not found)",
    PartKind.UNKNOWN_DATABASE: "(unknown database)",
    PartKind.UNRESOLVED: "(unresolved)",
    PartKind.FAILED: "(failed)",
}
"""What the series call time that has no name of its own; in brackets, as no database or state is."""

WITHOUT_ITEM = tuple(status for status in EntityStatus if status is not EntityStatus.FOUND)


def compute_metrics(data: ReportData) -> dict[str, int | float]:
    """Flat numbers; shares between 0 and 1, 0 where there is nothing to share."""
    totals, items = data.aggregated.totals, data.items
    head = overview.compute_headline(data.aggregated.people, len(items))
    found = [item for item in items if item.found]
    return {
        "hours": head.whole / 100,
        "matched_hours": head.matched_whole / 100,
        "unmatched_hours": head.unmatched_whole / 100,
        "billable_hours": _round_hours(totals.billable_seconds),
        "people": totals.people,
        "entries": totals.entries,
        "entities": totals.entities,
        "matched_share": _compute_share(totals.matched_seconds, totals.seconds),
        "matched_entries_share": _compute_share(totals.matched_entries, totals.entries),
        "billable_share": _compute_share(totals.billable_seconds, totals.seconds),
        "enriched_share": _compute_share(len(found), len(items)),
        **{status: sum(item.entity.status == status for item in items) for status in WITHOUT_ITEM},
        "overdue": sum(item.entity.overdue for item in items),
        "done": sum(_is_done(item.entity.state) for item in items),
        "running": totals.running,
        "findings": len(data.aggregated.warnings),
    }


def _is_done(state: State | None) -> bool:
    return state is not None and state.meaning is StateMeaning.DONE


def sum_by_day_and_person(data: ReportData) -> list[dict[str, str | float]]:
    """Hours of each person on each day that they logged time on."""
    people = sorted(data.aggregated.people, key=lambda person: data.people[person.user_id].slug)
    rows = sorted(((day, at, seconds) for at, person in enumerate(people) for day, seconds in person.days.items()))
    return [
        {"date": day, "person": _label_person(data, people[at]), "hours": _round_hours(seconds)}
        for day, at, seconds in rows
    ]


def sum_by_database(data: ReportData) -> list[dict[str, str | float]]:
    """Hours by database."""
    return _build_series("database", breakdowns.split_by_database(data.aggregated.people, data.items))


def sum_by_state(data: ReportData) -> list[dict[str, str | float]]:
    """Hours by state."""
    return _build_series("state", breakdowns.split_by_state(data.aggregated.people, data.items))


def _build_series(label: str, parts: list[Part]) -> list[dict[str, str | float]]:
    return [{label: part.name or LABELS[part.kind], "hours": _round_hours(part.seconds)} for part in parts]


def _label_person(data: ReportData, person: PersonTime) -> str:
    """The name; with the user id where two people share it, or their hours would be taken for one's."""
    name = data.people[person.user_id].name
    shared = sum(other.name == name for other in data.people.values()) > 1
    return f"{name} ({person.user_id})" if shared else name


def _round_hours(seconds: int) -> float:
    return hours.to_hundredths(seconds) / 100


def _compute_share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
