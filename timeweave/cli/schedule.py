"""timeweave schedule: runs that Temporal starts by itself."""

import json
from typing import Annotated

import typer

from timeweave.cli.backfill import Every

schedule = typer.Typer(help="Runs that Temporal starts by itself.", no_args_is_help=True)


@schedule.command()
def add(
    every: Annotated[Every, typer.Option(help="week: last week, on Mondays; month: last month, on the first.")],
    name: Annotated[str, typer.Option(help="How the schedule and its runs are called.")] = "",
) -> None:
    """Have each period reported when it is over, at 05:17 UTC, with what the project's branch is at its origin by then."""
    from timeweave.cli.runs import open_temporal_register

    open_temporal_register()
    from timeweave.runs.run_folder import check_run_id
    from timeweave.temporal.schedules import add_schedule

    called = check_run_id(name or f"{every}ly")
    add_schedule(called, every)
    typer.echo(called)


@schedule.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False) -> None:
    """List schedules: name, period, when the next run begins, the last run."""
    import dataclasses

    from timeweave.cli.runs import require_temporal

    require_temporal()
    from timeweave.temporal.schedules import list_schedules

    found = list_schedules()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
        return
    for one in found:
        last = f"  last run {one.last_run}" if one.last_run else ""
        typer.echo(f"{one.name}  {one.period}  next {one.next or 'never'}{last}")
    if not found:
        typer.echo("no schedules: timeweave schedule add --every week", err=True)


@schedule.command()
def remove(name: Annotated[str, typer.Argument(help="Its name: timeweave schedule list.")]) -> None:
    """Take a schedule away; runs that it has started go on."""
    from timeweave.cli.runs import require_temporal

    require_temporal()
    from timeweave.temporal.schedules import remove_schedule

    remove_schedule(name)
    typer.echo(f"{name} is removed", err=True)
