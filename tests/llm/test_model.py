"""The model is asked in a way its server understands, as often as is reasonable, and nobody else is told."""

import json

import pytest

from tests.llm.period import asked, opened, quickly
from timeweave.llm.belief import NoAnswer
from timeweave.llm.reply import Unavailable
from timeweave.runtime.errors import CredentialsError


@pytest.mark.parametrize(
    "mode", ["good", "fenced", "once", "numbers", "keys", "names", "links", "uncited", "obey", "hostile"]
)
def test_an_answer_in_the_agreed_form_is_one(calm, mode, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.llm = mode
    with opened(calm) as model:
        assert model.ask(asked(), 3).sentences[0].text == "Work on {I1} went on."
        assert model.tokens == sum(40 + len("system\n" + asked().user) // 4 for _ in calm.prompts)


@pytest.mark.parametrize(("mode", "reason", "times"), [
    ("invalid", "not in the agreed form", 3), ("shape", "not in the agreed form", 3), ("cut", "cut off", 3), ("empty", "answered nothing", 3),
    ("html", "sent something that is no answer", 3), ("refusal", "refused to answer", 1), ("429", "answered 429", 6),
    ("quota", "nothing left", 1), ("404", "answered 404; check llm.model", 1), ("redirect", "answered 307", 1),
])  # fmt: skip
def test_a_failure_is_said_after_a_bounded_number_of_tries(calm, mode, reason, times, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.llm = mode
    with opened(calm) as model, pytest.raises(NoAnswer, match=reason):
        model.ask(asked(), 3)
    assert len(calm.requests) == model.requests == times
    assert {request.path for request in calm.requests} == {"/v1/chat/completions"}


def test_a_stall_is_waited_for_so_long_and_so_often(calm, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.update({"llm": "stall", "llm_stall": 0.5})
    with opened(calm, timeout=0.1) as model, pytest.raises(Unavailable, match="did not answer in time"):
        model.ask(asked(), 2)
    assert len(calm.requests) == 2


def test_a_server_that_is_not_there_is_said(calm, monkeypatch):
    quickly(monkeypatch)
    with opened(type("Gone", (), {"url": "http://127.0.0.1:9"})) as model:
        with pytest.raises(Unavailable, match=r"cannot be reached; check llm\.url"):
            model.ask(asked(), 3)
        assert model.requests == 6


@pytest.mark.parametrize("fault", ["500", "503", "reset", "cut"])
def test_passing_trouble_is_asked_again(calm, fault, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.script = [fault, fault]
    with opened(calm) as model:
        assert model.ask(asked(), 3).sentences
    assert len(calm.requests) == 3


def test_a_wrong_key_is_said_and_not_taken_for_a_bad_model(calm):
    with opened(calm, key="wrong") as model, pytest.raises(CredentialsError, match="OPENAI_API_KEY"):
        model.ask(asked(), 3)
    assert len(calm.requests) == 1


@pytest.mark.parametrize("refused", [
    {"response_format"}, {"temperature"}, {"max_tokens"}, {"response_format", "temperature", "max_tokens"},
])  # fmt: skip
def test_an_option_that_the_server_does_not_take_is_put_otherwise_and_remembered(calm, refused):
    calm.behaviour.llm_refuses = frozenset(refused)
    with opened(calm) as model:
        model.ask(asked(), 3)
        assert len(calm.requests) == len(refused) + 1
        model.ask(asked(), 3)
    assert len(calm.requests) == len(refused) + 2
    sent = json.loads(calm.prompts[-1])
    assert not refused & set(sent)
    assert sent["max_completion_tokens" if "max_tokens" in refused else "max_tokens"] == 500


def test_a_request_that_is_refused_for_another_reason_is_not_repeated(calm):
    calm.behaviour.llm_refuses = frozenset({"messages"})
    with opened(calm) as model, pytest.raises(Unavailable, match="answered 400"):
        model.ask(asked(), 3)
    assert len(calm.requests) == 1
