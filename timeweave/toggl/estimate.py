"""What a fetch would cost, before it is made."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from timeweave.runtime.document import Record
from timeweave.toggl.archive import DAY, ranges
from timeweave.toggl.collection import LONGEST, Collection
from timeweave.toggl.workspace import Toggl

PAGE_CAP = 50
"""Rows of a page that can be counted on, whatever is asked (clients of the Reports API v3)."""
LISTS = (6, 8)
"""Requests for the directory: at least, and with a second page of tags and a look-up of departed people."""


class Estimate(Record, frozen=True, kw_only=True):
    """Requests without repeated ones; days are UTC days."""

    ranges: list[tuple[date, date]]
    days: int
    entries: int | None
    """Rows that pages would hold, edges of ranges included; null where nothing need be asked or Toggl did not say."""
    least: int
    most: int | None
    """null where Toggl did not say how many entries there are."""
    asked: int
    """Requests that the estimate itself took: 1 at most."""
    quota_left: int | None


def estimate(
    collection: Collection, days: list[date], with_directory: bool, connect: Callable[[], AbstractContextManager[Toggl]]
) -> Estimate:
    """The cost of `collection.collect(days)`, and of the directory where it must be read as well."""
    missing = ranges(collection.stale(days), LONGEST)
    lists = LISTS if with_directory else (0, 1)
    if not missing:
        return Estimate(ranges=[], days=0, entries=None, least=lists[0], most=lists[1] if with_directory else 0,
                        asked=0, quota_left=None)  # fmt: skip
    with connect() as toggl:
        # One question must do, and Toggl takes none about more than a year.
        short = (missing[-1][1] - missing[0][0]).days < LONGEST
        entries = toggl.entry_count(missing[0][0] - DAY, missing[-1][1] + DAY) if short else None
        left = toggl.client.quota_left
    totals = len(missing) if collection.settings.verify_totals else 0
    size = collection.settings.page_size
    # Of several ranges only the sum is known, gaps between them included: each has a last page that may be short.
    alone = entries if len(missing) == 1 else None
    fewest = max(1, math.ceil(alone / size)) if alone is not None else len(missing)
    pages = None if entries is None else math.ceil(entries / min(size, PAGE_CAP)) + len(missing) - 1
    return Estimate(
        ranges=missing,
        days=sum((last - first).days + 1 for first, last in missing),
        entries=entries,
        least=lists[0] + fewest + totals,
        most=None if pages is None else lists[1] + max(pages, len(missing)) + totals,
        asked=1,
        quota_left=left,
    )
