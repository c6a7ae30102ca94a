"""DVC at work beside others that use the same cache."""

import re

import pytest

from tests.project import Project, commit_all
from timeweave.repository import dvc_process
from timeweave.repository.dvc_process import execute_dvc

PIPELINE = (
    "stages:\n  count:\n    cmd: echo x >> runs.txt && date +%N > result\n    deps: [given]\n    outs: [result]\n"
)
OTHER = """import os, shutil
from pathlib import Path

move = shutil.move

def lose(source, target):
    left = Path("left")
    if source.endswith(".tmp") and "runs" in Path(source).parts and int(left.read_text()):
        left.write_text(str(int(left.read_text()) - 1))
        os.unlink(source)
    return move(source, target)

shutil.move = lose
"""
"""In DVC's process, in the place of another DVC: what it is about to record is removed so many times."""


@pytest.fixture
def project(tmp_path):
    project = Project(tmp_path / "project")
    (project.folder / "python").mkdir(parents=True)
    (project.folder / "dvc.yaml").write_text(PIPELINE)
    (project.folder / "given").touch()
    (project.folder / "python/sitecustomize.py").write_text(OTHER)
    commit_all(project, "A project")
    project.succeed("dvc", "init", "-q")
    return project


def execute(project, tmp_path, times):
    (project.folder / "left").write_text(str(times))
    variables = {"PYTHONPATH": str(project.folder / "python")}
    log = tmp_path / "log"
    return execute_dvc(["repro"], project.folder, log, lambda: None, variables), log.read_text()


def test_a_run_goes_on_when_another_dvc_takes_what_it_records_for_damaged(project, tmp_path):
    code, said = execute(project, tmp_path, times=2)
    assert code == 0
    assert len(re.findall(r"ERROR: failed to reproduce 'count': \[Errno 2\]", said)) == 2
    assert "count:" in (project.folder / "dvc.lock").read_text()


def test_it_does_not_go_on_for_ever(project, tmp_path, monkeypatch):
    monkeypatch.setattr(dvc_process, "_TRIES", 2)
    code, said = execute(project, tmp_path, times=9)
    assert code != 0
    assert said.count("ERROR: failed to reproduce") == 2


def test_a_folder_of_notes_that_has_none_left_is_no_fault(project, tmp_path):
    assert execute(project, tmp_path, times=0)[0] == 0
    for note in project.folder.glob(".dvc/cache/runs/??/*/*"):
        note.unlink()
    for name in ("dvc.lock", "result"):
        (project.folder / name).unlink()
    code, said = execute(project, tmp_path, times=0)
    assert (code, said.count("ERROR")) == (0, 0)


def test_any_other_failure_is_one(project, tmp_path):
    (project.folder / "given").unlink()
    code, said = execute(project, tmp_path, times=0)
    assert code != 0
    assert said.count("ERROR: ") == 1
