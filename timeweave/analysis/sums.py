"""Sums of rows: every breakdown adds up the same rows, so that each comes to the whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from timeweave.analysis.work_rows import WorkRow
from timeweave.models.analysis import ItemPerson


def sum_seconds(rows: Iterable[WorkRow]) -> int:
    """All of them."""
    return sum(row.seconds for row in rows)


def sum_billable(rows: Iterable[WorkRow]) -> int:
    """The billable ones."""
    return sum(row.seconds for row in rows if row.billable)


def sum_by(rows: Iterable[WorkRow], key: Callable[[WorkRow], str]) -> dict[str, int]:
    """Seconds by what `key` says of a row, sorted by it."""
    seconds: dict[str, int] = defaultdict(int)
    for row in rows:
        seconds[key(row)] += row.seconds
    return dict(sorted(seconds.items()))


def share_among_people(rows: Iterable[WorkRow]) -> list[ItemPerson]:
    """Who logged how much, most first."""
    seconds = sum_by(rows, lambda row: str(row.user_id))
    ordered = sorted(seconds.items(), key=lambda one: (-one[1], int(one[0])))
    return [ItemPerson(key=key, seconds=amount) for key, amount in ordered]


def find_wording(rows: Iterable[WorkRow]) -> str:
    """The text that most time was logged under; empty where none was written."""
    seconds = sum_by(rows, lambda row: row.text)
    return max(sorted(seconds), key=lambda text: (bool(text.strip()), seconds[text]), default="")


def divide(part: int, whole: int | None) -> float | None:
    """A share, to four decimals; None where there is nothing to divide by."""
    return round(part / whole, 4) if whole else None
