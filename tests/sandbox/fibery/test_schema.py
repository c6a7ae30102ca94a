"""The schema of the sandbox's workspace: its parts, and the traps that real schemas have."""

import re
from collections import Counter

import pytest

from tests.sandbox.plain_client import fibery, query, refused

DATABASES = {
    "Scrum/Task", "Scrum/Bug", "Scrum/Sub-task", "Scrum/Sub-bug", "Scrum/Feature", "Scrum/Epic", "Scrum/Sprint",
    "Scrum/Chore", "Scrum/Build", "Scrum/Release", "Product/Feature", "Design/Work Version", "Design/Design Feature",
    "Product Management/Request", "Product Management/Feedback", "Project management/Project",
}  # fmt: skip
SYSTEM = {"fibery/id", "fibery/public-id", "fibery/creation-date", "fibery/modification-date", "fibery/rank"}


@pytest.fixture(scope="module")
def whole(sandbox):
    return fibery(sandbox, "/api/schema").json()


@pytest.fixture(scope="module")
def types(whole):
    return {kind["fibery/name"]: kind for kind in whole["fibery/types"]}


def fields(kind):
    return {field["fibery/name"]: field for field in kind["fibery/fields"]}


def meta(named):
    return named["fibery/meta"]


def domains(types):
    return {name: kind for name, kind in types.items() if meta(kind).get("fibery/domain?")}


def test_it_has_the_keys_of_a_schema_and_is_the_one_that_the_command_gives(sandbox, whole):
    assert set(whole) == {"fibery/id", "fibery/version", "fibery/meta", "fibery/types"}
    assert isinstance(whole["fibery/version"], int)
    parts = frozenset(("fibery/name", "fibery/id", "fibery/deleted?", "fibery/meta"))
    assert {frozenset(kind) for kind in whole["fibery/types"]} == {parts | {"fibery/fields"}}
    every = [field for kind in whole["fibery/types"] for field in kind["fibery/fields"]]
    assert {frozenset(field) for field in every} == {parts | {"fibery/type"}}
    answer = fibery(sandbox, body={"command": "fibery.schema/query", "args": {"with-description?": True}}).json()
    assert answer == {"success": True, "result": whole}


def test_an_unchanged_schema_is_an_empty_304(sandbox):
    first = fibery(sandbox, "/api/schema")
    again = fibery(sandbox, "/api/schema", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    changed = fibery(sandbox, "/api/schema", **{"If-None-Match": 'W/"another"'})
    assert (changed.status_code, changed.content) == (200, first.content)


def test_every_type_and_field_has_an_id_of_its_own_and_every_field_a_known_type(types):
    ids = Counter(kind["fibery/id"] for kind in types.values())
    ids.update(field["fibery/id"] for kind in types.values() for field in kind["fibery/fields"])
    assert max(ids.values()) == 1
    assert {field["fibery/type"] for kind in types.values() for field in kind["fibery/fields"]} <= set(types)


def test_the_databases_of_the_demo_are_its_domain_types(types):
    assert set(domains(types)) == DATABASES | {"fibery/user"}
    assert "fibery/platform?" in meta(types["fibery/user"])


def test_every_database_has_the_system_fields(types):
    for name, kind in domains(types).items():
        assert set(fields(kind)) >= SYSTEM
        assert ("fibery/created-by" in fields(kind)) == (name != "fibery/user")
        assert "fibery/modified-by" not in fields(kind)


def test_each_relation_stands_on_exactly_two_fields(types):
    ends = Counter(
        meta(field)["fibery/relation"]
        for kind in types.values() for field in kind["fibery/fields"] if "fibery/relation" in meta(field)
    )  # fmt: skip
    assert set(ends.values()) == {2}
    assert len(ends) > 40


def test_both_ends_of_a_relation_point_at_each_other(types):
    feature, tasks = fields(types["Scrum/Task"])["Scrum/Feature"], fields(types["Scrum/Feature"])["Scrum/Tasks"]
    assert meta(feature)["fibery/relation"] == meta(tasks)["fibery/relation"]
    assert (feature["fibery/type"], tasks["fibery/type"]) == ("Scrum/Feature", "Scrum/Task")
    assert (meta(feature).get("fibery/collection?"), meta(tasks).get("fibery/collection?")) == (None, True)


def test_each_database_has_one_title_and_their_names_differ_in_case(types):
    titles = {
        name: [field["fibery/name"] for field in kind["fibery/fields"] if meta(field).get("ui/title?")]
        for name, kind in domains(types).items()
    }
    assert {len(found) for found in titles.values()} == {1}
    assert (titles["Scrum/Task"], titles["Scrum/Bug"]) == (["Scrum/Name"], ["Scrum/name"])


def test_a_title_may_be_a_formula(types):
    title = fields(types["Scrum/Build"])["Scrum/Name"]
    assert meta(title)["formula/formula?"] is meta(title)["fibery/readonly?"] is True


def test_not_every_database_has_every_extension(types):
    def have(field):
        return {name for name, kind in domains(types).items() if field in fields(kind)}

    assert "Design/Work Version" not in have("workflow/state")
    assert have("assignments/Assignees") == {"Design/Work Version"}
    assert not {"Scrum/Sub-task", "Scrum/Sub-bug"} & have("assignments/assignees")
    assert "Scrum/Sub-task" not in have("comments/comments")
    assert {"Scrum/Task", "Scrum/Bug"} <= have("comments/comments") & have("Files/Files") & have("workflow/state")


def test_field_names_may_end_in_a_blank(types):
    assert "Scrum/Project " in fields(types["Scrum/Sub-task"])


def test_a_select_is_a_field_of_an_enum_which_may_keep_an_old_name(types):
    priority = fields(types["Product Management/Request"])["Product Management/Priority"]
    assert priority["fibery/type"] == "Product Management/Priority_Requests/Request"
    assert fields(types["Scrum/Task"])["Scrum/Priority"]["fibery/type"] == "Scrum/Priority_Scrum/Task"
    enum = types[priority["fibery/type"]]
    assert meta(enum)["fibery/enum?"] is meta(enum)["fibery/type-component?"] is True
    assert {"enum/name", "enum/color", "enum/icon", "fibery/id", "fibery/public-id", "fibery/rank"} <= set(fields(enum))


def test_a_state_is_final_and_of_a_type(sandbox, types):
    assert fields(types["Scrum/Task"])["workflow/state"]["fibery/type"] == "workflow/state_Scrum/Task"
    states = query(sandbox, "workflow/state_Scrum/Task", ["enum/name", "workflow/Final", "workflow/Type"])
    assert {state["workflow/Type"] for state in states} == {"Not started", "Started", "Finished"}
    assert {state["enum/name"] for state in states if state["workflow/Final"]} == {"Done", "Cancelled"}
    assert "workflow/Final" not in fields(types[fields(types["Design/Work Version"])["Design/State"]["fibery/type"]])


def test_a_soft_deleted_field_stands_in_the_schema_and_cannot_be_selected(sandbox, types):
    [(database, field)] = [
        (name, field["fibery/name"])
        for name, kind in types.items() for field in kind["fibery/fields"] if field["fibery/deleted?"]
    ]  # fmt: skip
    assert re.search(r"_\w{7}_deleted$", field)
    assert refused(sandbox, database, [field])["name"] == "entity.error/schema-field-not-found"


def test_soft_deleted_fields_can_be_left_out_which_is_another_version(sandbox):
    without = fibery(sandbox, "/api/schema?with-description=true&with-soft-deleted=false")
    kept = [field for kind in without.json()["fibery/types"] for field in kind["fibery/fields"]]
    assert not [field for field in kept if field["fibery/deleted?"]]
    assert without.headers["ETag"] != fibery(sandbox, "/api/schema").headers["ETag"]


def test_there_is_no_role_of_a_user(sandbox):
    assert refused(sandbox, "fibery/user", ["user/role"])["name"] == "entity.error/schema-field-not-found"
