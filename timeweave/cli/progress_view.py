"""What a person sees while runs work: bars on a terminal, else a line for each stage that is over, or nothing."""

import sys
import threading
import time

import typer

from timeweave.runs.manifest import StageRecord, StageState
from timeweave.runs.stage_status import View, format_stage
from timeweave.runtime.progress import Bar


class RunView:
    """One run, on stderr: a line for each stage that is over, and on a terminal a bar. Silent where a machine reads."""

    def __init__(self, silent: bool = False) -> None:
        self._silent = silent
        self._bar = Bar() if sys.stderr.isatty() and not silent else None
        self._over: set[str] = set()
        self._drawn = 0.0

    def say(self, sentence: str) -> None:
        """A line for the person."""
        if self._bar:
            self._bar.say(sentence)
        elif not self._silent:
            typer.echo(sentence, err=True)

    def update(self, stages: list[StageRecord]) -> None:
        """Say which stages are over since the last time, and draw how far the running one is."""
        for record in stages:
            if record.state not in (StageState.waiting, StageState.running) and record.name not in self._over:
                self._over.add(record.name)
                self.say(format_stage(record))
        running = next((record for record in stages if record.state is StageState.running), None)
        if self._bar and running and time.monotonic() - self._drawn > 0.1:
            self._drawn = time.monotonic()
            done, total, unit = running.done or 0, running.total or 0, running.unit or ""
            self._bar.show(running.name, done, total, unit, running.requests, running.quota_left)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar:
            self._bar.close()


class ParallelRunsView:
    """Several runs at once: on a terminal a bar for each that is at work. Safe to share between threads."""

    def __init__(self, silent: bool = False) -> None:
        self._silent = silent
        self._lock = threading.Lock()
        self._progress = None
        if sys.stderr.isatty() and not silent:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[doing]}"))
            self._progress = Progress(*columns, console=Console(stderr=True, highlight=False), transient=True)
            self._progress.start()

    def say(self, sentence: str) -> None:
        """A line for the person."""
        with self._lock:
            if self._progress:
                self._progress.console.print(sentence, markup=False, soft_wrap=True)
            elif not self._silent:
                typer.echo(sentence, err=True)

    def open(self, label: str) -> View:
        """The view of one of the runs."""
        return _PartView(self, label)

    def show(self, label: str, stages: list[StageRecord]) -> None:
        """Draw how far a run is: by stages that are over, with what the one at work does."""
        if not self._progress:
            return
        with self._lock:
            task = next((task.id for task in self._progress.tasks if task.description == label), None)
            if task is None:
                task = self._progress.add_task(label, total=len(stages), doing="")
            over = sum(one.state not in (StageState.waiting, StageState.running) for one in stages)
            running = next((one for one in stages if one.state is StageState.running), None)
            self._progress.update(task, completed=over, doing=_describe_running(running))

    def drop(self, label: str) -> None:
        """The run is over."""
        if self._progress:
            with self._lock:
                for task in [task.id for task in self._progress.tasks if task.description == label]:
                    self._progress.remove_task(task)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._progress:
            self._progress.stop()


class _PartView:
    """One run among several."""

    def __init__(self, whole: ParallelRunsView, label: str) -> None:
        self._whole, self._label = whole, label

    def say(self, sentence: str) -> None:
        self._whole.say(f"{self._label}  {sentence}")

    def update(self, stages: list[StageRecord]) -> None:
        self._whole.show(self._label, stages)

    def close(self) -> None:
        self._whole.drop(self._label)


def _describe_running(record: StageRecord | None) -> str:
    if record is None:
        return ""
    return f"{record.name} {record.done:,} of {record.total:,} {record.unit}" if record.total else record.name
