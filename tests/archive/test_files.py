"""Files of the archive, in a folder, in a bucket of S3 and in a store of another kind: they all keep what they promise."""

import os
import stat
from pathlib import Path

import fsspec
import pytest

from tests.archive.bucket import Bucket
from tests.project import file_size_limit
from timeweave.archive.files import LocalFiles, read_document, set_aside, write_document
from timeweave.archive.remote_files import RemoteFiles
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime.errors import explain

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


def test_a_document_reads_back_and_a_damaged_one_is_kept_aside_and_told_with_what_it_costs(files, capfd):
    files = files.below("deep")
    write_document(files, "x.json", DOCUMENT)
    assert read_document(files, "x.json", Entities, "It costs") == DOCUMENT
    assert read_document(files, "y.json", Entities, "It costs") is None
    assert capfd.readouterr().err == ""
    content = files.read("x.json")
    files.write("x.json", content.replace(b'"7"', b'"8"'))
    assert read_document(files, "x.json", Entities, "It costs nothing") is None
    said = capfd.readouterr().err
    assert said.startswith(f"archive: {files.address('x.json')} is damaged (its checksum does not fit); it is kept as ")
    assert said.endswith(". It costs nothing\n")
    assert files.names() == []
    assert files.address("x.json").endswith("/deep/x.json")


def test_what_somebody_else_has_set_aside_meanwhile_is_no_error(files):
    assert "a.json" in files.below("deep").set_aside("a.json")


def test_what_is_kept_aside_lies_at_the_top_under_its_own_name(files):
    files.below("a").write("b.json", b"damaged")
    set_aside(files.below("a"), "b.json", b"damaged", "it is", "")
    [kept] = files.names("damaged/a")
    assert kept.startswith("b.json.")
    assert files.read(f"damaged/a/{kept}") == b"damaged"


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


def test_files_and_folders_of_the_archive_are_their_owners_alone(tmp_path):
    LocalFiles(tmp_path / "archive").write("days/a.json", b"x")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"archive": 0o700, "days": 0o700, ".tmp": 0o700, "a.json": 0o600}


def test_a_file_that_the_system_does_not_give_is_an_error_and_stays():
    """It may be in order: a memory that is read at its beginning is refused to an administrator, too."""
    with pytest.raises(OSError, match="Input/output error"):
        LocalFiles(Path("/proc/self")).read("mem")


def test_a_place_that_cannot_be_written_is_an_error_that_names_the_file(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="File exists") as refused:
        LocalFiles(tmp_path / "taken").write("a.json", b"x")
    assert refused.value.filename == str(tmp_path / "taken" / "a.json")
    assert str(explain(refused.value)).endswith(
        "taken/a.json: File exists; move what is in its place away, then run again"
    )


def test_a_disk_without_room_leaves_the_old_file_and_the_error_names_it(tmp_path):
    files = LocalFiles(tmp_path)
    files.write("a.json", b"old")
    with file_size_limit(8), pytest.raises(OSError, match="File too large") as refused:
        files.write("a.json", b"longer than eight bytes")
    assert files.read("a.json") == b"old"
    assert not list((tmp_path / ".tmp").iterdir())
    assert str(explain(refused.value)).endswith(
        "a.json: File too large; make room there, then run again: what was fetched is kept"
    )
