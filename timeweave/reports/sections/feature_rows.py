"""Features as rows to show: how far they are, the period's hours on them, and their items."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.models.enriched import StateMeaning
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.inputs.report_data import ReportData
from timeweave.reports.inputs.work_items import WorkItem
from timeweave.reports.sections import feature_groups, item_rows
from timeweave.reports.sections.feature_groups import FeatureGroup
from timeweave.reports.sections.item_rows import ItemRow


@dataclass(frozen=True)
class FeatureRow:
    """A feature (or what stands for one) with time in the period. `title` is empty for items under nothing."""

    title: str
    reference: str
    url: str | None
    state: str | None
    progress: StateMeaning
    done: int | None
    """Of `count` items that Fibery counts in it; None where it does not."""
    count: int | None
    percent: int
    logged_hours: str | None
    """All time that Fibery has on record for it, of any period."""
    hours: str
    seconds: int
    items: list[ItemRow]


def build_feature_rows(data: ReportData, items: Sequence[WorkItem], whole: int) -> list[FeatureRow]:
    """The features of `items`, adding up to `whole` hundredths; items that are under nothing come last, in one row."""
    groups = feature_groups.group_items(items)
    named = [group for group in groups if not group.alone or group.head.progress]
    alone = [item for group in groups if group.alone and not group.head.progress for item in group.items]
    parts = [group.seconds for group in named] + [sum(item.seconds for item in alone)]
    amounts = hours.split(parts, whole)
    found = [_build_row(data, group, amount) for group, amount in zip(named, amounts, strict=False)]
    if alone:
        found.append(_build_rest(data, alone, amounts[-1]))
    return found


def _build_row(data: ReportData, group: FeatureGroup, amount: int) -> FeatureRow:
    head = group.head
    counted = head.progress if head.progress and head.progress.items > 0 else None
    logged = head.progress.seconds if head.progress else None
    return FeatureRow(
        title=sanitize.shorten(head.name, item_rows.TITLE) or f"#{head.public_id}",
        reference=item_rows.join_reference(head.place, head.public_id),
        url=sanitize.filter_url(head.url),
        state=sanitize.shorten(head.state.name, item_rows.LABEL) if head.state else None,
        progress=head.state.meaning if head.state else StateMeaning.UNKNOWN,
        done=counted.final if counted else None,
        count=counted.items if counted else None,
        percent=hours.to_percent(counted.final, counted.items) if counted else 0,
        logged_hours=None if logged is None else hours.format_hours(hours.to_hundredths(logged)),
        hours=hours.format_hours(amount),
        seconds=group.seconds,
        items=item_rows.build_item_rows(data, group.items, amount),
    )


def _build_rest(data: ReportData, items: list[WorkItem], amount: int) -> FeatureRow:
    return FeatureRow(
        title="",
        reference="",
        url=None,
        state=None,
        progress=StateMeaning.UNKNOWN,
        done=None,
        count=None,
        percent=0,
        logged_hours=None,
        hours=hours.format_hours(amount),
        seconds=sum(item.seconds for item in items),
        items=item_rows.build_item_rows(data, items, amount),
    )
