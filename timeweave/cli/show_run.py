"""timeweave show-run: a past run's manifest and reports, from its own data."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from timeweave.runtime.errors import TimeweaveError

EXPORTED = (
    "data/reports/", "data/site/", "data/plots/", "data/metrics.json", "data/aggregated.json", "data/enriched.json",
    "data/entities.json", "data/summaries.json",
)  # fmt: skip


def show_run(
    run: Annotated[str, typer.Argument(help="Its id: timeweave list-runs.")],
    report: Annotated[str, typer.Option(help="Print a report: team, toggl or a person's e-mail.")] = "",
    export: Annotated[Path | None, typer.Option(help="Write its reports, site and data into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The manifest, for machines.")] = False,
) -> None:
    """Show a run as it was: nothing of the workspace is read or changed."""
    from timeweave.cli import project
    from timeweave.cli.shown import details, manifest_json
    from timeweave.runs.past import Past
    from timeweave.runs.report import path

    register = project.register()
    found = register.find(run)
    if not report and export is None:
        typer.echo(manifest_json(found) if as_json else details(found, register.log(found).place))
        return
    if found.experiment is None:
        raise TimeweaveError(f"{found.id} is {found.status} and has no reports; timeweave show-run {found.id} says why")
    past = Past(register.home.folder, found.experiment, found.id)
    if report:
        sys.stdout.buffer.write(past.read(path(past, report)))
        sys.stdout.buffer.flush()
    if export is not None:
        names = past.export(export, EXPORTED)
        typer.echo(f"{len(names)} files in {export}", err=True)
