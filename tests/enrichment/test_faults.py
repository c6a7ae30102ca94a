"""Every fault of Fibery ends in the right status or the right error, and no reference is missing."""

import functools

import pytest

from tests.enrichment.conftest import AS_OF, Client, key
from timeweave.enrichment.enrichment import raise_failures
from timeweave.models.entities import Entities
from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import invent


@functools.cache
def references():
    workspace = invent(AS_OF).workspace
    found = []
    for name in ("Scrum/Bug", "Scrum/Chore", "Scrum/Feature", "Scrum/Sub-bug"):
        items = [item.number for item in workspace.rows(workspace.types[name])][-15:]
        found += [key(*name.split("/"), number) for number in items]
    return Entities(entities=found)


@pytest.fixture(scope="module")
def expected():
    with Sandbox(AS_OF) as sandbox:
        client = Client(sandbox.url)
        document = client.enrichment().run(references()).document
        client.client.close()
    return document


@pytest.fixture
def enrich():
    """Enrich under a behaviour that begins once the schema was read."""

    def run(batch_size=200, **behaviour):
        with Sandbox(AS_OF, behaviour=Behaviour()) as sandbox:
            client = Client(sandbox.url)
            sandbox.behaviour.update(behaviour)
            try:
                return client.enrichment(batch_size=batch_size).run(references()).document
            finally:
                client.client.close()

    return run


def statuses(document):
    assert [(one.space, one.database, one.public_id) for one in document.entities] == [
        (one.space, one.database, one.public_id) for one in references().entities
    ]
    return {one.status for one in document.entities}


@pytest.mark.parametrize("fault", ["500", "503", "502", "reset", "cut", "429"])
def test_passing_trouble_on_the_way_changes_nothing(enrich, expected, fault):
    assert enrich(batch_size=20, script=[fault, "ok", fault, fault, "ok", "ok", fault]) == expected


def test_random_trouble_changes_nothing(enrich, expected):
    assert enrich(batch_size=9, faults=["500", "503", "reset", "cut"], fault_rate=0.3) == expected


@pytest.mark.parametrize("fault", ["500", "reset"])
def test_lasting_trouble_fails_the_references_and_the_run_names_them(enrich, fault, monkeypatch):
    monkeypatch.setattr("timeweave.web.client.ATTEMPTS", 2)
    document = enrich(faults=[fault], fault_rate=1.0, most_in_a_row=10_000)
    assert statuses(document) == {"failed"}
    with pytest.raises(IncompleteData) as error:
        raise_failures(document)
    assert "60 of 60 references could not be read: Scrum/Bug #" in str(error.value)
    assert "and 40 more" in str(error.value)


def test_one_failed_command_of_an_array_is_asked_again(enrich, expected):
    assert enrich(failing_command=1) == expected


def test_a_command_that_always_fails_fails_its_items_with_what_was_said(enrich):
    document = enrich(batch_size=15, failing_command=0)
    assert statuses(document) == {"failed"}
    assert "Something went wrong on our side" in document.entities[0].reason


@pytest.mark.parametrize("most", [1, 4, 50])
def test_slow_queries_are_asked_in_smaller_ones(enrich, expected, most):
    assert enrich(timeout_over=most) == expected


def test_a_query_that_is_slow_for_a_single_item_fails(enrich):
    document = enrich(timeout_over=0)
    assert statuses(document) == {"failed"}
    assert "timeout" in document.entities[0].reason


@pytest.mark.parametrize("most", [1, 3, 10, 14])
def test_silently_shortened_lists_are_completed(enrich, expected, most):
    assert enrich(short_lists=most) == expected


@pytest.mark.parametrize("null", ["null_collections", "null_as_object"])
def test_nulls_for_what_is_empty_change_nothing(enrich, expected, null):
    assert enrich(**{null: True}) == expected


def test_missing_rows_are_not_found(enrich, expected):
    gone = {references().entities[n].public_id for n in (3, 20)}
    document = enrich(missing=gone)
    for one, before in zip(document.entities, expected.entities, strict=True):
        assert one.status == ("not_found" if one.public_id in gone else "found")
        assert one.public_id in gone or one.name == before.name


def test_secured_fields_cost_those_fields(enrich, expected):
    document = enrich(secured=["Scrum/Severity", "workflow/state", "Scrum/Tasks"])
    assert statuses(document) == {"found"}
    for one, before in zip(document.entities, expected.entities, strict=True):
        assert one.state is None
        assert (one.name, one.description, one.assignees) == (before.name, before.description, before.assignees)
    bugs = [one for one in document.entities if one.database == "Bug"]
    assert {one.fields["Severity"] for one in bugs} == {None}
    assert any(one.fields["Priority"] for one in bugs)


def test_a_secured_description_is_empty(enrich):
    document = enrich(secured=["Scrum/Description", "Scrum/description", "comments/comments", "assignments/assignees"])
    assert statuses(document) == {"found"}
    assert {
        (one.description, len(one.comments), len(one.assignees)) for one in document.entities if one.database != "Bug"
    } == {(None, 0, 0)}


def test_a_database_that_may_not_be_read_at_all_fails(enrich):
    document = enrich(secured=["fibery/public-id"])
    assert statuses(document) == {"failed"}
    assert "secured field" in document.entities[0].reason


def test_a_database_that_vanished_fails_its_items_only(enrich):
    document = enrich(vanished=["Scrum/Chore"])
    for one in document.entities:
        assert one.status == ("failed" if one.database == "Chore" else "found")
    with pytest.raises(IncompleteData, match="15 of 60 references could not be read: Scrum/Chore #"):
        raise_failures(document)


def test_a_wrong_token_is_an_error_at_once():
    with Sandbox(AS_OF) as sandbox, pytest.raises(TimeweaveError, match="FIBERY_API_TOKEN"):
        Client(sandbox.url, "00000000.0000000000000000000000000000000000000")
