"""What a fetch would cost, before it is made."""

import functools
import math
from datetime import date
from pathlib import Path

import msgspec
import typer

from timeweave.enrichment.config_coverage import check_fields
from timeweave.project.parameters import Parameters, flatten_parameters, load_parameters
from timeweave.runs.request import RunRequest
from timeweave.runtime.document import Record
from timeweave.runtime.period import DAY, Period, span
from timeweave.toggl.answers import COMPARED
from timeweave.toggl.archive import Archive
from timeweave.toggl.connection import TogglSettings, account, connect
from timeweave.toggl.fetch import find_names, read_archive
from timeweave.toggl.learned_limits import ApiFacts, find_longest_walk, find_page_rows, read_facts
from timeweave.toggl.missing_days import Missing, find_missing, find_ranges
from timeweave.web.client import RequestRefused

WORTH_GROUPING = 0.8
"""Rows for each entry; where there are more, grouping saves too little to speak of."""
LISTS_KEPT = ("workspace", "projects", "clients", "tags", "tasks")
"""Those that are not asked for again once they were read."""
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
    """Requests that the estimate itself took: one, or one for each year of a longer time."""
    quota_left: int | None
    compared_days: int = 0
    """Those of `days` that only the comparison needs: with periods before, or for all time since a day."""
    compared_requests: int | None = 0
    """About so many of `most` bring them, by their share of the days; null where that is."""
    grouped_share: float | None = None
    """Rows for each entry if Toggl grouped them, by as many days of the archive; null where it holds none, or it does."""


def estimate_run(given: Parameters, period: Period, as_of: date) -> FetchEstimate:
    """What it takes to have the days of a period and those that it is compared with. Asks Toggl once for each year at most."""
    found = estimate_fetch(given.source, given.toggl, as_of, given.analysis.list_utc_days(period, as_of))
    asked = {day for first, last in found.ranges for day in span(first, last)}
    compared = len(asked.difference(period.utc_days))
    requests = None if found.most is None else math.ceil(found.most * compared / max(found.days, 1))
    return msgspec.structs.replace(found, compared_days=compared, compared_requests=requests)


def estimate_fetch(source: str, settings: TogglSettings, as_of: date, days: list[date]) -> FetchEstimate:
    """What it takes to have these UTC days in the archive, and the directory where it must be read as well.

    Asks Toggl once, of a time longer than a year once for each.
    """
    say = functools.partial(typer.echo, err=True)
    archive = read_archive(account(source, settings), say)
    missing = find_missing(archive, days, as_of, settings.settle_days)
    lists = _count_lists(archive, as_of)
    proofs = _count_proofs(archive, missing, settings)
    if not missing.ranges:
        most = lists[1] + proofs[1] if lists[0] or proofs[1] else 0
        return FetchEstimate(
            ranges=[], days=0, entries=None, least=lists[0] + proofs[0], most=most, asked=0, quota_left=None
        )
    facts = read_facts(archive.files)
    # With what interrupted walks have brought already: that is known by rows, not by days.
    begun = min(missing.ranges[0][0], *(walk.walk.first for walk, rest in missing.resumed if rest), date.max)
    spans = find_ranges(span(begun, missing.ranges[-1][1]), find_longest_walk(facts))
    with connect(source, settings, as_of, say) as toggl:
        try:
            counts = [toggl.count_entries(begin - DAY, end + DAY) for begin, end in spans]
        except RequestRefused:
            counts = [None]
        quota_left = toggl.client.quota_left
    entries = None if None in counts else sum(filter(None, counts))
    pages = _count_pages(missing, entries, *find_page_rows(settings, facts), settings.grouped)
    return FetchEstimate(
        ranges=missing.ranges,
        days=missing.day_count,
        entries=entries,
        least=lists[0] + pages[0] + proofs[0],
        most=None if pages[1] is None else lists[1] + pages[1] + proofs[1] + _may_be_refused(settings, facts),
        asked=len(counts),
        quota_left=quota_left,
        grouped_share=None if settings.grouped else _find_grouped_share(archive, missing.day_count),
    )


def _find_grouped_share(archive: Archive, day_count: int) -> float | None:
    """By what Toggl is said to group by: whose entry it is, and all that a person can change about it but its times."""
    days = archive.days.list_days()[-day_count:]
    entries = [entry for day in days for entry in archive.days.read_entries(day)]
    groups = {str([entry.row.get(key) for key in COMPARED]) for entry in entries}
    return round(len(groups) / len(entries), 3) if entries else None


def _count_lists(archive: Archive, as_of: date) -> tuple[int, int]:
    """Requests for names, at least and at most."""
    names, kept = find_names(archive, as_of), archive.read_lists()
    if names:
        # Memberships that could not be used, and the plain list in their place.
        return (1, 3) if names.has_failed else (0, 1)
    is_kept = kept is not None and kept.fetched_as_of == as_of
    done = sum(getattr(kept, name) is not None for name in LISTS_KEPT) if is_kept else 0
    return LISTS[0] - done, LISTS[1] - done


def _count_proofs(archive: Archive, missing: Missing, settings: TogglSettings) -> tuple[int, int]:
    """Requests that prove walks, at least, and at most with one for entries that are gone from days looked at before."""
    proofs = len(missing.resumed) + len(missing.new) if settings.verify_totals else 0
    held = archive.days.list_days()
    looked_at = bool(set(held).intersection(day for first, last in missing.ranges for day in span(first, last)))
    spans = (held[-1] - held[0]).days // find_longest_walk(read_facts(archive.files)) + 1 if looked_at else 0
    return proofs, proofs + spans


def _may_be_refused(settings: TogglSettings, facts: ApiFacts) -> bool:
    return settings.page_size == "auto" and facts.page_rows is None and not facts.refuses_large_pages


def _count_pages(
    missing: Missing, entries: int | None, fewest_rows: int, most_rows: int, grouped: bool
) -> tuple[int, int | None]:
    """Pages at least and at most that are still to be read."""
    ranges = missing.ranges
    # Of several ranges only the sum is known, gaps between them included: each has a last page that may be short.
    if entries is None:
        return len(ranges), None
    kept = sum(walk.pages.row_count for walk, rest in missing.resumed if rest)
    left = max(0, entries - kept)
    least = max(1, math.ceil(left / most_rows)) if len(ranges) == 1 and not grouped else len(ranges)
    # An interrupted walk asks for a row again.
    return least, max(math.ceil((left + len(missing.resumed)) / fewest_rows) + len(ranges) - 1, len(ranges))


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
    if found.grouped_share is not None and found.grouped_share < WORTH_GROUPING:
        lines.append(
            f"grouped    toggl.grouped: true would need about {found.grouped_share:.0%} of the pages, by the archive's last days"
        )
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
    lines += check_fields(given.enrichment, path.parent, given.source, given.fibery, given.as_of)
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
