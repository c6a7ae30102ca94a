"""timeweave list-runs: all runs, the newest first."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.runs.manifest import Status

if TYPE_CHECKING:
    from timeweave.runs.manifest import Manifest


def list_runs(
    status: Annotated[Status | None, typer.Option(help="Only runs with this status.")] = None,
    limit: Annotated[int, typer.Option(min=0, metavar="NUMBER", help="Show only this many, the newest; 0: all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifests as JSON.")] = False,
) -> None:
    """List runs, newest first: id, status, period, hours, and why a run failed.

    `workspace` is what `dvc repro` left in the project itself. A run of some people only shows how many.
    """
    import msgspec

    from timeweave.cli.run_text import open_register

    found = [run for run in open_register().list_runs() if status is None or run.status is status]
    found = found[:limit] if limit else found
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False, sort_keys=True))
        return
    width = max([len(run.id) for run in found], default=0)
    for run in found:
        typer.echo(_format(run, width))
    if not found:
        typer.echo("no runs yet: start one with timeweave run" if status is None else f"no {status} runs", err=True)


def _format(run: "Manifest", width: int) -> str:
    from timeweave.runs.stage_status import format_count

    hours = run.numbers.get("hours")
    number = f"{hours:>10,.2f} h" if isinstance(hours, int | float) else " " * 12
    why = f"  {run.error.sentence}" if run.error else ""
    span = f"{run.parameters.start} to {run.parameters.end}"
    chosen = f"  {format_count(len(run.parameters.users), 'person', 'people')}" if run.parameters.users else ""
    return f"{run.id:<{width}}  {run.status:<11}  {span}  {number}{chosen}{why}".rstrip()
