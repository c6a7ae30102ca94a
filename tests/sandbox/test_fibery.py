"""The sandbox's Fibery speaks as Fibery does: envelopes, the schema, queries, documents."""

import pytest

from tests.sandbox.asking import fibery, query
from timeweave.sandbox.team import FIBERY_LIMITED_TOKEN

IDS = ["fibery/public-id"]
TASKS = {"$ids": ["3634", "3625", "999999"]}


def test_a_wrong_key_is_a_401_in_plain_text(sandbox):
    answer = fibery(sandbox, token="wrong", body={})
    assert (answer.status_code, answer.text) == (401, "Unauthorized")


@pytest.mark.parametrize("scheme", ["Token", "Bearer"])
def test_both_schemes_are_accepted(sandbox, scheme):
    assert fibery(sandbox, "/api/schema", scheme=scheme).status_code == 200


def test_an_object_gives_an_envelope_and_an_array_an_array(sandbox):
    command = {"command": "fibery.schema/query"}
    assert fibery(sandbox, body=command).json()["success"] is True
    assert [
        envelope["success"] for envelope in fibery(sandbox, body=[command, {"command": "no/such"}, command]).json()
    ] == [True, False, True]


def test_a_batch_is_a_command_of_commands(sandbox):
    batch = {"command": "fibery.command/batch", "args": {"commands": [{"command": "fibery.schema/query"}] * 2}}
    assert [envelope["success"] for envelope in fibery(sandbox, body=batch).json()["result"]] == [True, True]


def test_malformed_json_is_a_500_with_a_name(sandbox):
    import requests

    from timeweave.sandbox.team import FIBERY_TOKEN

    answer = requests.post(
        f"{sandbox.url}/api/commands", data=b"{", headers={"Authorization": f"Token {FIBERY_TOKEN}"}, timeout=10
    )
    assert (answer.status_code, set(answer.json())) == (500, {"name", "message", "data"})


def test_writing_is_refused(sandbox):
    answer = fibery(sandbox, body={"command": "fibery.entity/delete", "args": {}}).json()
    assert answer["success"] is False


def test_an_unchanged_schema_is_a_304(sandbox):
    first = fibery(sandbox, "/api/schema")
    again = fibery(sandbox, "/api/schema", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture(scope="module")
def schema(sandbox):
    return {kind["fibery/name"]: kind for kind in fibery(sandbox, "/api/schema").json()["fibery/types"]}


def test_the_spaces_and_databases_of_the_demo_are_there(schema):
    domains = {name for name, kind in schema.items() if kind["fibery/meta"].get("fibery/domain?")}
    assert {"Scrum/Task", "Scrum/Bug", "Scrum/Feature", "Scrum/Epic", "Product/Feature", "Design/Work Version",
            "Product Management/Request", "fibery/user"} <= domains  # fmt: skip


def test_each_relation_stands_on_exactly_two_fields(schema):
    from collections import Counter

    ends = Counter(
        field["fibery/meta"]["fibery/relation"]
        for kind in schema.values() for field in kind["fibery/fields"] if "fibery/relation" in field["fibery/meta"]
    )  # fmt: skip
    assert ends
    assert set(ends.values()) == {2}


def test_each_database_has_one_title_and_their_names_differ_in_case(schema):
    titles = {
        name: [field["fibery/name"] for field in kind["fibery/fields"] if field["fibery/meta"].get("ui/title?")]
        for name, kind in schema.items() if kind["fibery/meta"].get("fibery/domain?")
    }  # fmt: skip
    assert all(len(found) == 1 for found in titles.values())
    assert titles["Scrum/Task"] == ["Scrum/Name"]
    assert titles["Scrum/Bug"] == ["Scrum/name"]


def test_a_soft_deleted_field_stands_in_the_schema_and_cannot_be_selected(sandbox, schema):
    [(database, field)] = [
        (name, field["fibery/name"])
        for name, kind in schema.items()
        for field in kind["fibery/fields"]
        if field["fibery/deleted?"]
    ]
    assert field.endswith("_deleted")
    assert query(sandbox, database, [field])["result"]["name"] == "entity.error/schema-field-not-found"


def test_many_ids_come_in_one_query_and_the_missing_are_just_absent(sandbox):
    found = query(sandbox, "Scrum/Task", ["Scrum/Name", *IDS], ["q/in", IDS, "$ids"], params=TASKS)["result"]
    assert sorted(row["fibery/public-id"] for row in found) == ["3625", "3634"]


def test_a_bare_string_is_a_path_too(sandbox):
    found = query(sandbox, "Scrum/Task", IDS, ["q/in", "fibery/public-id", "$ids"], params=TASKS)["result"]
    assert len(found) == 2


@pytest.mark.parametrize(
    "select", [IDS, {"id": "fibery/public-id", "bugs": {"q/from": "Scrum/Bugs", "q/select": {"id": "fibery/id"}}}]
)
def test_a_limit_must_be_given_in_sub_queries_too(sandbox, select):
    limit = None if select == IDS else 10
    database = "Scrum/Task" if select == IDS else "Scrum/Feature"
    assert query(sandbox, database, select, limit=limit)["result"]["name"] == "entity.error/query-limit-expr-not-found"


def test_vector_and_map_selects_say_the_same(sandbox):
    where = ["=", IDS, "$id"]
    vector = query(
        sandbox, "Scrum/Task", ["Scrum/Name", {"workflow/state": ["enum/name"]}], where, params={"$id": "3634"}
    )
    mapped = query(
        sandbox,
        "Scrum/Task",
        {"name": "Scrum/Name", "state": ["workflow/state", "enum/name"]},
        where,
        params={"$id": "3634"},
    )
    [left], [right] = vector["result"], mapped["result"]
    assert (left["Scrum/Name"], left["workflow/state"]["enum/name"]) == (right["name"], right["state"])


def test_decimals_are_strings_and_integers_numbers(sandbox, schema):
    fields = {
        field["fibery/name"]: field["fibery/type"]
        for field in schema["Scrum/Task"]["fibery/fields"]
        if not field["fibery/deleted?"]
    }
    decimals = [name for name, kind in fields.items() if kind == "fibery/decimal"]
    integers = [name for name, kind in fields.items() if kind == "fibery/int"]
    [row] = query(sandbox, "Scrum/Task", decimals + integers, ["=", IDS, "$id"], params={"$id": "3634"})["result"]
    assert decimals
    assert all(row[name] is None or isinstance(row[name], str) for name in decimals)
    assert all(row[name] is None or isinstance(row[name], int) for name in integers)


@pytest.mark.parametrize(
    ("database", "select", "name"),
    [
        ("Scrum/Nonsense", IDS, "entity.error/schema-type-not-found"),
        ("Scrum/Task", ["Scrum/Nome"], "entity.error/schema-field-not-found"),
        ("Scrum/Task", ["workflow/state"], "entity.error/query-primitive-field-expr-invalid"),
        ("fibery/user", ["user/role"], "entity.error/schema-field-not-found"),
    ],
)
def test_errors_have_their_names_and_http_200(sandbox, database, select, name):
    result = query(sandbox, database, select)["result"]
    assert result["name"] == name
    assert result["message"]


def test_a_near_field_is_suggested(sandbox):
    assert 'Maybe you meant "Scrum/Name"' in query(sandbox, "Scrum/Task", ["Scrum/Nam"])["result"]["message"]


def test_who_am_i(sandbox):
    found = query(sandbox, "fibery/user", ["user/email"], ["=", ["fibery/id"], "$my-id"])["result"]
    assert found == [{"user/email": "mira.castellane@heliotrope.example"}]


def test_a_secured_field_is_closed_to_the_limited_key(sandbox, schema):
    database, field = next(
        (name, field["fibery/name"]) for name, kind in schema.items() for field in kind["fibery/fields"]
        if field["fibery/meta"].get("fibery/secured?") and field["fibery/type"] in ("fibery/decimal", "fibery/int", "fibery/text")
    )  # fmt: skip
    assert query(sandbox, database, [field])["success"] is True
    refused = query(sandbox, database, [field], token=FIBERY_LIMITED_TOKEN)["result"]
    assert refused["name"] == "entity.error/query-with-permissions-field-expression-invalid"


def secret_of(sandbox):
    select = {"secret": ["Scrum/Description", "Collaboration~Documents/secret"]}
    return query(sandbox, "Scrum/Task", select, ["=", IDS, "$id"], params={"$id": "3634"})["result"][0]["secret"]


def test_documents_come_by_their_secret_one_and_many(sandbox):
    secret = secret_of(sandbox)
    one = fibery(sandbox, f"/api/documents/{secret}?format=md").json()
    many = fibery(
        sandbox,
        "/api/documents/commands?format=md",
        body={"command": "get-documents", "args": [{"secret": secret}, {"secret": "x"}]},
    )
    assert one["content"]
    assert many.json() == [one]
    assert fibery(sandbox, "/api/documents/unknown?format=md").status_code == 404


def test_faults_come_on_demand(sandbox):
    where = ["q/in", IDS, "$ids"]
    ask = {
        "command": "fibery.entity/query",
        "args": {"query": {"q/from": "Scrum/Task", "q/select": IDS, "q/where": where, "q/limit": 9}, "params": TASKS},
    }
    sandbox.behaviour.update({"failing_command": 1})
    assert [one["success"] for one in fibery(sandbox, body=[ask] * 3).json()] == [True, False, True]
    sandbox.behaviour.update({"failing_command": None, "timeout_over": 2})
    assert "timeout" in fibery(sandbox, body=ask).json()["result"]["message"]
    sandbox.behaviour.update({"timeout_over": None, "short_lists": 1})
    assert len(fibery(sandbox, body=ask).json()["result"]) == 1
    sandbox.behaviour.update({"short_lists": None, "missing": ["3634"]})
    assert [row["fibery/public-id"] for row in fibery(sandbox, body=ask).json()["result"]] == ["3625"]
    sandbox.behaviour.update({"missing": [], "vanished": ["Scrum/Task"]})
    assert fibery(sandbox, body=ask).json()["result"]["name"] == "entity.error/schema-type-not-found"


def test_too_many_requests_are_plain_text(sandbox):
    sandbox.behaviour.update({"fibery_per_second": 1.0})
    last = [fibery(sandbox, "/api/schema") for _ in range(4)][-1]
    assert (last.status_code, last.text) == (429, "Too Many Requests")


def test_an_unknown_command_alone_is_a_500_with_a_name(sandbox):
    answer = fibery(sandbox, body={"command": "no/such", "args": {}})
    assert (answer.status_code, set(answer.json())) == (500, {"name", "message", "data"})
