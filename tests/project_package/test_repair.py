"""What is damaged or left over in a project, and what becomes of it."""

import json
import shutil

import pytest

from timeweave.project.project_paths import ProjectFolder
from timeweave.project.repair import find_damage
from timeweave.repository.experiment_results import Experiments


@pytest.fixture
def project(demo_project, monkeypatch):
    """A finished project, in the working folder."""
    monkeypatch.chdir(demo_project.folder)
    monkeypatch.delenv("TIMEWEAVE_ARCHIVE")
    return demo_project


@pytest.fixture
def untouched(prepared_project, monkeypatch):
    """The same, to be read only."""
    monkeypatch.chdir(prepared_project.folder)
    monkeypatch.delenv("TIMEWEAVE_ARCHIVE")
    return prepared_project


def find(project, about):
    return [one for one in find_damage(ProjectFolder(project.folder)) if one.about == about]


def mend(project, about):
    [damage] = find(project, about)
    return damage.mend()


def test_a_manifest_is_rebuilt_from_the_experiment(project):
    path = project.folder / "runs/march/manifest.json"
    before = json.loads(path.read_text())
    path.write_bytes(b"")
    assert "rebuilt" in mend(project, "runs")
    after = json.loads(path.read_text())
    kept = ("id", "status", "where", "parameters", "experiment", "baseline", "numbers", "error")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert [stage["name"] for stage in after["stages"]] == [stage["name"] for stage in before["stages"]]


def test_without_an_experiment_it_is_made_from_the_documents(project):
    path = project.folder / "runs/march/manifest.json"
    before = json.loads(path.read_text())
    Experiments(project.folder).remove(["march"])
    path.write_bytes(b"{")
    mend(project, "runs")
    after = json.loads(path.read_text())
    for name in ("status", "parameters", "numbers"):
        assert after[name] == before[name]


def test_a_run_that_left_nothing_is_listed_as_failed(project):
    folder = project.folder / "runs/march"
    Experiments(project.folder).remove(["march"])
    shutil.rmtree(folder)
    (folder / "log").mkdir(parents=True)
    (folder / "manifest.json").write_bytes(b"{")
    mend(project, "runs")
    assert json.loads((folder / "manifest.json").read_text())["status"] == "failed"


def test_a_manifest_of_a_newer_version_stays(project):
    path = project.folder / "runs/march/manifest.json"
    written = json.loads(path.read_text())
    known = written["schema"]
    path.write_text(json.dumps(written | {"schema": known + 1}))
    [damage] = find(project, "runs")
    assert f"was made by a newer Timeweave (schema {known + 1}, known is {known}); update it" in damage.text
    assert damage.mend() == "it needs you"
    assert json.loads(path.read_text())["schema"] == known + 1


def test_what_others_may_look_into_is_closed(project):
    (project.folder / "runs").chmod(0o755)
    assert mend(project, "rights") == "closed"
    assert (project.folder / "runs").stat().st_mode & 0o077 == 0


def test_a_workspace_that_was_used_and_let_go_is_in_order(untouched):
    assert find(untouched, "workspaces") == []


def test_all_that_is_written_for_runs_and_archive_is_its_owners_alone(untouched):
    for top in ("runs", ".timeweave/archive"):
        folder = untouched.folder / top
        open_to_others = [
            path for path in [folder, *folder.rglob("*")] if not path.is_symlink() and path.stat().st_mode & 0o077
        ]
        assert open_to_others == []
    assert (untouched.folder / ".timeweave/workspaces/01").stat().st_mode & 0o077 == 0
