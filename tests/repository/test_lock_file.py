"""dvc.lock is read and written in one place; a damaged one is a sentence."""

import pytest

from timeweave.repository.lock_file import LockFile, list_stages
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
