"""What runs cost, beside DVC alone and beside the design before (results and memory in one project folder).

    python bench/runs.py

On copies of the demo, in one sitting and taken in turns: `dvc repro` forced and with nothing to do, against the same at
the commit before; `timeweave run` with nothing to do, against a bare `dvc exp run` on the same tree; a backfill of four
weeks, against the same at the commit before; `timeweave --help`; `timeweave list-runs` with 200 runs, half of them
known by git only. It fails over the bounds that it prints.
"""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.project import Project  # noqa: E402

BEFORE = "24fdae4c71c5c752867ce5a6096a9dfb03080bd2"
"""The last commit at which runs worked in the project's own folder and DVC's queue made backfills."""
ROUNDS, ANSWERS, RUNS = 5, 9, 200
BACKFILL = ("timeweave", "backfill", "--from", "2025-08-04", "--to", "2025-08-31")


def main() -> None:
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}; medians of {ROUNDS} and {ANSWERS} runs")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        now = Project.copy(Path(folder, "now"))
        before = check_out_before(Path(folder, "before"))
        failed = [
            compare("dvc repro, forced", now, before, 0.8, "dvc", "repro", "-f", "-q"),
            compare("dvc repro, nothing to do", now, before, 0.85, "dvc", "repro", "-q"),
            compare_backfills(Path(folder), now, before, 0.5),
            compare_with_dvc(now, 1.3),
            *measure_answers(now),
        ]
    if any(failed):
        sys.exit("a bound is not kept")


def check_out_before(folder: Path) -> Project:
    """The project at the commit before; its commands and stages run its own code."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    subprocess.run(["git", "checkout", "-q", "-B", "main", BEFORE], cwd=folder, check=True)
    return Project(folder, {"PYTHONPATH": str(folder)})


def compare(name: str, now: Project, before: Project, bound: float, *command: str) -> bool:
    """A command at both commits, taken in turns; whether the bound is broken."""
    ours, theirs = [], []
    for project in (now, before):
        project.succeed(*command)
    for _ in range(ROUNDS):
        theirs.append(measure(before, *command))
        ours.append(measure(now, *command))
    return report(name, ours, theirs, "the commit before", bound)


def compare_backfills(folder: Path, now: Project, before: Project, bound: float) -> bool:
    """Each time on a fresh copy: a backfill makes only what is not there yet."""
    times: dict[str, list[float]] = {"now": [], "before": []}
    for number in range(2):
        for name, project in (("before", before), ("now", now)):
            copy = folder / f"{name}-{number}"
            shutil.copytree(project.folder, copy, symlinks=True)
            fresh = Project(copy, {"PYTHONPATH": str(copy)})
            times[name].append(measure(fresh, *BACKFILL))
            runs = json.loads(fresh.succeed("timeweave", "list-runs", "--json", "--status", "completed").stdout)
            assert sum(run["id"] != "workspace" for run in runs) == 4
            stop_queue(fresh)
            shutil.rmtree(copy, ignore_errors=True)
    return report("backfill of four weeks", times["now"], times["before"], "the commit before", bound)


def stop_queue(project: Project) -> None:
    """The worker that DVC's queue leaves behind at the commit before, and wait until it is gone."""
    project.run("dvc", "queue", "stop", "--kill")


def compare_with_dvc(project: Project, bound: float) -> bool:
    """`timeweave run` with nothing to do against what it would take to have DVC do the same."""
    ours, bare = [], []
    project.succeed("timeweave", "run")
    for number in range(ROUNDS):
        bare.append(measure(project, "dvc", "exp", "run", "-q", "-n", f"bare-{number}"))
        ours.append(measure(project, "timeweave", "run"))
    return report("timeweave run, nothing to do", ours, bare, "a bare dvc exp run", bound)


def measure_answers(project: Project) -> list[bool]:
    """How fast the command line answers; bounds in seconds, as people feel them."""
    add_runs(project)
    known = len(project.succeed("timeweave", "list-runs").stdout.splitlines())
    found = []
    for name, bound in (("--help", 0.25), ("list-runs", 1.0)):
        seconds = statistics.median(measure(project, "timeweave", name) for _ in range(ANSWERS))
        print(f"timeweave {name}: {seconds:.2f} s ({bound}); {known} runs are known")
        found.append(seconds > bound or known < RUNS)
    return found


def measure(project: Project, *command: str) -> float:
    begun = time.perf_counter()
    project.succeed(*command)
    return time.perf_counter() - begun


def report(name: str, ours: list[float], theirs: list[float], reference: str, bound: float) -> bool:
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{name}: {mine:.2f} s, {mine / other:.2f} of {reference} with {other:.2f} s (at most {bound})", flush=True)
    return mine / other > bound


def add_runs(project: Project) -> None:
    """More runs: copies of the last one under other names, every other with a manifest."""
    last = (project.folder / "runs" / "latest").resolve().name
    ref = project.succeed("git", "for-each-ref", "--format=%(refname)", f"refs/exps/*/*/{last}").stdout.strip()
    text = (project.folder / "runs" / last / "manifest.json").read_text()
    commit = project.succeed("git", "rev-parse", ref).stdout.strip()
    lines = []
    for number in range(RUNS):
        name = f"run_2024-01-01-00-{number // 60:02}-{number % 60:02}"
        lines.append(f"create {ref.removesuffix(last)}{name} {commit}\n")
        if number % 2:
            (project.folder / "runs" / name).mkdir()
            (project.folder / "runs" / name / "manifest.json").write_text(text.replace(last, name))
    subprocess.run(["git", "update-ref", "--stdin"], cwd=project.folder, input="".join(lines), text=True, check=True)


if __name__ == "__main__":
    main()
