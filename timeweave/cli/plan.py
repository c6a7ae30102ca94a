"""timeweave plan: what a run with these parameters would ask, before it asks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.cli.shared_options import FirstDay, LastDay, LookDay, PeriodName

if TYPE_CHECKING:
    from timeweave.project.parameters import Parameters


def plan(
    period: PeriodName = "",
    first: FirstDay = "",
    last: LastDay = "",
    as_of: LookDay = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what a run would fetch and how many requests that takes; it asks Toggl itself at most once for each year.

    Without options, the period is the one in params.yaml.
    """
    from datetime import UTC, datetime

    import msgspec

    from timeweave.enrichment.config_coverage import check_fields
    from timeweave.project.parameters import load_parameters
    from timeweave.runs.fetch_estimate import describe_estimate, estimate_run
    from timeweave.runs.request import choose_look, choose_span
    from timeweave.runtime.period import Period

    given = load_parameters(Path("params.yaml"))
    given.refuse_demo_files()
    asked, look = given.period, given.as_of
    if period or first or last or as_of:
        look = choose_look(given, as_of, datetime.now(UTC).date())
    if period or first or last:
        start, end = choose_span(period, first, last, look)
        asked = Period(start=start, end=end, timezone=given.period.timezone)
    for warning in check_fields(given.enrichment, Path(), given.source, given.fibery, given.as_of):
        typer.echo(warning, err=True)
    found = estimate_run(given, asked, look)
    tokens = _tokens(given, Path("data")) if given.llm.enabled else None
    if as_json:
        typer.echo(msgspec.json.encode(msgspec.to_builtins(found) | {"llm_tokens": tokens}).decode())
        return
    typer.echo("\n".join(describe_estimate(found)))
    if given.llm.enabled:
        price = (tokens or 0) * given.llm.price_per_million_tokens / 1_000_000
        cost = f", about {price:.2f} in cost" if price else ""
        known = (
            f"at most {tokens:,} tokens for the items of the last run{cost}" if tokens is not None else "unknown yet"
        )
        typer.echo(f"summaries  {known}; the limit is {given.llm.max_tokens_per_run:,}")


def _tokens(given: "Parameters", data: Path) -> int | None:
    """By estimate, of the summaries of the last run's items that are not kept from before; None before any run."""
    from timeweave.archive.location import find_archive
    from timeweave.llm.completion_requests import CompletionRequests
    from timeweave.llm.inputs import PeriodInputs
    from timeweave.llm.prompts import Prompts
    from timeweave.models.analysis import Analysis
    from timeweave.models.directory import Directory
    from timeweave.runtime import document

    if not (data / "analysis.json").exists():
        return None
    analysis = document.read(data / "analysis.json", Analysis)
    directory = document.read(data / "toggl" / "directory.json", Directory)
    prompts = Prompts(Path("config/prompts"), Path(given.enrichment.config), given.llm, analysis.account.source)
    inputs = PeriodInputs(analysis, directory, given.llm.pseudonyms).describe()
    return CompletionRequests(map(prompts.fill, inputs), given.llm, find_archive().below("llm")).tokens
