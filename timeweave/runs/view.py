"""What a person sees while a run works: a bar on a terminal, else a line for each stage that is over, or nothing."""

import sys
import time

import typer

from timeweave.runs.manifest import StageRecord


class View:
    """On stderr. Silent where a machine reads the outcome."""

    def __init__(self, silent: bool = False) -> None:
        self._silent = silent
        self._bar = None
        if sys.stderr.isatty() and not silent:
            from timeweave.runtime.progress_bar import Bar

            self._bar = Bar()
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
            if record.state not in ("waiting", "running") and record.name not in self._over:
                self._over.add(record.name)
                self.say(line(record))
        running = next((record for record in stages if record.state == "running"), None)
        if self._bar and running and time.monotonic() - self._drawn > 0.1:
            self._drawn = time.monotonic()
            done, total, unit = running.done or 0, running.total or 0, running.unit or ""
            self._bar.show(running.name, done, total, unit, running.requests, running.quota_left)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._bar:
            self._bar.close()


def line(record: StageRecord) -> str:
    """A stage in one line."""
    facts = [record.state if record.state != "done" else f"done in {record.seconds or 0:.1f} s"]
    if record.items is not None:
        facts.append(counted(record.items, _ONE.get(str(record.unit), str(record.unit)), str(record.unit)))
    elif record.total:
        facts.append(f"{record.done:,} of {record.total:,} {record.unit}")
    if record.requests is not None:
        facts.append(counted(record.requests, "request", "requests"))
    if record.quota_left is not None:
        facts.append(f"{record.quota_left:,} left of the quota")
    return f"{record.name:<17} {', '.join(facts)}"


def counted(number: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more}"


_ONE = {"days": "day", "items": "item", "summaries": "summary"}
"""What stages count."""
