"""timeweave sandbox serves both APIs for a person with curl, and says how to ask."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.project import Project

TIMEWEAVE = str(Path(sys.executable).parent / "timeweave")


@pytest.fixture(scope="module")
def served():
    process = subprocess.Popen(
        [TIMEWEAVE, "sandbox", "--port", "0"], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    said = "".join(process.stderr.readline() for _ in range(6))
    yield said
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert out == ""


def test_what_it_prints_can_be_typed_as_it_stands(served):
    toggl, fibery = (line.strip() for line in served.splitlines()[1:3])
    user, password = re.search(r"-u (\S+):(\S+)", toggl).groups()
    answer = requests.get(toggl.split()[-1], auth=(user, password), timeout=10)
    assert "Mira Castellane" in {person["fullname"] for person in answer.json()}
    header = re.search(r"'Authorization: (.*?)'", fibery)[1]
    assert "fibery/types" in requests.get(fibery.split()[-1], headers={"Authorization": header}, timeout=10).json()


def test_what_it_prints_of_its_model_can_be_typed_into_params_and_env(served):
    url, key = re.search(r"llm\.url (\S+/v1), OPENAI_API_KEY (\S+)", served.splitlines()[4]).groups()
    body = {"model": "any", "messages": [{"role": "user", "content": '\nDATA\n{"key": "I1"}\nEND OF DATA'}]}
    answer = requests.post(f"{url}/chat/completions", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10)
    assert "Work on {I1} went on." in answer.json()["choices"][0]["message"]["content"]


def test_the_init_that_it_prints_goes_live_against_it(served, tmp_path):
    project = Project.copy(tmp_path)
    project.set_params(toggl__requests_per_second=1000, fibery__requests_per_second=1000)
    done = project.succeed("sh", "-c", served.splitlines()[3])
    assert re.match(r"1,\d\d\d entries, [\d,.]+ h from ", done.stdout)
    assert "git commit" in done.stdout
    folder = tmp_path / "config"
    above = Project(folder).call("list-runs")
    assert above.stderr.endswith(f" (the project is above: cd {tmp_path})\n")


def test_a_day_that_is_none_is_one_sentence(tmp_path):
    done = Project(tmp_path).call("sandbox", "--as-of", "soon")
    assert (done.returncode, done.stderr) == (
        2,
        "timeweave: --as-of 'soon' is not a day of the calendar; write it as 2025-10-14\n",
    )


@pytest.mark.parametrize("port", ["99999", "taken"])
def test_a_port_that_cannot_be_had_is_one_sentence(port, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = str(other.getsockname()[1]) if port == "taken" else port
        done = Project(tmp_path).call("sandbox", "--port", number)
    assert done.returncode == 2
    assert (
        done.stderr == f"timeweave: port {number} is in use or no port; name another with --port, 0 takes a free one\n"
    )
