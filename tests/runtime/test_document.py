"""Documents are written whole, the same way every time."""

import os
import signal
import subprocess
import sys

import pytest

from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError

DOCUMENT = Entities(entities=[EntityKey(space="Büro", database=None, public_id="7")])


def test_a_document_reads_back(tmp_path):
    document.write(tmp_path / "a" / "b.json", DOCUMENT)
    assert document.read(tmp_path / "a" / "b.json", Entities) == DOCUMENT


def test_keys_are_sorted_and_text_is_utf8(tmp_path):
    document.write(tmp_path / "x.json", {"b": 1, "a": "ü"})
    assert (tmp_path / "x.json").read_bytes() == '{\n "a": "ü",\n "b": 1\n}\n'.encode()


def test_nothing_is_left_of_a_write_that_fails(tmp_path):
    path = tmp_path / "x.json"
    document.write(path, DOCUMENT)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        document.write(path, object())
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        document.write_bytes(path, before)
    assert [file.name for file in tmp_path.iterdir()] == ["x.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"entities": 3}', b'{"entities": [], "more": 1}', b"\xff"])
def test_a_damaged_document_is_named(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(TimeweaveError, match=r"x\.json cannot be read.*dvc repro"):
        document.read(tmp_path / "x.json", Entities)


def test_a_folder_in_the_place_of_a_document_is_named(tmp_path):
    with pytest.raises(TimeweaveError, match=r"is a folder; run `timeweave doctor --repair`"):
        document.read(tmp_path, Entities)


@pytest.mark.parametrize("content", [b'{"schema": 9, "entities": []}', b'{"schema": 9, "entries": 3}'])
def test_a_document_of_a_newer_schema_is_in_order_and_the_program_is_to_be_updated(content):
    with pytest.raises(
        TimeweaveError, match=r"x\.json was made by a newer Timeweave \(schema 9, known is 2\); update it"
    ):
        document.decode(content, Entities, "x.json")


def test_a_missing_document_says_what_writes_it(tmp_path):
    with pytest.raises(TimeweaveError, match=r"x\.json does not exist"):
        document.read(tmp_path / "x.json", Entities)


def files(folder):
    """Every file below a folder with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_holds_what_was_written_last_and_nothing_older(tmp_path):
    document.write_folder(tmp_path / "site", [("index.html", b"1"), ("people/a.html", b"2")])
    document.write_folder(tmp_path / "site", [("index.html", b"3"), ("people/b.html", b"4")])
    assert files(tmp_path) == {"site/index.html": b"3", "site/people/b.html": b"4"}


def test_a_folder_without_files_is_an_empty_folder(tmp_path):
    document.write_folder(tmp_path / "plots", [])
    assert (tmp_path / "plots").is_dir()


def test_files_of_a_folder_are_written_as_they_come_and_not_held_in_memory(tmp_path):
    seen = []

    def pages():
        for number in range(3):
            seen.append(len(files(tmp_path)))
            yield f"{number}.html", b"page"

    document.write_folder(tmp_path / "site", pages())
    assert seen == [0, 1, 2]


def test_a_folder_whose_files_fail_stays_as_it_was(tmp_path):
    def pages():
        yield "index.html", b"new"
        raise ValueError("no second page")

    document.write_folder(tmp_path / "site", [("index.html", b"old")])
    with pytest.raises(ValueError, match="no second page"):
        document.write_folder(tmp_path / "site", pages())
    assert files(tmp_path) == {"site/index.html": b"old"}


KILLED = """
import os, pathlib, signal, sys
from timeweave.runtime import document

def pages():
    for number in range(3):
        yield f"{number}.html", b"new"
    os.kill(os.getpid(), signal.SIGKILL)

document.write_folder(pathlib.Path(sys.argv[1]), pages())
"""


def test_nothing_that_a_killed_process_leaves_lies_in_the_folder(tmp_path):
    document.write_folder(tmp_path / "site", [("index.html", b"old")])
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "site")], env=os.environ | path, check=False)
    assert done.returncode == -signal.SIGKILL
    assert files(tmp_path / "site") == {"index.html": b"old"}
    document.write_folder(tmp_path / "site", [("index.html", b"newer")])
    assert files(tmp_path) == {"site/index.html": b"newer"}
