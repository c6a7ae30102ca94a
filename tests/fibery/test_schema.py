"""The schema as Fibery sends it, and as it is kept."""

from datetime import date

import msgspec
import pytest

from tests.fibery.shapes import ACME, database, field, raw, type_
from timeweave import sandbox as invented
from timeweave.archive.files import LocalFiles
from timeweave.fibery.connection import FiberySettings, connect, find_account
from timeweave.fibery.schema import NAME, SchemaDocument, fetch_schema, find_files, parse_schema
from timeweave.runtime.errors import TimeweaveError
from timeweave.sandbox.company import FIBERY_TOKEN
from timeweave.sandbox.server import Sandbox

AS_OF = date(2025, 10, 14)


def test_deleted_types_and_fields_are_left_out_and_the_rest_is_sorted():
    shapes = raw(
        database("B/Later", field("B/Old_k3x9q2a_deleted", "fibery/text", deleted=True), field("B/A", "fibery/text")),
        database("A/First"),
        type_("A/Removed", deleted=True, domain=True),
    )
    found = parse_schema(shapes, ACME, "e")
    named = [one.name for one in found.types]
    assert named == sorted(named)
    assert "A/Removed" not in named
    later = next(one for one in found.types if one.name == "B/Later")
    assert [one.name for one in later.fields][:2] == ["B/A", "B/Name"]


def test_it_survives_its_own_file():
    found = parse_schema(raw(database("A/B")), ACME, "e")
    assert msgspec.json.decode(msgspec.json.encode(found), type=SchemaDocument) == found


@pytest.mark.parametrize("answer", [None, [], "text", {"fibery/types": [{}]}, {"fibery/types": None}, {"data": {}}])
def test_another_answer_is_refused_with_a_sentence(answer):
    with pytest.raises(TimeweaveError, match="not a schema"):
        parse_schema(answer, ACME, None)


@pytest.fixture
def files(tmp_path):
    return LocalFiles(tmp_path)


def test_what_is_kept_of_the_demo_names_no_port(files):
    settings = FiberySettings()
    with connect("demo", settings, AS_OF) as client:
        fetch_schema(client, find_account("demo", settings), files)
        port = client.url.rpartition(":")[2]
    assert f":{port}" not in files.read(NAME).decode()


def test_a_schema_that_has_not_changed_is_asked_for_and_comes_from_the_file(files, monkeypatch):
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    with Sandbox(AS_OF) as sandbox:
        settings = FiberySettings(url=sandbox.url, account="acme", requests_per_second=1000)
        with connect("live", settings, AS_OF) as client:
            first = fetch_schema(client, find_account("live", settings), files)
            before = files.read(NAME)
            assert fetch_schema(client, find_account("live", settings), files) == first
            assert [request.status for request in sandbox.requests] == [200, 304]
            files.write(NAME, b"{cut")
            assert fetch_schema(client, find_account("live", settings), files) == first
            files.remove(NAME)
            assert fetch_schema(client, find_account("live", settings), files) == first
            assert files.read(NAME) == before
            other = find_account("live", FiberySettings(account="other"))
            assert fetch_schema(client, other, files).account == "other"
            assert [request.status for request in sandbox.requests[2:]] == [200, 200, 200]


def test_each_workspace_is_kept_in_a_folder_of_its_own(monkeypatch):
    acme, other = (find_account("live", FiberySettings(account=name)) for name in ("a", "b"))
    demo = find_account("demo", FiberySettings())
    addresses = [find_files(where).address() for where in (demo, acme, other)]
    monkeypatch.setattr(invented, "find_fingerprint", lambda: "of another sandbox")
    assert len({*addresses, find_files(demo).address()}) == 4
    assert find_files(acme).address() == addresses[1]
