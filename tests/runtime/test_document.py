"""Documents are written whole, the same way every time."""

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


def test_a_missing_document_says_what_writes_it(tmp_path):
    with pytest.raises(TimeweaveError, match=r"x\.json does not exist"):
        document.read(tmp_path / "x.json", Entities)
