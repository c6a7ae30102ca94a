"""Only commits that the project's owners pushed are brought to a worker: of its branch, or offered by a run."""

import subprocess

import pytest

from timeweave.repository.git import Git
from timeweave.repository.remotes import Origin
from timeweave.runtime.errors import ConfigurationError

WHO = ("-c", "user.name=T", "-c", "user.email=t@team.example")


@pytest.fixture
def origin(tmp_path):
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path / "origin")], check=True)
    return Git(tmp_path / "origin")


@pytest.fixture
def worker(origin, tmp_path):
    """A clone, made when the origin had one commit."""
    commit(origin)
    subprocess.run(["git", "clone", "-q", str(origin.folder), str(tmp_path / "worker")], check=True)
    return Origin(tmp_path / "worker")


def commit(git):
    git.run(*WHO, "commit", "-q", "--allow-empty", "-m", "One more")
    return git.head()


def has(worker, name):
    return Git(worker._git.folder).succeeds("cat-file", "-e", f"{name}^{{commit}}")


def test_what_the_branch_has_by_now_is_brought_and_what_it_had_before(origin, worker):
    middle, last = commit(origin), commit(origin)
    assert worker.find_head() == last
    for name in (middle, last):
        worker.bring(name)
        assert has(worker, name)


def test_what_another_branch_has_is_refused_until_a_run_offers_it(origin, worker, tmp_path):
    origin.run("checkout", "-q", "-b", "somebody-s")
    other = commit(origin)
    origin.run("checkout", "-q", "main")
    with pytest.raises(ConfigurationError, match=f"commit {other[:10]} is not in the workers' branch"):
        worker.bring(other)
    assert not has(worker, other)
    subprocess.run(["git", "clone", "-q", str(origin.folder), str(tmp_path / "person")], check=True)
    Origin(tmp_path / "person").offer(other)
    worker.bring(other)
    assert has(worker, other)


def test_a_worker_may_be_given_the_branches_whose_commits_it_takes(origin, worker):
    main = origin.head()
    origin.run("checkout", "-q", "-b", "release")
    released = commit(origin)
    origin.run("checkout", "-q", "-b", "other")
    other = commit(origin)
    folder = worker._git.folder
    given = Origin(folder, ["release", "main"])
    assert given.find_head() == released
    for name in (released, main):
        given.bring(name)
        assert has(given, name)
    for allowed in (given, Origin(folder, ["main"])):
        with pytest.raises(ConfigurationError, match=f"commit {other[:10]} is not in the workers' branch"):
            allowed.bring(other)


@pytest.mark.parametrize("branch", ["none", "--help", "../main", "main\n", "*", "m" * 300])
def test_a_branch_that_the_origin_has_not_is_a_sentence(worker, branch):
    given = Origin(worker._git.folder, [branch])
    with pytest.raises(ConfigurationError, match="the origin has no branch"):
        given.find_head()


def test_a_reference_by_the_name_of_a_commit_that_is_another_one_offers_nothing(origin, worker):
    origin.run("checkout", "-q", "-b", "somebody-s")
    other, named = commit(origin), "f" * 40
    origin.run("update-ref", f"refs/timeweave/commits/{named}", other)
    with pytest.raises(ConfigurationError, match="not in the workers' branch"):
        worker.bring(named)


@pytest.mark.parametrize(
    "name",
    [
        "--upload-pack=touch hacked",
        "HEAD",
        "main",
        "a" * 39,
        "A" * 40,
        "a" * 40 + "\n",
        "../" * 13 + "x",
        "",
        "a\0" * 20,
    ],
)
def test_what_is_no_whole_name_of_a_commit_never_comes_to_git(worker, name):
    with pytest.raises(ConfigurationError, match="is not a commit: write its 40 hexadecimal digits"):
        worker.bring(name)


def test_a_project_without_an_origin_is_its_own(origin):
    first = commit(origin)
    own = Origin(origin.folder)
    own.offer(first)
    own.bring(first)
    assert own.find_head() == first
    origin.run("checkout", "-q", "--detach")
    assert own.find_head() == first
