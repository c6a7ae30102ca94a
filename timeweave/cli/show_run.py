"""timeweave show-run: a past run's manifest and reports, from its own data."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.shared_options import RunArgument, RunOption, find_run


def show_run(
    run: RunArgument = "",
    run_id: RunOption = "",
    report: Annotated[
        str, typer.Option(help="Print a report: team, toggl, digest, digest-html or a person's e-mail.")
    ] = "",
    export: Annotated[Path | None, typer.Option(help="Copy its reports, site and data into this folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON.")] = False,
) -> None:
    """Show a run stage by stage, print one of its reports, or export all of it."""
    from timeweave.cli.run_text import format_details, format_manifest, open_register
    from timeweave.runs.manifest import Location
    from timeweave.runs.run_results import export_outputs, read_report

    register = open_register()
    found = find_run(register, run, run_id)
    if report:
        sys.stdout.buffer.write(read_report(register.get_outputs(found), found.id, report))
        sys.stdout.buffer.flush()
    if export is not None:
        names = export_outputs(register.get_outputs(found), export)
        typer.echo(f"{len(names)} files in {export}", err=True)
    if not report and export is None:
        log = register.open(found.id).log.name_log() if found.where is Location.here else ""
        typer.echo(format_manifest(found) if as_json else format_details(found, log))
