"""What a fetch would cost, before it is made."""

import functools
import math
from datetime import date

import typer

from timeweave.models.record import Record
from timeweave.toggl.connection import account, connect
from timeweave.toggl.day_files import DAY
from timeweave.toggl.fetch import find_names, read_archive
from timeweave.toggl.missing import LONGEST, Missing, find_missing
from timeweave.toggl.settings import TogglSettings

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


def estimate(source: str, settings: TogglSettings, as_of: date, days: list[date]) -> Estimate:
    """What it takes to have these UTC days in the archive, and the directory where it must be read as well.

    Asks Toggl once at most.
    """
    say = functools.partial(typer.echo, err=True)
    archive = read_archive(account(source, settings), say)
    missing = find_missing(archive, days, as_of, settings.settle_days)
    lists = (0, 1) if find_names(archive, as_of) else LISTS
    if not missing.ranges:
        proofs = len(missing.resumed) if settings.verify_totals else 0
        most = lists[1] + proofs if lists == LISTS or proofs else 0
        return Estimate(ranges=[], days=0, entries=None, least=lists[0] + proofs, most=most, asked=0, quota_left=None)
    first, last = missing.ranges[0][0], missing.ranges[-1][1]
    with connect(source, settings, as_of, say) as toggl:
        # One question must do, and Toggl takes none about more than a year.
        entries = toggl.entry_count(first - DAY, last + DAY) if (last - first).days < LONGEST else None
        return _estimate(missing, entries, lists, settings, toggl.client.quota_left)


def _estimate(
    missing: Missing, entries: int | None, lists: tuple[int, int], settings: TogglSettings, quota_left: int | None
) -> Estimate:
    ranges, walks = missing.ranges, len(missing.resumed) + len(missing.new)
    totals = walks if settings.verify_totals else 0
    # Of several ranges only the sum is known, gaps between them included: each has a last page that may be short.
    alone = entries if len(ranges) == 1 else None
    fewest = max(1, math.ceil(alone / settings.page_size)) if alone is not None else len(ranges)
    pages = None if entries is None else math.ceil(entries / min(settings.page_size, PAGE_CAP)) + len(ranges) - 1
    return Estimate(
        ranges=ranges,
        days=missing.day_count,
        entries=entries,
        least=lists[0] + fewest + totals,
        most=None if pages is None else lists[1] + max(pages, len(ranges)) + totals,
        asked=1,
        quota_left=quota_left,
    )
