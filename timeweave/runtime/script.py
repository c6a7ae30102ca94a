"""Runs a stage as a script: its arguments from the signature of `main`, its errors as one sentence, no secrets in what it prints."""

import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO, cast

import typer

from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.runtime.progress import note
from timeweave.runtime.redaction import hide_known, redact


def run(main: Callable[..., None]) -> None:
    """Run `main` with the command line's arguments; leave with the exit code that the error stands for."""
    guard_output()
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=sys.modules["__main__"].__doc__)(main)
    stage, begun = Path(sys.argv[0]).stem, time.monotonic()
    code, resume_in, said, fault = 1, None, "it met a fault of the program; the log has the traceback", True
    note(stage=stage, event="begun")
    try:
        try:
            app()
        except OSError as error:
            raise explain(error) from None
    except TimeweaveError as error:
        code, said, fault, resume_in = error.exit_code, str(error), False, getattr(error, "seconds", None)
        typer.echo(f"{stage}: {error}", err=True)
        raise SystemExit(code) from None
    except SystemExit as end:
        code, said, fault = int(end.code or 0), "", False
        raise
    finally:
        note(
            stage=stage, event="ended", code=code, error=said, seconds=round(time.monotonic() - begun, 2),
            resume_in=resume_in, fault=fault,
        )  # fmt: skip


def guard_output() -> None:
    """Have this process redact what it prints: all of stderr; on stdout, where results go, addresses stay."""
    sys.stdout = cast(TextIO, _Guarded(sys.stdout, hide_known))
    sys.stderr = cast(TextIO, _Guarded(sys.stderr, redact))


class _Guarded:
    """A stream that is written to through a function, and else is the stream itself."""

    def __init__(self, stream: TextIO, clean: Callable[[str], str]) -> None:
        self._stream, self._clean = stream, clean

    def write(self, text: str) -> int:
        self._stream.write(self._clean(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
