"""One pace for a token: over threads and over processes."""

import subprocess
import sys
import threading
import time
import uuid

import pytest

from timeweave.web.pace import Pace

SENDER = """
import sys, time
from timeweave.web.pace import Pace
pace = Pace(sys.argv[1], 20)
for _ in range(8):
    pace.wait()
    print(time.monotonic(), flush=True)
pace.close()
"""


@pytest.fixture
def token():
    return f"nobody-{uuid.uuid4()}"


def test_threads_keep_their_distance(token):
    pace, starts, lock = Pace(token, 25), [], threading.Lock()

    def send():
        for _ in range(3):
            pace.wait()
            with lock:
                starts.append(time.monotonic())

    threads = [threading.Thread(target=send) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    pace.close()
    assert len(starts) == 12
    # Eleven intervals of 40 ms; a thread may wake late, so single distances vary a little, the rate does not.
    assert max(starts) - min(starts) >= 11 * 0.04


def test_processes_share_the_pace_of_a_token(token):
    command = [sys.executable, "-c", SENDER, token]
    senders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    starts = [float(line) for sender in senders for line in sender.communicate(timeout=60)[0].split()]
    assert len(starts) == 16
    assert max(starts) - min(starts) >= 15 * 0.05


def test_another_token_has_a_pace_of_its_own(token):
    slow, other = Pace(token, 0.01), Pace(f"{token}-other", 0.01)
    slow.wait()
    begun = time.monotonic()
    other.wait()
    assert time.monotonic() - begun < 5
    slow.close()
    other.close()


def test_no_limit_waits_for_nothing(token):
    pace = Pace(token, None)
    begun = time.monotonic()
    for _ in range(1000):
        pace.wait()
    assert time.monotonic() - begun < 1
    assert pace.interval == 0
