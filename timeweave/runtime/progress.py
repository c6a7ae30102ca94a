"""How far a long stage has come: noted in the run's journal, drawn as a bar where a person looks on."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import typer

from timeweave.runtime.redaction import redact

JOURNAL_VARIABLE = "TIMEWEAVE_JOURNAL"
"""Names the journal of a run in the environment of its stages; no output depends on it."""
NOTES_PER_SECOND = 10


def note(**facts: object) -> None:
    """Append a line to the journal of the run, where there is one; nothing that a stage writes depends on it."""
    facts = {name: redact(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    if path := os.environ.get(JOURNAL_VARIABLE):
        with contextlib.suppress(OSError), Path(path).open("ab") as file:
            file.write(json.dumps(facts).encode() + b"\n")


def warn(sentence: str) -> None:
    """Tell whoever looks on, now and, of a run, when it is over, of something that nobody else will tell."""
    typer.echo(sentence, err=True)
    note(event="warned", text=sentence)


class Progress:
    """Called with a sentence, it says it; `advance` says how far the stage is; `count` what it took in the end."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._noted = 0.0
        self._bar = None
        if sys.stderr.isatty():
            from timeweave.runtime.progress_bar import Bar

            self._bar = Bar()

    def __call__(self, sentence: str) -> None:
        """A line for a person."""
        line = f"{self._stage}: {sentence}"
        if self._bar:
            self._bar.say(line)
        else:
            typer.echo(line, err=True)
        note(stage=self._stage, event="said", text=sentence)

    def advance(self, done: int, total: int, unit: str, requests: int, quota_left: int | None = None) -> None:
        """`done` of `total` units of work, after so many requests."""
        if self._bar:
            self._bar.show(self._stage, done, total, unit, requests, quota_left)
        now = time.monotonic()
        if done == total or now - self._noted > 1 / NOTES_PER_SECOND:
            self._noted = now
            note(
                stage=self._stage, event="at", done=done, total=total, unit=unit, requests=requests,
                quota_left=quota_left,
            )  # fmt: skip

    def count(self, items: int, unit: str, requests: int, quota_left: int | None = None) -> None:
        """What the whole stage did."""
        note(stage=self._stage, event="counted", items=items, unit=unit, requests=requests, quota_left=quota_left)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.close()
