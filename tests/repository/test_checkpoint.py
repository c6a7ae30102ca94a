"""How far a run is, kept at the origin: taken over by the next who works on the same, and by nobody else."""

import subprocess

import pytest

from timeweave.repository.git import Git
from timeweave.repository.remotes import Checkpoint
from timeweave.repository.run_workspace import Workspace

FILES = {
    "dvc.yaml": "stages: {}\n", "dvc.lock": "schema: old\n", "params.yaml": "day: 1\n", ".dvc/config": "",
    ".dvc/.gitignore": "/config.local\n",
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git = Git(folder)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    git.run("add", "-A")
    git.run("-c", "user.name=T", "-c", "user.email=t@team.example", "commit", "-qm", "All")
    return folder


def lay_in(project, name, params="day: 2\n"):
    workspace = Workspace(project, project.parent / name)
    workspace.lay_in_commit(Git(project).head(), lambda _: params)
    return workspace, Checkpoint(workspace, str(project), "june")


def test_another_workspace_goes_on_with_the_lock_and_the_stages_that_are_done(project):
    workspace, checkpoint = lay_in(project, "one")
    assert checkpoint.restore() == []
    for done in (["fetch_time"], ["fetch_time", "aggregate_time"]):
        (workspace.folder / "dvc.lock").write_text(f"{done}\n")
        checkpoint.save(done)
    other, same = lay_in(project, "two")
    assert same.restore() == ["fetch_time", "aggregate_time"]
    assert (other.folder / "dvc.lock").read_text() == "['fetch_time', 'aggregate_time']\n"


def test_a_run_of_other_days_takes_nothing_over(project):
    workspace, checkpoint = lay_in(project, "one")
    (workspace.folder / "dvc.lock").write_text("new\n")
    checkpoint.save(["fetch_time"])
    other, same = lay_in(project, "two", "day: 3\n")
    assert same.restore() == []
    assert (other.folder / "dvc.lock").read_text() == "schema: old\n"


def test_nothing_is_left_of_a_run_that_is_over(project):
    _, checkpoint = lay_in(project, "one")
    checkpoint.save(["fetch_time"])
    for _ in range(2):
        checkpoint.remove()
        assert Git(project).run("for-each-ref", "refs/timeweave") == ""
