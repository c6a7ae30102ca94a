"""The site of a team of 500 and 2,500 work items, against the site of a tenth of it.

    python bench/site.py

Both are built by `stages/build_site.py` as a whole process. Ten times the team should take about ten times as long,
30 seconds at the most, and the team's page stay under 2 MB.
"""

import os
import platform
import statistics
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

RUNS = 3


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {RUNS} runs")
    with tempfile.TemporaryDirectory() as folder:
        small, _ = measured(Path(folder, "small"), 50, 250)
        large, page = measured(Path(folder, "large"), 500, 2_500)
    print(
        f"500 people: {large:.1f} s, {large / small:.1f} times a tenth of the team; the team's page has {page / 1e6:.2f} MB"
    )


def measured(home: Path, people: int, items: int) -> tuple[float, int]:
    """Seconds to build the site, and bytes of the team's page."""
    aggregated, enriched = crowd(people, items)
    for name, content in (("aggregated", aggregated), ("enriched", enriched), ("summaries", Summaries())):
        document.write(home / f"{name}.json", content)
    files = [str(home / f"{name}.json") for name in ("aggregated", "enriched", "summaries")]
    command = [
        sys.executable,
        str(ROOT / "stages/build_site.py"),
        *files,
        str(ROOT / "config/templates"),
        str(home / "site"),
    ]
    return statistics.median(timed(command) for _ in range(RUNS)), (home / "site/index.html").stat().st_size


def timed(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
