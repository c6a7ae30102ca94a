"""What doctor mends and what it leaves to people, in a project without results."""

import os
import time

import pytest

from tests.runs.empty_project import make_register
from timeweave.archive.location import find_archive
from timeweave.project.project_check import _check_files
from timeweave.project.repair import find_damage
from timeweave.runs.workspace_lock import Lock, take_workspace


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in the working folder."""
    found = make_register(tmp_path / "project").project
    monkeypatch.chdir(found.folder)
    return found


def find(project, about):
    return [one for one in find_damage(project) if one.about == about]


def write_old(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    moment = time.time() - 7200
    os.utime(path, (moment, moment))
    return path


def test_a_damaged_list_of_forgotten_people_stays_and_is_no_matter_for_doctor(project):
    files = find_archive().below("toggl").below("live-1")
    files.write("forgotten.json", b'{"users": "1"}')
    [damage] = find(project, "archive")
    assert damage.is_fatal
    assert damage.mend() == "it needs you"
    assert files.read("forgotten.json") == b'{"users": "1"}'
    [check] = [one for one in _check_files(project) if one.about == "archive"]
    assert "put a copy of it from a backup in its place" in check.text
    assert "doctor --repair" not in check.text


def test_many_files_with_the_same_fault_are_one_line_with_how_many_and_the_first(project):
    names = [f"toggl/live-1/days/2025-01-0{day}.json" for day in range(1, 6)]
    files = find_archive()
    for name in names:
        files.write(name, b"{")
    addresses = [files.address(name) for name in names]
    [same] = [one for one in _check_files(project) if one.about == "archive"]
    assert same.places == tuple(addresses)
    assert same.text.startswith("each of 5 files is damaged (")
    assert same.text.endswith(f"; `timeweave doctor --repair` repairs it: {', '.join(addresses[:3])} and 2 more")


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("toggl/live-1/account.json", "It is rebuilt from the days"),
        ("toggl/live-1/days/2025-01-01.json", "The day is asked for again"),
        ("toggl/live-1/directory.json", "The names are asked for again"),
        ("toggl/live-1/changes.json", "cannot be asked for again"),
        ("fibery/team-1/schema.json", "Fibery is asked for its schema again"),
        ("llm/ab.json", "which costs what it cost before"),
    ],
)
def test_what_is_set_aside_says_what_it_costs(project, capfd, name, loss):
    find_archive().write(name, b"{")
    [damage] = find(project, "archive")
    assert damage.mend() == "kept aside"
    assert loss in capfd.readouterr().err
    assert find(project, "archive") == []


def test_parts_of_files_are_kept_aside_after_an_hour_and_peoples_own_hidden_files_stay(project):
    ours = [
        write_old(project.data / ".metrics.json.ab12_cd3"), write_old(project.runs / "march/.manifest.json.abcdefgh"),
        write_old(find_archive().folder / ".tmp" / ("0a" * 16)),
    ]  # fmt: skip
    theirs = [
        write_old(project.data / name)
        for name in (".gitignore", ".DS_Store", ".notes", ".env.local", ".idea/workspace.xml", ".metrics.json.swp")
    ]
    link = project.runs / ".latest.7.march"
    link.symlink_to("march")
    os.utime(link, (0, 0), follow_symlinks=False)
    found = find(project, "leftovers")
    assert len(found) == 4
    (project.data / ".metrics.json.ab12_cd3").unlink()
    said = [one.mend() for one in found]
    assert sorted("kept as" in one for one in said) == [False, True, True, True]
    assert any(".metrics.json.ab12_cd3: No such file" in one for one in said)
    assert not [path for path in (*ours, link) if os.path.lexists(path)]
    assert all(path.exists() for path in theirs)
    assert find(project, "leftovers") == []


def test_a_part_of_a_file_that_is_being_written_stays(project):
    (project.data).mkdir()
    (project.data / ".metrics.json.ab12_cd3").write_bytes(b"half")
    assert find(project, "leftovers") == []


def leave(project):
    """A workspace in which a run was killed."""
    folder = project.workspaces / "01"
    (folder / "project").mkdir(parents=True)
    (folder / "busy").touch()
    return folder


def test_a_workspace_that_a_run_left_is_removed_and_its_lock_stays(project):
    folder = leave(project)
    [damage] = find(project, "workspaces")
    assert damage.mend() == "removed; the next run makes a new one"
    assert [path.name for path in folder.iterdir()] == ["lock"]
    assert find(project, "workspaces") == []


def test_a_workspace_of_a_run_at_work_is_neither_judged_nor_removed(project):
    folder = leave(project)
    with Lock(folder / "lock") as lock:
        assert lock.acquire()
        assert find(project, "workspaces") == []


def test_a_run_that_takes_the_workspace_meanwhile_keeps_it(project):
    folder = leave(project)
    [damage] = find(project, "workspaces")
    with take_workspace(project):
        assert damage.mend() == "a run has taken it meanwhile, and it stays"
    assert (folder / "project").exists()


def test_a_folder_in_place_of_a_lock_is_kept_aside(project):
    (project.workspaces / "01/lock").mkdir(parents=True)
    [damage] = find(project, "workspaces")
    assert "kept as" in damage.mend()
    assert find(project, "workspaces") == []
