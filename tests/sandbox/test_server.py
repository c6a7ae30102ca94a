"""The sandbox as a server: control by other processes, and nothing left behind when it ends."""

import contextlib
import gc
import socket
import subprocess
import sys
import threading
import warnings
from datetime import date
from pathlib import Path

import pytest
import requests

from tests.sandbox.plain_client import DETAILED, WEEK, fibery, report, v9
from timeweave.sandbox.behaviour import FAULTS, Behaviour
from timeweave.sandbox.server import Sandbox

DAY = date(2025, 10, 14)


def put(sandbox, content):
    return requests.put(f"{sandbox.url}/sandbox/behaviour", json=content, timeout=10)


def counted(sandbox):
    return requests.get(f"{sandbox.url}/sandbox/requests", timeout=10).json()


def test_other_processes_count_requests_over_http(sandbox):
    v9(sandbox, "users"), v9(sandbox, "users", active="both"), report(sandbox, **WEEK), fibery(sandbox, "/api/schema")
    assert counted(sandbox) == {
        "toggl": {"total": 3, "GET /api/v9/workspaces/7001001/users": 2, f"POST {DETAILED}": 1},
        "fibery": {"total": 1, "GET /api/schema": 1},
        "llm": {"total": 0},
    }
    requests.post(f"{sandbox.url}/sandbox/reset", timeout=10)
    assert {service: one["total"] for service, one in counted(sandbox).items()} == {"toggl": 0, "fibery": 0, "llm": 0}


def test_other_processes_control_its_behaviour_over_http(sandbox):
    assert put(sandbox, {"script": ["503"], "missing": ["7"], "quota": 9}).status_code == 200
    assert (sandbox.behaviour.script, sandbox.behaviour.missing, sandbox.behaviour.quota) == (["503"], {"7"}, 9)
    assert v9(sandbox, "users").status_code == 503
    assert v9(sandbox, "users").headers["X-Toggl-Quota-Remaining"] == "8"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"latence": 1, "quota": 3}, "unknown: latence; known:"),
        ({"script": ["ok", "404"], "quota": 3}, "script: unknown: 404; known: ok, 429,"),
        ({"faults": "503", "quota": 3}, "faults: unknown: 0, 3, 5"),
        (["quota"], ""),
        (3, ""),
    ],
    ids=["name", "fault", "text for a list", "list", "number"],
)
def test_behaviour_that_there_is_not_is_refused_and_changes_nothing(sandbox, content, words):
    answer = put(sandbox, content)
    assert answer.status_code == 400
    assert words in answer.json()
    assert vars(sandbox.behaviour) == vars(Behaviour())


def test_a_reset_gives_back_what_was_spent(sandbox):
    sandbox.behaviour.update({"quota": 1, "fibery_per_second": 0.01})
    spent = [v9(sandbox, "users") for _ in range(2)] + [fibery(sandbox, "/api/schema") for _ in range(4)]
    assert [spent[1].status_code, spent[-1].status_code] == [402, 429]
    requests.post(f"{sandbox.url}/sandbox/reset", timeout=10)
    assert (v9(sandbox, "users").status_code, fibery(sandbox, "/api/schema").status_code) == (200, 200)


def sockets():
    """The sockets and selectors that this process holds open."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(entry.readlink()))
    return {name for name in found if name.startswith(("socket:", "anon_inode:"))}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="lists open files in the way of Linux")
@pytest.mark.parametrize("busy", [False, True], ids=["at once", "after trouble, with a connection open"])
def test_it_ends_without_leaving_a_thread_a_socket_or_a_word(sandbox, capfd, busy):
    threads, before = set(threading.enumerate()), sockets()
    with requests.Session() as session, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with Sandbox(DAY, world=sandbox.world, behaviour=Behaviour(script=list(FAULTS) if busy else [])) as running:
            url = running.url
            for _ in FAULTS if busy else ():
                with contextlib.suppress(requests.RequestException):
                    session.get(f"{url}/api/schema", timeout=10)
            assert sockets() - before
        assert set(threading.enumerate()) <= threads
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=2)
        session.close()
        del running
        gc.collect()
    assert sockets() - before == set()
    assert [str(one.message) for one in warned] == []
    assert capfd.readouterr() == ("", "")


def test_a_program_that_uses_it_ends_and_prints_only_its_own_words():
    program = (
        "import datetime, requests\n"
        "from timeweave.sandbox.server import Sandbox\n"
        "with Sandbox(datetime.date(2025, 10, 14)) as sandbox:\n"
        "    print(requests.get(sandbox.url + '/api/v9/me', timeout=10).status_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program], capture_output=True, text=True, timeout=30
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "401\n", "")


def test_it_takes_the_port_that_it_is_given(sandbox):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Sandbox(DAY, port=port, world=sandbox.world) as running:
        assert running.url == f"http://127.0.0.1:{port}"
        assert v9(running, "users").status_code == 200
