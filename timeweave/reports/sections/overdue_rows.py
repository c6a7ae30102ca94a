"""What is past its planned end, since when, and what it took."""

from dataclasses import dataclass

from timeweave.models.findings import Finding, FindingKind
from timeweave.models.work_items import Feature, WorkItem
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Day
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import item_rows, plan


@dataclass(frozen=True)
class LateRow:
    """Something past its planned end."""

    title: str
    anchor: str
    url: str | None
    days: int
    planned_end: Day | None
    hours: str
    """In the period."""
    whole: str | None
    """None also where it is of a day too late to be compared with the estimate."""
    estimate: str | None
    seconds: int
    people: list[ReportPerson]


def build_late_rows(data: ReportData) -> list[LateRow]:
    """Items and features past their planned end, those with most hours first."""
    found = [finding for finding in data.analysis.findings if finding.kind is FindingKind.OVERDUE]
    rows = (_describe_late(data, finding) for finding in sorted(found, key=lambda one: -one.seconds))
    return [row for row in rows if row is not None]


def count_without_time(data: ReportData) -> int:
    """Items and features past their planned end that took no time in the period: nothing is found about them."""
    items = [item for item in data.analysis.items if not item.is_feature]
    return sum(bool(one.overdue_days and not one.seconds) for one in (*items, *data.analysis.features))


def _describe_late(data: ReportData, finding: Finding) -> LateRow | None:
    item = data.items.get(finding.item) if finding.item else None
    if item is not None:
        place = (data.item_anchors[item.key], sanitize.filter_url(item.entity.url), item.entity.planned_end)
        return _build_late(data, finding, item_rows.format_title(item), place, item)
    feature = data.features.get(finding.feature or "")
    if feature is not None:
        title = sanitize.shorten(feature.name, item_rows.TITLE) or f"#{feature.public_id}"
        place = (data.feature_anchors[feature.key], sanitize.filter_url(feature.url), feature.planned_end)
        return _build_late(data, finding, title, place, feature)
    return None


def _build_late(
    data: ReportData, finding: Finding, title: str, place: tuple[str, str | None, str | None], late: WorkItem | Feature
) -> LateRow:
    anchor, url, planned = place
    whole = plan.find_comparable_whole(data, late)
    return LateRow(
        title=title,
        anchor=anchor,
        url=url,
        days=late.overdue_days,
        planned_end=dates.parse_day(planned, data.zone),
        hours=data.hours.brief(finding.seconds),
        whole=None if whole is None else data.hours.brief(whole),
        estimate=None if late.estimate_seconds is None else data.hours.brief(late.estimate_seconds),
        seconds=finding.seconds,
        people=data.find_people(finding.people),
    )
