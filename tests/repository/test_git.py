"""Git is run in one way, and shows no name and no token of an address."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

import timeweave
from timeweave.repository.git import Git, check_commit
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
    os.utime(git.folder / "one", (1, 1))
    before = (git.folder / ".git" / "index").read_bytes()
    git.list_changes()
    assert (git.folder / ".git" / "index").read_bytes() == before


def test_the_origin_is_the_folder_itself_where_there_is_none(git):
    assert git.find_origin() == str(git.folder)
    git.run("remote", "add", "origin", "https://git.example/reports.git")
    assert git.find_origin() == "https://git.example/reports.git"


@pytest.mark.parametrize(
    "name", ["main", "--upload-pack=x", "a" * 39, "A" * 40, "a" * 40 + "\n", "refs/heads/main", ""]
)
def test_only_forty_digits_are_a_commit(name):
    with pytest.raises(ConfigurationError, match="write its 40 hexadecimal digits"):
        check_commit(name)


FIXED = {
    'f"--format={shape}"',
    "*IDENTITY",
    "*command",
    "*silent",
    "REFS",
    "message",
    "commit",
    "NAME",
    "lock_file.NAME",
}
"""Arguments that are no options whatever they hold: after `-m`, or checked by check_commit, or constants."""


def test_whatever_comes_from_outside_stands_where_git_takes_it_for_no_option():
    loose = []
    for file in Path(timeweave.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
            of_git = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).lower().endswith(
                ("git", "git(self.project)", "git(folder)")
            )
            if not of_git or call.func.attr not in ("run", "run_bytes", "succeeds"):
                continue
            for argument in call.args:
                if isinstance(argument, ast.Constant):
                    if argument.value in ("--", "--end-of-options"):
                        break
                elif ast.get_source_segment(text, argument) not in FIXED:
                    loose.append(f"{file.name}:{argument.lineno}: {ast.unparse(argument)}")
    assert loose == []
