"""The reports and the site of 500 people, 125,000 entries and 10,000 items in a month, against those of a tenth of it.

    python bench/site.py

`stages/report_people.py` and `stages/build_site.py` run as whole processes. Together they should take 25 seconds and
400 MB at the most, and at most 12 times what a tenth of the team takes; the site 120 MB, the team’s page 1.4 MB.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reports.crowd import crowd  # noqa: E402
from timeweave.models.summaries import Summaries  # noqa: E402
from timeweave.runtime import document  # noqa: E402

DAYS, ENTRIES_A_DAY = 31, 11


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        small = measure(Path(folder, "small"), 50, 1_000)
        large = measure(Path(folder, "large"), 500, 10_000)
    print(f"500 people take {large / small:.1f} times as long as 50")


def measure(home: Path, people: int, items: int) -> float:
    """Seconds of both stages; what else was measured is printed."""
    analysis = crowd(people, items, DAYS, ENTRIES_A_DAY)
    document.write(home / "analysis.json", analysis)
    document.write(home / "summaries.json", Summaries())
    print(f"{people} people, {analysis.proof.entries:,} entries, {len(analysis.items):,} items")
    del analysis
    seconds = 0.0
    for stage, out in (("report_people", home / "individual"), ("build_site", home / "site")):
        begun = time.perf_counter()
        files = [str(home / "analysis.json"), str(home / "summaries.json"), "config/templates", str(out)]
        subprocess.run([sys.executable, f"stages/{stage}.py", *files], check=True, cwd=ROOT)
        took = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(f"  {stage}: {took:.1f} s, {size / 1e6:.1f} MB")
        seconds += took
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"  the team's page {(home / 'site/index.html').stat().st_size / 1e6:.2f} MB; at most {peak:.0f} MB of memory in one process"
    )
    return seconds


if __name__ == "__main__":
    main()
