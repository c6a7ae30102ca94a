"""A workspace is the project as it is, uncommitted edits included, and the project notices nothing of it."""

import hashlib
import os
import shutil
import subprocess

import pytest

from timeweave.repository.git import Git
from timeweave.repository.run_workspace import Workspace
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

FILES = {
    "dvc.yaml": "stages: {}\n", "params.yaml": "users: []\n", "dvc.lock": "schema: '2.0'\n", "template": "one\n",
    "script": "#!/bin/sh\n", ".gitignore": "/data/\n/own/\n", ".dvc/config": "", ".dvc/.gitignore": "/config.local\n/tmp\n",
}  # fmt: skip


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "script").chmod(0o755)
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    commit(folder)
    return folder


@pytest.fixture
def workspace(project):
    return Workspace(project, project / "own" / "01")


def commit(folder):
    git = Git(folder)
    git.run("add", "-A")
    git.run("-c", "user.name=T", "-c", "user.email=t@team.example", "commit", "-qm", "All")
    return git.head()


def keep(text):
    return text


def snapshot(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "own" not in path.relative_to(folder).parts and "objects" not in path.parts
    }


def test_uncommitted_edits_new_files_and_deletions_are_laid_in(project, workspace):
    (project / "template").write_text("two\n")
    (project / "new").write_text("1")
    (project / "script").unlink()
    before = snapshot(project)
    workspace.lay_in_project(lambda text: text.replace("[]", "[a]"))
    assert (workspace.folder / "template").read_text() == "two\n"
    assert (workspace.folder / "new").read_text() == "1"
    assert not (workspace.folder / "script").exists()
    assert (workspace.folder / "params.yaml").read_text() == "users: [a]\n"
    assert snapshot(project) == before


def test_what_an_earlier_run_was_given_is_gone_at_the_next(project, workspace):
    (project / "template").write_text("two\n")
    (project / "new").write_text("1")
    workspace.lay_in_project(keep)
    workspace.release()
    (project / "template").write_text("one\n")
    (project / "new").unlink()
    workspace.lay_in_project(keep)
    assert (workspace.folder / "template").read_text() == "one\n"
    assert not (workspace.folder / "new").exists()


def test_its_own_lock_and_data_stay_for_the_next_run(project, workspace):
    workspace.lay_in_project(keep)
    (workspace.folder / "dvc.lock").write_text("own: true\n")
    (workspace.folder / "data").mkdir()
    (workspace.folder / "data" / "x").write_text("1")
    workspace.release()
    (project / "template").write_text("two\n")
    commit(project)
    workspace.lay_in_project(keep)
    assert (workspace.folder / "dvc.lock").read_text() == "own: true\n"
    assert (workspace.folder / "data" / "x").exists()


def test_after_a_killed_run_it_is_made_from_the_beginning(project, workspace):
    workspace.lay_in_project(keep)
    (workspace.folder / "dvc.lock").write_text("stages: [half")
    (workspace.folder / ".git" / "index.lock").touch()
    workspace.lay_in_project(keep)
    assert (workspace.folder / "dvc.lock").read_text() == FILES["dvc.lock"]


def test_files_that_have_not_changed_keep_their_age(project, workspace):
    (project / "template").write_text("two\n")
    workspace.lay_in_project(keep)
    workspace.release()
    ages = {name: (workspace.folder / name).stat().st_mtime_ns for name in ("params.yaml", "script")}
    workspace.lay_in_project(keep)
    assert {name: (workspace.folder / name).stat().st_mtime_ns for name in ages} == ages


def test_a_project_that_was_moved_takes_its_workspaces_along(project, workspace, tmp_path):
    workspace.lay_in_project(keep)
    workspace.release()
    moved = tmp_path / "elsewhere"
    shutil.move(project, moved)
    again = Workspace(moved, moved / "own" / "01")
    again.lay_in_project(keep)
    assert again.commit("Result")


def test_a_history_that_was_rewritten_makes_a_new_clone(project, workspace):
    (project / "template").write_text("two\n")
    commit(project)
    workspace.lay_in_project(keep)
    workspace.release()
    git = Git(project)
    git.run("reset", "-q", "--hard", "HEAD~1")
    git.run("reflog", "expire", "--expire=now", "--all")
    git.run("gc", "-q", "--prune=now")
    workspace.lay_in_project(keep)
    assert (workspace.folder / "template").read_text() == "one\n"


def test_a_result_is_an_experiment_of_the_commit_with_all_that_was_laid_in(project, workspace):
    (project / "template").write_text("two\n")
    workspace.lay_in_project(lambda text: text.replace("[]", "[a]"))
    (workspace.folder / "dvc.lock").write_text("own: true\n")
    before = snapshot(project)
    commit_ = workspace.save_experiment("run_1")
    git = Git(project)
    head = git.head()
    assert git.run("rev-parse", f"refs/exps/{head[:2]}/{head[2:]}/run_1").strip() == commit_
    assert git.run("rev-parse", f"{commit_}~1").strip() == head
    shown = {name: git.run("show", f"{commit_}:{name}") for name in ("template", "params.yaml", "dvc.lock")}
    assert shown == {"template": "two\n", "params.yaml": "users: [a]\n", "dvc.lock": "own: true\n"}
    assert git.run("status", "--porcelain") == " M template\n"
    changed = dict(snapshot(project).items() ^ before.items())
    assert set(changed) <= {f".git/refs/exps/{head[:2]}/{head[2:]}/run_1", ".git/index"}


def test_a_commit_of_the_project_is_checked_out(project, workspace):
    first = Git(project).head()
    (project / "template").write_text("two\n")
    commit(project)
    workspace.lay_in_commit(first, keep)
    assert (workspace.folder / "template").read_text() == "one\n"


def test_files_that_became_folders_and_links_and_the_other_way_round_are_laid_in(project, workspace):
    (project / "folder").mkdir()
    (project / "folder" / "inner").write_text("1")
    commit(project)
    workspace.lay_in_project(keep)
    workspace.release()
    (project / "folder" / "inner").unlink()
    (project / "folder").rmdir()
    (project / "folder").write_text("a file now")
    (project / "template").unlink()
    (project / "template").mkdir()
    (project / "template" / "inner").write_text("2")
    (project / "script").chmod(0o644)
    workspace.lay_in_project(keep)
    assert (workspace.folder / "folder").read_text() == "a file now"
    assert (workspace.folder / "template" / "inner").read_text() == "2"
    assert not os.access(workspace.folder / "script", os.X_OK)


def test_what_git_says_of_another_repository_is_not_heeded(project, workspace, tmp_path, monkeypatch):
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    (project / "template").write_text("staged\n")
    Git(project).run("add", "template")
    monkeypatch.setenv("GIT_DIR", str(project / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(project / ".git" / "index"))
    workspace.lay_in_project(keep)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert Git(project).run("status", "--porcelain") == "M  template\n"
    assert Git(project).run("symbolic-ref", "HEAD") == "refs/heads/main\n"


def test_a_damaged_lock_of_the_project_is_said_and_not_taken_along(project, workspace):
    (project / "dvc.lock").write_text("stages: [1")
    with pytest.raises(TimeweaveError, match=r"dvc\.lock is damaged"):
        workspace.lay_in_project(keep)
    (project / "dvc.lock").write_text(FILES["dvc.lock"])
    workspace.lay_in_project(keep)
    assert (workspace.folder / "dvc.lock").read_text() == FILES["dvc.lock"]


def test_stages_that_dvc_yaml_has_no_more_are_forgotten(project, workspace):
    (project / "dvc.yaml").write_text("stages:\n  a: {cmd: x}\n")
    (project / "dvc.lock").write_text("schema: '2.0'\nstages:\n  a: {cmd: x}\n  gone: {cmd: y}\n")
    workspace.lay_in_project(keep)
    assert "gone" not in (workspace.folder / "dvc.lock").read_text()


def test_a_project_in_a_folder_of_another_repository_is_refused(project, tmp_path):
    inner = project / "inner"
    inner.mkdir()
    for name in ("dvc.yaml", "params.yaml"):
        (inner / name).write_text(FILES[name])
    with pytest.raises(ConfigurationError, match="lies in another git repository"):
        Workspace(inner, tmp_path / "own").lay_in_project(keep)


@pytest.mark.parametrize("name", ["HEAD", "config", "index", "objects"])
def test_a_damaged_clone_is_made_anew_and_never_taken_for_the_project_above_it(project, workspace, name):
    """Git looks for a repository above a folder that is none, and would reset the project there."""
    workspace.lay_in_project(keep)
    workspace.release()
    (project / "template").write_text("somebody's work that is not committed\n")
    damaged = workspace.folder / ".git" / name
    if damaged.is_dir():
        shutil.rmtree(damaged)
    else:
        damaged.write_bytes(b"")
    before = snapshot(project)
    workspace.lay_in_project(keep)
    assert snapshot(project) == before
    assert (workspace.folder / "template").read_text() == "somebody's work that is not committed\n"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00"])
def test_a_damaged_dvc_lock_costs_the_workspace_alone(project, workspace, content):
    workspace.lay_in_project(keep)
    workspace.release()
    (workspace.folder / "dvc.lock").write_bytes(content)
    workspace.lay_in_project(keep)
    assert (workspace.folder / "dvc.lock").read_text() in ("schema: '2.0'\n", content.decode(errors="replace"))
