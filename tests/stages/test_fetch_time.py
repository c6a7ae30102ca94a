"""The stage as a process: killed at any time, it goes on where it stopped."""

import os
import random
import signal
import subprocess
import time

import pytest

from tests.conftest import live
from tests.project import BIN
from timeweave.sandbox.behaviour import Behaviour

COMMAND = (
    "./python",
    "stages/fetch_time.py",
    "data/toggl/days",
    "data/toggl/directory.json",
    "data/toggl/changes.json",
)


def contents(project):
    return {path.name: path.read_bytes() for path in (project.folder / "data" / "toggl" / "days").iterdir()}


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live(tmp_path_factory.mktemp("killed"), sandbox)


@pytest.fixture(scope="module")
def clean(project):
    """What a fetch without trouble leaves; the folder is taken away again."""
    project.succeed(*COMMAND)
    found = contents(project)
    (project.folder / "data").rename(project.folder / "clean")
    return found


@pytest.mark.parametrize("seed", range(4))
def test_a_fetch_that_is_killed_again_and_again_ends_with_the_same_archive(project, clean, sandbox, seed):
    sandbox.behaviour.update({"latency": 0.03})
    chance = random.Random(seed)
    environment = os.environ | project.environment | {"VIRTUAL_ENV": str(BIN.parent)}
    for _ in range(3):
        process = subprocess.Popen(COMMAND, cwd=project.folder, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.35, 1.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    sandbox.behaviour.update(vars(Behaviour()))
    project.succeed(*COMMAND)
    assert contents(project) == clean
    (project.folder / "data").rename(project.folder / f"killed-{seed}")


def test_what_was_asked_is_said_at_the_end(project, clean):
    done = project.succeed(*COMMAND)
    assert "requests, " in done.stderr
    assert "left of the quota" in done.stderr
    assert done.stdout == ""
    again = project.succeed(*COMMAND)
    assert again.stderr == "fetch_time: every day of the period is in the archive, no request needed\n"


def test_help_names_the_stage_and_its_paths(project):
    done = project.succeed("./python", "stages/fetch_time.py", "--help")
    assert "every time entry of the period" in " ".join(done.stdout.split())
    assert "DIRECTORY" in done.stdout.upper()
