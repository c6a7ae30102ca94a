"""What a run would fetch from Toggl, before it does."""

import functools
from datetime import date
from pathlib import Path

import typer

from timeweave.runs.parameters import load_parameters
from timeweave.runs.request import RunRequest
from timeweave.runtime.period import Period
from timeweave.toggl.archive import Archive
from timeweave.toggl.collection import Collection
from timeweave.toggl.connection import account, connect
from timeweave.toggl.estimate import Estimate as FetchEstimate
from timeweave.toggl.estimate import estimate
from timeweave.toggl.names import kept
from timeweave.toggl.settings import TogglSettings


def estimate_fetch(source: str, settings: TogglSettings, as_of: date, days: list[date]) -> FetchEstimate:
    """What it takes to have these UTC days in the archive below `folder`; asks Toggl once at most."""
    folder = Path("data/toggl")
    whose = account(source, settings)
    say = functools.partial(typer.echo, err=True)
    collection = Collection(
        Archive(folder / "days", whose, looking=True), folder / "changes.json", settings, as_of, say
    )
    with_directory = kept(folder / "directory.json", whose, as_of) is None
    return estimate(collection, days, with_directory, lambda: connect(source, settings, as_of, say))


def describe_estimate(found: FetchEstimate) -> list[str]:
    """An estimate for a person."""
    lines = [f"fetch      {first} to {last} (UTC days)" for first, last in found.ranges]
    if not found.ranges:
        lines.append("fetch      nothing: every day of the period is in the archive")
    if found.entries is not None:
        lines.append(f"entries    {found.entries:,}, those of the days around included")
    most = "more, Toggl does not say how many entries there are" if found.most is None else f"at most {found.most:,}"
    lines.append(f"requests   at least {found.least:,}, {most}" if found.most != 0 else "requests   none")
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
    lines += [f"params     {key} becomes {value!r}" for key, value in request.edits.items()]
    if request.base:
        return "\n".join([*lines, f"fetch      nothing from Toggl: the data of {request.base.id} as it was"])
    if request.refresh == "toggl":
        lines.append("fetch      every day of the period again, whatever the archive holds")
        return "\n".join(lines)
    period = Period(start=date.fromisoformat(asked.start), end=date.fromisoformat(asked.end), timezone=asked.timezone)
    estimate = estimate_fetch(given.source, given.toggl, date.fromisoformat(asked.as_of), period.utc_days)
    return "\n".join([*lines, *describe_estimate(estimate)])
