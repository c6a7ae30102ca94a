"""The model is asked in a way its server understands, and as often as is reasonable."""

import gzip
import importlib.util
import json
import sys
from datetime import date
from types import SimpleNamespace

import pytest

from tests.llm.canned_server import serve
from tests.llm.period import choose, make_prompt, open_model
from tests.project import ROOT
from timeweave.llm.answer_validation import Failure, NoAnswer
from timeweave.runtime.errors import ConfigurationError, CredentialsError


@pytest.mark.parametrize(
    "mode", ["good", "fenced", "once", "numbers", "keys", "names", "links", "uncited", "obey", "hostile"]
)
def test_an_answer_with_a_usable_sentence_is_one(calm, mode):
    calm.behaviour.llm = mode
    with open_model(calm) as client:
        assert client.complete(make_prompt(), 3).sentences[0].text == "Work on {I1} went on."
        assert client.tokens.total() == sum(40 + len("system\n" + make_prompt().user) // 4 for _ in calm.prompts)


@pytest.mark.parametrize(("mode", "reason", "times"), [
    ("invalid", "not in the agreed form", 3), ("shape", "not in the agreed form", 3), ("cut", "cut off", 3), ("empty", "not in the agreed form", 3),
    ("html", "sent something that is not an answer", 3), ("refusal", "refused to answer", 1), ("429", "answered 429", 6),
    ("quota", "nothing left", 1), ("404", "answered 404; check llm.model", 1), ("redirect", "answered 307", 1),
])  # fmt: skip
def test_a_failure_is_said_after_a_bounded_number_of_tries(calm, mode, reason, times):
    calm.behaviour.llm = mode
    with open_model(calm) as client, pytest.raises(NoAnswer, match=reason):
        client.complete(make_prompt(), 3)
    assert len(calm.requests) == client.requests == times
    assert {request.path for request in calm.requests} == {"/v1/chat/completions"}


def test_a_stall_is_waited_for_as_often_as_an_answer_may_be_paid_for(calm):
    calm.behaviour.update({"llm": "stall", "llm_stall": 1.0})
    with open_model(calm, timeout=0.1) as client, pytest.raises(NoAnswer, match="did not answer in time") as raised:
        client.complete(make_prompt(), 2)
    assert raised.value.failure is Failure.TIMEOUT
    assert client.requests == 2


def test_a_server_that_is_not_there_is_said():
    with open_model(SimpleNamespace(url="http://127.0.0.1:9")) as client:
        with pytest.raises(NoAnswer, match=r"cannot be reached; check llm\.url"):
            client.complete(make_prompt(), 3)
        assert client.requests == 6


@pytest.mark.parametrize("fault", ["500", "503", "reset", "cut"])
def test_passing_trouble_is_asked_again(calm, fault):
    calm.behaviour.script = [fault, fault]
    with open_model(calm) as client:
        assert client.complete(make_prompt(), 3).sentences
    assert len(calm.requests) == 3


def test_a_wrong_key_is_said_and_not_taken_for_a_bad_model(calm):
    with open_model(calm, key="wrong") as client, pytest.raises(NoAnswer, match="refused OPENAI_API_KEY") as raised:
        client.complete(make_prompt(), 3)
    assert raised.value.failure is Failure.WRONG_KEY
    assert len(calm.requests) == 1


@pytest.mark.parametrize("refused", [
    {"response_format"}, {"temperature"}, {"max_tokens"}, {"response_format", "temperature", "max_tokens"},
])  # fmt: skip
def test_an_option_that_the_server_does_not_take_is_left_out_from_then_on(calm, refused):
    calm.behaviour.llm_refuses = frozenset(refused)
    with open_model(calm) as client:
        client.complete(make_prompt(), 3)
        assert len(calm.requests) == len(refused) + 1
        client.complete(make_prompt(), 3)
    assert len(calm.requests) == len(refused) + 2
    sent = json.loads(calm.prompts[-1])
    assert not refused & set(sent)
    assert sent["max_completion_tokens" if "max_tokens" in refused else "max_tokens"] == 500


def test_a_request_that_is_refused_for_another_reason_is_not_repeated(calm):
    calm.behaviour.llm_refuses = frozenset({"messages"})
    with open_model(calm) as client, pytest.raises(NoAnswer, match="answered 400"):
        client.complete(make_prompt(), 3)
    assert len(calm.requests) == 1


def test_a_fault_of_the_program_is_not_tried_again(calm):
    with open_model(calm) as client, pytest.raises(AttributeError):
        client.complete(None, 3)
    assert client.requests == 0


@pytest.mark.parametrize(("content", "headers"), [
    pytest.param(b"<html>Log in</html>", {"content_type": "text/html"}, id="a page"),
    pytest.param(b"", {}, id="nothing"),
    pytest.param(b"<html>", {"content_encoding": "gzip"}, id="not the encoding it says"),
    pytest.param(gzip.compress(b"<html>")[:9], {"content_encoding": "gzip"}, id="an encoding cut short"),
    pytest.param(b"\xff\xfe\x00", {"content_type": "application/json; charset=nonsense"}, id="no text"),
    pytest.param(b"[" * 200_000, {}, id="a deep list"),
    pytest.param(b'{"x":' * 200_000, {}, id="a deep mapping"),
    pytest.param(b'{"choices": [{"message": {"content": "{\\"x\\":' + b"[" * 200_000 + b'"}}]}', {}, id="a deep answer"),
    pytest.param(b'data: {"choices": []}\n\n', {"content_type": "text/event-stream"}, id="a stream"),
    pytest.param(b'{"choices": [{"message": null}]}', {}, id="no message"),
    pytest.param(b'{"choices": [{"message": {"content": ["x"]}}]}', {}, id="content in parts"),
    pytest.param(b'{"error": {"message": "overloaded"}}', {}, id="an error that says it is none"),
    pytest.param(b'{"choices": [], "usage": {"total_tokens": 1e999}}', {}, id="no count"),
])  # fmt: skip
def test_garbage_is_a_reason_and_no_traceback(content, headers):
    with serve(content, **headers) as (url, seen), open_model(SimpleNamespace(url=url)) as client:
        with pytest.raises(NoAnswer):
            client.complete(make_prompt(), 2)
        assert 1 < len(seen) <= 6


@pytest.mark.parametrize("status", [204, 300, 304, 418, 451, 502])
def test_any_status_is_a_reason(status):
    with serve(b"", status) as (url, seen), open_model(SimpleNamespace(url=url)) as client:
        with pytest.raises(NoAnswer):
            client.complete(make_prompt(), 2)
        assert 1 <= len(seen) <= 6


@pytest.mark.parametrize(("said", "wait"), [("7", 7.0), ("9999", 60.0), ("soon", None), ("0", 0.0)])
def test_a_busy_server_says_how_long_to_wait_up_to_a_minute(said, wait):
    busy = serve(b"", 429, retry_after=said)
    with busy as (url, _), open_model(SimpleNamespace(url=url)) as client, pytest.raises(NoAnswer) as raised:
        client.complete(make_prompt(), 2)
    assert (raised.value.failure, raised.value.wait) == (Failure.BUSY, wait)


GOOD = json.dumps({"choices": [{"message": {"content": '{"sentences": [{"text": "{I1} went on.", "cites": []}]}'}}]})
TODAY = date(2025, 10, 14)


@pytest.fixture
def no_key(monkeypatch, tmp_path):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


def ask(source="demo", **settings):
    from timeweave.llm.client import connect

    with connect(source, choose(**settings), TODAY) as client:
        return client.complete(make_prompt(), 1).sentences[0].text


def test_the_demo_has_a_model_of_its_own_and_needs_no_key(no_key):
    assert ask(model=None) == "Work on {I1} went on."


def test_a_model_must_be_named():
    with pytest.raises(ConfigurationError, match=r"llm\.model must be named"):
        ask("live", model=None)


def test_an_address_that_is_neither_https_nor_this_machine_is_refused():
    with pytest.raises(ConfigurationError, match=r"llm\.url must start with https"):
        ask(url="http://llm.example/v1")


def test_openais_own_address_needs_a_key(no_key):
    with pytest.raises(CredentialsError, match="OPENAI_API_KEY is not set"):
        ask("live")


@pytest.mark.parametrize(("key", "said"), [("a-key", "Bearer a-key"), (None, "Bearer none")])
def test_a_server_of_ones_own_is_told_the_key_that_there_is(no_key, monkeypatch, key, said):
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    with serve(GOOD.encode()) as (url, seen):
        assert ask(url=url) == "{I1} went on."
    assert seen[0]["authorization"] == said


def test_the_environment_decides_neither_where_nor_what(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY", "OPENAI_API_KEY", "OPENAI_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "of-the-environment")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "X-Team: of-the-environment\nAuthorization: of-the-environment\nHost: evil"
    )
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with serve(GOOD.encode()) as (url, seen), open_model(SimpleNamespace(url=url), key="a-key") as client:
        client.complete(make_prompt(), 1)
    [headers] = seen
    assert "of-the-environment" not in str(headers)
    assert (headers["authorization"], headers["host"]) == ("Bearer a-key", url.removeprefix("http://"))
    assert not [name for name in headers if name.startswith(("openai-", "x-"))]


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for():
    with serve(b" " * 10_000, pause=0.05) as (url, seen), open_model(SimpleNamespace(url=url), timeout=0.2) as client:
        with pytest.raises(NoAnswer, match="did not answer in time"):
            client.complete(make_prompt(), 1)
        assert len(seen) == 1


def test_where_the_extra_is_missing_its_installation_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)
    spec = importlib.util.spec_from_file_location("anew", ROOT / "timeweave/llm/client.py")
    with pytest.raises(ConfigurationError, match="needs the extra `llm`: pip install"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.mark.parametrize("url", ["https://llm.example/v1", "HTTPS://llm.example/v1"])
def test_a_server_is_trusted_by_its_certificate_however_its_scheme_is_written(monkeypatch, url):
    from timeweave.llm import client

    made, make = [], client.openai.DefaultHttpxClient
    monkeypatch.setattr(client.openai, "DefaultHttpxClient", lambda **given: made.append(given) or make(**given))
    with client.open_client(url, "a-key", choose()):
        assert made[0]["verify"] is True
