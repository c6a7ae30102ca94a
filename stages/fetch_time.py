"""Toggl -> data/toggl/days/, directory.json, changes.json: every time entry of the period, nothing dropped."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import typer

from timeweave import document, params, stage
from timeweave.params import Day
from timeweave.period import Period
from timeweave.toggl import names
from timeweave.toggl.archive import Archive
from timeweave.toggl.changes import read as read_changes
from timeweave.toggl.collection import Collection
from timeweave.toggl.connection import account, connect
from timeweave.toggl.settings import TogglSettings


class Knobs(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()


def main(days: Path, directory: Path, changes: Path) -> None:
    knobs = params.load(Knobs)
    whose = account(knobs.source, knobs.toggl)
    archive = Archive(days, whose)
    collection = Collection(archive, changes, knobs.toggl, knobs.as_of, say)
    wanted = knobs.period.utc_days
    known = names.kept(directory, whose, knobs.as_of)
    if (
        known is None
        or collection.missing(wanted)
        or collection.is_unproven
        or names.unknown_people(known, seen(archive, wanted))
    ):
        with connect(knobs.source, knobs.toggl, knobs.as_of, say) as toggl:
            if known is None:
                known = names.directory(toggl, whose, knobs.as_of)
                document.write(directory, known)
            collection.collect(toggl, wanted)
            document.write(directory, names.with_departed(known, toggl, seen(archive, wanted)))
            left = "" if toggl.door.quota_left is None else f", {toggl.door.quota_left} left of the quota"
            say(f"{toggl.door.requests} requests{left}")
            stage.note(requests=toggl.door.requests)
    else:
        say("every day of the period is in the archive, no request needed")
    # Always written, so that the stage has its outputs also where nothing ever changed.
    document.write(changes, read_changes(changes))


def seen(archive: Archive, days: list[date]) -> dict[int, dict[str, Any]]:
    """Everyone who has entries on these days, each with the last row of theirs."""
    return {int(entry.row["user_id"]): entry.row for day in days for entry in archive.entries(day)}


def say(sentence: str) -> None:
    """A line for the person at the terminal."""
    typer.echo(f"fetch_time: {sentence}", err=True)


if __name__ == "__main__":
    stage.run(main)
