"""What a fetch would cost, before it is made."""

import functools
import math
from datetime import date
from pathlib import Path

import msgspec
import typer

from timeweave.project.parameters import Parameters, flatten_parameters, load_parameters
from timeweave.runs.request import RunRequest
from timeweave.runtime.document import Record
from timeweave.runtime.period import Period
from timeweave.toggl.connection import TogglSettings, account, connect
from timeweave.toggl.day_files import DAY, span
from timeweave.toggl.fetch import find_names, read_archive
from timeweave.toggl.missing import LONGEST, Missing, find_missing

PAGE_CAP = 50
"""Rows of a page that can be counted on, whatever is asked (clients of the Reports API v3)."""
LISTS = (6, 8)
"""Requests for the directory: at least, and with a second page of tags and a look-up of departed people."""


class FetchEstimate(Record, frozen=True, kw_only=True):
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
    compared_days: int = 0
    """Those of `days` that only the comparison needs: with periods before, or for all time since a day."""
    compared_requests: int | None = 0
    """About so many of `most` bring them, by their share of the days; null where that is."""


def estimate_run(given: Parameters, period: Period, as_of: date) -> FetchEstimate:
    """What it takes to have the days of a period and those that it is compared with. Asks Toggl once at most."""
    found = estimate_fetch(given.source, given.toggl, as_of, given.analysis.list_utc_days(period, as_of))
    asked = {day for first, last in found.ranges for day in span(first, last)}
    compared = len(asked.difference(period.utc_days))
    requests = None if found.most is None else math.ceil(found.most * compared / max(found.days, 1))
    return msgspec.structs.replace(found, compared_days=compared, compared_requests=requests)


def estimate_fetch(source: str, settings: TogglSettings, as_of: date, days: list[date]) -> FetchEstimate:
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
        return FetchEstimate(
            ranges=[], days=0, entries=None, least=lists[0] + proofs, most=most, asked=0, quota_left=None
        )
    first, last = missing.ranges[0][0], missing.ranges[-1][1]
    with connect(source, settings, as_of, say) as toggl:
        # One question must do, and Toggl takes none about more than a year.
        entries = toggl.entry_count(first - DAY, last + DAY) if (last - first).days < LONGEST else None
        return _count_requests(missing, entries, lists, settings, toggl.client.quota_left)


def _count_requests(
    missing: Missing, entries: int | None, lists: tuple[int, int], settings: TogglSettings, quota_left: int | None
) -> FetchEstimate:
    ranges, walks = missing.ranges, len(missing.resumed) + len(missing.new)
    totals = walks if settings.verify_totals else 0
    # Of several ranges only the sum is known, gaps between them included: each has a last page that may be short.
    alone = entries if len(ranges) == 1 else None
    fewest = max(1, math.ceil(alone / settings.page_size)) if alone is not None else len(ranges)
    pages = None if entries is None else math.ceil(entries / min(settings.page_size, PAGE_CAP)) + len(ranges) - 1
    return FetchEstimate(
        ranges=ranges,
        days=missing.day_count,
        entries=entries,
        least=lists[0] + fewest + totals,
        most=None if pages is None else lists[1] + max(pages, len(ranges)) + totals,
        asked=1,
        quota_left=quota_left,
    )


def describe_estimate(found: FetchEstimate) -> list[str]:
    """An estimate for a person."""
    lines = [f"fetch      {first} to {last} (UTC days)" for first, last in found.ranges]
    if not found.ranges:
        lines.append("fetch      nothing: every day of the period is in the archive")
    if found.entries is not None:
        lines.append(f"entries    {found.entries:,}, including the adjacent days")
    most = "more, Toggl does not say how many entries there are" if found.most is None else f"at most {found.most:,}"
    lines.append(f"requests   at least {found.least:,}, {most}" if found.most != 0 else "requests   none")
    if found.compared_days:
        share = "" if found.compared_requests is None else f", about {found.compared_requests:,} of the requests"
        lines.append(f"comparison {found.compared_days:,} of the days{share}")
    if found.quota_left is not None:
        lines.append(f"quota      {found.quota_left:,} left in this window")
        if found.most is not None and found.most > found.quota_left:
            lines.append("           not enough for all: what is fetched is kept, and a later run goes on there")
    return lines


def describe_run(request: RunRequest, path: Path) -> str:
    """What a run would do and ask; nothing is written, and the run is not kept."""
    asked, given = request.parameters, load_parameters(path)
    lines = [f"period     {asked.start} to {asked.end} ({asked.timezone}), as of {asked.as_of}"]
    lines.append(f"users      {', '.join(asked.users) or 'everyone'}")
    held = flatten_parameters(given)
    lines += [f"params     {key} becomes {value!r}" for key, value in request.edits.items() if held.get(key) != value]
    if request.base:
        return "\n".join([*lines, f"fetch      nothing from Toggl: the data of {request.base.id} as it was"])
    if request.refresh == "toggl":
        lines.append("fetch      every day of the period again, whatever the archive holds")
        return "\n".join(lines)
    period = Period(start=date.fromisoformat(asked.start), end=date.fromisoformat(asked.end), timezone=asked.timezone)
    estimate = estimate_run(given, period, date.fromisoformat(asked.as_of))
    return "\n".join([*lines, *describe_estimate(estimate)])
