"""The sandbox as a server: faults on the wire, counting, control by other processes, and leaving nothing behind."""

import threading
import time
from datetime import date

import pytest
import requests

from tests.sandbox.asking import fibery, v9
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.recorder import most_in_a_second, most_in_flight
from timeweave.sandbox.server import Sandbox


@pytest.mark.parametrize(("fault", "status"), [("429", 429), ("500", 500), ("503", 503)])
def test_a_scripted_refusal_falls_to_one_request(sandbox, fault, status):
    sandbox.behaviour.update({"script": ["ok", fault]})
    assert [v9(sandbox, "/me").status_code for _ in range(3)] == [200, status, 200]


def test_a_reset_breaks_the_connection_without_an_answer(sandbox):
    sandbox.behaviour.update({"script": ["reset"]})
    with pytest.raises(requests.ConnectionError):
        v9(sandbox, "/me")
    assert sandbox.requests[-1].status is None


def test_a_cut_body_is_shorter_than_it_was_announced(sandbox):
    sandbox.behaviour.update({"script": ["cut"]})
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        fibery(sandbox, "/api/schema")


def statuses(sandbox, count=60):
    return [v9(sandbox, "/me").status_code for _ in range(count)]


def test_random_faults_are_the_same_each_time_and_never_too_many_in_a_row(sandbox):
    sandbox.behaviour.update(
        {"faults": ["503", "429"], "fault_rate": 0.6, "fault_seed": "one", "most_in_a_row": 2, "quota": None}
    )
    sandbox.reset()
    first = statuses(sandbox)
    sandbox.reset()
    assert statuses(sandbox) == first
    bad = "".join("x" if status != 200 else "." for status in first)
    assert "xx" in bad
    assert "xxx" not in bad
    sandbox.behaviour.update({"fault_seed": "two"})
    sandbox.reset()
    assert statuses(sandbox) != first


def test_faults_may_be_for_one_service_alone(sandbox):
    sandbox.behaviour.update({"script": ["503"], "only_service": "fibery"})
    assert v9(sandbox, "/me").status_code == 200
    assert fibery(sandbox, "/api/schema").status_code == 503


def test_answers_take_as_long_as_they_are_told_and_do_not_wait_for_each_other(sandbox):
    sandbox.behaviour.update({"latency": 0.2})
    begun = time.monotonic()
    threads = [threading.Thread(target=v9, args=(sandbox, "/me")) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert time.monotonic() - begun >= 0.2
    assert most_in_flight(sandbox.requests) == 4
    assert most_in_a_second(sandbox.requests) == 4


def test_other_processes_count_and_control_it_over_http(sandbox):
    v9(sandbox, "/me")
    counted = requests.get(f"{sandbox.url}/sandbox/requests", timeout=10).json()
    assert (counted["toggl"], counted["fibery"]["total"]) == ({"total": 1, "GET /api/v9/me": 1}, 0)
    assert requests.put(f"{sandbox.url}/sandbox/behaviour", json={"script": ["503"]}, timeout=10).status_code == 200
    assert v9(sandbox, "/me").status_code == 503
    requests.post(f"{sandbox.url}/sandbox/reset", timeout=10)
    assert sandbox.requests == []
    unknown = requests.put(f"{sandbox.url}/sandbox/behaviour", json={"latence": 1}, timeout=10)
    assert unknown.status_code == 400
    assert "latency" in unknown.text


def test_it_ends_without_leaving_a_thread_or_a_port(capfd):
    before = threading.active_count()
    with Sandbox(date(2025, 10, 14), behaviour=Behaviour(script=["cut"])) as running:
        url = running.url
        with pytest.raises(requests.RequestException):
            fibery(running, "/api/schema")
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)
    assert capfd.readouterr() == ("", "")


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
