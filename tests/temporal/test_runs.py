"""Runs on Temporal from the command line: the same bytes as by DVC alone, seen by the same commands."""

import json
import re

from tests.temporal.fleet import RUN
from tests.terminal import on_terminal, plain


def test_the_demo_gives_the_same_hashes_on_either_engine(fleet):
    found = fleet()
    found.start()
    project = found.project
    done = project.succeed(*RUN, "--run-id", "durable")
    assert re.match(r"durable  completed in [\d.]+ s\n  period    2025-10-07 to 2025-10-13", done.stdout)
    assert [line.split()[0] for line in done.stderr.splitlines() if "done in" in line] == list(
        __import__("yaml").safe_load((project.folder / "dvc.yaml").read_text())["stages"]
    )
    lock = project.succeed(
        "git",
        "show",
        f"{json.loads(project.succeed('timeweave', 'show-run', 'durable', '--json').stdout)['experiment']}:dvc.lock",
    )
    project.succeed("dvc", "repro")
    import yaml

    ours = {
        out["path"]: out["md5"] for stage in yaml.safe_load(lock.stdout)["stages"].values() for out in stage["outs"]
    }
    assert ours == project.hashes()
    print(plain(on_terminal(project, "timeweave", "list-runs").stdout))
