"""A backfill of 26 weeks on Temporal with four workers, against the pace of the services.

    python bench/temporal.py [--weeks 26] [--workers 4]

Against the sandbox over HTTP, which counts. Toggl's pace is the default, one request a second; Fibery's is one a second
as well, below the default of three, so that the pace and not the cores of this machine is what is measured. What the
pace allows is the time of all requests one after the other: those of Toggl first, then those of Fibery. Fails over 1.2
of that, or where a service was asked more often in any ten seconds than allowed.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from bisect import bisect
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.temporal.conftest import Server  # noqa: E402
from tests.temporal.fleet import Fleet  # noqa: E402
from timeweave.sandbox.http_server import ServedRequest  # noqa: E402
from timeweave.sandbox.server import Sandbox  # noqa: E402

PACE = {"toggl__requests_per_second": 1, "fibery__requests_per_second": 1}
AS_OF, LAST = date(2025, 10, 14), date(2025, 9, 28)
BOUND, WINDOW = 1.2, 10


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--weeks", type=int, default=26)
    options.add_argument("--workers", type=int, default=4)
    asked = options.parse_args()
    first = LAST - timedelta(days=7 * asked.weeks - 1)
    command = [
        "timeweave", "backfill", "--from", str(first), "--to", str(LAST), "--as-of", str(AS_OF), "--engine", "temporal",
        "--parallel", str(asked.workers),
    ]  # fmt: skip
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; {asked.weeks} weeks, {asked.workers} workers")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, Sandbox(AS_OF) as sandbox:
        folder = Path(name)
        sandbox.behaviour.update({"quota": None})
        server = Server(folder)
        template = Fleet.prepare(folder / "template", is_quick=False)
        fleet = Fleet.make(folder / "fleet", template, sandbox, server.address, **PACE)
        try:
            fleet.start(asked.workers)
            sandbox.reset()
            is_kept = measure(fleet, command, sandbox, asked.weeks)
        finally:
            fleet.stop()
            server.stop()
    if not is_kept:
        sys.exit("a bound is not kept")


def measure(fleet: Fleet, command: list[str], sandbox: Sandbox, weeks: int) -> bool:
    """Run it, print its figures; whether the bounds are kept."""
    begun = time.perf_counter()
    done = fleet.project.run(*command, within=3600)
    seconds = time.perf_counter() - begun
    made = done.stdout.count("completed")
    toggl, fibery = ([r for r in sandbox.requests if r.service == service] for service in ("toggl", "fibery"))
    allowed = len(toggl) + len(fibery)
    most = find_most(toggl), find_most(fibery)
    print(
        f"Temporal: {made} of {weeks} runs, {seconds:.0f} s, {seconds / allowed:.2f} of the {allowed} s that the pace "
        f"allows ({BOUND}); {len(toggl)} requests of Toggl and {len(fibery)} of Fibery, at most {most[0]} and {most[1]} "
        f"in {WINDOW} s ({WINDOW})"
    )
    if made != weeks:
        print(done.stdout, done.stderr, file=sys.stderr)
    return made == weeks and seconds <= BOUND * allowed and max(most) <= WINDOW


def find_most(requests: list[ServedRequest]) -> int:
    """The most requests that arrived within so many seconds: within one, how a machine at work delays them shows too."""
    times = sorted(request.arrived for request in requests)
    return max((bisect(times, at + WINDOW) - number for number, at in enumerate(times)), default=0)


if __name__ == "__main__":
    main()
