"""The items above those that time was logged on, in the demo's workspace and over HTTP."""

import functools

import pytest

from tests.enrichment.conftest import AS_OF, Client, key
from tests.enrichment.workspaces import KNOWN
from timeweave.enrichment.activities import find
from timeweave.enrichment.enrichment import raise_failures
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader
from timeweave.enrichment.related_items import list_ancestors
from timeweave.models.entities import Entities
from timeweave.runtime.errors import IncompleteData
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import invent

NAMED = """enrichment_activities:
  "Scrum/Sub-task": {}
  "Scrum/Feature": {fields: [Priority, Action points]}
"""


def list_last(database, count=10):
    """References to the last items of a database."""
    workspace = invent(AS_OF).workspace
    items = [item.number for item in workspace.rows(workspace.types[database])][-count:]
    return [key(*database.split("/"), number) for number in items]


@functools.cache
def references():
    return Entities(entities=list_last("Scrum/Sub-task", 120) + list_last("Scrum/Feature", 2))


def keys(items):
    return [(one.space, one.database, one.public_id) for one in items]


def list_parents(document):
    return {found for one in document.entities for found in keys(one.parents)}


@pytest.fixture(scope="module")
def document(sandbox):
    client = Client(sandbox.url)
    found = client.enrichment().run(references()).document
    client.client.close()
    return found


@pytest.fixture
def write(tmp_path):
    def config(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return config


def test_each_parent_is_there_once_unless_it_is_among_the_items(document):
    found = keys(document.ancestors)
    assert set(found) == list_parents(document) - set(keys(document.entities))
    assert len(found) == len(set(found))
    assert found == [
        (space, label, number) for space, label, number in sorted(found, key=lambda one: (*one[:2], int(one[2])))
    ]
    assert {label for _, label, _ in found} >= {"Task", "Feature", "Epic"}
    assert any(one in keys(document.entities) for one in list_parents(document))


def test_an_ancestor_is_what_it_is_as_an_item_but_for_its_texts(client, document):
    items = client.run(*(key(one.space, one.database, one.public_id) for one in document.ancestors))
    for one in document.ancestors:
        item = items[one.space, one.database, one.public_id]
        assert one == type(one)(
            **{name: getattr(item, name) for name in item.__struct_fields__} | {"description": None, "comments": []}
        )
    for part in ("state", "planned_end", "assignees", "parents", "progress", "fields", "overdue"):
        assert any(getattr(one, part) for one in document.ancestors), part


@pytest.fixture
def listened(client):
    """The databases that each request asks, and how many documents; in the order of the requests."""
    asked, query, fetch = [], client.client.query, client.client.fetch_documents
    client.client.query = lambda args: asked.append([one["query"]["q/from"] for one in args]) or query(args)
    client.client.fetch_documents = lambda secrets: asked.append(len(secrets)) or fetch(secrets)
    return asked


def test_each_database_of_ancestors_costs_one_query_and_all_of_them_one_request(client, listened):
    client.enrichment().run(references())
    assert listened[:2] == [
        ["Scrum/Feature", "Scrum/Sub-task"],
        ["Scrum/Bug", "Scrum/Epic", "Scrum/Feature", "Scrum/Task"],
    ]
    assert all(isinstance(one, int) for one in listened[2:])


def test_only_databases_that_the_configuration_covers_are_read_and_no_text_for_it(client, listened, write):
    document = client.enrichment(write(NAMED)).run(references()).document
    assert {one.database for one in document.ancestors} == {"Feature"}
    assert all(set(one.fields) == {"Priority"} for one in document.ancestors)
    texts = [one.description for one in document.entities] + [
        one.fields.get("Action points") for one in document.entities
    ]
    assert sum(one for one in listened if isinstance(one, int)) <= len(texts)
    assert any(one.progress for found in document.entities for one in found.parents)


def test_where_the_configuration_covers_no_parent_there_is_none(client, write):
    config = write('enrichment_activities:\n  "Scrum/Sub-task": {}\n')
    document = client.enrichment(config).run(references()).document
    assert list_parents(document)
    assert document.ancestors == []


@pytest.fixture
def enrich_under():
    """Enrich under a behaviour that begins once the schema was read."""

    def run(given=None, **behaviour):
        with Sandbox(AS_OF, behaviour=Behaviour()) as sandbox:
            client = Client(sandbox.url)
            sandbox.behaviour.update(behaviour)
            try:
                return client.enrichment().run(given or references()).document
            finally:
                client.client.close()

    return run


def test_an_ancestor_that_the_token_may_not_see_stays_a_parent_only(enrich_under, document):
    hidden = document.ancestors[0]
    others = Entities(entities=[one for one in references().entities if one.public_id != hidden.public_id])
    less = enrich_under(others, missing=[hidden.public_id])
    assert keys([hidden])[0] in list_parents(less)
    assert hidden.public_id not in {one.public_id for one in less.ancestors}
    assert less.unanswered == []
    raise_failures(less)


def test_an_ancestor_that_did_not_come_is_said_and_stops_the_run(enrich_under, document):
    less = enrich_under(vanished=["Scrum/Epic"])
    assert keys(less.ancestors) == keys(document.ancestors)
    epics = [one for one in less.ancestors if one.database == "Epic"]
    assert {one.status for one in epics} == {"failed"}
    assert {one.status for one in less.ancestors if one.database != "Epic"} == {"found"}
    assert less.entities == document.entities
    [said] = less.unanswered
    assert said.startswith(f"Scrum/Epic: {len(epics)} items did not come: ")
    with pytest.raises(IncompleteData, match=f"Scrum/Epic: {len(epics)} items did not come"):
        raise_failures(less)


def test_a_database_of_ancestors_that_the_token_may_not_read_at_all_fails_nothing():
    epic, columns = (
        KNOWN.get_type("Scrum/Epic"),
        ItemColumns(KNOWN.get_type("Scrum/Epic"), find("default_enrich_entity")),
    )
    readers = [ItemReader(epic.name, columns.by_alias, ["7", "10"]) for _ in range(2)]
    for reader in readers:
        reader.failed["7"] = "entity.error/query-with-permissions-field-expression-invalid"
    readers[0].is_closed = True
    assert [list_ancestors([(columns, reader)]) for reader in readers] == [
        [],
        [(key("Scrum", "Epic", 7), columns, readers[1])],
    ]


def test_passing_trouble_changes_nothing(enrich_under, document):
    assert enrich_under(script=["ok", "500", "cut", "ok", "reset"]) == document


def test_estimates_are_read_though_they_are_not_among_the_fields(client, write):
    config = write(
        'enrichment_activities:\n  "Scrum/Sub-task": {estimate: {field: estimate (h), unit: hours}}\n'
        '  "Scrum/Task":\n    estimate: {field: Story Points, unit: points}\n    spent: {field: Estimate (D), unit: days, hours_per_day: 7.5}\n'
    )
    fields = client.enrichment().run(references()).document.entities
    document = client.enrichment(config).run(references()).document
    estimates = [one.estimate_seconds for one in document.entities if one.database == "Sub-task"]
    shown = [one.fields["Estimate (H)"] for one in fields if one.database == "Sub-task"]
    assert estimates == [None if hours is None else round(hours * 3600) for hours in shown]
    assert None in estimates and any(estimates)
    tasks = [one for one in document.ancestors if one.database == "Task"]
    assert any(one.estimate_points for one in tasks)
    assert {one.estimate_seconds for one in tasks} == {None}
    assert {one.spent_seconds % 27_000 for one in tasks if one.spent_seconds} == {0}
    assert all(one.fields == {} for one in document.entities)
