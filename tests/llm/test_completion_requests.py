"""Which prompts are sent and which get an answer follows from their order, whatever threads and servers do."""

import json
from collections import Counter
from threading import Barrier, Lock
from types import SimpleNamespace

import pytest

from tests.llm.canned_server import serve
from tests.llm.period import change, choose, fill_prompts, make_prompt, open_model, read_data, summarize
from tests.reports import samples
from timeweave.archive.files import LocalFiles
from timeweave.llm.answer_validation import Answer, Failure, NoAnswer, Sentence
from timeweave.llm.completion_requests import PATIENCE, CompletionRequests, render_sentences, write_summaries
from timeweave.runtime import document
from timeweave.runtime.errors import CredentialsError, TimeweaveError

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


FOUND = {(e.space, e.database, e.public_id) for e in samples.ENTITIES if e.status == "found"}
ALL = len(FOUND) + 2 + 1
"""Items, the people who worked on any, the team."""


def test_every_found_item_every_person_with_one_and_the_team_are_summarized(calm, tmp_path):
    summaries, *_ = summarize(calm, tmp_path)
    assert {(s.space, s.database, s.public_id) for s in summaries.items} == FOUND
    assert [person.user_id for person in summaries.people] == [101, 102]
    assert "Checkout form" in summaries.team
    assert (summaries.dropped_sentences, summaries.missing) == (0, [])


def test_a_second_run_asks_nothing_and_writes_the_same(calm, tmp_path):
    first, *_ = summarize(calm, tmp_path)
    assert len(calm.requests) == ALL
    again, requests, client = summarize(calm, tmp_path)
    assert again == first
    assert (requests.kept, client.requests, len(calm.requests)) == (ALL, 0, ALL)


@pytest.mark.parametrize("what", [{"description": "It is quite another form now."}, {"name": "Checkout form, again"}])
def test_a_change_of_one_item_asks_for_it_its_people_and_the_team(calm, tmp_path, what):
    summarize(calm, tmp_path)
    calm.reset()
    summarize(calm, tmp_path, change("12", **what), max_concurrent=1)
    # Mira worked on the task, Jonas did not.
    team, person, item = map(read_data, calm.prompts)
    assert "key" in item
    assert [one["title"] for one in person["items"]] == [item["title"]]
    assert len(team["items"]) == len(FOUND)


@pytest.mark.parametrize("analysis", [
    pytest.param(samples.analysis([*samples.ENTRIES, samples.ENTRIES[0]]), id="more time on the same items"),
    pytest.param(samples.analysis(period=("2025-10-01", "2025-10-31")), id="another period"),
])  # fmt: skip
def test_the_same_work_asks_for_nothing(calm, tmp_path, analysis):
    summarize(calm, tmp_path)
    calm.reset()
    summarize(calm, tmp_path, analysis)
    assert calm.requests == []


def test_two_items_that_say_the_same_ask_once(calm, tmp_path):
    twins = [samples.entity(("Scrum", "Task", number), name="Water the plants") for number in ("1", "2")]
    entries = [samples.Entry(samples.MIRA, "2025-10-07", 60, "Water", ("Scrum", "Task", n)) for n in ("1", "2")]
    summaries, *_ = summarize(calm, tmp_path, samples.analysis(entries, twins))
    assert [one.public_id for one in summaries.items] == ["1", "2"]
    assert len(calm.requests) == 1 + 1 + 1


@pytest.mark.parametrize("mode", ["hostile", "once", "429"])
def test_any_number_of_threads_writes_the_same_bytes(calm, tmp_path, mode):
    calm.behaviour.update({"latency": 0.004, "latency_seed": "any", "llm": mode})
    written = set()
    for threads in (1, 3, 20):
        calm.reset()
        written.add(document.encode(summarize(calm, tmp_path / str(threads), max_concurrent=threads)[0]))
    assert len(written) == 1


@pytest.mark.parametrize(("mode", "reason"), [
    ("invalid", "not in the agreed form"), ("cut", "cut off"), ("refusal", "refused to answer"), ("429", "answered 429"),
])  # fmt: skip
def test_an_answer_that_cannot_be_used_costs_the_prose_and_is_never_kept(calm, tmp_path, mode, reason):
    calm.behaviour.llm = mode
    summaries, *_ = summarize(calm, tmp_path)
    assert (summaries.items, summaries.people, summaries.team) == ([], [], None)
    assert len(summaries.missing) == ALL
    assert all(reason in missing.reason for missing in summaries.missing)
    assert list(tmp_path.iterdir()) == []
    calm.behaviour.llm = "good"
    assert summarize(calm, tmp_path)[0].missing == []


def test_where_summaries_are_required_a_missing_one_is_an_error(calm, tmp_path):
    calm.behaviour.llm = "refusal"
    with pytest.raises(TimeweaveError, match=r"no summary of .*refused to answer; llm\.required"):
        summarize(calm, tmp_path, required=True)


def test_a_limit_is_kept_and_leaves_out_the_items_that_took_least(calm, tmp_path):
    limit = sum(prompt.tokens for prompt in fill_prompts()[:-1])
    summaries, requests, client = summarize(calm, tmp_path, max_tokens_per_run=limit)
    assert client.tokens.total() <= requests.tokens <= limit
    assert len(calm.requests) == ALL - 1
    assert [(missing.what, missing.reason) for missing in summaries.missing] == [
        ("Login loops", "llm.max_tokens_per_run would have been passed")
    ]


@pytest.mark.parametrize("share", [0.5, 1.0, 1.5, 2.2])
def test_answers_that_cannot_be_used_do_not_break_the_limit(calm, tmp_path, share):
    calm.behaviour.llm = "invalid"
    limit = int(sum(prompt.tokens for prompt in fill_prompts()) * share)
    _, _, client = summarize(calm, tmp_path, max_tokens_per_run=limit)
    assert 0 < client.tokens.total() <= limit


def test_names_are_put_in_by_code():
    names = {"I1": "Login loops on version 4.2", "P1": "Mira"}
    assert render_sentences(["{P1} looked into {I1}.", "{I1} stays."], names) == (
        "Mira looked into Login loops on version 4.2. Login loops on version 4.2 stays."
    )


def test_a_name_that_looks_like_a_key_is_not_replaced_again():
    assert render_sentences(["{P1} worked on {I1}."], {"P1": "{I1}", "I1": "x"}) == "{I1} worked on x."


def test_dropped_sentences_are_counted_of_answers_with_and_without_usable_ones():
    answers = {
        "hash1": Answer([Sentence(text, []) for text in ("{I1} went on.", "{I1} took 3 hours.")]),
        "hash2": NoAnswer(Failure.UNUSABLE, "nothing", dropped=4),
    }
    summaries = write_summaries([make_prompt(1), make_prompt(2)], answers, choose(), "demo")
    assert summaries.dropped_sentences == 1 + 4


@pytest.mark.parametrize(("source", "settings", "writer"), [
    ("demo", {}, "the sandbox's model"), ("live", {"model": "wise-1"}, "wise-1"), ("demo", {"url": "http://localhost:1", "model": None}, "a language model"),
])  # fmt: skip
def test_a_report_says_who_wrote(source, settings, writer):
    assert write_summaries([], {}, choose(**settings), source).model == writer


def test_no_request_holds_a_name_an_address_or_an_id_where_pseudonyms_are_on(calm, tmp_path):
    absent = samples.Person(999_555, "Tormund Valkenried", "valkenried@heliotrope.example")
    text = "Mira asked jonas.ferrowell@heliotrope.example (102), Tormund (999555) and MIRA CASTELLANE. " + "x " * 900
    changed = change("12", description=text + "Ferrowell", name="Checkout form for Jonas")
    everybody = samples.list_people(samples.MIRA, samples.JONAS, absent)
    summaries, *_ = summarize(calm, tmp_path, changed, everybody, pseudonyms=True)
    bodies = "\n".join(calm.prompts).casefold()
    assert "somebody asked somebody (somebody), somebody (somebody) and somebody somebody." in bodies
    for person in (samples.MIRA, samples.JONAS, absent):
        for part in (*person.name.split(), person.email, f'"{person.user_id}"', f"({person.user_id})"):
            assert part.casefold() not in bodies
            assert json.dumps(part.casefold())[1:-1] not in bodies
    assert any("Mira Castellane" in item.text for item in summaries.items)
    assert any("Checkout form for Jonas" in item.text for item in summaries.items)
