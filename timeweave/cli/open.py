"""timeweave open: a run's pages in the browser."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from timeweave.cli.shared_options import RunArgument, RunOption, find_run


def open_pages(
    run: RunArgument = "",
    run_id: RunOption = "",
    periods: Annotated[bool, typer.Option("--periods", help="Open the page of all periods, runs/index.html.")] = False,
) -> None:
    """Open a run's pages in the browser, and print where they are."""
    from timeweave.cli.run_text import open_register
    from timeweave.runs.index_page import write_index
    from timeweave.runtime.errors import TimeweaveError

    register = open_register()
    if periods:
        page = write_index(register.project)
    else:
        found = find_run(register, run, run_id)
        page = register.project.folder / register.locate_outputs(found) / "site" / "index.html"
        if not page.exists():
            raise TimeweaveError(
                f"the pages of {found.id} are not in this folder; `timeweave show-run {found.id} --export DIR` writes them"
            )
        typer.echo(f"{found.id}: {found.parameters.start} to {found.parameters.end}", err=True)
    typer.echo(page)
    show_page(page)


def show_page(page: Path) -> None:
    """In the browser, where there is one and somebody to look at it; on stderr, that there is none."""
    import webbrowser

    seen = sys.platform in ("darwin", "win32") or {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys()
    if seen and not sys.stdout.isatty():
        return  # read by a program
    if not (seen and webbrowser.open(page.as_uri())):
        typer.echo("no browser was found here: open that file in one yourself", err=True)
