"""The model that the parameters name is asked, and it is told no more than a prompt takes."""

import importlib.util
import json
import sys
from datetime import date
from types import SimpleNamespace

import pytest

from tests.llm.canned_server import serve
from tests.llm.period import choose, make_prompt, open_model
from timeweave.llm import connection
from timeweave.llm.answer_validation import NoAnswer
from timeweave.llm.connection import connect
from timeweave.runtime.errors import ConfigurationError, CredentialsError

GOOD = json.dumps({"choices": [{"message": {"content": '{"sentences": [{"text": "{I1} went on.", "cites": []}]}'}}]})
TODAY = date(2025, 10, 14)


@pytest.fixture
def no_key(monkeypatch, tmp_path):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


def ask(source="demo", **settings):
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
    spec = importlib.util.spec_from_file_location("anew", connection.__file__)
    with pytest.raises(ConfigurationError, match="needs the extra `llm`: pip install"):
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
