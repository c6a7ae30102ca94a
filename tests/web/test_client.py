"""The client to a web API, over real HTTP with a server that answers as it is told."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest

from tests.echoing_proxy import list_forms
from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.web.client import ATTEMPTS, CONNECT_ATTEMPTS, ApiClient, RequestRefused
from timeweave.web.limits import Pace

TOKEN = "secret-of-nobody"


class Script(ThreadingHTTPServer):
    """Answers one request after the other with what stands in `answers`; the last one stays."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.seen = [], []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        script = self.server
        script.seen.append((self.path, self.headers["Authorization"]))
        status, headers, body = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
        if status == "reset":
            self.connection.close()
            return
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (
            {"Content-Length": str(len(content)), "Content-Type": "application/json"} | headers
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def script():
    server = Script()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(script):
    client = ApiClient(script.url, "some.url", f"Token {TOKEN}", Pace(TOKEN, None))
    yield client
    client.close()


OK = (200, {}, {"fine": True})


def test_an_answer_is_its_json(script, client):
    script.answers = [OK]
    assert client.call("GET", "/x", query={"a": 1}).body == {"fine": True}
    assert script.seen == [("/x?a=1", f"Token {TOKEN}")]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param((500, {}, "sorry"), id="500"),
        pytest.param((503, {"Content-Type": "text/html"}, b"<html>busy</html>"), id="HTML 503"),
        pytest.param((429, {}, b"slow down"), id="429"),
        pytest.param((429, {"Retry-After": "0"}, b"slow down"), id="429 with Retry-After"),
        pytest.param(("reset", {}, b""), id="reset"),
        pytest.param((200, {"Content-Length": "5000"}, b'{"cut": '), id="cut body"),
        pytest.param((200, {}, b'{"cut": '), id="cut body of a length that fits"),
    ],
)
def test_passing_trouble_is_asked_again(script, client, trouble):
    script.answers = [trouble, trouble, OK]
    assert client.call("GET", "/x").body == {"fine": True}
    assert client.requests == 3


def test_trouble_that_stays_ends_after_a_bounded_number_of_tries(script, client):
    script.answers = [(503, {}, b"<html>busy</html>")]
    with pytest.raises(TimeweaveError, match="the service answered 503: <html>busy</html>"):
        client.call("GET", "/x")
    assert len(script.seen) == ATTEMPTS


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, RequestRefused),
        (404, RequestRefused),
        (410, RequestRefused),
        (401, CredentialsError),
        (403, CredentialsError),
    ],
)
def test_a_refusal_is_never_repeated(script, client, status, error):
    script.answers = [(status, {}, {"message": "no such thing"})]
    with pytest.raises(error, match=f"answered {status}: no such thing"):
        client.call("GET", "/x")
    assert len(script.seen) == 1


def test_a_redirect_is_not_followed_with_the_token(script, client):
    script.answers = [(302, {"Location": "http://127.0.0.1:1/elsewhere"}, "moved")]
    with pytest.raises(ConfigurationError, match=r"points elsewhere, correct some\.url"):
        client.call("GET", "/x")
    assert len(script.seen) == 1


def test_an_answer_that_is_not_json_says_to_check_the_address(script, client):
    script.answers = [(200, {"Content-Type": "text/html"}, b"<html>Welcome</html>")]
    with pytest.raises(ConfigurationError, match=r"not JSON: <html>Welcome</html>; check that some\.url"):
        client.call("GET", "/x")


def test_a_server_that_is_not_there_is_named():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    client = ApiClient(f"http://127.0.0.1:{port}", "some.url", TOKEN, Pace(TOKEN, None))
    with pytest.raises(TimeweaveError, match=rf"127\.0\.0\.1:{port} cannot be reached; check the network and some.url"):
        client.call("GET", "/x")
    assert client.requests == CONNECT_ATTEMPTS
    client.close()


@pytest.mark.parametrize("status", [200, 302, 400, 403, 500])
@pytest.mark.parametrize("length", range(0, 200, 24))
def test_an_answer_that_repeats_the_token_shows_none_of_its_forms_wherever_it_is_cut(script, client, status, length):
    forms = list_forms(TOKEN)
    location = f"https://me:{TOKEN}@elsewhere.example/?was={quote(TOKEN)}"
    headers = {"Content-Type": "text/html", "Location": location, "Retry-After": "0"}
    script.answers = [(status, headers, (f"{'x' * length} " + " ".join(forms)).encode())]
    with pytest.raises(TimeweaveError) as refused:
        client.call("GET", "/x")
    assert "***" in str(refused.value)
    assert [form for form in forms if form in str(refused.value)] == []


def test_data_that_repeats_the_token_comes_without_it(script, client):
    script.answers = [(200, {"X-Echo": TOKEN}, {"entries": [{"id": 7, "text": f"it was {TOKEN} (é)"}]})]
    answer = client.call("GET", "/x")
    assert answer.body == {"entries": [{"id": 7, "text": "it was *** (é)"}]}
    assert answer.headers["x-echo"] == "***"


def test_half_a_surrogate_pair_is_replaced_and_a_whole_one_is_joined(script, client):
    script.answers = [(200, {}, b'{"a": "x \\ud83d y", "b": "\\ud83d\\udc1b"}')]
    assert client.call("GET", "/x").body == {"a": "x \ufffd y", "b": "\U0001f41b"}
