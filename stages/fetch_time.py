"""Toggl -> data/toggl/days/, directory.json, changes.json: every time entry of the period, nothing dropped."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from timeweave.runtime import document, params, script
from timeweave.runtime.params import Day
from timeweave.runtime.period import Period
from timeweave.runtime.progress import Progress
from timeweave.toggl import names
from timeweave.toggl.archive import Archive
from timeweave.toggl.changes import read as read_changes
from timeweave.toggl.collection import Collection
from timeweave.toggl.connection import account, connect, refuse_future
from timeweave.toggl.settings import TogglSettings


class Params(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()


def main(days: Path, directory: Path, changes: Path) -> None:
    given = params.load(Params)
    if given.source == "live":
        refuse_future(given.as_of, datetime.now(UTC).date(), "params.yaml: as_of")
    with Progress("fetch_time") as progress:
        fetch(given, days, directory, changes, progress)
    # Always written, so that the stage has its outputs also where nothing ever changed.
    document.write(changes, read_changes(changes))


def fetch(given: Params, days: Path, directory: Path, changes: Path, progress: Progress) -> None:
    """Bring what is missing; ask for nothing where nothing is."""
    whose = account(given.source, given.toggl)
    archive = Archive(days, whose)
    collection = Collection(archive, changes, given.toggl, given.as_of, progress)
    wanted = given.period.utc_days
    missing = collection.missing(wanted)
    known = names.kept(directory, whose, given.as_of)
    if known and not missing and not collection.is_unproven and not names.unknown_people(known, seen(archive, wanted)):
        progress("every day of the period is in the archive, no request needed")
        progress.count(0, "days", 0)
        return
    with connect(given.source, given.toggl, given.as_of, progress) as toggl:
        client = toggl.client
        if known is None:
            known = names.directory(toggl, whose, given.as_of, given.toggl.everyone)
            document.write(directory, known)
        collection.reached = lambda done, total: progress.at(done, total, "days", client.requests, client.quota_left)
        collection.collect(toggl, wanted)
        document.write(directory, names.with_departed(known, toggl, seen(archive, wanted)))
        left = "" if client.quota_left is None else f", {client.quota_left} left of the quota"
        progress(f"{client.requests} requests{left}")
        progress.count(len(missing), "days", client.requests, client.quota_left)


def seen(archive: Archive, days: list[date]) -> dict[int, dict[str, Any]]:
    """Everyone who has entries on these days, each with the last row of theirs."""
    return {int(entry.row["user_id"]): entry.row for day in days for entry in archive.entries(day)}


if __name__ == "__main__":
    script.run(main)
