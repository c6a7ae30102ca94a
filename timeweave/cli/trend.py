"""timeweave trend: periods one after the other."""

from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.backfill import Every


def trend(
    every: Annotated[Every, typer.Option(help="Which periods.")] = Every.week,
    users: Annotated[str, typer.Option(help="Runs of exactly these e-mails; those of everyone if left out.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="The page; by default runs/trend-week.html or trend-month.html.")
    ] = None,
) -> None:
    """Show the periods that have runs: a Markdown table here, a page with columns beside the runs."""
    from timeweave.cli import project
    from timeweave.runs.trend import find_points, render_markdown, render_page
    from timeweave.runtime import document

    register = project.open_register()
    wanted = [user.strip() for user in users.split(",") if user.strip()]
    found = find_points(register.list_runs(), every, wanted, register.project.runs)
    typer.echo(render_markdown(found))
    path = out or Path("runs", f"trend-{every}.html")
    if not found:
        whose = f" of {', '.join(wanted)}" if wanted else ""
        kept = f"; {path} stays as it was" if path.exists() else ""
        typer.echo(f"no {every}{whose} has a run{kept}", err=True)
        return
    document.write_bytes(path, render_page(found, every, wanted, register.project.folder / "config" / "templates"))
    typer.echo(f"the same as a page: {path}", err=True)
