"""Features as rows to show: how far they are, the period's hours on them, and their items."""

from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.reports import features, hours, plain, rows
from timeweave.reports.edition import Edition
from timeweave.reports.features import Group
from timeweave.reports.ledger import Item
from timeweave.reports.rows import ItemRow


@dataclass(frozen=True)
class FeatureRow:
    """A feature (or what stands for one) with time in the period. `title` is empty for items under nothing."""

    title: str
    reference: str
    url: str | None
    state: str | None
    progress: str
    """done, started, waiting or unknown: what the state means."""
    done: int | None
    """Of `count` items that Fibery counts in it; None where it does not."""
    count: int | None
    percent: int
    logged_hours: str | None
    """All time that Fibery has on record for it, of any period."""
    hours: str
    seconds: int
    items: list[ItemRow]


def feature_rows(edition: Edition, items: Sequence[Item], whole: int) -> list[FeatureRow]:
    """The features of `items`, adding up to `whole` hundredths; items that are under nothing come last, in one row."""
    groups = features.groups(items)
    named = [group for group in groups if not group.alone or group.head.progress]
    alone = [item for group in groups if group.alone and not group.head.progress for item in group.items]
    parts = [group.seconds for group in named] + [sum(item.seconds for item in alone)]
    amounts = hours.split(parts, whole)
    found = [_feature(edition, group, amount) for group, amount in zip(named, amounts, strict=False)]
    if alone:
        found.append(_nothing(edition, alone, amounts[-1]))
    return found


def _feature(edition: Edition, group: Group, amount: int) -> FeatureRow:
    head = group.head
    counted = head.progress if head.progress and head.progress.items > 0 else None
    logged = head.progress.seconds if head.progress else None
    return FeatureRow(
        title=plain.brief(head.name, rows.TITLE) or f"#{head.public_id}",
        reference=rows.referred(head.place, head.public_id),
        url=plain.url(head.url),
        state=plain.brief(head.state.name, rows.LABEL) if head.state else None,
        progress=rows.progress(head.state),
        done=counted.final if counted else None,
        count=counted.items if counted else None,
        percent=hours.percent(counted.final, counted.items) if counted else 0,
        logged_hours=None if logged is None else hours.text(hours.hundredths(logged)),
        hours=hours.text(amount),
        seconds=group.seconds,
        items=rows.item_rows(edition, group.items, amount),
    )


def _nothing(edition: Edition, items: list[Item], amount: int) -> FeatureRow:
    return FeatureRow(
        title="",
        reference="",
        url=None,
        state=None,
        progress="unknown",
        done=None,
        count=None,
        percent=0,
        logged_hours=None,
        hours=hours.text(amount),
        seconds=sum(item.seconds for item in items),
        items=rows.item_rows(edition, items, amount),
    )
