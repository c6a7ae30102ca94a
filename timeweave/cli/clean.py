"""timeweave clean: remove old runs."""

import json
from typing import Annotated

import typer

FREE = "dvc gc --workspace --all-commits --all-experiments"
"""Keeps what any commit names in its dvc.lock: without --all-commits the committed results would lose their files."""


def clean(
    keep: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="NUMBER",
            help="How many of the newest runs to keep; queued and running ones are always kept.",
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which runs would be removed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print their ids as JSON.")] = False,
) -> None:
    """Remove all runs but the newest. The archive stays; `dvc gc` then frees the cache."""
    from timeweave.cli.run_text import open_register
    from timeweave.runs.index_page import write_index
    from timeweave.runs.manifest import Location
    from timeweave.runs.stage_status import format_count

    register = open_register()
    # Somebody's own experiments, made with DVC by hand, are none of our business; nor is the project's own data.
    own = [
        run
        for run in register.list_runs()
        if run.where in (Location.here, Location.temporal) or run.id.startswith("run_")
    ]
    old = [run for run in own if run.is_over][keep:]
    if not dry_run:
        register.forget(old)
        if register.project.runs.is_dir():
            write_index(register.project)
    ids = [run.id for run in old]
    for line in [json.dumps(ids, indent=1)] if as_json else ids:
        typer.echo(line)
    typer.echo(f"{format_count(len(old), 'run', 'runs')} {'would be removed' if dry_run else 'removed'}", err=True)
    if old and not dry_run:
        typer.echo(f"files in the cache stay until: {FREE}", err=True)
