"""timeweave list-runs: all runs, the newest first."""

import enum
import json
from typing import Annotated

import typer


class Status(enum.StrEnum):
    """What became of a run."""

    completed = "completed"
    failed = "failed"
    in_progress = "in_progress"
    queued = "queued"
    cancelled = "cancelled"


def list_runs(
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="The newest so many; 0: all.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Manifests, for machines.")] = False,
) -> None:
    """List runs: id, status, period, hours, how many people it was asked for if not everyone, and why it failed."""
    import msgspec

    from timeweave.cli import project
    from timeweave.runs.view import counted

    found = [run for run in project.register().all() if status is None or run.status == status]
    found = found[:limit] if limit else found
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False, sort_keys=True))
        return
    width = max([len(run.id) for run in found], default=0)
    for run in found:
        hours = run.numbers.get("hours")
        told = f"{hours:>10,.2f} h" if isinstance(hours, int | float) else " " * 12
        why = f"  {run.error.sentence}" if run.error else ""
        span = f"{run.parameters.start} to {run.parameters.end}"
        chosen = f"  {counted(len(run.parameters.users), 'person', 'people')}" if run.parameters.users else ""
        typer.echo(f"{run.id:<{width}}  {run.status:<11}  {span}  {told}{chosen}{why}".rstrip())
    if not found:
        typer.echo("no runs yet: timeweave run" if status is None else f"no run is {status}", err=True)
