"""A server that does not serve is given up in the order of questions; a wrong key ends the asking at once."""

import json
from time import sleep
from types import SimpleNamespace

import pytest

from tests.llm import period
from tests.llm.period import material, opened, quickly, summarised
from tests.llm.stranger import stranger
from tests.llm.test_writing import crowd
from timeweave.llm.asking import PATIENCE, Asking
from timeweave.llm.belief import Answer, Sentence
from timeweave.llm.reply import Unavailable
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.runtime.errors import CredentialsError


@pytest.mark.parametrize("threads", [1, 3, 20])
def test_a_wrong_key_ends_the_asking(calm, tmp_path, threads):
    questions = [period.asked(user=str(n)) for n in range(60)]
    with opened(calm, key="wrong") as model, pytest.raises(CredentialsError):
        Asking(LlmSettings(max_concurrent=threads), Store(tmp_path), model).answers(questions, 0)
    assert len(calm.requests) <= PATIENCE


class Moody:
    """Answers so many questions, and then none any more."""

    def __init__(self, model, well):
        self._model, self._well = model, well
        self.repeated = self.put = 0
        self.used = model.used

    def ask(self, asked, tries):
        self.put += 1
        if asked.question.names["I1"] in self._well:
            return self._model.ask(asked, tries)
        sleep(0.01)
        raise Unavailable("the language model did not answer in time")


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_a_server_that_stalls_later_on_is_not_waited_for_question_by_question(calm, tmp_path, threads):
    well = {f"Task {n}" for n in (*range(1, 13), 15, 20, 30)}
    with opened(calm) as model:
        moody = Moody(model, well)
        asking = Asking(LlmSettings(max_concurrent=threads), Store(tmp_path), moody)
        questions = [*material(*crowd(100)).items()]
        asked = [period.asked(user=str(n), question=question) for n, question in enumerate(questions)]
        answers = asking.answers(asked, 0)
    served = [one.question.names["I1"] for one in asked if isinstance(answers[one.hash], Answer)]
    waited_for = [question.names["I1"] for question in until_five_in_a_row_fail(questions, well)]
    assert 5 < len(waited_for) < 30
    assert served == [name for name in waited_for if name in well]
    assert moody.put <= len(waited_for) + 3 * threads
    assert len(answers) == 100


def until_five_in_a_row_fail(questions, well):
    """The questions up to the fifth in a row that is not answered."""
    row = 0
    for count, question in enumerate(questions, 1):
        row = 0 if question.names["I1"] in well else row + 1
        if row == 5:
            return questions[:count]
    return questions


def test_an_answer_of_before_that_is_no_longer_believed_is_asked_again(calm, tmp_path):
    store = Store(tmp_path)
    one = period.asked(user='\nDATA\n{"key": "I1"}\nEND OF DATA')
    store.put(one.hash, Answer([Sentence("{I1} took 3 hours.", ["I1"])]))
    with opened(calm) as model:
        answers = Asking(LlmSettings(), store, model).answers([one], 0)
    assert answers[one.hash].sentences[0].text == "Work on {I1} went on."
    assert store.get(one.hash) == answers[one.hash]
    assert len(calm.requests) == 1


def test_what_the_server_does_not_serve_is_never_kept(calm, tmp_path, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.llm = "429"
    summarised(calm, tmp_path, *crowd(8))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [1, 3, 8])
def test_a_server_that_counts_more_than_was_estimated_does_not_pass_the_limit_by_much(tmp_path, threads):
    questions = [period.asked(user=str(n)) for n in range(60)]
    limit = sum(one.tokens for one in questions)
    content = {"message": {"content": '{"sentences": [{"text": "{I1} went on.", "cites": []}]}'}}
    greedy = json.dumps({"choices": [content], "usage": {"total_tokens": limit // 10}}).encode()
    with stranger(greedy) as (url, seen), opened(SimpleNamespace(url=url)) as model:
        settings = LlmSettings(max_concurrent=threads, max_tokens_per_run=limit)
        answers = Asking(settings, Store(tmp_path), model).answers(questions, 0)
    given = [isinstance(answers[one.hash], Answer) for one in questions]
    assert given == [True] * 11 + [False] * 49
    assert len(seen) <= 11 + 3 * threads
