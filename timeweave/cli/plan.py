"""timeweave plan: what a run with these parameters would ask, before it asks."""

import functools
from pathlib import Path
from typing import Annotated, Literal

import typer

from timeweave import params
from timeweave.params import Day
from timeweave.period import Period
from timeweave.toggl.settings import TogglSettings


class Knobs(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()


def plan(
    folder: Annotated[Path, typer.Option(help="Where the archive is.")] = Path("data/toggl"),
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Say what a run with params.yaml would fetch from Toggl and how many requests it takes; asks once at most."""
    import msgspec

    from timeweave.toggl.archive import Archive
    from timeweave.toggl.collection import Collection
    from timeweave.toggl.connection import account, connect
    from timeweave.toggl.estimate import estimate
    from timeweave.toggl.names import kept

    knobs = params.load(Knobs)
    whose = account(knobs.source, knobs.toggl)
    say = functools.partial(typer.echo, err=True)
    collection = Collection(Archive(folder / "days", whose), folder / "changes.json", knobs.toggl, knobs.as_of, say)
    found = estimate(
        collection, knobs.period.utc_days, kept(folder / "directory.json", whose, knobs.as_of) is None,
        lambda: connect(knobs.source, knobs.toggl, knobs.as_of, say),
    )  # fmt: skip
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    for first, last in found.ranges:
        typer.echo(f"fetch      {first} to {last} (UTC days)")
    if not found.ranges:
        typer.echo("fetch      nothing: every day of the period is in the archive")
    if found.entries is not None:
        typer.echo(f"entries    {found.entries:,}, those of the days around included")
    most = "more, Toggl does not say how many entries there are" if found.most is None else f"at most {found.most:,}"
    typer.echo(f"requests   at least {found.least:,}, {most}")
    if found.quota_left is not None:
        typer.echo(f"quota      {found.quota_left:,} left in this window")
        if found.most is not None and found.most > found.quota_left:
            typer.echo("           not enough for all: what is fetched is kept, and a later run goes on there")
