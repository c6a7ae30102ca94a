"""A month of logged time from the sandbox: requests against the fewest possible, seconds against what the pace allows.

    python bench/fetching.py            # about two minutes at Toggl's pace of one request a second
    python bench/fetching.py --quick    # one run of a week

(a) The fewest requests are one for each 50 rows and one for the totals; the other client walks each day by itself.
(b) At a pace of one request a second n requests take n - 1 seconds and the server's latency for the last of them.
"""

import argparse
import math
import os
import platform
import statistics
import tempfile
import time
import uuid
from datetime import date, timedelta
from pathlib import Path

from timeweave.archive.files import LocalFiles
from timeweave.runtime.period import span
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.sandbox.server import Sandbox
from timeweave.toggl.archive import Archive
from timeweave.toggl.archive_update import Collection
from timeweave.toggl.client import TogglClient
from timeweave.toggl.connection import TogglSettings, account
from timeweave.toggl.fetch import find_missing
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.limits import Pace

AS_OF, LAST = date(2025, 10, 14), date(2025, 10, 13)
DAY = timedelta(days=1)
LATENCY = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one run of a week")
    quick = parser.parse_args().quick
    days = span(LAST - DAY * (6 if quick else 29), LAST)
    with Sandbox(AS_OF) as sandbox:
        rows = len(sandbox.world.timesheet.entries(days[0] - DAY, days[-1] + DAY))
        fewest = math.ceil(rows / 50) + 1
        whole, _ = fetch(sandbox, [days], None)
        sandbox.behaviour.page_cap = 1000
        large, _ = fetch(sandbox, [days], None)
        sandbox.behaviour.page_cap, sandbox.behaviour.page_refused_over = 50, 50
        refused, _ = fetch(sandbox, [days], None)
        sandbox.behaviour.page_refused_over = None
        daily, _ = fetch(sandbox, [[day] for day in days], None)
        sandbox.behaviour.latency = LATENCY
        runs = [fetch(sandbox, [days], 1.0) for _ in range(1 if quick else 3)]
    ratios = [seconds / (requests - 1 + LATENCY) for requests, seconds in runs]
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores; {len(days)} days, {rows} rows, median of {len(runs)}"
    )
    print(f"(a) requests   {whole}, the fewest possible {fewest}: ratio {whole / fewest:.2f}; at most 1.00")
    most = math.ceil(rows / 1000) + 1
    print(
        f"               {large} where a page may hold 1,000 rows, the fewest possible {most}: ratio {large / most:.2f}"
    )
    print(f"               {refused} where so many are refused: {refused - whole} more, once for an account")
    print(f"               one walk for each day takes {daily}: {daily / whole:.2f} times as many")
    print(f"(b) seconds    {statistics.median(seconds for _, seconds in runs):.2f} at one request a second and {LATENCY} s "
          f"latency: ratio {statistics.median(ratios):.3f} to the least there can be; at most 1.05")  # fmt: skip


def fetch(sandbox: Sandbox, walks: list[list[date]], per_second: float | None) -> tuple[int, float]:
    """Requests and seconds of fetching these days, one walk after the other, into a new archive."""
    settings = TogglSettings(url="https://toggl.example", workspace_id=WORKSPACE_ID)
    sandbox.reset()
    # A token of its own for each fetch, or one would begin in the shadow of the other's pace.
    client = TogglClient(sandbox.url, TOGGL_TOKEN, Pace(str(uuid.uuid4()), per_second), 0, print)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        archive = Archive(LocalFiles(Path(folder)), account("live", settings))
        collection = Collection(archive, settings, AS_OF, lambda _: None)
        for days in walks:
            missing = find_missing(archive, days, AS_OF, settings.settle_days)
            collection.collect(Toggl(client, WORKSPACE_ID), missing)
        seconds = time.monotonic() - begun
    client.close()
    return len(sandbox.requests), seconds


if __name__ == "__main__":
    main()
