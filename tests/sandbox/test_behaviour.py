"""Trouble on the wire, as a real client meets it: on demand, at random, always repeatable."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email.message import Message

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.plain_client import fibery, v9
from timeweave.sandbox.behaviour import FAULTS, Behaviour, Faults, Rate
from timeweave.sandbox.http_server import Request
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


def test_an_answer_takes_as_long_as_it_is_told(sandbox):
    sandbox.behaviour.update({"latency": 0.2})
    v9(sandbox, "users")
    [request] = sandbox.requests
    assert request.answered - request.arrived >= 0.2


def test_answers_do_not_wait_for_each_other():
    slow = Behaviour(latency=3600.0)
    with ThreadPoolExecutor(4) as pool, Sandbox(date(2025, 10, 14), behaviour=slow) as sandbox:
        for _ in range(4):
            pool.submit(fibery, sandbox, "/api/schema", timeout=60)
        wait_for(lambda: len(sandbox.requests) == 4)
        assert [request.answered for request in sandbox.requests] == [None] * 4


def wait_for(condition):
    """Wait until something has happened, or a minute."""
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def request(method, address, body=b""):
    return Request(method, address, Message(), body)


def test_delays_are_drawn_for_each_request_by_what_it_asks_and_how_often():
    def draw():
        faults = Faults(Behaviour(latency=10.0, latency_seed="slow"))
        asked = [request("GET", "/a"), request("GET", "/b"), request("GET", "/a?x=1"), request("POST", "/a", b"{}")]
        return [faults.delay(one)[0] for one in asked * 3]

    first = draw()
    assert draw() == first
    assert len(set(first)) == 12
    assert all(0 <= one < 10 for one in first)
    assert {Faults(Behaviour(latency=10.0)).delay(request("GET", "/a"))[0]} == {10.0}


class Clock:
    """Goes on as it is told."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(st.lists(st.integers(0, 300), max_size=80), st.sampled_from([0.25, 1.0, 8.0]))
def test_a_rate_lets_a_burst_through_but_no_excess_over_any_span(milliseconds, per_second):
    clock, allowed = Clock(), []
    rate = Rate(clock)
    for gap in milliseconds:
        clock.now += gap / 1000
        if rate.allows(per_second):
            allowed.append(clock.now)
    for first, start in enumerate(allowed):
        for last, end in enumerate(allowed[first:], 1):
            assert last <= Rate.BURST + (end - start) * per_second + 1e-6


def test_a_burst_is_let_through_and_a_steady_pace_always():
    clock = Clock()
    rate = Rate(clock)
    assert [rate.allows(1.0) for _ in range(Rate.BURST + 2)] == [True] * Rate.BURST + [False] * 2
    clock.now += 0.5
    assert not rate.allows(1.0)
    for _ in range(50):
        clock.now += 1.0
        assert rate.allows(1.0)


def test_asking_toggl_too_fast_is_a_429_in_html(sandbox):
    sandbox.behaviour.update({"toggl_per_second": 0.001})
    answers = [v9(sandbox, "users") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Content-Type"].startswith("text/html")
    assert fibery(sandbox, "/api/schema").status_code == 200


def test_asking_fibery_too_fast_is_a_429_in_plain_text(sandbox):
    sandbox.behaviour.update({"fibery_per_second": 0.001})
    answers = [fibery(sandbox, "/api/documents/x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert (answers[-1].text, answers[-1].headers["Content-Type"].partition(";")[0]) == (
        "Too Many Requests", "text/plain",
    )  # fmt: skip
    assert v9(sandbox, "users").status_code == 200


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
    assert served == ["ok" if kind in ("cut", "html") else kind for kind in kinds]
