"""timeweave list-runs: what ran in this folder, and what became of it."""

import enum
from typing import Annotated

import typer


class Status(enum.StrEnum):
    """What can become of a run."""

    completed = "completed"
    failed = "failed"
    in_progress = "in_progress"


def list_runs(
    status: Annotated[Status | None, typer.Option(help="Only runs of this status.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="So many at most, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
) -> None:
    """List runs, the newest first."""
    from timeweave import document
    from timeweave.runs import manifest

    found = [run for run in manifest.every() if status is None or run.status == status][:limit]
    if as_json:
        typer.echo(document.encode(found).decode().rstrip("\n"))
        return
    for run in found:
        line = f"{run.id:<28}{run.status:<13}{run.start} to {run.end}  {run.began[:16].replace('T', ' ')} UTC"
        typer.echo(f"{line}  {run.error}" if run.error else line)
    if not found:
        typer.echo("no runs; start one with: timeweave run --period last-week", err=True)
