"""Plan against actual: planned and actual days, and the whole time against the estimate."""

from dataclasses import dataclass

from timeweave.models.work_items import Feature, WorkItem
from timeweave.reports.formatting import dates, hours
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData


@dataclass(frozen=True)
class Estimate:
    """The whole time against what was estimated; `percent` of it is used, None without an estimate in hours and where the whole time is of too late a day."""

    whole: str | None
    source: str | None
    """`fibery` or `logged`, as in `WorkItem.whole_source`."""
    since: Day | None
    estimate: str | None
    points: str | None
    percent: int | None


@dataclass(frozen=True)
class Dates:
    """Planned and actual."""

    planned_start: Day | None = None
    planned_end: Day | None = None
    started: Day | None = None
    completed: Day | None = None
    overdue_days: int = 0


def build_dates(data: ReportData, item: WorkItem) -> Dates:
    """Those of an item."""
    entity, zone = item.entity, data.zone
    return Dates(
        dates.parse_day(entity.planned_start, zone),
        dates.parse_day(entity.planned_end, zone),
        dates.parse_day(entity.started, zone),
        dates.parse_day(entity.completed, zone),
        item.overdue_days,
    )


def build_estimate(
    data: ReportData,
    whole: int | None,
    source: str | None,
    since: str | None,
    estimate: int | None,
    points: float | None,
) -> Estimate | None:
    """None where neither the whole time nor an estimate is known."""
    if whole is None and estimate is None and points is None:
        return None
    is_later = _is_later(data, source)
    return Estimate(
        whole=None if whole is None else data.hours.exact(whole),
        source=source,
        since=dates.parse_day(since, data.zone),
        estimate=None if estimate is None else data.hours.exact(estimate),
        points=None if points is None else f"{points:.10g}",
        percent=hours.to_percent(whole, estimate) if whole is not None and estimate and not is_later else None,
    )


def find_comparable_whole(data: ReportData, one: WorkItem | Feature) -> int | None:
    """The whole time in seconds, None where it is not known or of a day too late to be compared with estimates."""
    return None if _is_later(data, one.whole_source) else one.whole_seconds


def _is_later(data: ReportData, source: str | None) -> bool:
    return data.analysis.whole_is_later and source == "fibery"
