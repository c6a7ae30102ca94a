"""timeweave trend: periods one after the other."""

import os
from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.backfill import Every


def trend(
    every: Annotated[Every, typer.Option(help="Which periods.")] = Every.week,
    users: Annotated[str, typer.Option(help="Runs of exactly these e-mails; those of everyone if left out.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The page; by default data/trend/week.html or month.html, beside data/site.")
    ] = None,
    templates: Annotated[Path, typer.Option(help="Where trend.html.j2 is.")] = Path("config/templates"),
) -> None:
    """Draw the periods that have runs: a Markdown table here, a page with columns beside the site."""
    from timeweave.cli import project
    from timeweave.runs import trend as drawing
    from timeweave.runtime import document

    wanted = [user.strip() for user in users.split(",") if user.strip()]
    found = drawing.points(project.register().all(), every, wanted)
    typer.echo(drawing.markdown(found))
    path = out or Path("data", "trend", f"{every}.html")
    if not found:
        whose = f" of {', '.join(wanted)}" if wanted else ""
        kept = f"; {path} stays as it was" if path.exists() else ""
        typer.echo(f"no {every}{whose} has a run{kept}", err=True)
        return
    site = Path(os.path.relpath("data/site/index.html", path.parent)).as_posix()
    document.write_bytes(path, drawing.page(found, every, wanted, site, templates))
    typer.echo(f"the same as a page: {path}", err=True)
