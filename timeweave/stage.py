"""Runs a stage as a script: its arguments from the signature of `main`, its errors as one sentence."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from timeweave.errors import TimeweaveError

RUN_LOG = "TIMEWEAVE_RUN_LOG"
"""Names the file that a run wants to be told in; no output depends on it."""
_noted: dict[str, int] = {}


def note(**numbers: int) -> None:
    """Numbers for the record of the run, such as requests and items."""
    _noted.update(numbers)


def run(main: Callable[..., None]) -> None:
    """Run `main` with the command line's arguments; leave with the exit code that the error stands for."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=sys.modules["__main__"].__doc__)(main)
    begun = time.monotonic()
    try:
        app()
    except TimeweaveError as error:
        typer.echo(f"{Path(sys.argv[0]).stem}: {error}", err=True)
        _log(begun, error.exit_code, str(error))
        raise SystemExit(error.exit_code) from None
    except SystemExit as end:
        _log(begun, end.code if isinstance(end.code, int) else 0, None)
        raise


def _log(begun: float, exit_code: int, error: str | None) -> None:
    if path := os.environ.get(RUN_LOG):
        record = {"name": Path(sys.argv[0]).stem, "seconds": round(time.monotonic() - begun, 2), "exit_code": exit_code}
        with Path(path).open("a", encoding="utf-8") as log:
            log.write(json.dumps(record | {"error": error} | _noted) + "\n")
