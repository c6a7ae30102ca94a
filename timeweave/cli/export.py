"""timeweave export: the period's time entries as a table."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from timeweave import params
from timeweave.period import Period


class Knobs(params.Section):
    """Whose time, and when."""

    period: Period
    users: tuple[str, ...] = ()


class Format(enum.StrEnum):
    """What the table is written as."""

    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"


def export(
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.csv,
    out: Annotated[Path | None, typer.Option(help="Where to; by default data/time_entries.FORMAT.")] = None,
    data: Annotated[Path, typer.Option(help="Where the pipeline wrote.")] = Path("data"),
) -> None:
    """Write one row for each time entry of the last run: person, item, state, project, start, stop, seconds, hours."""
    from timeweave import document
    from timeweave.aggregation.names import Names
    from timeweave.export.formats import FORMATS
    from timeweave.export.table import lines
    from timeweave.models.directory import Directory
    from timeweave.models.enriched import Enriched

    knobs = params.load(Knobs)
    names = Names(document.read(data / "toggl" / "directory.json", Directory))
    enriched = document.read(data / "enriched.json", Enriched)
    found = lines(data / "toggl" / "days", names, enriched, knobs.period, knobs.users)
    path = out or data / f"time_entries.{format}"
    document.write_bytes(path, FORMATS[format](found))
    typer.echo(f"{len(found):,} time entries in {path}", err=True)
