"""The routes of the sandbox's Fibery: keys, envelopes, batches, and what has no envelope."""

import pytest
import requests

from tests.sandbox.plain_client import ID, command, fibery, query
from timeweave.sandbox.company import FIBERY_TOKEN

SCHEMA = {"command": "fibery.schema/query"}
PATHS = ["/api/schema", "/api/documents/x"]


@pytest.mark.parametrize("body", [None, SCHEMA, [SCHEMA]], ids=["schema", "object", "array"])
@pytest.mark.parametrize(("scheme", "token"), [("Token", "wrong"), ("Basic", FIBERY_TOKEN), ("Bearer", "")])
def test_a_wrong_key_is_a_401_in_plain_text(sandbox, scheme, token, body):
    path = "/api/schema" if body is None else "/api/commands"
    answer = fibery(sandbox, path, token=token, scheme=scheme, body=body)
    assert (answer.status_code, answer.text) == (401, "Unauthorized")
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_no_key_is_a_401_everywhere(sandbox):
    gets = [requests.get(sandbox.url + path, timeout=10) for path in PATHS]
    posts = [
        requests.post(f"{sandbox.url}/api/{path}", json={}, timeout=10) for path in ("commands", "documents/commands")
    ]
    assert [(answer.status_code, answer.text) for answer in gets + posts] == [(401, "Unauthorized")] * 4


@pytest.mark.parametrize("scheme", ["Token", "Bearer"])
def test_both_schemes_are_accepted_with_the_same_key(sandbox, scheme):
    assert fibery(sandbox, body=SCHEMA, scheme=scheme).json()["success"] is True


def test_an_object_gives_an_envelope_and_an_array_an_array_in_the_same_order(sandbox):
    one = command("fibery/user", ["user/email"], ["=", ["fibery/id"], "$my-id"])
    assert fibery(sandbox, body=one).json() == {
        "success": True, "result": [{"user/email": "mira.castellane@heliotrope.example"}],
    }  # fmt: skip
    answer = fibery(sandbox, body=[one, command("Scrum/Nonsense", ID), SCHEMA])
    first, second, third = answer.json()
    assert (answer.status_code, first) == (200, fibery(sandbox, body=one).json())
    assert (second["success"], second["result"]["name"]) == (False, "entity.error/schema-type-not-found")
    assert "fibery/types" in third["result"]
    assert fibery(sandbox, body=[]).json() == []


def test_a_batch_is_one_command_whose_result_is_envelopes(sandbox):
    commands = [SCHEMA, command("Scrum/Nonsense", ID)]
    batch = {"command": "fibery.command/batch", "args": {"commands": commands}}
    answer = fibery(sandbox, body=batch).json()
    assert answer["success"] is True
    assert answer["result"] == fibery(sandbox, body=commands).json()
    assert fibery(sandbox, body=[batch]).json() == [answer]


@pytest.mark.parametrize("params", [{}, None, "absent"])
def test_params_may_be_empty_null_or_absent(sandbox, params):
    asked = command("Scrum/Epic", ID)
    asked["args"]["params"] = params
    if params == "absent":
        del asked["args"]["params"]
    assert len(fibery(sandbox, body=asked).json()["result"]) == 10


@pytest.mark.parametrize("path", ["commands", "documents/commands?format=md"])
def test_malformed_json_is_a_500_with_a_name_and_no_envelope(sandbox, path):
    headers = {"Authorization": f"Token {FIBERY_TOKEN}"}
    answer = requests.post(f"{sandbox.url}/api/{path}", data=b"{", headers=headers, timeout=10)
    assert (answer.status_code, set(answer.json())) == (500, {"name", "message", "data"})


@pytest.mark.parametrize("body", [{"command": "no/such"}, {"command": "fibery.entity/qurey"}, {}, "text", 5])
def test_an_unknown_command_is_a_500_with_a_name_and_no_envelope(sandbox, body):
    answer = fibery(sandbox, body=body)
    assert (answer.status_code, set(answer.json())) == (500, {"name", "message", "data"})


@pytest.mark.parametrize(
    "name", ["fibery.entity/create", "fibery.entity/update", "fibery.entity/delete", "fibery.schema/batch"]
)
def test_writing_is_refused_in_an_envelope(sandbox, name):
    answer = fibery(sandbox, body={"command": name, "args": {"type": "Scrum/Task", "entity": {}}})
    assert (answer.status_code, answer.json()["success"]) == (200, False)


def test_one_command_of_an_array_may_fail(sandbox):
    sandbox.behaviour.update({"failing_command": 1})
    envelopes = fibery(sandbox, body=[command("Scrum/Epic", ID)] * 3).json()
    assert [envelope["success"] for envelope in envelopes] == [True, False, True]
    assert set(envelopes[1]["result"]) == {"name", "message", "data"}
    assert query(sandbox, "Scrum/Epic", ID)


def test_questions_about_many_ids_may_time_out(sandbox):
    sandbox.behaviour.update({"timeout_over": 2})

    def asked(*ids):
        return fibery(sandbox, body=command("Scrum/Task", ID, ["q/in", ID, "$ids"], {"$ids": list(ids)}))

    assert asked("3634", "3625").json()["success"] is True
    late = asked("3634", "3625", "3626")
    assert (late.status_code, late.json()["success"]) == (200, False)
    assert "timeout" in late.json()["result"]["message"]


def test_webhooks_and_graphql_are_refused_in_words_of_the_service(sandbox):
    answer = fibery(sandbox, "/api/webhooks/v2")
    assert (answer.status_code, answer.json()) == (200, [])
    gone = requests.delete(
        f"{sandbox.url}/api/webhooks/v2/7", headers={"Authorization": f"Token {FIBERY_TOKEN}"}, timeout=10
    )
    for answer in (
        gone,
        fibery(sandbox, "/api/webhooks/v2", body={"url": "https://example.com", "type": "Scrum/Task"}),
    ):
        assert (answer.status_code, answer.json()["name"]) == (403, "forbidden")
    answer = fibery(sandbox, "/api/graphql/space/Scrum", body={"query": "{findTasks{name}}"})
    assert answer.status_code == 200
    assert "POST /api/commands" in answer.json()["errors"][0]["message"]


def test_the_schema_has_what_the_client_of_the_package_index_reads_of_it(sandbox):
    """`fibery` 0.4.1 wants pydantic 1 and cannot be installed here; these are its request and its models' required fields."""
    [envelope] = fibery(sandbox, body=[SCHEMA]).json()
    named = {"fibery/id", "fibery/name", "fibery/meta"}
    assert {"fibery/id", "fibery/types", "fibery/meta"} <= set(envelope["result"])
    for kind in envelope["result"]["fibery/types"]:
        assert named | {"fibery/fields"} <= set(kind)
        assert "/" in kind["fibery/name"]
        assert all(named | {"fibery/type"} <= set(field) for field in kind["fibery/fields"])
