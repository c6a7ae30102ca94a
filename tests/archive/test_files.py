"""Files of the archive, in a folder, in a bucket of S3 and in a store of another kind: they all keep what they promise."""

import os
import stat

import fsspec
import pytest

from tests.archive.bucket import Bucket
from timeweave.archive.files import LocalFiles, read_document, write_document
from timeweave.archive.remote_files import RemoteFiles
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime.errors import TimeweaveError

DOCUMENT = Entities(entities=[EntityKey(space="Büro", database=None, public_id="7")])


@pytest.fixture(scope="module")
def bucket():
    with Bucket() as running:
        yield running


@pytest.fixture(params=["folder", "s3", "memory"])
def files(request, tmp_path):
    if request.param == "folder":
        return LocalFiles(tmp_path / "archive")
    if request.param == "s3":
        return request.getfixturevalue("bucket").files(tmp_path.name)
    return RemoteFiles(fsspec.filesystem("memory"), f"/{tmp_path}")


def test_a_file_reads_back_and_is_replaced(files):
    files.write("a/b.json", b"one")
    files.write("a/b.json", b"two")
    assert files.read("a/b.json") == b"two"


def test_what_is_not_there_is_none(files):
    files.write("a/b.json", b"one")
    assert [files.read(name) for name in ("a/c.json", "a/b.json/c")] == [None, None]


def test_a_folder_lists_what_lies_directly_in_it(files):
    for name in ("b.json", "a/c.json", "a/d/e.json"):
        files.write(name, b"x")
    assert (files.names(), files.names("a"), files.names("z")) == (["a", "b.json"], ["c.json", "d"], [])


def test_files_written_by_others_meanwhile_are_listed(files):
    files.write("a/1.json", b"x")
    assert files.names("a") == ["1.json"]
    files.below("a").write("2.json", b"x")
    assert files.names("a") == ["1.json", "2.json"]


def test_a_file_takes_another_ones_place(files):
    files.write("walk/1.json", b"new")
    files.write("days/1.json", b"old")
    files.move("walk/1.json", "days/1.json")
    assert (files.read("days/1.json"), files.names("walk")) == (b"new", [])


def test_files_and_folders_are_removed_and_nothing_happens_where_there_is_none(files):
    for name in ("a/1.json", "a/2.json", "b.json"):
        files.write(name, b"x")
    for name in ("a", "b.json", "c"):
        files.remove(name)
    assert files.names() == []


def test_below_a_folder_names_are_those_in_it(files):
    files.below("a").below("b").write("c.json", b"x")
    assert files.read("a/b/c.json") == b"x"


def test_a_document_reads_back_and_a_damaged_one_is_named_with_its_place(files):
    write_document(files, "x.json", DOCUMENT)
    assert read_document(files, "x.json", Entities) == DOCUMENT
    assert read_document(files, "y.json", Entities) is None
    files.write("x.json", b'{"enti')
    with pytest.raises(TimeweaveError, match=r"x\.json cannot be read"):
        read_document(files, "x.json", Entities)
    assert files.address("x.json").endswith("/x.json")


def test_a_file_that_is_being_written_is_nowhere_to_be_read(tmp_path, monkeypatch):
    files, seen = LocalFiles(tmp_path).below("a"), []
    files.write("b.json", b"old")
    monkeypatch.setattr(os, "fsync", lambda _: seen.append((files.names(), files.read("b.json"))))
    files.write("b.json", b"new")
    assert seen == [(["b.json"], b"old")]


def test_what_a_killed_process_left_is_not_listed(tmp_path):
    (tmp_path / ".tmp").mkdir()
    (tmp_path / ".tmp" / "0123").write_bytes(b"hal")
    assert LocalFiles(tmp_path).names() == []


def test_whoever_may_read_new_files_may_read_those_of_the_archive(tmp_path):
    LocalFiles(tmp_path).write("a.json", b"x")
    (tmp_path / "b.json").write_bytes(b"x")
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == stat.S_IMODE((tmp_path / "b.json").stat().st_mode)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(
        TimeweaveError, match=r"taken/a\.json cannot be written: .*make room or correct its permissions"
    ):
        LocalFiles(tmp_path / "taken").write("a.json", b"x")
    assert not list(tmp_path.glob("taken/*"))
