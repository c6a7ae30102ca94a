"""timeweave plan: what a run with these parameters would ask, before it asks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from timeweave.cli.knobs import PlanKnobs


def plan(
    folder: Annotated[Path, typer.Option(help="Where the archive is.")] = Path("data/toggl"),
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """Say what a run with params.yaml would fetch from Toggl and how many requests it takes; asks once at most."""
    import msgspec

    from timeweave import params
    from timeweave.cli.knobs import PlanKnobs
    from timeweave.runs.forecast import expected, told

    knobs = params.load(PlanKnobs)
    found = expected(folder, knobs.source, knobs.toggl, knobs.as_of, knobs.period.utc_days)
    tokens = _tokens(knobs, folder.parent) if knobs.llm.enabled else None
    if as_json:
        typer.echo(msgspec.json.encode(msgspec.to_builtins(found) | {"llm_tokens": tokens}).decode())
        return
    typer.echo("\n".join(told(found)))
    if knobs.llm.enabled:
        price = (tokens or 0) * knobs.llm.price_per_million_tokens / 1_000_000
        cost = f", about {price:.2f} in cost" if price else ""
        known = (
            f"at most {tokens:,} tokens for the items of the last run{cost}" if tokens is not None else "unknown yet"
        )
        typer.echo(f"summaries  {known}; the limit is {knobs.llm.max_tokens_per_run:,}")


def _tokens(knobs: "PlanKnobs", data: Path) -> int | None:
    """By estimate, of the summaries of the last run's items that are not kept from before; None before any run."""
    from timeweave import document
    from timeweave.llm.material import Material
    from timeweave.llm.prompts import Prompts
    from timeweave.llm.store import Store
    from timeweave.llm.writing import Writing
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.directory import Directory
    from timeweave.models.enriched import Enriched

    if not (data / "enriched.json").exists():
        return None
    aggregated = document.read(data / "aggregated.json", Aggregated)
    enriched = document.read(data / "enriched.json", Enriched)
    directory = document.read(data / "toggl" / "directory.json", Directory)
    folder = Path("config/prompts")
    kind_of = Prompts(folder, Path(knobs.enrichment.config)).kind
    writing = Writing(knobs.llm, aggregated.account.source, folder, Store(data / "llm"))
    writing.write(Material(aggregated, enriched, directory, kind_of, knobs.llm.pseudonyms))
    return writing.asking.planned_tokens
