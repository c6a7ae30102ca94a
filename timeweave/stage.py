"""Runs a stage as a script: its arguments from the signature of `main`, its errors as one sentence."""

import sys
from collections.abc import Callable
from pathlib import Path

import typer

from timeweave.errors import TimeweaveError


def run(main: Callable[..., None]) -> None:
    """Run `main` with the command line's arguments; leave with the exit code that the error stands for."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=sys.modules["__main__"].__doc__)(main)
    try:
        app()
    except TimeweaveError as error:
        typer.echo(f"{Path(sys.argv[0]).stem}: {error}", err=True)
        raise SystemExit(error.exit_code) from None
