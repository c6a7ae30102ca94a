"""Which prompts are sent and which get an answer follows from their order, whatever threads and servers do."""

import json
from collections import Counter
from threading import Barrier, Lock
from types import SimpleNamespace

import pytest

from tests.llm.canned_server import serve
from tests.llm.period import choose, make_prompt, open_model
from timeweave.archive.files import LocalFiles
from timeweave.llm.answer_validation import Answer, Failure, NoAnswer, Sentence
from timeweave.llm.completion_requests import PATIENCE, CompletionRequests
from timeweave.runtime.errors import CredentialsError

THREADS = pytest.mark.parametrize("threads", [1, 3, 20])
ANSWER = Answer([Sentence("{I1} went on.", ["I1"])])
SIXTY = [make_prompt(n) for n in range(60)]


def prepare(folder, prompts, **settings):
    return CompletionRequests(prompts, choose(**settings), LocalFiles(folder))


class Model:
    """Answers, or fails, as told for each prompt."""

    def __init__(self, answer):
        self._answer = answer
        self.tokens = Counter()
        self.tries = []

    def complete(self, prompt, tries):
        self.tries.append(tries)
        answer = self._answer(prompt)
        if isinstance(answer, NoAnswer):
            raise answer
        return answer


@THREADS
def test_a_wrong_key_ends_the_run(calm, tmp_path, threads):
    with open_model(calm, key="wrong") as client, pytest.raises(CredentialsError, match="OPENAI_API_KEY"):
        prepare(tmp_path, SIXTY, max_concurrent=threads).send(client)
    assert len(calm.requests) <= PATIENCE


@THREADS
@pytest.mark.parametrize("failure", [Failure.TIMEOUT, Failure.BUSY, Failure.UNAVAILABLE])
def test_a_server_that_does_not_serve_is_given_up_after_five(tmp_path, threads, failure):
    model = Model(lambda _: NoAnswer(failure, "not now"))
    answers = prepare(tmp_path, SIXTY, max_concurrent=threads).send(model)
    assert len(model.tries) == PATIENCE
    assert [str(answers[prompt.hash]) for prompt in SIXTY] == ["not now"] * 60


@THREADS
def test_an_answer_that_cannot_be_used_is_no_reason_to_give_up(tmp_path, threads):
    model = Model(lambda _: NoAnswer(Failure.UNUSABLE, "nonsense"))
    prepare(tmp_path, SIXTY, max_concurrent=threads).send(model)
    assert len(model.tries) == 60


@THREADS
def test_a_server_that_fails_later_on_is_given_up_at_the_same_prompt(tmp_path, threads):
    served = {*range(12), 14, 19, 29}
    model = Model(lambda prompt: ANSWER if int(prompt.hash[4:]) in served else NoAnswer(Failure.TIMEOUT, "too late"))
    answers = prepare(tmp_path, SIXTY, max_concurrent=threads).send(model)
    # 20 to 24 are the first five in a row.
    used = [n for n in range(60) if isinstance(answers[f"hash{n}"], Answer)]
    assert used == [*range(12), 14, 19]


@THREADS
def test_a_server_that_counts_more_than_was_estimated_is_stopped_at_the_same_prompt(tmp_path, threads):
    limit = sum(prompt.tokens for prompt in SIXTY)
    content = {"message": {"content": '{"sentences": [{"text": "{I1} went on.", "cites": []}]}'}}
    greedy = json.dumps({"choices": [content], "usage": {"total_tokens": limit // 10}}).encode()
    with serve(greedy) as (url, _), open_model(SimpleNamespace(url=url)) as client:
        requests = prepare(tmp_path, SIXTY, max_concurrent=threads, max_tokens_per_run=limit)
        answers = requests.send(client)
    assert [isinstance(answers[prompt.hash], Answer) for prompt in SIXTY] == [True] * 11 + [False] * 49


def test_no_more_prompts_are_under_way_than_the_parameter_says(tmp_path):
    lock, both, under_way, most = Lock(), Barrier(2, timeout=60), 0, 0

    def answer(_):
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        both.wait()
        with lock:
            under_way -= 1
        return ANSWER

    prepare(tmp_path, SIXTY[:4], max_concurrent=2).send(Model(answer))
    assert most == 2


@pytest.mark.parametrize(("share", "tries"), [(1, 1), (1.9, 1), (2, 2), (2.9, 2), (3, 3), (9, 3)])
def test_a_prompt_is_repeated_as_often_as_the_limit_allows_should_all_fail(tmp_path, share, tries):
    limit = int(sum(prompt.tokens for prompt in SIXTY) * share)
    model = Model(lambda _: NoAnswer(Failure.UNUSABLE, "nonsense"))
    prepare(tmp_path, SIXTY, max_tokens_per_run=limit).send(model)
    assert set(model.tries) == {tries}


def test_what_would_pass_the_limit_is_not_sent(tmp_path):
    requests = prepare(tmp_path, SIXTY, max_tokens_per_run=SIXTY[0].tokens * 7)
    model = Model(lambda _: ANSWER)
    answers = requests.send(model)
    assert len(model.tries) == 7
    assert {answers[prompt.hash].failure for prompt in SIXTY[7:]} == {Failure.OVER_LIMIT}


def test_a_limit_leaves_out_the_same_whatever_was_asked_before(tmp_path):
    limit = SIXTY[0].tokens * 7
    prepare(tmp_path, SIXTY[:5]).send(Model(lambda _: ANSWER))
    model = Model(lambda _: ANSWER)
    answers = prepare(tmp_path, SIXTY, max_tokens_per_run=limit).send(model)
    assert len(model.tries) == 2
    assert [isinstance(answers[prompt.hash], Answer) for prompt in SIXTY] == [True] * 7 + [False] * 53


def test_two_prompts_that_say_the_same_are_sent_once(tmp_path):
    model = Model(lambda _: ANSWER)
    answers = prepare(tmp_path, [make_prompt(), make_prompt()]).send(model)
    assert (len(model.tries), answers) == (1, {"hash": ANSWER})


def test_what_is_kept_is_neither_planned_nor_sent_again(tmp_path):
    first = prepare(tmp_path, SIXTY)
    assert (first.kept, first.tokens) == (0, sum(prompt.tokens for prompt in SIXTY))
    first.send(Model(lambda _: ANSWER))
    again, model = prepare(tmp_path, SIXTY), Model(lambda _: ANSWER)
    assert (again.kept, again.tokens) == (60, 0)
    assert set(map(str, again.send(model).values())) == {str(ANSWER)}
    assert model.tries == []


@pytest.mark.parametrize("failure", Failure)
def test_a_failure_is_never_kept(tmp_path, failure):
    model = Model(lambda _: NoAnswer(failure, "sorry"))
    try:
        prepare(tmp_path, SIXTY).send(model)
    except CredentialsError:
        assert failure is Failure.WRONG_KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [
    b"", b"{", b"\xff", b'{"sentences": [{"text": "{I1} took 3 hours.", "cites": ["I1"]}]}',
])  # fmt: skip
def test_a_damaged_or_no_longer_usable_answer_is_asked_for_again(tmp_path, content):
    prompt = make_prompt()
    LocalFiles(tmp_path).write("hash.json", content)
    requests = prepare(tmp_path, [prompt])
    assert requests.kept == 0
    assert requests.send(Model(lambda _: ANSWER)) == {"hash": ANSWER}
    assert prepare(tmp_path, [prompt]).kept == 1


def test_progress_is_reported_in_order(tmp_path):
    seen = []
    prepare(tmp_path, SIXTY[:7], max_concurrent=3).send(
        Model(lambda _: ANSWER), lambda done, total: seen.append((done, total))
    )
    assert seen == [(n, 7) for n in range(1, 8)]
