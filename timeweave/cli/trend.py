"""timeweave trend: periods one after the other."""

from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.backfill import Every


def trend(
    every: Annotated[Every, typer.Option(help="Which periods.")] = Every.week,
    users: Annotated[str, typer.Option(help="Runs of exactly these e-mails; those of everyone if left out.")] = "",
    out: Annotated[Path, typer.Option(help="The page; beside data/site, which is the last run's own.")] = Path(
        "data/trend/index.html"
    ),
    templates: Annotated[Path, typer.Option(help="Where trend.html.j2 is.")] = Path("config/templates"),
) -> None:
    """Draw the periods that have runs: a Markdown table here, a page with columns beside the site."""
    from timeweave import document
    from timeweave.cli import project
    from timeweave.runs import trend as drawing

    wanted = [user.strip() for user in users.split(",") if user.strip()]
    found = drawing.points(project.register().all(), every, wanted)
    typer.echo(drawing.markdown(found))
    document.write_bytes(out, drawing.page(found, every, templates))
    typer.echo(f"the same as a page: {out}", err=True)
