"""Whom and what forget finds, in a project whose files say so."""

import subprocess
from datetime import date

import pytest
import yaml

from tests.runs.empty_project import make_register
from timeweave.archive.location import find_archive
from timeweave.models.directory import Account, Directory, Person
from timeweave.project.erasure import plan_months, plan_person
from timeweave.runs.workspace_lock import take_workspace
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.toggl.archive import Archive, read_forgotten
from timeweave.toggl.names import KnownNames

ANN, JOANN = "ann@x.com", "joann@x.com"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with an archive that knows Ann Lee and Joann Reed, and a file in `data/` about each of them."""
    found = make_register(tmp_path / "project").project
    monkeypatch.chdir(found.folder)
    git = ("git", "-c", "user.name=Test", "-c", "user.email=test@team.example")
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "begin"], check=True)
    account = Account(source="live", url=None, workspace_id=1)
    people = [Person(user_id=9001, name="Ann Lee", email=ANN), Person(user_id=9002, name="Joann Reed", email=JOANN)]
    lists = Directory(account=account, workspace="T", people=people, projects=[], clients=[], tags=[], tasks=[])
    names = KnownNames(fetched_as_of=date(2025, 1, 1), lists=lists)
    Archive(find_account(), account).write_names(names)
    write(found.data / "ann.md", "Ann Lee, ann@x.com")
    write(found.data / "joann.md", "joann@x.com")
    return found


def find_account():
    return find_archive().below("toggl").below("live-1")


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def forget(project, email, *names):
    said = []
    for step in plan_person(project, email, said.append, names):
        said.append(step.text)
        step.take()
    return "\n".join(said)


@pytest.mark.parametrize("part", ["ann", "ann@", "@x.com", "x.com", "ann@x", "a b@x.com", ""])
def test_a_part_of_an_e_mail_is_refused_and_nothing_is_planned(project, part):
    with pytest.raises(ConfigurationError, match="is not an e-mail address: write all of it"):
        plan_person(project, part, pytest.fail)


def test_a_person_goes_and_who_is_called_alike_stays(project):
    write(project.workspaces / "01/project/data/a.json")
    write(project.runs / "one/team.md", "joann@x.com")
    write(project.runs / "two/team.md", "Ann Lee")
    said = forget(project, "Ann@X.com")
    assert "1 run: two" in said
    assert [path.name for path in project.data.iterdir()] == ["joann.md"]
    assert [path.name for path in project.runs.iterdir()] == ["one"]
    assert read_forgotten(find_account()).users == (9001,)
    assert not project.workspaces.exists()


def test_whom_nothing_names_any_more_is_noted_by_a_hash_and_all_else_stays(project):
    write(project.workspaces / "01/project/data/a.json")
    find_archive().write("llm/a.json", b"{}")
    said = forget(project, "anne@x.com")
    assert "nothing here has anne@x.com in it; did you mean ann@x.com" in said
    assert "is found with --name" in said
    assert len(read_forgotten(find_account()).emails) == 1
    assert len(list(project.data.iterdir())) == 2
    assert project.workspaces.exists()
    assert find_archive().names("llm") == ["a.json"]


def test_without_an_archive_nothing_can_be_noted(project):
    find_archive().remove("toggl")
    with pytest.raises(ConfigurationError, match=r"nothing on this machine names anne@x\.com"):
        plan_person(project, "anne@x.com", lambda said: None)


def test_a_name_that_is_sent_again_is_found_when_it_is_said(project):
    forget(project, ANN)
    write(project.data / "items.json", '"assigned": "Ann Lee"')
    assert "did you mean" in forget(project, ANN)
    assert (project.data / "items.json").exists()
    forget(project, ANN, "Ann Lee")
    assert [path.name for path in project.data.iterdir()] == ["joann.md"]
    with pytest.raises(ConfigurationError, match="--name has no letter or digit"):
        plan_person(project, ANN, pytest.fail, ["🦊"])


def test_a_damaged_list_is_said_before_anything_goes(project):
    find_account().write("forgotten.json", b"{")
    with pytest.raises(TimeweaveError, match=r"forgotten\.json is damaged"):
        plan_person(project, ANN, pytest.fail)
    assert len(list(project.data.iterdir())) == 2


def test_a_run_that_began_since_the_question_keeps_its_workspace(project):
    write(project.workspaces / "01/project/data/a.json")
    steps = plan_person(project, ANN, pytest.fail)
    with take_workspace(project), pytest.raises(ConfigurationError, match="a run is in progress"):
        for step in steps:
            step.take()
    assert (project.workspaces / "01/project/data/a.json").exists()


@pytest.mark.parametrize(("end", "stays"), [("2024-12-31", False), ("2025-01-01", True)])
def test_old_outputs_workspaces_and_damaged_files_go_with_old_months(project, end, stays):
    write(project.workspaces / "01/project/data/a.json")
    write(project.own / "damaged/x")
    find_archive().write("damaged/y.json", b"")
    find_archive().write("llm/a.json", b"{}")
    write(project.data / "days/2024-12-01.json")
    mine = write(project.data / "mine.txt")
    outs = [{"path": "data/days", "md5": "a" * 32 + ".dir"}, {"path": "data/ann.md", "md5": "b" * 32}]
    outs.append({"path": "../outside", "md5": "c" * 32})
    outside = write(project.folder.parent / "outside")
    stage = {"cmd": "x", "params": {"params.yaml": {"period": {"start": "2024-12-01", "end": end}}}, "outs": outs}
    write(project.folder / "dvc.lock", yaml.safe_dump({"schema": "2.0", "stages": {"aggregate_time": stage}}))
    said = []
    for step in plan_months(project, date(2025, 1, 1), said.append):
        step.take()
    assert [(project.data / name).exists() for name in ("days/2024-12-01.json", "ann.md")] == [stays, stays]
    assert mine.exists()
    assert outside.exists()
    assert not any(place.exists() for place in (project.workspaces, project.own / "damaged"))
    assert find_archive().names("damaged") == []
    assert said == [
        f"the model's answers stay: none tells its time; all of them go with {find_archive().address('llm')}"
    ]
