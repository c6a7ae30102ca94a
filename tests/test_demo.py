"""The demo gives the same bytes on any machine, and runs whether or not an environment is active."""

import os

import pytest

from tests.project import BIN, Project


def test_two_clones_in_different_surroundings_give_the_same_hashes(tmp_path):
    here = Project.copy(tmp_path / "one", TZ="Pacific/Kiritimati", LANG="C", PYTHONHASHSEED="1")
    there = Project.copy(
        tmp_path / "somewhere else" / "two", TZ="America/New_York", LANG="C.UTF-8", PYTHONHASHSEED="77"
    )
    for project in (here, there):
        (project.folder / "dvc.lock").unlink(missing_ok=True)
        project.succeed("dvc", "repro")
    assert here.hashes() == there.hashes()
    assert len(here.hashes()) >= 13


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
