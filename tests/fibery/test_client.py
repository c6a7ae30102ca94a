"""Envelopes, answers and refusals, as Fibery gives them."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from timeweave.fibery.client import FiberyClient, Refusal, redact
from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.web.limits import Pace

TOKEN = "5a4db0c5.0123456789abcdef0123456789abcdef012"
SECRET = "0f1e2d3c-5a5e-5c1b-9a55-0d6f2b5f7a10"


@pytest.fixture
def client():
    """A client to a server that answers `answers`, one after the other, and notes what it was asked."""
    answers, asked = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((self.path, self.headers["Authorization"], json.loads(body or b"null"), self.headers))
            status, body, headers = answers.pop(0)
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found = FiberyClient(f"http://127.0.0.1:{server.server_port}", "fibery.url", TOKEN, Pace(TOKEN, None))
    found.answers = lambda *given: answers.extend((status, body, *rest, {})[:3] for status, body, *rest in given)
    found.asked = asked
    yield found
    found.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_queries_travel_in_one_array_and_each_has_its_own_outcome(client):
    failed = {"name": "entity.error/odd", "message": "No", "data": {}}
    client.answers((200, [{"success": True, "result": [{"id": "1"}]}, {"success": False, "result": failed}]))
    assert client.query([{"query": 1}, {"query": 2}]) == [[{"id": "1"}], Refusal("entity.error/odd", "No")]
    [(path, authorization, body, _)] = client.asked
    assert (path, authorization) == ("/api/commands", f"Token {TOKEN}")
    assert body == [{"command": "fibery.entity/query", "args": {"query": number}} for number in (1, 2)]


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True, "result": []},
        [],
        [{"success": True, "result": []}],
        [1, 2],
        [{"success": True, "result": {"data": []}}] * 2,
        [{"success": True, "result": [1]}] * 2,
        [{"result": []}] * 2,
        [{"success": False}] * 2,
        [{"success": False, "result": "odd"}] * 2,
    ],
)
def test_an_answer_of_another_shape_is_a_refusal(client, answer):
    client.answers((200, answer))
    assert all(isinstance(outcome, Refusal) for outcome in client.query([{}, {}]))


def test_documents_are_matched_by_secret_and_strangers_are_dropped(client):
    client.answers(
        (
            200,
            [{"secret": "b", "content": "B"}, {"secret": "x", "content": "X"}, {"secret": "a", "content": None}, None],
        )
    )
    assert client.fetch_documents(["a", "b", "c"]) == {"a": "", "b": "B"}
    assert client.asked[0][0] == "/api/documents/commands?format=md"


def test_an_unchanged_schema_is_an_empty_answer(client):
    client.answers((200, {"fibery/types": []}, {"ETag": 'W/"1"'}), (304, "", {"ETag": 'W/"1"'}))
    assert client.fetch_schema(None) == ('W/"1"', {"fibery/types": []})
    assert client.fetch_schema('W/"1"') == ('W/"1"', None)
    assert [headers["If-None-Match"] for *_, headers in client.asked] == [None, 'W/"1"']


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (401, "Unauthorized", CredentialsError, "Fibery answered 401: Unauthorized; check FIBERY_API_TOKEN"),
        (404, "<html>no such account</html>", ConfigurationError, "check fibery.url"),
        (400, {"message": f"bad {SECRET} for {TOKEN}"}, TimeweaveError, "bad … for ***"),
        (400, {"message": "x" * 180 + f" {SECRET}"}, TimeweaveError, "x …;"),
        (200, f"<p>{TOKEN}</p>", ConfigurationError, "not JSON: <p>***</p>"),
    ],
)
def test_refusals_say_what_to_do_and_no_secret(client, status, body, kind, said):
    client.answers((status, body))
    with pytest.raises(kind) as error:
        client.fetch_schema(None)
    assert said in str(error.value)
    assert TOKEN not in str(error.value)
    assert SECRET not in str(error.value)


def test_refusals_of_commands_tell_no_secret_either():
    assert str(Refusal("entity.error/odd", f"document {SECRET}")) == "entity.error/odd: document …"
    assert redact(f"{TOKEN}\n  {SECRET} {'x' * 500}").startswith("… … xxx")
    assert len(redact("x" * 500)) == 200
