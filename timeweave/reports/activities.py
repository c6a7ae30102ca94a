"""Time without a work item as rows to show, with the likely reason and the item that may be meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.reports import hours, ledger, likeness, plain, rows
from timeweave.reports.edition import Edition


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
    people: list[rows.Who]
    reason: str
    """Why no item was found: blank, link, broken_id, no_id, similar or other."""
    suggestion: Suggestion | None


def activity_rows(
    edition: Edition, activities: Sequence[ledger.ActivityTime], whole: int, suggested: int
) -> list[ActivityRow]:
    """The rows of `activities`, adding up to `whole` hundredths; the first `suggested` ones with a suggestion."""
    amounts = hours.split([activity.seconds for activity in activities], whole)
    found = []
    for at, (activity, amount) in enumerate(zip(activities, amounts, strict=True)):
        nearest = edition.likely.nearest(activity.text) if at < suggested else None
        found.append(
            ActivityRow(
                text=plain.brief(activity.text, rows.TITLE),
                hours=hours.text(amount),
                seconds=activity.seconds,
                entries=activity.entries,
                people=rows.who(edition, activity.people, amount),
                reason=likeness.reason(activity.text, nearest),
                suggestion=suggestion(nearest),
            )
        )
    return found


def suggestion(nearest: likeness.Likeness | None) -> Suggestion | None:
    """How a likely item is named."""
    if nearest is None:
        return None
    item = nearest.item
    return Suggestion(rows.title(item), rows.reference(item), plain.url(item.entity.url), nearest.percent)
