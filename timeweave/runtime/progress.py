"""How far a long stage has come: noted in the run's journal, drawn as a bar where a person looks on."""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import typer

from timeweave.runtime.redaction import redact

if TYPE_CHECKING:
    import rich.progress

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


class Bar:
    """A bar on a terminal, one line at the bottom of stderr: stage, n of m, rate, time left, requests, what is left of the quota.

    Sentences go above it. It takes no room before the first `show`.
    """

    def __init__(self) -> None:
        # Imported here, and below: it takes time that most have no use for, since nobody looks on.
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._progress: rich.progress.Progress | None = None
        self._task: tuple[str, rich.progress.TaskID] | None = None

    def show(
        self, stage: str, done: int, total: int, unit: str, requests: int | None = None, quota_left: int | None = None
    ) -> None:
        """Draw how far a stage has come; a stage without a known end gets a moving bar (total 0)."""
        if self._progress is None:
            from rich import progress

            self._progress = progress.Progress(
                progress.TextColumn("{task.description}"), progress.BarColumn(bar_width=24),
                progress.TextColumn("{task.fields[count]}"), progress.TimeRemainingColumn(compact=True),
                progress.TextColumn("{task.fields[besides]}"), console=self._console, transient=True,
            )  # fmt: skip
            self._progress.start()
        if self._task is None or self._task[0] != stage:
            self._drop()
            self._task = stage, self._progress.add_task(stage, total=total or None, count="", besides="")
        task = next(task for task in self._progress.tasks if self._task and task.id == self._task[1])
        rate = f", {task.speed:.1f}/s" if task.speed else ""
        self._progress.update(
            task.id, completed=done, total=total or None, refresh=True,
            count=f"{done} of {total} {unit}{rate}" if total else "",
            besides=", ".join(
                [f"{requests} requests"] * (requests is not None)
                + [f"{quota_left} left of the quota"] * (quota_left is not None)
            ),
        )  # fmt: skip

    def say(self, sentence: str) -> None:
        """A line above the bar."""
        self._console.print(sentence, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._drop()
            self._progress.stop()
            self._progress = None

    def _drop(self) -> None:
        if self._task is not None and self._progress is not None:
            self._progress.remove_task(self._task[1])
            self._task = None


class Progress:
    """Called with a sentence, it says it; `advance` says how far the stage is; `count` what it took in the end."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._noted = 0.0
        self._bar = Bar() if sys.stderr.isatty() else None

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

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.close()
