"""What `timeweave run` adds to DVC, and how fast the command line answers.

    python bench/runs.py

On a copy of the demo, in one sitting: `timeweave run` with nothing to do against a bare `dvc exp run` on the same
tree, taken in turns; `timeweave --help`; `timeweave list-runs` with 200 runs, half of them known by git only.
It fails over a ratio of 1.3, 0.25 s and 1 s.
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

from tests.project import Project  # noqa: E402

ROUNDS, ANSWERS, RUNS = 7, 9, 200


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {ROUNDS} and {ANSWERS} runs")
    with tempfile.TemporaryDirectory() as folder:
        project = Project.copy(Path(folder))
        project.succeed("timeweave", "run")
        ours, bare = [], []
        for number in range(ROUNDS):
            bare.append(timed(project, "dvc", "exp", "run", "-n", f"bare-{number}"))
            ours.append(timed(project, "timeweave", "run"))
        ratio = statistics.median(ours) / statistics.median(bare)
        many(project)
        listed = statistics.median(timed(project, "timeweave", "list-runs") for _ in range(ANSWERS))
        asked = statistics.median(timed(project, "timeweave", "--help") for _ in range(ANSWERS))
        known = len(project.succeed("timeweave", "list-runs").stdout.splitlines())
    print(f"timeweave run, nothing to do: {statistics.median(ours):.2f} s, {ratio:.2f} of a bare dvc exp run (1.3)")
    print(f"timeweave --help: {asked:.2f} s (0.25)")
    print(f"timeweave list-runs with {known} runs: {listed:.2f} s (1)")
    if ratio > 1.3 or asked > 0.25 or listed > 1 or known < RUNS:
        sys.exit("a bound is not kept")


def timed(project: Project, *command: str) -> float:
    begun = time.perf_counter()
    project.succeed(*command)
    return time.perf_counter() - begun


def many(project: Project) -> None:
    """More runs: copies of the last one under other names, every other with a manifest."""
    folder = project.folder / ".dvc" / "timeweave" / "runs"
    last = sorted(path.name for path in folder.glob("run_*"))[-1]
    ref = project.succeed("git", "for-each-ref", "--format=%(refname)", f"refs/exps/*/*/{last}").stdout.strip()
    text = (folder / last / "manifest.json").read_text()
    lines = []
    for number in range(RUNS):
        name = f"run_2024-01-01-00-{number // 60:02}-{number % 60:02}"
        lines.append(f"create {ref.removesuffix(last)}{name} {ref}")
        if number % 2:
            (folder / name).mkdir()
            (folder / name / "manifest.json").write_text(text.replace(last, name))
    resolved = project.succeed("git", "rev-parse", ref).stdout.strip()
    batch = "\n".join(line.rpartition(" ")[0] + f" {resolved}" for line in lines) + "\n"
    subprocess.run(["git", "update-ref", "--stdin"], cwd=project.folder, input=batch, text=True, check=True)


if __name__ == "__main__":
    main()
