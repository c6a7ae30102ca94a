"""timeweave export: a run's time entries as a table."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.shared_options import RunArgument, RunOption, find_run


class Format(enum.StrEnum):
    """What the table is written as."""

    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


def export(
    run: RunArgument = "",
    run_id: RunOption = "",
    format: Annotated[Format, typer.Option(help="The file format.")] = Format.csv,
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write. Default: time_entries.FORMAT beside the run's outputs.", dir_okay=False),
    ] = None,
) -> None:
    """Write a run's time entries as a table, one row each: person, item, state, project, category, start, stop, hours …"""
    import tempfile
    from datetime import date

    from timeweave.aggregation.name_lookup import NameLookup
    from timeweave.cli.run_text import open_register
    from timeweave.export.entry_table import ReportLookup, build_rows
    from timeweave.export.formats import FORMATS
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.analysis import Analysis
    from timeweave.models.directory import Directory
    from timeweave.models.enriched import Enriched
    from timeweave.runs.run_results import ANALYSIS, export_outputs, read_document
    from timeweave.runtime import document
    from timeweave.runtime.period import Period

    register = open_register()
    found = find_run(register, run, run_id)
    outputs, folder = register.get_outputs(found), Path(register.locate_outputs(found))
    names = NameLookup(read_document(outputs, found.id, "toggl/directory.json", Directory))
    report = ReportLookup(
        read_document(outputs, found.id, "aggregated.json", Aggregated),
        read_document(outputs, found.id, "enriched.json", Enriched),
        read_document(outputs, found.id, ANALYSIS, Analysis) if outputs.read(ANALYSIS) is not None else None,
    )
    asked = found.parameters
    period = Period(start=date.fromisoformat(asked.start), end=date.fromisoformat(asked.end), timezone=asked.timezone)
    with tempfile.TemporaryDirectory() as temporary:
        days = folder / "toggl" / "days"
        if not days.is_dir():
            # The run is known by its experiment alone, and has no folder.
            export_outputs(outputs, Path(temporary), ("toggl/days/",))
            days = Path(temporary, "toggl", "days")
        rows = build_rows(days, names, report, period, tuple(asked.users))
    path = out or (folder / f"time_entries.{format}" if folder.is_dir() else Path(f"{found.id}.{format}"))
    document.write_bytes(path, FORMATS[format](rows, asked.timezone))
    typer.echo(f"{len(rows):,} time entries from {asked.start} to {asked.end} in {path}", err=True)
