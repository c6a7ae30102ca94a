"""Where the archive is found, what its folders are called, and that one process at a time adds to them."""

import importlib
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.archive.files import LocalFiles
from timeweave.archive.location import VARIABLE, find_archive, name_folder, take_turn
from timeweave.runtime.errors import ConfigurationError


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in the working folder, and a copy of it somewhere below, as a run's workspace is."""
    monkeypatch.delenv(VARIABLE)
    for folder in (tmp_path, tmp_path / ".timeweave" / "workspaces" / "1"):
        (folder / "stages").mkdir(parents=True)
        (folder / "stages" / "fetch_time.py").touch()
        (folder / "dvc.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_the_outermost_projects_from_anywhere_below(project, monkeypatch):
    expected = str(project / ".timeweave" / "archive")
    for folder in (project, project / "stages", project / ".timeweave" / "workspaces" / "1"):
        monkeypatch.chdir(folder)
        assert find_archive().address().rstrip("/") == expected


@pytest.mark.parametrize("below", [".", "stages", ".timeweave/workspaces/1"])
def test_a_folder_that_is_not_absolute_is_one_of_the_project(project, monkeypatch, below):
    monkeypatch.setenv(VARIABLE, "memory/of/all")
    monkeypatch.chdir(project / below)
    assert find_archive().address() == str(project / "memory" / "of" / "all")


def test_a_folder_elsewhere_is_taken_as_it_is(project, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv(VARIABLE, f" {elsewhere} ")
    assert find_archive().address() == str(elsewhere)


def test_a_file_address_is_a_folder_of_this_machine_for_its_owner_alone(project, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "archive"
    monkeypatch.setenv(VARIABLE, f"file://{elsewhere}")
    files = find_archive()
    files.write("toggl/a.json", b"{}")
    assert files.address() == str(elsewhere)
    assert {path.stat().st_mode & 0o077 for path in (elsewhere, *elsewhere.rglob("*"))} == {0}


def test_an_address_of_an_unknown_kind_is_refused_and_not_repeated(monkeypatch):
    monkeypatch.setenv(VARIABLE, "s4://nobody:password@host/folder")
    with pytest.raises(ConfigurationError, match="TIMEWEAVE_ARCHIVE: s4:// is not known; write a folder") as refused:
        find_archive()
    assert "password" not in str(refused.value)


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setenv(VARIABLE, "s3://key:password@bucket/folder")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    # What fsspec has found before it does not look for again.
    monkeypatch.delitem(importlib.import_module("fsspec.registry")._registry, "s3", raising=False)
    with pytest.raises(
        ConfigurationError, match=r"s3:// needs a package that is missing: pip install -e '\.\[s3\]'"
    ) as refused:
        find_archive()
    assert "password" not in str(refused.value)


IDENTITIES = st.lists(st.none() | st.integers(0) | st.text(max_size=120), min_size=1, max_size=4).map(tuple)


@given(IDENTITIES, IDENTITIES)
def test_folders_have_the_same_name_only_for_the_same_identity_and_suit_any_file_system(one, other):
    name = name_folder(*one)
    assert (name == name_folder(*other)) == (one == other)
    assert len(name) < 100
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert not name.startswith((".", "-"))


def test_addresses_that_differ_in_marks_alone_have_folders_of_their_own():
    assert (
        len({name_folder("live", 7, url) for url in ("https://a.b", "https://a-b", "https://A.b", "http://a.b")}) == 4
    )
    assert name_folder("live", 7, "https://api.track.toggl.com").startswith("live-7-https-api.track.toggl.com-")


HOLDER = textwrap.dedent("""
    import pathlib, sys, time
    from timeweave.archive.files import LocalFiles
    from timeweave.archive.location import take_turn
    with take_turn(LocalFiles(pathlib.Path(sys.argv[1])), print):
        print("here", flush=True)
        time.sleep(600)
""")


@pytest.fixture
def held(tmp_path):
    """A process that adds to the files."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=sys.path[0] or "."
    )
    assert process.stdout.readline() == "here\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_process_waits_says_so_once_and_has_its_turn_when_the_first_is_killed(tmp_path, held):
    said = []

    def say(sentence):
        said.append(sentence)
        held.kill()

    with take_turn(LocalFiles(tmp_path), say):
        assert said == ["another run adds to the archive; waiting for it"]


def test_other_files_are_added_to_meanwhile(tmp_path, held):
    with take_turn(LocalFiles(tmp_path / "other"), pytest.fail):
        pass


def test_a_place_where_no_lock_can_be_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with (
        pytest.raises(ConfigurationError, match=r"cannot be written: .*taken.*; move what is in its place away"),
        take_turn(LocalFiles(tmp_path / "taken"), pytest.fail),
    ):
        pass
