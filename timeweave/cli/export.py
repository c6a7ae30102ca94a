"""timeweave export: the period's time entries as a table."""

import enum
from pathlib import Path
from typing import Annotated

import typer


class Format(enum.StrEnum):
    """What the table is written as."""

    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


def export(
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.csv,
    out: Annotated[
        Path | None, typer.Option(help="Where to; by default data/time_entries.FORMAT.", dir_okay=False)
    ] = None,
    data: Annotated[Path, typer.Option(help="Where the pipeline wrote.")] = Path("data"),
) -> None:
    """Write one row for each time entry of the last run: person, item, state, project, start, stop, seconds, hours."""
    from timeweave.aggregation.names import Names
    from timeweave.cli.parameters import ExportParams
    from timeweave.export.formats import FORMATS
    from timeweave.export.reported import Reported
    from timeweave.export.table import lines
    from timeweave.models.aggregated import Aggregated
    from timeweave.models.directory import Directory
    from timeweave.models.enriched import Enriched
    from timeweave.runtime import document, params

    given = params.load(ExportParams)
    names = Names(document.read(data / "toggl" / "directory.json", Directory))
    reported = Reported(
        document.read(data / "aggregated.json", Aggregated), document.read(data / "enriched.json", Enriched)
    )
    found = lines(data / "toggl" / "days", names, reported, given.period, given.users)
    path = out or data / f"time_entries.{format}"
    document.write_bytes(path, FORMATS[format](found, given.period.timezone))
    typer.echo(f"{len(found):,} time entries in {path}", err=True)
