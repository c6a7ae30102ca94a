"""One pace for a token, over threads and over processes: by the starts that are noted, not by a clock of the test."""

import sqlite3
import subprocess
import sys
import threading
import uuid
from itertools import pairwise

import pytest

from timeweave.runtime.errors import CredentialsError, TimeweaveError
from timeweave.web.limits import ConcurrencyLimit, Pace

SENDER = """
import sys
from timeweave.web.limits import Pace
pace = Pace(sys.argv[1], 20)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(8):
    pace.wait()
pace.close()
"""


@pytest.fixture
def token():
    return f"nobody-{uuid.uuid4()}"


def read_starts(file):
    """The moments in milliseconds that were noted, ascending."""
    connection = sqlite3.connect(file)
    [(table,)] = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    starts = [moment for (moment,) in connection.execute(f"SELECT item_timestamp FROM '{table}' ORDER BY 1")]  # noqa: S608
    connection.close()
    return starts


def find_shortest(starts):
    return min(later - earlier for earlier, later in pairwise(starts))


def test_threads_keep_their_distance(token):
    pace = Pace(token, 25)
    threads = [threading.Thread(target=lambda: [pace.wait() for _ in range(3)]) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    starts = read_starts(pace.file)
    pace.close()
    assert len(starts) == 12
    assert find_shortest(starts) >= 40


def test_processes_share_the_pace_of_a_token(token):
    pace = Pace(token, 20)
    command = [sys.executable, "-c", SENDER, token]
    senders = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [sender.stdout.readline() for sender in senders] == ["ready\n"] * 2
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    assert [sender.wait(timeout=60) for sender in senders] == [0, 0]
    for sender in senders:
        sender.communicate()
    starts = read_starts(pace.file)
    pace.close()
    assert len(starts) == 16
    assert find_shortest(starts) >= 50


def test_another_token_has_a_pace_of_its_own(token):
    slow, other = Pace(token, 0.01), Pace(f"{token}-other", 0.01)
    for pace in (slow, other):
        pace.wait()
        pace.close()
    assert slow.file != other.file
    assert token not in str(slow.file)


def test_no_limit_waits_for_nothing_and_notes_nothing(token):
    pace = Pace(token, None)
    pace.wait()
    pace.close()
    assert (pace.interval, pace.file) == (0, None)


class Crowd:
    """Requests that are answered once `size` of them are under way, and that count how many are."""

    def __init__(self, size):
        self.barrier, self.lock, self.inside, self.most = threading.Barrier(size), threading.Lock(), 0, 0

    def visit(self, answer):
        def request():
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self.barrier.wait(timeout=60)
            with self.lock:
                self.inside -= 1
            return answer

        return request


@pytest.mark.parametrize("most", [1, 3, 8])
def test_as_many_requests_of_a_database_are_under_way_as_it_may_have_and_no_more(most):
    limit, crowd = ConcurrencyLimit({"A/B": most}), Crowd(most)
    answers = limit.run([(frozenset({"A/B"}), crowd.visit(number)) for number in range(24)])
    assert answers == list(range(24))
    assert crowd.most == limit.peaks["A/B"] == most


def test_requests_about_several_databases_count_for_each_and_never_block_each_other():
    limit = ConcurrencyLimit({"A/B": 1, "C/D": 2, "E/F": 3})
    pairs = [{"A/B", "C/D"}, {"C/D", "E/F"}, {"E/F", "A/B"}] * 8
    limit.run([(frozenset(pair), Crowd(1).visit(0)) for pair in pairs])
    assert limit.peaks["A/B"] == 1
    assert limit.peaks["C/D"] <= 2
    assert limit.peaks["E/F"] <= 3


def test_after_each_answer_it_is_said_how_many_have_come():
    limit, said = ConcurrencyLimit({"A/B": 1}), []
    limit.on_answer = lambda answered, known: said.append((answered, known))
    for count in (2, 1):
        limit.run([(frozenset({"A/B"}), Crowd(1).visit(0))] * count)
    assert said == [(1, 2), (2, 2), (3, 3)]


def fail(error):
    def request():
        raise error

    return request


def test_a_failed_request_is_an_answer_of_its_own():
    error = TimeweaveError("Fibery answered 500")
    limit = ConcurrencyLimit({"A/B": 2})
    job = frozenset({"A/B"})
    assert limit.run([(job, Crowd(1).visit(1)), (job, fail(error)), (job, Crowd(1).visit(3))]) == [1, error, 3]


def test_a_wrong_token_stops_everything():
    with pytest.raises(CredentialsError):
        ConcurrencyLimit({"A/B": 2}).run([(frozenset({"A/B"}), fail(CredentialsError("wrong")))])


def test_nothing_to_do_is_done():
    assert ConcurrencyLimit({}).run([]) == []
