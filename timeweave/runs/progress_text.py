"""What runs tell whoever looks on while they work, and how a stage is put into words."""

from typing import Protocol

from timeweave.runs.manifest import StageRecord, StageState


class View(Protocol):
    """Shows the stages of one run."""

    def say(self, sentence: str) -> None:
        """A line for the person."""

    def update(self, stages: list[StageRecord]) -> None:
        """Show how far the stages are."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class ParallelView(Protocol):
    """Shows several runs at once."""

    def say(self, sentence: str) -> None:
        """A line for the person."""

    def open(self, label: str) -> View:
        """The view of one of the runs."""

    def close(self) -> None:
        """Leave the terminal as it was."""


def format_stage(record: StageRecord) -> str:
    """A stage in one line."""
    facts = [str(record.state) if record.state is not StageState.done else f"done in {record.seconds or 0:.1f} s"]
    if record.items is not None:
        facts.append(format_count(record.items, _ONE.get(str(record.unit), str(record.unit)), str(record.unit)))
    elif record.total:
        facts.append(f"{record.done:,} of {record.total:,} {record.unit}")
    if record.requests is not None:
        facts.append(format_count(record.requests, "request", "requests"))
    if record.quota_left is not None:
        facts.append(f"{record.quota_left:,} left of the quota")
    return f"{record.name:<17} {', '.join(facts)}"


def format_count(number: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more}"


_ONE = {"days": "day", "items": "item", "summaries": "summary"}
"""What stages count."""
