"""Requests side by side, within bounds."""

import threading
import time

import pytest

from timeweave.enrichment.gate import Gate
from timeweave.runtime.errors import CredentialsError, TimeweaveError


class Crowd:
    """Counts who is inside at once."""

    def __init__(self):
        self.lock, self.inside, self.most = threading.Lock(), 0, 0

    def visit(self, answer):
        def request():
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            time.sleep(0.01)
            with self.lock:
                self.inside -= 1
            return answer

        return request


@pytest.mark.parametrize("bound", [1, 3, 8])
def test_no_more_requests_of_a_database_are_under_way_than_its_bound(bound):
    gate, crowd = Gate({"A/B": bound}), Crowd()
    answers = gate.run([(frozenset({"A/B"}), crowd.visit(number)) for number in range(20)])
    assert answers == list(range(20))
    assert crowd.most == gate.peaks["A/B"] == bound


def test_requests_about_several_databases_count_for_each_and_never_block_each_other():
    gate = Gate({"A/B": 1, "C/D": 2, "E/F": 3})
    crowds = [Crowd() for _ in range(3)]
    pairs = [({"A/B", "C/D"}, crowds[0]), ({"C/D", "E/F"}, crowds[1]), ({"E/F", "A/B"}, crowds[2])] * 8
    gate.run([(frozenset(databases), crowd.visit(0)) for databases, crowd in pairs])
    assert gate.peaks["A/B"] == 1
    assert gate.peaks["C/D"] <= 2
    assert gate.peaks["E/F"] <= 3


def failing(error):
    def request():
        raise error

    return request


def test_a_failed_request_is_an_answer_of_its_own():
    error = TimeweaveError("Fibery answered 500")
    gate = Gate({"A/B": 2})
    job = frozenset({"A/B"})
    assert gate.run([(job, Crowd().visit(1)), (job, failing(error)), (job, Crowd().visit(3))]) == [1, error, 3]


def test_a_wrong_token_stops_everything():
    with pytest.raises(CredentialsError):
        Gate({"A/B": 2}).run([(frozenset({"A/B"}), failing(CredentialsError("wrong")))])


def test_nothing_to_do_is_done():
    assert Gate({}).run([]) == []
