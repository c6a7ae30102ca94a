"""One pace for a token, over threads and over processes: by the starts that are noted, not by a clock of the test."""

import sqlite3
import subprocess
import sys
import threading
import uuid
from itertools import pairwise

import pytest

from timeweave.web.pace import Pace

SENDER = """
import sys
from timeweave.web.pace import Pace
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
