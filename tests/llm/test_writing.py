"""Summaries of a period: written once, paid for once, and worth no less when the model fails."""

import pytest

from tests.llm.period import asked, changed, data_of, material, quickly, summarised
from tests.reports import samples
from timeweave.llm.settings import LlmSettings
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError

FOUND = {(e.space, e.database, e.public_id) for e in samples.ENTITIES if e.status == "found"}
ALL = len(FOUND) + 2 + 1
"""Items, the people who worked on any, the team."""


def test_every_found_item_every_person_with_one_and_the_team_are_summarised(calm, tmp_path):
    summaries, *_ = summarised(calm, tmp_path)
    assert {(s.space, s.database, s.public_id) for s in summaries.items} == FOUND
    assert {person.user_id for person in summaries.people} == {101, 102}
    assert "Checkout form" in summaries.team
    assert (summaries.dropped_sentences, summaries.missing) == (0, [])


def test_a_second_run_asks_nothing_and_writes_the_same(calm, tmp_path):
    first, *_ = summarised(calm, tmp_path)
    assert len(calm.requests) == ALL
    again, asking, model = summarised(calm, tmp_path)
    assert again == first
    assert (asking.kept, model.requests, len(calm.requests)) == (ALL, 0, ALL)


@pytest.mark.parametrize("what", [{"description": "It is quite another form now."}, {"name": "Checkout form, again"}])
def test_a_change_of_one_item_asks_for_it_its_people_and_the_team(calm, tmp_path, what):
    summarised(calm, tmp_path)
    calm.reset()
    summarised(calm, tmp_path, enriched=changed(samples.enriched(), "12", **what))
    # Mira worked on the task, Jonas did not.
    item, person, team = map(data_of, calm.prompts)
    assert "key" in item
    assert [one["title"] for one in person["items"]] == [item["title"]]
    assert len(team["items"]) == len(FOUND)


def test_more_time_on_the_same_items_asks_for_nothing(calm, tmp_path):
    summarised(calm, tmp_path)
    calm.reset()
    entries = [*samples.ENTRIES, samples.ENTRIES[0]]
    summarised(calm, tmp_path, aggregated=samples.aggregated(entries))
    assert calm.requests == []


def test_the_same_item_in_another_period_asks_for_nothing(calm, tmp_path):
    summarised(calm, tmp_path)
    calm.reset()
    summarised(calm, tmp_path, aggregated=samples.aggregated(period=("2025-10-01", "2025-10-31")))
    assert calm.requests == []


def test_two_items_that_say_the_same_ask_once(calm, tmp_path):
    twins = [samples.entity(("Scrum", "Task", number), name="Water the plants") for number in ("1", "2")]
    entries = [samples.Entry(samples.MIRA, "2025-10-07", 60, "Water", ("Scrum", "Task", n)) for n in ("1", "2")]
    summaries, *_ = summarised(calm, tmp_path, samples.aggregated(entries), samples.enriched(twins))
    assert len(summaries.items) == 2
    assert len(calm.requests) == 1 + 1 + 1


@pytest.mark.parametrize("setting", [
    {"model": "another"}, {"server": "there"}, {"user": "another prompt"}, {"answer_tokens": 600},
])  # fmt: skip
def test_whatever_goes_into_an_answer_makes_another_question(setting):
    assert asked(**setting).hash != asked().hash == asked().hash


@pytest.mark.parametrize(("source", "url", "server"), [
    ("demo", None, "the sandbox's model"), ("live", None, "https://api.openai.com/v1"), ("demo", "http://localhost:1/v1/", "http://localhost:1/v1"),
])  # fmt: skip
def test_an_answer_of_the_sandbox_is_not_taken_for_one_of_a_model(source, url, server):
    settings = LlmSettings(url=url, model="wise-1")
    assert settings.server(source) == server
    assert settings.written_by(source) == (server if server.startswith("the") else "wise-1")


@pytest.mark.parametrize("mode", ["good", "hostile", "once"])
def test_any_number_of_threads_writes_the_same_bytes(calm, tmp_path, mode, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.update({"latency": 0.03, "latency_seed": "any", "llm": mode})
    written = set()
    for threads in (1, 3, 20):
        calm.reset()
        written.add(document.encode(summarised(calm, tmp_path / str(threads), max_concurrent=threads)[0]))
    assert len(written) == 1


def test_any_number_of_threads_fails_in_the_same_way(calm, tmp_path, monkeypatch):
    quickly(monkeypatch)
    written = set()
    for threads in (1, 3, 20):
        calm.behaviour.update({"llm": "429", "latency": 0.002, "latency_seed": "any"})
        written.add(document.encode(summarised(calm, tmp_path / str(threads), max_concurrent=threads)[0]))
    assert len(written) == 1


def test_no_more_questions_are_under_way_than_the_parameter_says(calm, tmp_path):
    from timeweave.sandbox.recorder import most_in_flight

    calm.behaviour.latency = 0.05
    summarised(calm, tmp_path, max_concurrent=2)
    assert most_in_flight(calm.requests) == 2


@pytest.mark.parametrize(("mode", "reason"), [
    ("invalid", "not in the agreed form"), ("cut", "cut off"), ("refusal", "refused to answer"), ("html", "no answer"),
])  # fmt: skip
def test_an_answer_that_cannot_be_used_costs_the_prose_and_is_never_kept(calm, tmp_path, mode, reason, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.llm = mode
    summaries, *_ = summarised(calm, tmp_path)
    assert (summaries.items, summaries.people, summaries.team) == ([], [], None)
    assert len(summaries.missing) == ALL
    assert all(reason in missing.reason for missing in summaries.missing)
    assert list(tmp_path.iterdir()) == []
    calm.behaviour.llm = "good"
    assert summarised(calm, tmp_path)[0].missing == []


def crowd(count):
    """So many items of one person."""
    entities = [samples.entity(("Scrum", "Task", str(n)), name=f"Task {n}") for n in range(1, count + 1)]
    entries = [samples.Entry(samples.MIRA, "2025-10-07", 60, "x", ("Scrum", "Task", e.public_id)) for e in entities]
    return samples.aggregated(entries), samples.enriched(entities)


@pytest.mark.parametrize("mode", ["429", "stall", "404"])
def test_a_server_that_does_not_serve_is_given_up(calm, tmp_path, mode, monkeypatch):
    quickly(monkeypatch)
    calm.behaviour.update({"llm": mode, "llm_stall": 0.3})
    summaries, _, model = summarised(calm, tmp_path, *crowd(60), timeout=0.1, max_concurrent=20)
    assert len(summaries.missing) == 62
    assert len({missing.reason for missing in summaries.missing}) == 1
    assert len(calm.requests) == model.requests == 5 * {"429": 6, "stall": 3, "404": 1}[mode]


def test_where_summaries_are_required_a_missing_one_stops_the_run(calm, tmp_path):
    calm.behaviour.llm = "refusal"
    with pytest.raises(TimeweaveError, match=r"no summary of .*refused to answer; llm\.required"):
        summarised(calm, tmp_path, required=True)


def test_a_limit_on_tokens_is_kept_and_what_is_left_out_is_said(calm, tmp_path):
    _, whole, _ = summarised(calm, tmp_path / "whole")
    calm.reset()
    limit = whole.planned_tokens * 2 // 3
    summaries, some, model = summarised(calm, tmp_path / "some", max_tokens_per_run=limit)
    assert model.tokens <= some.planned_tokens <= limit
    assert 0 < len(calm.requests) < ALL
    assert {missing.reason for missing in summaries.missing} == {"llm.max_tokens_per_run would have been passed"}
    # What matters to most readers comes first.
    assert summaries.team
    assert len(summaries.people) == 2


def test_a_limit_leaves_out_the_same_whatever_was_asked_before(calm, tmp_path):
    _, whole, _ = summarised(calm, tmp_path)
    limit = whole.planned_tokens // 2
    fresh = summarised(calm, tmp_path / "fresh", max_tokens_per_run=limit)[0]
    assert summarised(calm, tmp_path, max_tokens_per_run=limit)[0] == fresh


@pytest.mark.parametrize("share", [0.5, 1.0, 1.5, 2.2])
def test_answers_that_cannot_be_used_do_not_break_the_limit(calm, tmp_path, share, monkeypatch):
    quickly(monkeypatch)
    _, whole, _ = summarised(calm, tmp_path / "whole")
    calm.behaviour.llm = "invalid"
    limit = int(whole.planned_tokens * share)
    _, _, model = summarised(calm, tmp_path / "some", max_tokens_per_run=limit)
    assert model.tokens > 0
    assert model.tokens <= limit


def test_a_limit_of_nothing_asks_nothing(calm, tmp_path):
    assert len(summarised(calm, tmp_path, max_tokens_per_run=0)[0].missing) == ALL
    assert calm.requests == []


def test_what_was_said_of_items_reaches_people_and_team_in_their_own_keys(calm, tmp_path):
    summarised(calm, tmp_path)
    person, team = data_of(calm.prompts[-2]), data_of(calm.prompts[-1])
    assert person["items"][0]["about"].startswith("Work on {I1} went on")
    assert "It was carried by {P" in team["items"][-1]["about"]
    assert all("{P1}" in item["about"] or "colleague" in item["about"] for item in person["items"])


def test_hours_and_dates_are_not_sent(calm, tmp_path):
    summarised(calm, tmp_path)
    for prompt in calm.prompts:
        assert "2025" not in prompt
        assert "10801" not in prompt


def test_an_item_takes_the_prompt_of_its_kind():
    kinds = {question.names["I1"]: question.kind for question in material().items()}
    assert kinds == {"Checkout form": "task", "Address validation": "task", "Login loops": "bug"}
