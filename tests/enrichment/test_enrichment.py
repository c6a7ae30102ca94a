"""The demo's workspace, enriched over HTTP."""

import msgspec
import pytest

from tests.enrichment.conftest import AS_OF, Client, key
from timeweave.models.entities import Entities
from timeweave.sandbox.company import FIBERY_LIMITED_TOKEN, FIBERY_TOKEN
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import invent

EARLIER = """enrichment_activities:
  "Scrum/Task":      {activity: enrich_scrum_task, max_concurrent: 5, fields: [Story Points, Sprint, Epic]}
  "Product/Feature": {activity: enrich_product_feature, max_concurrent: 3, fields: [Revenue Impact, Launch Date]}
  default:           {activity: default_enrich_entity, max_concurrent: 5}
"""


@pytest.fixture(scope="module")
def numbers():
    """The last public ids of each database that exist on the day."""
    workspace = invent(AS_OF).workspace

    def last(database, count=10):
        rows = workspace.rows(workspace.types[database])
        return [item.number for item in rows][-count:]

    return last


@pytest.fixture
def write(tmp_path):
    def config(text):
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return config


def test_the_configuration_of_the_earlier_version_works_unchanged(client, numbers, write):
    tasks = [key("Scrum", "Task", number) for number in numbers("Scrum/Task", 30)]
    features = [key("Product", "Feature", number) for number in numbers("Product/Feature", 30)]
    chores = [key("Scrum", "Chore", number) for number in numbers("Scrum/Chore")]
    found = list(client.run(*tasks, *features, *chores, config=write(EARLIER)).values())
    assert {one.status for one in found} == {"found"}
    assert {one.activity for one in found} == {"enrich_scrum_task", "enrich_product_feature", "default_enrich_entity"}
    assert all(set(one.fields) == {"Story Points", "Sprint", "Epic"} for one in found[:30])
    assert {type(one.fields["Story Points"]) for one in found[:30]} <= {int, float, type(None)}
    assert any(one.fields["Sprint"] == "Sprint 153" for one in found[:30])
    assert any(one.fields["Epic"] for one in found[:30])
    assert any(isinstance(one.fields["Revenue Impact"], float | int) for one in found[30:60])
    assert any(one.fields["Launch Date"] for one in found[30:60])
    assert all(one.fields == {} for one in found[60:])


def test_users_whom_a_description_mentions_without_a_name_are_somebody(client, numbers):
    tasks = [key("Scrum", "Task", number) for number in numbers("Scrum/Task", 40)]
    texts = [one.description or "" for one in client.run(*tasks).values()]
    assert [text for text in texts if text.endswith("\n\nSomebody knows **more** about this.")]
    assert [text for text in texts if "…" in text] == []


def test_without_fields_every_item_has_what_every_item_has(client, numbers, write):
    config = write("enrichment_activities:\n  default: {activity: default_enrich_entity}\n")
    found = list(
        client.run(*(key("Scrum", "Task", number) for number in numbers("Scrum/Task", 40)), config=config).values()
    )
    for one in found:
        assert (one.name, one.url, one.state, one.created, one.modified) != (None,) * 5
        assert one.found_as == "Scrum/Task"
    for part in ("started", "planned_start", "planned_end", "assignees", "description", "comments", "parents"):
        assert any(getattr(one, part) for one in found), part


@pytest.mark.parametrize(
    ("database", "chain"),
    [
        ("Scrum/Sub-task", ["Task", "Feature", "Epic"]),
        ("Scrum/Sub-bug", ["Bug", "Feature", "Epic"]),
        ("Scrum/Task", ["Feature", "Epic"]),
        ("Design/Work Version", ["Design Feature", "Feature", "Epic"]),
        ("Product/Feature", ["Feature", "Epic"]),
    ],
)
def test_parents_are_told_up_to_the_epic(client, numbers, database, chain):
    references = [key(*database.split("/"), number) for number in numbers(database, 40)]
    chains = [[parent.database for parent in one.parents] for one in client.run(*references).values()]
    assert chain in chains


def test_a_feature_has_its_progress_as_an_item_and_as_a_parent(client, numbers):
    features = client.run(*(key("Scrum", "Feature", number) for number in numbers("Scrum/Feature", 40)))
    tasks = client.run(*(key("Scrum", "Task", number) for number in numbers("Scrum/Task", 40)))
    assert any(0 < one.progress.final < one.progress.items for one in features.values())
    parents = [parent for one in tasks.values() for parent in one.parents if parent.database == "Feature"]
    assert parents
    for parent in parents:
        alone = features.get(("Scrum", "Feature", parent.public_id))
        assert parent.progress is not None
        assert alone is None or alone.progress == parent.progress


def test_overdue_is_planned_before_the_day_and_not_done(client, numbers):
    references = [
        key("Scrum", name, number) for name in ("Task", "Bug", "Sprint") for number in numbers(f"Scrum/{name}", 90)
    ]
    found = client.run(*references).values()
    late = [one for one in found if one.overdue]
    assert late
    assert all(one.planned_end < str(AS_OF) and not one.state.final and one.completed is None for one in late)
    assert not any(one.overdue for one in found if one.database == "Sprint")
    done = [one for one in found if one.state and one.state.final and one.planned_end and one.planned_end < str(AS_OF)]
    assert {one.state.meaning for one in done} == {"done", "cancelled"}
    assert not any(one.overdue for one in done)


def test_references_are_resolved_as_people_meant_them(client, numbers):
    task, chore = numbers("Scrum/Task", 1)[0], numbers("Scrum/Chore", 1)[0]
    found = client.run(
        key("scrum", "TASK", task), key("Scrum", "Task", task), key("Task", "Scrum", task), key(None, None, task),
        key("Chore", None, chore), key("Scrum", None, task), key("Scrum", "Task", 999_999),
        key("Scrum", "Taks", task), key("Nowhere", "Task", task),
    )  # fmt: skip
    assert [(one.status, one.found_as) for one in found.values()] == [
        ("found", "Scrum/Task"), ("found", "Scrum/Task"), ("found", "Scrum/Task"), ("unresolved", None),
        ("unresolved", None), ("unresolved", None), ("not_found", None),
        ("unknown_database", None), ("unknown_database", None),
    ]  # fmt: skip
    assert found[("scrum", "TASK", str(task))].name == found[("Task", "Scrum", str(task))].name
    reasons = [one.reason for one in found.values() if one.status != "found"]
    assert "did you mean Scrum/Task" in reasons[4]
    assert all(reasons)


def test_a_deleted_item_is_not_found(client):
    workspace = invent(AS_OF).workspace
    deleted = [n for n in range(3000, 3600) if workspace.find("Scrum/Task", str(n)) is None]
    found = client.run(*(key("Scrum", "Task", number) for number in deleted))
    assert deleted
    assert {one.status for one in found.values()} == {"not_found"}
    assert "deleted" in next(iter(found.values())).reason


@pytest.mark.parametrize(("threads", "batch_size"), [(1, 1), (5, 7), (20, 200), (20, 1)])
def test_the_document_does_not_depend_on_threads_batches_or_the_order_of_answers(numbers, threads, batch_size):
    references = [key(*name.split("/"), number) for name in ("Scrum/Bug", "Scrum/Feature", "Scrum/Sub-task", "Product/Feature", "Design/Work Version") for number in numbers(name, 9)]  # fmt: skip
    references += [key(None, None, 7), key("Scrum", "Task", 999_999), key("Chore", None, 3)]
    with Sandbox(AS_OF) as sandbox:
        client = Client(sandbox.url)
        expected = client.enrichment().run(Entities(entities=references)).document
        sandbox.behaviour.update({"latency": 0.004, "latency_seed": f"{threads}-{batch_size}"})
        run = client.enrichment(threads=threads, batch_size=batch_size)
        document = run.run(Entities(entities=references)).document
        client.client.close()
    assert msgspec.json.encode(document) == msgspec.json.encode(expected)
    assert max(run.limit.peaks.values()) <= threads


def test_many_items_of_many_databases_cost_a_handful_of_requests(sandbox, client, numbers):
    names = [database.name for database in client.workspace.databases]
    references = [key(*name.split("/"), number) for name in names for number in numbers(name, 12)]
    before = len(sandbox.requests)
    found = client.run(*references)
    texts = sum(len(one.comments) + 2 for one in found.values())
    assert {one.status for one in found.values()} == {"found"}
    assert len(sandbox.requests) - before <= len(references) / 200 + texts / 100 + 4


def test_the_bound_of_a_database_is_never_passed_and_can_be_seen(numbers):
    references = [key("Scrum", "Task", number) for number in numbers("Scrum/Task", 60)]
    with Sandbox(AS_OF) as sandbox:
        sandbox.behaviour.update({"latency": 0.01})
        client = Client(sandbox.url)
        run = client.enrichment(batch_size=2)
        run.run(Entities(entities=references))
        client.client.close()
    assert run.limit.limits["Scrum/Task"] == run.limit.peaks["Scrum/Task"] == 5


@pytest.mark.parametrize("path", [("Scrum", "Feature", "Budget")])
def test_a_secured_field_costs_that_field_for_a_limited_key_only(sandbox, numbers, write, path):
    space, database, label = path
    config = write(f'enrichment_activities:\n  "{space}/{database}": {{fields: [{label}, Priority]}}\n')
    references = Entities(entities=[key(space, database, number) for number in numbers(f"{space}/{database}", 30)])
    outcomes = []
    for token in (FIBERY_TOKEN, FIBERY_LIMITED_TOKEN):
        client = Client(sandbox.url, token)
        outcomes.append(client.enrichment(config).run(references))
        client.client.close()
    full, limited = outcomes
    assert any(one.fields["Budget"] is not None for one in full.document.entities)
    assert full.remarks == []
    assert limited.remarks == ["Scrum/Feature: this token may not read Scrum/Budget; left empty"]
    for all_of_it, less in zip(full.document.entities, limited.document.entities, strict=True):
        assert less == msgspec.structs.replace(all_of_it, fields={**all_of_it.fields, "Budget": None})


def test_no_secret_and_no_port_is_in_the_document(sandbox, client, numbers):
    references = Entities(entities=[key("Scrum", "Bug", number) for number in numbers("Scrum/Bug", 30)])
    run = client.enrichment()
    secrets = []
    real = client.client.fetch_documents
    client.client.fetch_documents = lambda wanted: secrets.extend(wanted) or real(wanted)
    text = msgspec.json.encode(run.run(references).document).decode()
    assert secrets
    assert not any(secret in text for secret in secrets)
    assert FIBERY_TOKEN not in text
    assert f":{sandbox.url.rpartition(':')[2]}" not in text
    assert "[//]: #" not in text
    assert "#^" not in text


def test_fields_of_every_kind_are_read_as_people_see_them(client, numbers, write):
    labels = "NAME, state, Assignees, Comments, Files, Impact analysis desc, Feature Assignees, creation date, Skip test, Estimate (D), Toggl, Sub-tasks, Project, Created By, AI Involvement"  # fmt: skip
    config = write(f'enrichment_activities:\n  "Scrum/Task": {{fields: [{labels}]}}\n  "Scrum/Sprint": {{fields: [Planned dates, "#", IsCurrent]}}\n')  # fmt: skip
    tasks = list(
        client.run(*(key("Scrum", "Task", number) for number in numbers("Scrum/Task", 60)), config=config).values()
    )
    for one in tasks:
        fields = one.fields
        assert list(fields) == labels.split(", ")
        assert (fields["NAME"], fields["state"]) == (one.name, one.state.name)
        assert fields["Assignees"] == [person.name for person in one.assignees]
        assert fields["Comments"] == [comment.text for comment in one.comments]
        assert fields["creation date"] == one.created
        assert isinstance(fields["Skip test"], bool)
        assert f"#{one.public_id} [Scrum] [Task]" in fields["Toggl"]
    for label, kind in [("Files", list), ("Feature Assignees", list), ("Sub-tasks", list), ("Estimate (D)", int), ("Impact analysis desc", str), ("Project", str), ("Created By", str), ("AI Involvement", str)]:  # fmt: skip
        filled = [one.fields[label] for one in tasks if one.fields[label]]
        assert filled, label
        assert all(isinstance(value, kind) for value in filled)
    sprint = client.run(key("Scrum", "Sprint", 153), config=config)[("Scrum", "Sprint", "153")]
    assert set(sprint.fields["Planned dates"]) == {"start", "end"}
    assert (sprint.fields["#"], type(sprint.fields["IsCurrent"])) == (153, bool)
    assert sprint.planned_start == sprint.fields["Planned dates"]["start"]
    assert sprint.planned_end < sprint.fields["Planned dates"]["end"]
