"""One pace for a token, over threads and over processes; requests under way at once, by resource."""

import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from timeweave.runtime.errors import CredentialsError, TimeweaveError
from timeweave.sandbox.server import Sandbox
from timeweave.web.limits import ConcurrencyLimit, Pace, PacedAdapter

SENDER = """
import sys, time
from timeweave.web.limits import Pace
pace = Pace(sys.argv[1], 20)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(8):
    with pace.take_turn():
        print(time.monotonic(), flush=True)
"""


@pytest.fixture
def token():
    return f"nobody-{uuid.uuid4()}"


def find_shortest(starts):
    return min(later - earlier for earlier, later in pairwise(sorted(starts)))


class Clock:
    """Time that passes only when somebody waits or works."""

    def __init__(self):
        self.now = 1000.0

    def read(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


DELAYS = st.floats(0, 3)


@given(
    per_second=st.integers(1, 10),
    delays=st.lists(st.tuples(DELAYS, DELAYS, DELAYS, DELAYS), min_size=12, max_size=40),
)
def test_no_second_sees_more_arrivals_than_it_may_however_long_anything_takes(per_second, delays):
    clock, arrivals = Clock(), []
    pace = Pace(f"nobody-{uuid.uuid4()}", per_second, clock.read, clock.sleep)
    for before, begins, travels, ends in delays:
        clock.sleep(before)
        with pace.take_turn():
            clock.sleep(begins)
            # Writing it has begun; on its way it is delayed by less than the margin of a second.
            arrivals.append(clock.now + travels / 3 * 0.059)
            clock.sleep(ends)
    pace.file.unlink()
    assert all(sum(first <= one < first + 1 for one in arrivals) <= per_second for first in arrivals)


def test_where_nothing_takes_any_time_requests_are_a_little_further_apart_than_they_must_be(token):
    clock, starts = Clock(), []
    pace = Pace(token, 4, clock.read, clock.sleep)
    for _ in range(5):
        with pace.take_turn():
            starts.append(clock.now)
    assert [later - earlier for earlier, later in pairwise(starts)] == pytest.approx([0.265] * 4)


def test_a_moment_of_another_life_of_the_machine_delays_one_request_only_and_for_its_distance(token):
    clock = Clock()
    pace = Pace(token, 2, clock.read, clock.sleep)
    pace.file.write_text("99999999.0")
    with pace.take_turn():
        assert clock.now == pytest.approx(1000.53)
    with pace.take_turn():
        assert clock.now == pytest.approx(1001.06)


@pytest.mark.parametrize("content", ["", "nonsense", "\0" * 20, "nan"])
def test_a_file_that_says_nothing_delays_nothing(token, content):
    clock = Clock()
    pace = Pace(token, 2, clock.read, clock.sleep)
    pace.file.write_text(content)
    with pace.take_turn():
        assert clock.now == 1000


def test_a_file_that_cannot_be_had_is_a_sentence(token):
    pace = Pace(token, 2)
    pace.file.mkdir()
    with pytest.raises(TimeweaveError, match="keeps the pace of requests, cannot be used: Is a directory; make room"):
        pace.take_turn().__enter__()
    pace.file.rmdir()


def test_a_request_that_fails_took_its_turn_all_the_same(token):
    clock = Clock()
    pace = Pace(token, 1, clock.read, clock.sleep)
    with pytest.raises(ConnectionResetError), pace.take_turn():
        raise ConnectionResetError
    with pace.take_turn():
        assert clock.now == pytest.approx(1001.06)


def test_threads_keep_their_distance(token):
    pace, starts = Pace(token, 25), []

    def send():
        for _ in range(3):
            with pace.take_turn():
                starts.append(time.monotonic())

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(starts) == 12
    assert find_shortest(starts) >= 0.04


def test_processes_share_the_pace_of_a_token(token):
    command = [sys.executable, "-c", SENDER, token]
    senders = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [sender.stdout.readline() for sender in senders] == ["ready\n"] * 2
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    starts = [float(line) for sender in senders for line in sender.communicate(timeout=60)[0].splitlines()]
    assert len(starts) == 16
    assert find_shortest(starts) >= 0.05


class CountedPace(Pace):
    """Counts its turns."""

    turns = 0

    @contextmanager
    def take_turn(self):
        self.turns += 1
        with super().take_turn():
            yield


@pytest.mark.parametrize("proxied", [False, True], ids=["directly", "through a proxy"])
def test_a_request_takes_one_turn_on_whatever_way_it_goes(token, proxied):
    pace = CountedPace(token, 1000)
    with Sandbox(date(2025, 10, 14)) as sandbox, requests.Session() as session:
        session.mount("http://", PacedAdapter(pace))
        session.trust_env = False
        proxies = {"http": sandbox.url} if proxied else {}
        address = "http://fibery.invalid/" if proxied else sandbox.url
        answered = [session.get(address, proxies=proxies, timeout=10).status_code for _ in range(3)]
    # What the sandbox makes of an address that it does not have is its own affair.
    assert (pace.turns, answered) == (3, [answered[0]] * 3)


def test_another_token_has_a_pace_of_its_own(token):
    slow, other = Pace(token, 0.01), Pace(f"{token}-other", 0.01)
    for pace in (slow, other):
        with pace.take_turn():
            pass
    assert slow.file != other.file
    assert token not in str(slow.file)


def test_no_limit_waits_for_nothing_and_notes_nothing(token):
    pace = Pace(token, None)
    with pace.take_turn():
        pass
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
