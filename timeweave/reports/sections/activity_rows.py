"""Time without a work item as rows to show, with the likely reason and the item that may be meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.reports import similar_items, work_items
from timeweave.reports.formatting import hours, sanitize
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections import item_rows


@dataclass(frozen=True)
class Suggestion:
    """The item of this period that a text is most like."""

    title: str
    reference: str
    url: str | None
    percent: int


@dataclass(frozen=True)
class ActivityRow:
    """Time under a text that names no work item."""

    text: str
    """Empty where nothing was written."""
    hours: str
    seconds: int
    entries: int
    people: list[item_rows.PersonShare]
    reason: similar_items.NoItemReason
    suggestion: Suggestion | None


def build_activity_rows(
    data: ReportData, activities: Sequence[work_items.ActivityTime], whole: int, suggested: int
) -> list[ActivityRow]:
    """The rows of `activities`, adding up to `whole` hundredths; the first `suggested` ones with a suggestion."""
    amounts = hours.split([activity.seconds for activity in activities], whole)
    found = []
    for at, (activity, amount) in enumerate(zip(activities, amounts, strict=True)):
        nearest = data.similar_items.find(activity.text) if at < suggested else None
        found.append(
            ActivityRow(
                text=sanitize.shorten(activity.text, item_rows.TITLE),
                hours=hours.format_hours(amount),
                seconds=activity.seconds,
                entries=activity.entries,
                people=item_rows.share_among(data, activity.people, amount),
                reason=similar_items.explain(activity.text, nearest),
                suggestion=make_suggestion(nearest),
            )
        )
    return found


def make_suggestion(nearest: similar_items.SimilarItem | None) -> Suggestion | None:
    """How a likely item is named."""
    if nearest is None:
        return None
    item = nearest.item
    return Suggestion(
        item_rows.format_title(item),
        item_rows.format_reference(item),
        sanitize.filter_url(item.entity.url),
        nearest.percent,
    )
