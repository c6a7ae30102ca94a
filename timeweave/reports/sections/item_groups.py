"""All time as one table: features with their items, items under no feature, and texts that name no item."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from timeweave.models.entities import EntityKey
from timeweave.models.findings import FindingKind
from timeweave.models.person_work import PersonItem
from timeweave.models.states import Progress
from timeweave.models.work_items import Feature, FeatureStatus
from timeweave.reports.formatting import dates, hours, sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.report_person import ReportPerson
from timeweave.reports.sections import item_rows, text_rows
from timeweave.reports.sections.item_rows import ItemRow, PersonShare
from timeweave.reports.sections.plan import Dates, Estimate, build_estimate

LOOSE, TEXTS, REST = "loose", "texts", "rest"
"""Anchors of the groups that are no features: what is under none, what names no item, and features left out."""


@dataclass(frozen=True)
class ItemGroup:
    """A feature, or what stands together without one; `title` is empty there. `seconds` are those of all its rows and `more`."""

    anchor: str
    title: str
    rows: list[ItemRow]
    hours: str
    seconds: int
    reference: str = ""
    url: str | None = None
    state: str | None = None
    progress: Progress = Progress.UNKNOWN
    completed_later: bool = False
    status: FeatureStatus | None = None
    change: str | None = None
    change_seconds: int | None = None
    dates: Dates = field(default_factory=Dates)
    estimate: Estimate | None = None
    forecast: str | None = None
    done: int | None = None
    """Of `count` items that Fibery counts in it; None where it does not."""
    count: int | None = None
    percent: int = 0
    people: list[PersonShare] = field(default_factory=list)
    flags: list[FindingKind] = field(default_factory=list)
    more: int = 0
    """Rows that are left out; of the `rest`, features."""
    more_hours: str = ""

    @property
    def is_remarkable(self) -> bool:
        """Something other than its hours is to be seen in it: it stands still, is late or flagged, or is no feature."""
        return bool(not self.title or self.status is FeatureStatus.STALLED or self.dates.overdue_days or self.flags)


def group_everything(data: ReportData) -> list[ItemGroup]:
    """Everybody's time: features most first, then the other items, then texts."""
    rows = {item.key: item_rows.build_item_row(data, item, detailed=False) for item in data.analysis.items}
    grouped = [
        _build_feature(data, feature, [rows[key] for key in feature.items if key in rows])
        for feature in data.analysis.features
    ]
    inside = {key for feature in data.analysis.features for key in feature.items}
    loose = [row for key, row in rows.items() if key not in inside]
    return [*grouped, *_build_others(data, loose, text_rows.build_text_rows(data, list(data.people.values())))]


def group_for_person(data: ReportData, person: ReportPerson) -> list[ItemGroup]:
    """The same of one person alone."""
    parts: dict[EntityKey, list[PersonItem]] = defaultdict(list)
    for part in person.work.items:
        parts[part.key].append(part)
    rows = {
        key: item_rows.narrow(data, item_rows.build_item_row(data, data.items[key]), own, person)
        for key, own in parts.items()
        if key in data.items
    }
    below: dict[str | None, list[ItemRow]] = defaultdict(list)
    for key, row in sorted(rows.items(), key=lambda one: (-one[1].seconds, one[1].anchor)):
        feature = data.items[key].feature
        below[feature if feature in data.features else None].append(row)
    grouped = [_narrow_feature(data, data.features[key], own, person) for key, own in below.items() if key]
    ordered = sorted(grouped, key=lambda group: (-group.seconds, group.anchor))
    return [*ordered, *_build_others(data, below.get(None, []), text_rows.build_text_rows(data, [person]))]


def cut_rows(
    data: ReportData, groups: Sequence[ItemGroup], most: int, linked: Collection[str] = ()
) -> tuple[list[ItemGroup], list[ItemRow]]:
    """The groups with the `most` rows that have most time, and the rows left out.

    A feature that no row is left of stays where something is to be seen in it or is `linked` to; the others are one group.
    """
    rows = [row for group in groups for row in group.rows]
    if len(rows) <= most:
        return list(groups), []
    kept = {row.anchor for row in sorted(rows, key=lambda row: -row.seconds)[:most]}
    cut = [_cut_group(data, group, kept) for group in groups]
    shown = [group for group in cut if group.rows or group.is_remarkable or group.anchor in linked]
    hidden = [group for group in cut if not (group.rows or group.is_remarkable or group.anchor in linked)]
    if hidden:
        seconds = sum(group.seconds for group in hidden)
        shown.append(ItemGroup(REST, "", [], data.hours.exact(seconds), seconds, more=len(hidden)))
    return shown, [row for row in rows if row.anchor not in kept]


def _cut_group(data: ReportData, group: ItemGroup, kept: set[str]) -> ItemGroup:
    rest = [row for row in group.rows if row.anchor not in kept]
    return replace(
        group,
        rows=[row for row in group.rows if row.anchor in kept],
        more=len(rest),
        more_hours=data.hours.exact(sum(row.seconds for row in rest)),
    )


def _build_feature(data: ReportData, feature: Feature, rows: list[ItemRow]) -> ItemGroup:
    change = None if feature.previous_seconds is None else feature.seconds - feature.previous_seconds
    done = feature.completion if feature.completion and feature.completion.items > 0 else None
    return ItemGroup(
        anchor=data.feature_anchors[feature.key],
        title=sanitize.shorten(feature.name, item_rows.TITLE) or f"#{feature.public_id}",
        rows=rows,
        hours=data.hours.exact(feature.seconds),
        seconds=feature.seconds,
        reference=item_rows.format_reference(feature.place, feature.public_id),
        url=sanitize.filter_url(feature.url),
        state=sanitize.shorten(feature.state, item_rows.LABEL) if feature.state else None,
        progress=feature.progress,
        completed_later=feature.completed_later,
        status=feature.status,
        change=None if change is None else data.hours.change(change, exact=True),
        change_seconds=change,
        dates=Dates(
            dates.parse_day(feature.planned_start, data.zone),
            dates.parse_day(feature.planned_end, data.zone),
            None,
            dates.parse_day(feature.completed, data.zone),
            feature.overdue_days,
        ),
        estimate=build_estimate(
            data,
            feature.whole_seconds,
            feature.whole_source,
            feature.whole_since,
            feature.estimate_seconds,
            feature.estimate_points,
        ),
        forecast=None if feature.forecast_seconds is None else data.hours.exact(feature.forecast_seconds),
        done=done.final if done else None,
        count=done.items if done else None,
        percent=hours.to_percent(done.final, done.items) if done else 0,
        people=item_rows.share_among(data, feature.people),
        flags=item_rows.list_flags(data.feature_findings.get(feature.key, [])),
    )


def _narrow_feature(data: ReportData, feature: Feature, rows: list[ItemRow], person: ReportPerson) -> ItemGroup:
    seconds = sum(row.seconds for row in rows)
    flags = item_rows.list_flags(data.feature_findings.get(feature.key, []), person)
    return replace(
        _build_feature(data, feature, rows), hours=data.hours.exact(seconds), seconds=seconds, change=None,
        change_seconds=None, people=[], flags=flags,
    )  # fmt: skip


def _build_others(data: ReportData, loose: list[ItemRow], texts: list[ItemRow]) -> Iterable[ItemGroup]:
    for anchor, rows in ((LOOSE, loose), (TEXTS, texts)):
        if rows:
            seconds = sum(row.seconds for row in rows)
            yield ItemGroup(anchor=anchor, title="", rows=rows, hours=data.hours.exact(seconds), seconds=seconds)
