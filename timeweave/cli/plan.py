"""timeweave plan: what a run with these parameters would ask, before it asks."""

import functools
from pathlib import Path
from typing import Annotated, Literal

import typer

from timeweave import params
from timeweave.enrichment.settings import EnrichmentSettings
from timeweave.fibery.settings import FiberySettings
from timeweave.llm.settings import LlmSettings
from timeweave.params import Day
from timeweave.period import Period
from timeweave.toggl.settings import TogglSettings


class Knobs(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    llm: LlmSettings = LlmSettings()


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
    tokens = _tokens(knobs, folder.parent) if knobs.llm.enabled else None
    if as_json:
        typer.echo(msgspec.json.encode(msgspec.to_builtins(found) | {"llm_tokens": tokens}).decode())
        return
    for first, last in found.ranges:
        typer.echo(f"fetch      {first} to {last} (UTC days)")
    if not found.ranges:
        typer.echo("fetch      nothing: every day of the period is in the archive")
    if found.entries is not None:
        typer.echo(f"entries    {found.entries:,}, those of the days around included")
    most = "more, Toggl does not say how many entries there are" if found.most is None else f"at most {found.most:,}"
    typer.echo(f"requests   at least {found.least:,}, {most}" if found.most != 0 else "requests   none")
    if found.quota_left is not None:
        typer.echo(f"quota      {found.quota_left:,} left in this window")
        if found.most is not None and found.most > found.quota_left:
            typer.echo("           not enough for all: what is fetched is kept, and a later run goes on there")
    if knobs.llm.enabled:
        cost = f", about {tokens * knobs.llm.price_per_million_tokens / 1_000_000:.2f} in cost" if tokens else ""
        known = (
            f"at most {tokens:,} tokens for the items of the last run{cost}" if tokens is not None else "unknown yet"
        )
        typer.echo(f"summaries  {known}; the limit is {knobs.llm.max_tokens_per_run:,}")


def _tokens(knobs: Knobs, data: Path) -> int | None:
    """By estimate, of the summaries of the last run's items that are not kept from before; None before any run."""
    from timeweave import document
    from timeweave.llm.material import Material
    from timeweave.llm.prompts import Prompts
    from timeweave.llm.store import Store
    from timeweave.llm.writing import Writing
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.enriched import Enriched

    if not (data / "enriched.json").exists():
        return None
    aggregated = document.read(data / "aggregated.json", Aggregated)
    enriched = document.read(data / "enriched.json", Enriched)
    folder = Path("config/prompts")
    kind_of = Prompts(folder, Path(knobs.enrichment.config)).kind
    writing = Writing(knobs.llm, folder, Store(data / "llm"), model=None)
    writing.write(Material(aggregated, enriched, kind_of, knobs.llm.pseudonyms))
    return writing.planned_tokens
