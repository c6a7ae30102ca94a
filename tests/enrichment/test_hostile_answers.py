"""Whatever Fibery answers: a record for every reference, or one sentence; never a document that nobody can read."""

import functools
import json
from datetime import date
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrichment.conftest import AS_OF, DEMO_ACCOUNT, Client, key
from tests.hostile import DEEP, INFINITE, LONG_NUMBER, OTHER_TYPES, Altering, at_each_place, dump, raw, remember_answers
from timeweave.archive.files import LocalFiles
from timeweave.enrichment.enrichment import raise_failures
from timeweave.enrichment.item_query.row_check import RowCheck
from timeweave.fibery.database import Workspace
from timeweave.fibery.query import IDENTITY, Column, read_value
from timeweave.fibery.schema import fetch_schema
from timeweave.models.enriched import Enriched
from timeweave.models.entities import Entities
from timeweave.runtime import document
from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import invent
from timeweave.web.answers import UnusableAnswer

COMMANDS, DOCUMENTS, SCHEMA = "/api/commands", "/api/documents/commands", "/api/schema"


@functools.cache
def some(*names):
    workspace = invent(AS_OF).workspace
    found = [
        key(*name.split("/"), item.number)
        for name in names
        for item in list(workspace.rows(workspace.types[name]))[-3:]
    ]
    return Entities(entities=found)


def references():
    return some("Scrum/Task", "Scrum/Bug", "Scrum/Feature")


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(AS_OF, behaviour=Behaviour(quota=None)) as running:
        remember_answers(running)
        yield running


@pytest.fixture(scope="module")
def fibery(sandbox):
    client = Client(sandbox.url)
    yield client
    client.client.close()


@pytest.fixture
def altering(sandbox, monkeypatch):
    monkeypatch.setattr("timeweave.web.client.ATTEMPTS", 2)
    return Altering(sandbox)


def enrich(fibery):
    """The document, written and read again as the next stage reads it, and what a person is told."""
    outcome = fibery.enrichment(batch_size=5).run(references())
    content = document.encode(outcome.document)
    assert document.decode(content, Enriched, "enriched.json") == outcome.document
    assert len(content) < 2_000_000
    assert [(one.database, one.public_id) for one in outcome.document.entities] == [
        (one.database, one.public_id) for one in references().entities
    ]
    return outcome


def failures(outcome):
    """The one sentence that a run with failed references ends with; empty where none failed."""
    try:
        raise_failures(outcome.document)
    except IncompleteData as error:
        assert error.exit_code == 5
        assert "\n" not in str(error)
        return str(error)
    return ""


def change_rows(change):
    """Envelopes whose last row each is changed."""

    def altered(envelopes):
        for envelope in envelopes:
            if envelope["success"] and envelope["result"]:
                envelope["result"][-1] = change(envelope["result"][-1])
        return envelopes

    return altered


VALUES = {
    **OTHER_TYPES, **INFINITE, **LONG_NUMBER, "half a surrogate pair": raw('"\\ud800"'), "20,000 characters": "x" * 20_000,
    "the year 1": "0001-01-01", "the year 9999": "9999-12-31T23:59:59.999Z", "no offset": "2025-10-12T08:00:00",
    "1e308": 1e308, "a range of the year 1": {"start": "0001-01-01", "end": "0001-01-01"}, "half a range": {"start": 7},
    "a range with a key more": {"start": "2025-01-01", "end": "2025-01-05", "timeZone": 5}, "the year 1999": "1999-12-31",
    "hundreds of them": [{"id": str(number)} for number in range(300)],
}  # fmt: skip


@at_each_place(VALUES, often=("null", "a word", "objects", "NaN", "a number of 5000 digits", "hundreds of them"))
def test_a_value_of_any_kind_in_every_column_is_a_record_or_a_failed_item(fibery, altering, name, number):
    def change(row):
        return {alias: row[alias] if alias == "public_id" else VALUES[name] for alias in row}

    with altering.through(COMMANDS, change_rows(change), number):
        outcome = enrich(fibery)
    assert altering.answered == 1
    said = failures(outcome)
    assert not said or "Fibery" in said
    no_json = {**INFINITE, **LONG_NUMBER}
    assert ("POST /api/commands cannot be used" in said) == (name in no_json)


@pytest.mark.parametrize("number", [0, 1], ids=["the first answer", "a later answer"])
@pytest.mark.parametrize("name", DEEP)
def test_a_value_of_any_depth_fails_the_items_of_its_request(fibery, altering, name, number):
    with altering.through(COMMANDS, change_rows(lambda row: {**row, "f0": DEEP[name]}), number):
        assert "nested deeper than 100 levels" in failures(enrich(fibery))


COLUMNS = (
    "id",
    "f0",
    "f1",
    "f2",
    "f3",
    "people",
    "comments",
    "state_name",
    "state_type",
    "state_final",
    "up0_public_id",
    "up0_name",
)


@pytest.mark.parametrize("alias", COLUMNS)
def test_one_column_at_a_time_takes_a_value_of_any_type(fibery, altering, alias):
    values = cycle(OTHER_TYPES.values())

    def change(envelopes):
        for row in (row for envelope in envelopes if envelope["success"] for row in envelope["result"]):
            row[alias] = next(values)
        return envelopes

    for _ in range(2):
        with altering.through(COMMANDS, change, None):
            failures(enrich(fibery))


@pytest.mark.parametrize("value", [None, 1.5, [], {}, "other"], ids=str)
def test_rows_that_do_not_say_whose_they_are_fail_what_they_may_be(fibery, altering, value):
    with altering.through(COMMANDS, change_rows(lambda row: {**row, "public_id": value}), None):
        outcome = enrich(fibery)
    assert value == "other" or "without a public id" in failures(outcome)


ENVELOPES = {
    "null": b"null", "text": b'"rows"', "an object": b"{}", "too few": b"[]", "null in it": b"[null, null]", "NaN": b"[NaN]",
    "deep": b"[" * 50_000 + b"]" * 50_000, "broken": b'[{"success": true}}', "nothing": b"",
    "not JSON": b"<html>", "UTF-16": '[{"success": true}]'.encode("utf-16"), "no list": b'[{"success": true, "result": 7}]',
    "rows of null": b'[{"success": true, "result": [null]}]', "success as text": b'[{"success": "yes", "result": []}]',
    "a deep reason": b'[{"success": false, "result": {"message": ' + b"[" * 90 + b"]" * 90 + b', "name": []}}]',
}  # fmt: skip


@pytest.mark.parametrize("name", ENVELOPES)
def test_envelopes_of_another_shape_in_every_answer_are_a_sentence(fibery, altering, name):
    refuse_envelope(fibery, altering, name, None)


@at_each_place(ENVELOPES, often=("too few", "deep", "not JSON", "rows of null"))
def test_an_envelope_of_another_shape_is_a_sentence(fibery, altering, name, number):
    refuse_envelope(fibery, altering, name, number)


def refuse_envelope(fibery, altering, name, number):
    with altering.through(
        COMMANDS, lambda _: Response(ENVELOPES[name], 200, {"Content-Type": "application/json"}), number
    ):
        try:
            outcome = enrich(fibery)
        except TimeweaveError as error:
            assert "Fibery" in str(error)
            return
    assert number is not None or "Fibery" in failures(outcome)


TEXTS = {
    "null": None, "text": "x", "an object": {}, "a number in it": [7], "a list in it": [[]], "no secret": [{"content": "x"}],
    "a secret that is a list": [{"secret": [], "content": "x"}], "a number": 7, **INFINITE, **DEEP,
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_documents_of_another_shape_are_missing_from_the_items_that_they_belong_to(fibery, altering, name):
    with altering.through(DOCUMENTS, lambda _: TEXTS[name], None):
        assert "did not come: Fibery's answer to POST /api/documents/commands cannot be used" in failures(
            enrich(fibery)
        )


@pytest.mark.parametrize("content", [7, [], {}, True], ids=str)
def test_a_text_of_another_type_fails_the_items_of_its_request(fibery, altering, content):
    with altering.through(DOCUMENTS, lambda texts: [*texts[:-1], {**texts[-1], "content": content}], None):
        assert "content: Expected `str | null`" in failures(enrich(fibery))


def test_texts_that_are_too_long_are_cut_and_said_once(fibery, altering):
    with altering.through(DOCUMENTS, lambda texts: [{**one, "content": "x" * 150_000} for one in texts], None):
        outcomes = [enrich(fibery) for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert {len(one.description or "") for one in outcomes[0].document.entities} <= {0, 100_000}
    assert "Scrum/Task: texts longer than 100,000 characters are cut" in outcomes[0].remarks
    assert len(outcomes[0].remarks) == len(set(outcomes[0].remarks))


def test_names_that_are_too_long_and_dates_out_of_reach_are_left_out_and_said(fibery, altering):
    def change(row):
        return {**row, "f0": "x" * 100_000, "f1": "0001-01-01T00:00:00Z"}

    with altering.through(COMMANDS, change_rows(change), None):
        outcomes = [enrich(fibery) for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert failures(outcomes[0]) == ""
    said = [remark for remark in outcomes[0].remarks if remark.startswith("Scrum/Task")]
    assert [one.partition(" of #")[0] for one in said] == ["Scrum/Task: Scrum/Name", "Scrum/Task: fibery/creation-date"]
    assert said[0].endswith("is longer than 10,000 characters, and cut")
    assert said[1].endswith("is not a date of the years 2000 to 2100, and left empty")


def named(**keys):
    return {"fibery/name": "Scrum/Task", **keys}


SCHEMAS = {
    "null": None, "a list": [], "no types": {}, "types of null": {"fibery/types": None}, "a type of null": {"fibery/types": [None]},
    "no name": {"fibery/types": [{}]}, "an empty name": {"fibery/types": [{"fibery/name": ""}]},
    "a name of 1 MB": {"fibery/types": [{"fibery/name": "x" * (1 << 20)}]},
    "a name that is a list": {"fibery/types": [{"fibery/name": []}]}, "fields as text": {"fibery/types": [named(**{"fibery/fields": "x"})]},
    "a field of null": {"fibery/types": [named(**{"fibery/fields": [None]})]},
    "a field without a type": {"fibery/types": [named(**{"fibery/fields": [{"fibery/name": "a"}]})]},
    "meta as a list": {"fibery/types": [named(**{"fibery/meta": []})]},
    "a flag as text": {"fibery/types": [named(**{"fibery/meta": {"fibery/domain?": "yes"}})]},
    "an id that is a number": {"fibery/types": [named(**{"fibery/id": 7})]},
    "deleted as text": {"fibery/types": [named(**{"fibery/deleted?": "no"})]}, "a version as text": {"fibery/types": [], "fibery/version": "7"},
    **INFINITE, **DEEP, **LONG_NUMBER,
}  # fmt: skip


@pytest.mark.parametrize("kept", [False, True], ids=["the first time", "another time"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_does_not_fit_is_refused_and_the_one_before_stays(
    fibery, sandbox, altering, tmp_path, name, kept
):
    files = LocalFiles(tmp_path)
    if kept:
        fetch_schema(fibery.client, DEMO_ACCOUNT, files)
    before = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    content = {"Content-Type": "application/json", "ETag": "2"}
    # The one that is kept would be answered with 304.
    changed = Response(dump(SCHEMAS[name]), 200, content)
    before_all, sandbox._server.respond = sandbox._server.respond, lambda request: changed
    try:
        with pytest.raises(UnusableAnswer, match="Fibery's answer to GET /api/schema"):
            fetch_schema(fibery.client, DEMO_ACCOUNT, files)
    finally:
        sandbox._server.respond = before_all
    assert {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("etag", ["x" * 60_000, '"\xff"', '"a\x85b"', "\x0b", '"two" words', 'W/"fine"'])
def test_a_mark_of_the_schema_is_sent_back_only_where_it_can_be(fibery, altering, tmp_path, etag):
    files = LocalFiles(tmp_path)
    with altering.through(SCHEMA, lambda body: Response(json.dumps(body).encode(), 200, {"ETag": etag}), None):
        found = fetch_schema(fibery.client, DEMO_ACCOUNT, files)
    assert found.etag == (etag if etag == 'W/"fine"' else None)
    assert fetch_schema(fibery.client, DEMO_ACCOUNT, files).types == found.types


def test_a_schema_with_signs_of_any_kind_in_its_names_can_be_used(altering, fibery):
    odd = {
        "fibery/name": raw('"A/\\u0000\\ud800"'),
        "fibery/meta": {"fibery/domain?": True},
        "fibery/fields": [{"fibery/name": "/", "fibery/type": "?"}],
    }
    with altering.through(SCHEMA, lambda body: {**body, "fibery/types": [*body["fibery/types"], odd]}):
        workspace = Workspace(fetch_schema(fibery.client, DEMO_ACCOUNT))
    assert "A/\0\ufffd" in {database.name for database in workspace.databases}


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500])
@pytest.mark.parametrize(
    "body",
    [DEEP["deep lists"], {"message": [[]]}, "\x1b[2J", raw('"\\ud800"')],
    ids=lambda body: str(body)[:12],
)
def test_a_refusal_in_any_words_is_a_sentence(fibery, altering, status, body):
    with altering.through(COMMANDS, lambda _: Response(dump(body), status, {"Retry-After": "0"}), None):
        try:
            said = failures(enrich(fibery))
        except TimeweaveError as error:
            said = str(error)
    assert f"Fibery answered {status}" in said or "Fibery has nothing at" in said
    assert said.isprintable()


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5) | st.sampled_from(["0001-01-01", "2025-10-12", "2025-10-12T08:00:00Z", "1e400", "-7.5"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "hours", "start", "end", "at", "timeZone"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
ASKED = {
    **IDENTITY, "f0": Column(["Name"], type="fibery/text"), "f1": Column(["Day"], type="fibery/date"),
    "f2": Column(["Days"], type="fibery/date-range"), "f3": Column(["Effort"], type="fibery/decimal"),
    "f4": Column(["Text"], is_document=True), "hours": Column(["Hours"]), "state_final": Column(["Final"]),
    "items1": Column({"q/from": "Tasks"}, is_list=True), "items1_count": Column(["q/count", ["Tasks", "fibery/id"]], is_count=True),
}  # fmt: skip


NO_DATE = "not a date of the years 2000 to 2100, and left empty"


@pytest.mark.parametrize(
    ("alias", "sent", "kept", "why"),
    [
        ("f1", "1999-12-31", None, NO_DATE),
        ("f1", "2025-09-01T10:00:00", None, "a time without its offset from UTC, and left empty"),
        ("f2", {"start": "2025-01-01", "end": "9999-12-31"}, {"start": "2025-01-01", "end": None}, NO_DATE),
        ("f2", {"start": "1999-12-31", "end": "2000-01-02"}, {"start": None, "end": "2000-01-02"}, NO_DATE),
        ("f2", {"start": "0001-01-01", "end": "9999-12-31"}, None, NO_DATE),
        ("f2", {"start": "2025-01-01", "end": "2025-01-05", "timeZone": 5}, {"start": "2025-01-01", "end": "2025-01-05"}, ""),
    ],
)  # fmt: skip
def test_of_dates_only_what_is_none_is_left_empty_and_the_reason_is_said(alias, sent, kept, why):
    row = {alias: dict(sent) if isinstance(sent, dict) else sent}
    said = RowCheck(ASKED).check(row)
    assert said == ({(ASKED[alias].path, why)} if why else set())
    assert read_value(ASKED[alias], row[alias]) == kept


@given(st.dictionaries(st.sampled_from(list(ASKED)), ANY))
def test_any_row_fits_or_is_a_sentence(row):
    try:
        RowCheck(ASKED).check(row)
    except UnusableAnswer as error:
        assert str(error).startswith("Fibery's answer cannot be used: ")
        return
    assert row.get("f1") is None or 2000 <= date.fromisoformat(row["f1"][:10]).year <= 2100
    assert all(isinstance(one, dict) for one in row.get("items1") or [])
    document.encode({alias: read_value(column, row.get(alias)) for alias, column in ASKED.items()})
