"""The demo gives the same bytes on any machine, and runs whether or not an environment is active."""

import json
import os
import shutil

import pytest
import yaml

from tests.project import BIN, Project


def test_a_clone_in_other_surroundings_gives_the_same_hashes(prepared_project, tmp_path):
    there = Project.copy(
        tmp_path / "somewhere else" / "two", TZ="America/New_York", LANG="C.UTF-8", PYTHONHASHSEED="77"
    )
    (there.folder / "dvc.lock").unlink(missing_ok=True)
    there.succeed("dvc", "repro", "-q", TZ="Pacific/Kiritimati", LANG="C", PYTHONHASHSEED="1")
    assert there.hashes() == prepared_project.hashes()
    assert len(there.hashes()) >= 12


def test_an_archive_that_holds_other_days_looked_at_on_other_days_gives_the_same_hashes(prepared_project, demo_project):
    # The archive of the prepared project has weeks of March and November besides; here also all of October, seen later.
    later = ("--period", "2025-10", "--as-of", "2025-11-20")
    demo_project.succeed("timeweave", "run", "--run-id", "later", *later)
    (demo_project.folder / "dvc.lock").unlink()
    for name in ("data", ".dvc/cache"):
        shutil.rmtree(demo_project.folder / name)
    demo_project.succeed("dvc", "repro", "-q")
    assert demo_project.hashes() == prepared_project.hashes()


def test_a_run_gives_the_hashes_of_dvc_repro(prepared_project, demo_project):
    demo_project.succeed("timeweave", "run", "--run-id", "same")
    lock = demo_project.succeed("git", "show", "--format=", f"{commit_of(demo_project, 'same')}:dvc.lock").stdout
    found = {out["path"]: out["md5"] for stage in yaml.safe_load(lock)["stages"].values() for out in stage["outs"]}
    assert found == prepared_project.hashes()


def commit_of(project, run):
    return json.loads(project.call("show-run", run, "--json").stdout)["experiment"]


@pytest.fixture
def unentered(tmp_path):
    """A copy with a .venv that is not activated, on a machine whose own Python knows nothing of the project."""
    project = Project.copy(tmp_path)
    (tmp_path / ".venv").symlink_to(BIN.parent)
    return project


def test_a_stage_runs_though_no_environment_is_active(unentered):
    bare = {"PATH": os.defpath, "VIRTUAL_ENV": ""}
    done = unentered.run(str(BIN / "dvc"), "repro", "extract_entities", **bare)
    assert done.returncode == 0, done.stderr


def test_a_machine_without_the_project_says_how_to_install_it(tmp_path):
    project = Project.copy(tmp_path)
    done = project.run("./python", "stages/extract_entities.py", "a", "b", PATH="/usr/bin:/bin", VIRTUAL_ENV="")
    assert done.returncode == 2
    assert done.stderr == "Timeweave is not installed here: run 'make install' in the project's folder\n"
