"""Whatever a server answers, the outcome is a reason; whatever the environment holds, it is told no more than a question takes."""

import gzip
import json
from time import perf_counter
from types import SimpleNamespace

import pytest

from tests.llm.period import asked, opened, quickly
from tests.llm.stranger import stranger
from timeweave.llm.belief import NoAnswer
from timeweave.llm.reply import Unavailable

GOOD = json.dumps({"choices": [{"message": {"content": '{"sentences": [{"text": "{I1} went on.", "cites": []}]}'}}]})


def ask(url, key="a-key", timeout=5.0):
    with opened(SimpleNamespace(url=url), timeout, key) as model:
        return model.ask(asked(), 2), model


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
def test_garbage_is_a_reason_and_no_traceback(content, headers, monkeypatch):
    quickly(monkeypatch)
    with stranger(content, **headers) as (url, seen):
        with pytest.raises(NoAnswer):
            ask(url)
        assert 1 < len(seen) <= 6


@pytest.mark.parametrize("status", [204, 300, 304, 418, 451, 502])
def test_any_status_is_a_reason(status, monkeypatch):
    quickly(monkeypatch)
    with stranger(b"", status) as (url, seen), pytest.raises(NoAnswer):
        ask(url)
    assert 1 <= len(seen) <= 6


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for(monkeypatch):
    quickly(monkeypatch)
    begun = perf_counter()
    with stranger(b" " * 200, pause=0.05) as (url, seen), pytest.raises(Unavailable, match="did not answer in time"):
        ask(url, timeout=0.2)
    assert len(seen) == 2
    assert perf_counter() - begun < 3


def test_the_environment_decides_neither_where_nor_what(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY", "OPENAI_API_KEY", "OPENAI_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "of-the-environment")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "X-Team: of-the-environment\nAuthorization: of-the-environment\nHost: evil"
    )
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with stranger(GOOD.encode()) as (url, seen):
        assert ask(url)[0].sentences
    [headers] = seen
    assert "of-the-environment" not in str(headers)
    assert (headers["authorization"], headers["host"]) == ("Bearer a-key", url.removeprefix("http://"))
    assert not [name for name in headers if name.startswith(("openai-", "x-stainless-")) and "raw" not in name]
