"""Which folder is the project, and whose folders count."""

import os

import pytest

from timeweave.runtime.project import find_project, make_own_folder


@pytest.fixture
def nested(tmp_path):
    """A project, and one in a folder below it."""
    inner = tmp_path / "between" / "inner"
    for folder in (tmp_path, inner):
        (folder / "stages").mkdir(parents=True)
        (folder / "stages" / "fetch_time.py").touch()
        (folder / "dvc.yaml").touch()
    return tmp_path, inner


def give_away(path, monkeypatch):
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    if owner == 0:
        os.chown(path, 4711, -1)


def test_the_outermost_project_counts(nested):
    outer, inner = nested
    assert find_project(inner / "stages") == outer


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_the_way_up_ends_where_everybody_may_write(nested, mode):
    outer, inner = nested
    outer.chmod(mode)
    assert find_project(inner / "stages") == inner
    outer.chmod(0o755)
    (outer / "between").chmod(mode)
    assert find_project(inner) == inner


def test_the_way_up_ends_at_a_folder_of_somebody_else(nested, monkeypatch):
    outer, inner = nested
    if outer.stat().st_uid:
        pytest.skip("only root gives folders away")
    give_away(outer / "between", monkeypatch)
    assert find_project(inner) == inner


def test_what_somebody_else_remembers_is_not_used(tmp_path, monkeypatch):
    (tmp_path / ".timeweave").mkdir()
    give_away(tmp_path / ".timeweave", monkeypatch)
    with pytest.raises(FileExistsError, match="belongs to another user"):
        make_own_folder(tmp_path)
