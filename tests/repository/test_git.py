"""Git is run in one way, and shows no name and no token of an address."""

import subprocess

import pytest

from timeweave.repository.git import Git
from timeweave.runtime.errors import ConfigurationError, TimeweaveError


@pytest.fixture
def git(tmp_path):
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path)], check=True)
    return Git(tmp_path)


def commit(git):
    git.run("add", "-A")
    git.run("-c", "user.name=T", "-c", "user.email=t@team.example", "commit", "-qm", "All")


def test_what_git_refuses_is_its_last_line_without_the_token(git):
    with pytest.raises(TimeweaveError, match=r"^git fetch: ") as refused:
        git.run("-c", "core.askPass=true", "fetch", "http://me:t0ken@127.0.0.1:9/none.git")
    assert "t0ken" not in str(refused.value)


def test_a_repository_without_a_commit_says_what_to_do(git):
    with pytest.raises(ConfigurationError, match="commit the project"):
        git.head()


def test_changes_are_edits_deletions_and_new_files_but_nothing_ignored(git):
    for name in ("kept", "edited", "gone", "with blank and ü"):
        (git.folder / name).write_text("1")
    (git.folder / ".gitignore").write_text("ignored\n")
    commit(git)
    (git.folder / "edited").write_text("2")
    (git.folder / "gone").unlink()
    (git.folder / "with blank and ü").write_text("2")
    (git.folder / "new").write_text("1")
    (git.folder / "ignored").write_text("1")
    assert git.list_changes() == ["edited", "gone", "new", "with blank and ü"]


def test_looking_for_changes_writes_nothing(git):
    (git.folder / "one").write_text("1")
    commit(git)
    (git.folder / "one").touch()
    before = (git.folder / ".git" / "index").read_bytes()
    git.list_changes()
    assert (git.folder / ".git" / "index").read_bytes() == before


def test_the_origin_is_the_folder_itself_where_there_is_none(git):
    assert git.find_origin() == str(git.folder)
    git.run("remote", "add", "origin", "https://git.example/reports.git")
    assert git.find_origin() == "https://git.example/reports.git"
