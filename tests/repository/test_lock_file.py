"""dvc.lock is read and written in one place; a damaged one is a sentence."""

import json

import pytest
import yaml

from tests.conftest import live_shortest
from timeweave.repository.lock_file import LockFile, has_former_outputs, list_stages
from timeweave.runtime.errors import TimeweaveError

TEXT = """schema: '2.0'
stages:
  fetch_time:
    cmd: ./python stages/fetch_time.py
    params:
      params.yaml:
        as_of: '2025-10-14'
    outs:
    - path: data/toggl/days
      hash: md5
      md5: abc.dir
  build_site:
    cmd: x
    outs:
    - path: data/site
      md5: def.dir
"""


def test_it_says_what_stages_wrote_and_with_which_parameters():
    lock = LockFile.parse(TEXT, "dvc.lock")
    assert lock.get_hashes() == {"data/toggl/days": "abc.dir", "data/site": "def.dir"}
    assert lock.get_params("fetch_time") == {"as_of": "2025-10-14"}
    assert lock.get_stage("no_such_stage") == {}


def test_an_entry_is_replaced_and_the_others_stay(tmp_path):
    lock = LockFile.parse(TEXT, "dvc.lock")
    lock.set_stage("fetch_time", {"cmd": "another"})
    lock.write(tmp_path)
    found = LockFile.read(tmp_path)
    assert found.get_stage("fetch_time") == {"cmd": "another"}
    assert found.get_hashes() == {"data/site": "def.dir"}


def test_a_project_without_one_has_an_empty_one(tmp_path):
    assert LockFile.read(tmp_path).get_hashes() == {}


@pytest.mark.parametrize("text", ["stages: [1", "stages: 3", "- 1", "stages: {a: 1}", "\x00", "text"])
def test_a_damaged_one_says_how_to_get_it_back(tmp_path, text):
    (tmp_path / "dvc.lock").write_text(text)
    with pytest.raises(TimeweaveError, match=r"dvc\.lock is damaged.*git checkout dvc\.lock"):
        LockFile.read(tmp_path)


def test_stages_come_in_the_order_of_dvc_yaml(tmp_path):
    (tmp_path / "dvc.yaml").write_text("stages:\n  b: {cmd: x}\n  a: {cmd: y}\n")
    assert list_stages(tmp_path) == ["b", "a"]


FETCH = ("fetch_time", "data/toggl/days", "data/toggl/directory.json")
OUTPUTS = ("data/toggl/days", "data/toggl/directory.json", "data/toggl/changes.json")


def make_former(project, archive):
    """Have DVC run a stage that writes, and keeps, what the former one did: the archive as an output."""
    [account] = archive.glob("toggl/*")
    former = project.folder / "former" / "toggl"
    former.mkdir(parents=True)
    (account / "days").rename(former / "days")
    index = json.loads((account / "account.json").read_text())
    (former / "days" / "archive.json").write_text(json.dumps(index | {"doubted": index.pop("invalidated")}))
    names = project.read("data/toggl/directory.json") | {"fetched_as_of": "2025-10-14"}
    (former / "directory.json").write_text(json.dumps(names))
    (former / "changes.json").write_text('{"schema": 1, "changes": []}')
    stage = {
        "params": ["source"],
        "cmd": "mkdir -p data && cp -r former/toggl data/",
        "deps": ["former"],
        "outs": [{out: {"persist": True}} for out in OUTPUTS],
    }
    (project.folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": {"fetch_time": stage}}))
    project.succeed("rm", "-rf", "data")
    project.call_dvc("repro")


@pytest.fixture(scope="module")
def original(tmp_path_factory, sandbox):
    """A project of the earlier version after a run, with the code of this one."""
    folder = tmp_path_factory.mktemp("former")
    found = live_shortest(folder / "project", sandbox)
    pipeline = (found.folder / "dvc.yaml").read_bytes()
    fetched = found.call_stage(*FETCH, TIMEWEAVE_ARCHIVE=str(folder / "archive"))
    assert fetched.returncode == 0, fetched.stderr
    make_former(found, folder / "archive")
    (found.folder / "dvc.yaml").write_bytes(pipeline)
    return found


@pytest.fixture
def project(original, tmp_path):
    return original.duplicate(tmp_path / "project")


def test_no_day_is_paid_for_again_though_dvc_has_removed_the_former_archive(project, sandbox):
    before = len(sandbox.requests)
    done = project.call_dvc("repro", "fetch_time")
    assert "7 days that an earlier version had fetched were taken over into the archive" in done.stderr
    assert len(sandbox.requests) == before
    assert not (project.folder / "data/toggl/days/archive.json").exists()
    assert set(project.read("data/toggl/days/2025-10-07.json")) == {"day", "rows", "schema"}
    project.call_dvc("repro", "--force", "fetch_time")
    assert len(sandbox.requests) == before


def test_days_that_the_cache_has_lost_are_asked_for_again_and_that_is_said(project, sandbox):
    before = len(sandbox.requests)
    project.succeed("rm", "-rf", ".dvc/cache")
    done = project.call_dvc("repro", "fetch_time")
    assert "what an earlier version fetched is not in DVC's cache any more and must be asked for again" in done.stderr
    assert len(sandbox.requests) > before


def test_the_committed_outputs_of_the_demo_are_none_of_it(tmp_path):
    lock = "stages:\n  fetch_time:\n    params: {params.yaml: {source: demo}}\n    outs:\n    - path: data/toggl/changes.json\n"
    (tmp_path / "dvc.lock").write_text(lock)
    assert not has_former_outputs(tmp_path)
    assert not has_former_outputs(tmp_path / "nowhere")
