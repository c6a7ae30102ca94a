"""Trouble on the wire, as a real client meets it: on demand, at random, always repeatable."""

import random
import threading
from datetime import date

import pytest
import requests

from tests.sandbox.asking import fibery, v9
from timeweave.sandbox.behaviour import FAULTS, Behaviour
from timeweave.sandbox.recorder import most_in_a_second, most_in_flight
from timeweave.sandbox.server import Sandbox


def toggl_users(sandbox):
    return v9(sandbox, "users")


def fibery_schema(sandbox):
    return fibery(sandbox, "/api/schema")


SERVICES = pytest.mark.parametrize("ask", [toggl_users, fibery_schema])


@SERVICES
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_scripted_refusal_falls_to_one_request(sandbox, ask, status):
    sandbox.behaviour.update({"script": ["ok", str(status)]})
    assert [ask(sandbox).status_code for _ in range(3)] == [200, status, 200]
    assert [request.status for request in sandbox.requests] == [200, status, 200]


@pytest.mark.parametrize(
    ("ask", "fault", "kind", "beginning"),
    [
        (toggl_users, "429", "text/html", "<html>"),
        (toggl_users, "500", "application/json", '"Internal Server Error"'),
        (toggl_users, "503", "text/html", "<html>"),
        (fibery_schema, "429", "text/plain", "Too Many Requests"),
        (fibery_schema, "500", "application/json", '{"name":'),
        (fibery_schema, "503", "text/html", "<html>"),
    ],
)
def test_refusals_are_worded_as_each_service_words_them(sandbox, ask, fault, kind, beginning):
    sandbox.behaviour.update({"script": [fault]})
    answer = ask(sandbox)
    assert answer.headers["Content-Type"].partition(";")[0] == kind
    assert answer.text.startswith(beginning)


@SERVICES
def test_a_reset_breaks_the_connection_without_an_answer(sandbox, ask):
    sandbox.behaviour.update({"script": ["reset"]})
    with pytest.raises(requests.ConnectionError) as caught:
        ask(sandbox)
    assert not isinstance(caught.value, requests.exceptions.ChunkedEncodingError)
    assert [request.status for request in sandbox.requests] == [None]
    assert ask(sandbox).status_code == 200


@SERVICES
def test_a_cut_body_is_shorter_than_it_was_announced(sandbox, ask):
    sandbox.behaviour.update({"script": ["cut"]})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        ask(sandbox)
    assert [request.status for request in sandbox.requests] == [200]
    assert ask(sandbox).status_code == 200


def test_a_session_survives_a_cut_and_a_reset(sandbox):
    sandbox.behaviour.update({"script": ["ok", "cut", "ok", "reset", "ok"]})
    outcomes = []
    with requests.Session() as session:
        for _ in range(5):
            try:
                answer = session.get(f"{sandbox.url}/api/documents/x", timeout=10)
                outcomes.append(answer.status_code)
            except requests.RequestException:
                outcomes.append(None)
    assert outcomes == [401, None, 401, None, 401]


def statuses(sandbox, count=40):
    return [v9(sandbox, "users").status_code for _ in range(count)]


def test_random_faults_are_the_same_each_time(sandbox):
    storm = {"faults": ["503", "429"], "fault_rate": 0.6, "fault_seed": "one", "quota": None}
    sandbox.behaviour.update(storm)
    first = statuses(sandbox)
    assert set(first) == {200, 429, 503}
    sandbox.reset()
    assert statuses(sandbox) == first
    with Sandbox(date(2025, 10, 14), world=sandbox.world, behaviour=Behaviour(**storm)) as other:
        assert statuses(other) == first
    sandbox.behaviour.update({"fault_seed": "two"})
    sandbox.reset()
    assert statuses(sandbox) != first


@pytest.mark.parametrize("most", [1, 3])
def test_one_request_never_meets_too_many_faults_in_a_row(sandbox, most):
    sandbox.behaviour.update({"faults": ["503"], "fault_rate": 1.0, "most_in_a_row": most, "quota": None})
    assert statuses(sandbox, 12) == ([503] * most + [200]) * (12 // (most + 1))


def test_what_befalls_a_request_does_not_depend_on_who_else_asks(sandbox):
    sandbox.behaviour.update({"faults": ["503", "429"], "fault_rate": 0.5, "fault_seed": "any", "quota": None})
    paths = ["/me", "/workspaces", "/me/quota", "/me/workspaces"]

    def asked_at_once():
        sandbox.reset()
        found = {}

        def ask(path):
            found[path] = [v9(sandbox, path).status_code for _ in range(8)]

        threads = [threading.Thread(target=ask, args=(path,)) for path in paths]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return found

    first = asked_at_once()
    assert {200, 429, 503} == {status for statuses in first.values() for status in statuses}
    assert all(asked_at_once() == first for _ in range(3))


@pytest.mark.parametrize("trouble", [{"script": ["503"]}, {"faults": ["503"], "fault_rate": 1.0}])
def test_faults_may_be_for_one_service_alone(sandbox, trouble):
    sandbox.behaviour.update(trouble | {"only_service": "fibery"})
    assert v9(sandbox, "users").status_code == 200
    assert fibery(sandbox, "/api/schema").status_code == 503


def test_answers_take_as_long_as_they_are_told_and_do_not_wait_for_each_other(sandbox):
    sandbox.behaviour.update({"latency": 0.2})
    threads = [threading.Thread(target=v9, args=(sandbox, "users")) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert min(request.answered - request.arrived for request in sandbox.requests) >= 0.2
    assert most_in_flight(sandbox.requests) == 4
    assert most_in_a_second(sandbox.requests) == 4


def test_delays_may_be_drawn_at_random_and_are_the_same_each_time(sandbox):
    def delays():
        """The shortest of two looks each: the machine may be busy with something else."""
        looks = []
        for _ in range(2):
            sandbox.reset()
            for _ in range(5):
                v9(sandbox, "users")
            looks.append([request.answered - request.arrived for request in sandbox.requests])
        return [min(pair) for pair in zip(*looks, strict=True)]

    sandbox.behaviour.update({"latency": 0.08, "latency_seed": "slow"})
    first = delays()
    assert delays() == pytest.approx(first, abs=0.02)
    assert max(first) - min(first) > 0.03
    assert min(first) < 0.05


def test_every_kind_of_fault_that_there_is_may_be_scripted(sandbox):
    kinds = list(FAULTS)
    random.Random(1).shuffle(kinds)
    sandbox.behaviour.update({"script": kinds})
    for _ in kinds:
        try:
            v9(sandbox, "users")
        except requests.RequestException:
            continue
    served = ["ok" if status == 200 else str(status or "reset") for status in (r.status for r in sandbox.requests)]
    assert served == ["ok" if kind == "cut" else kind for kind in kinds]
