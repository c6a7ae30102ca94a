"""A week of large teams on small quotas, by simulation: a run for each window, which ends where the quota does.

    python bench/quota.py            # about a minute

Windows against the fewest that could do, pages asked for against the pages that there are.
"""

import math
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from timeweave.archive.files import LocalFiles
from timeweave.models.directory import Account
from timeweave.runtime.errors import QuotaExhausted
from timeweave.runtime.period import DAY, span
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID, team
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World
from timeweave.toggl.archive import Archive
from timeweave.toggl.archive_update import Collection
from timeweave.toggl.client import TogglClient
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.missing_days import find_missing
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.limits import Pace

AS_OF = date(2025, 10, 14)
WEEK = span(date(2025, 10, 7), date(2025, 10, 13))
WINDOW = 3600.0
SETTINGS = TogglSettings(url="https://toggl.example", workspace_id=WORKSPACE_ID)


def main() -> None:
    for people, quota in ((60, 30), (100, 30), (300, 120), (500, 240)):
        rows = people * 8 * (len(WEEK) + 2)
        pages = math.ceil(rows / 50)
        with Sandbox(AS_OF, world=World(AS_OF, team_size=people, entries=log_time(people))) as sandbox:
            sandbox.behaviour.update({"quota": quota, "quota_window": WINDOW})
            windows, asked = fetch_in_windows(sandbox)
        most = math.ceil(pages / quota) + 3
        # A page that was begun again one row before its end moves the rest by a row: at most a page for each window.
        print(
            f"{people} people, {rows:,} rows, quota {quota}: {windows} windows of at most {most}; {asked} pages asked for, "
            f"the fewest possible {pages}: ratio {asked / pages:.3f}"
        )
        if windows > most or asked > pages + math.ceil(windows / 50) + 1:
            raise SystemExit("more than there should be")


def log_time(people: int) -> list[TimeEntry]:
    """Eight entries a day for everyone, the days at the edges included."""
    begin = [datetime.combine(day, time(7), UTC) for day in span(WEEK[0] - DAY, WEEK[-1] + DAY)]
    users = [person.user_id for person in team(people)]
    moments = [(start + timedelta(hours=hour), user) for start in begin for hour in range(8) for user in users]
    return [TimeEntry(10**9 + n, user, start, 3000, f"Plan {n % 40}") for n, (start, user) in enumerate(moments)]


def fetch_in_windows(sandbox: Sandbox) -> tuple[int, int]:
    """Windows until the week is there, and pages asked for."""
    with tempfile.TemporaryDirectory() as folder:
        for window in range(1, 100):
            sandbox.behaviour.update({"clock_offset": WINDOW * 2 * window})
            try:
                fetch(Path(folder), sandbox)
                break
            except QuotaExhausted:
                continue
    answered = [one for one in sandbox.requests if one.status == 200 and one.path.endswith("/search/time_entries")]
    return window, len(answered)


def fetch(folder: Path, sandbox: Sandbox) -> None:
    """What one run does."""
    client = TogglClient(sandbox.url, TOGGL_TOKEN, Pace(TOGGL_TOKEN, None), 0, lambda _: None)
    archive = Archive(LocalFiles(folder), Account(source="live", url=SETTINGS.url, workspace_id=WORKSPACE_ID))
    try:
        missing = find_missing(archive, WEEK, AS_OF, SETTINGS.settle_days)
        Collection(archive, SETTINGS, AS_OF, lambda _: None).collect(Toggl(client, WORKSPACE_ID), missing)
    finally:
        client.close()


if __name__ == "__main__":
    main()
