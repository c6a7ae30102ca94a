"""Runs that do not end well: killed, cancelled, refused, in each other's way; the archive loses nothing."""

import json
import signal
import subprocess
import time
from collections import Counter

import pytest

from tests.conftest import live
from tests.terminal import on_terminal
from timeweave.sandbox.behaviour import Behaviour

RUN = ("timeweave", "run", "--as-of", "2025-10-14")
AUGUST = ("--start-date", "2025-08-01", "--end-date", "2025-08-31")


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live(tmp_path_factory.mktemp("ended"), sandbox)


@pytest.fixture(autouse=True)
def well_behaved(sandbox):
    yield
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()


def started(project, *options):
    return subprocess.Popen(
        [*RUN, *options], cwd=project.folder, env=project.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def newest(project, *options):
    return json.loads(project.succeed("timeweave", "list-runs", "--json", "--limit", "1", *options).stdout)[0]


def status_of(project, run):
    runs = json.loads(project.succeed("timeweave", "list-runs", "--json").stdout)
    return next((found["status"] for found in runs if found["id"] == run), None)


def until(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def pages(sandbox):
    return sum(request.path.endswith("search/time_entries") for request in sandbox.requests)


def days(project, month):
    """What is fetched of a month, proven or not."""
    return {path.name for path in (project.folder / "data/toggl").glob(f"days*/{month}-*.json")}


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_run_is_listed_as_failed_and_the_next_asks_only_for_the_rest(project, sandbox, number):
    month = {signal.SIGKILL: "2025-07", signal.SIGTERM: "2025-06"}[number]
    period = ("--period", month)
    sandbox.behaviour.update({"latency": 0.15})
    process = started(project, *period)
    until(lambda: len(days(project, month)) > 8)
    process.send_signal(number)
    process.communicate()
    run = until(lambda: (found := newest(project))["status"] != "in_progress" and found)
    assert run["status"] == "failed"
    assert run["error"]["stage"] == "fetch_time"
    assert "while fetch_time was at work" in run["error"]["sentence"]
    assert run["stages"][0]["state"] == "stopped"
    assert 0 < run["stages"][0]["done"] < run["stages"][0]["total"]
    shown = project.succeed("timeweave", "list-runs", "--status", "failed").stdout
    assert "while fetch_time was at work" in shown
    before = len(sandbox.requests)
    time.sleep(0.5)
    assert len(sandbox.requests) == before, "somebody still fetches"

    kept = days(project, month)
    sandbox.behaviour.update({"latency": 0.0})
    sandbox.reset()
    done = project.succeed("timeweave", "run", "--json", "--as-of", "2025-10-14")
    fetch = json.loads(done.stdout)["stages"][0]
    whole = len(days(project, month))
    assert json.loads(done.stdout)["parameters"]["start"] == f"{month}-01"
    assert fetch["items"] == whole - len(kept)
    assert len(kept) > 8
    assert pages(sandbox) < 35


def test_an_exhausted_quota_ends_with_its_own_code_and_is_taken_up(project, sandbox):
    sandbox.behaviour.update({"quota": 20})
    done = project.run(*RUN, *AUGUST)
    assert done.returncode == 4
    assert "timeweave: fetch_time: Toggl's quota of requests is spent" in done.stderr
    assert done.stdout.split()[1] == "failed"
    kept = days(project, "2025-08")
    assert kept
    sandbox.behaviour.update({"quota": 600})
    sandbox.reset()
    done = json.loads(project.succeed(*RUN, *AUGUST, "--json").stdout)
    assert done["stages"][0]["items"] == len(days(project, "2025-08")) - len(kept)


@pytest.mark.parametrize(
    ("environment", "code", "said"),
    [
        ({"TOGGL_API_TOKEN": "wrong"}, 3, "check TOGGL_API_TOKEN"),
        ({"TOGGL_API_TOKEN": ""}, 3, "TOGGL_API_TOKEN is not set"),
    ],
)
def test_the_exit_code_is_the_stage_s_own(project, environment, code, said):
    done = project.run(*RUN, "--period", "2025-05", "--json", **environment)
    assert done.returncode == code
    run = json.loads(done.stdout)
    assert run["error"]["exit_code"] == code
    assert said in run["error"]["sentence"]
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_everything_and_says_so(project, sandbox):
    sandbox.behaviour.update({"latency": 0.15})
    process = started(project, "--period", "2025-04")
    until(lambda: len(days(project, "2025-04")) > 2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130
    assert "interrupted while fetch_time was at work; what was fetched is kept" in said
    assert newest(project)["status"] == "cancelled"


def test_a_cancelled_run_leaves_what_it_fetched(project, sandbox):
    sandbox.behaviour.update({"latency": 0.15})
    process = started(project, "--period", "2025-03")
    until(lambda: len(days(project, "2025-03")) > 4)
    run = newest(project, "--status", "in_progress")
    assert run["stages"][0]["state"] == "running"
    kept = days(project, "2025-03")
    done = on_terminal(project, "timeweave", "cancel-run", run["id"])
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{run['id']}  cancelled")
    process.communicate()
    assert kept <= days(project, "2025-03")
    assert newest(project)["error"]["sentence"].startswith("cancelled by timeweave cancel-run while fetch_time was at")
    again = project.run("timeweave", "cancel-run", run["id"])
    assert (again.returncode, again.stdout) == (1, "")
    assert "is cancelled already" in again.stderr


def test_a_second_run_waits_or_stops_at_once(project, sandbox):
    sandbox.behaviour.update({"latency": 0.1})
    one = started(project, "--run-id", "one", "--period", "2025-W10")
    until(lambda: status_of(project, "one") == "in_progress")
    refused = project.run(*RUN, "--no-wait", "--period", "2025-W11")
    assert refused.returncode == 1
    assert "one is at work here" in refused.stderr
    assert newest(project)["id"] == "one", "a run that was refused is listed"
    two = started(project, "--run-id", "two", "--period", "2025-W10", "--users", "mira.castellane@heliotrope.example")
    until(lambda: status_of(project, "two") == "queued")
    _, said = two.communicate(timeout=100)
    assert said.startswith("waiting for one to end\n")
    one.communicate()
    assert one.returncode == two.returncode == 0
    for name, users in (("one", []), ("two", ["mira.castellane@heliotrope.example"])):
        run = json.loads(project.succeed("timeweave", "show-run", name, "--json").stdout)
        assert run["status"] == "completed"
        assert run["parameters"]["users"] == users


def test_detached_runs_queue_up_work_on_and_can_be_cancelled_while_they_wait(project, sandbox):
    sandbox.behaviour.update({"latency": 0.05})
    begun = time.monotonic()
    first = on_terminal(project, *RUN, "--detach", "--period", "2025-W14")
    assert first.returncode == 0
    assert "works in the background" in first.stderr
    second = project.succeed(*RUN, "--detach", "--period", "2025-W15")
    assert f"queued behind {first.stdout.strip()}: timeweave show-run" in second.stderr
    second = second.stdout.strip()
    assert time.monotonic() - begun < 10
    first = first.stdout.strip()
    states = Counter(
        run["status"] for run in json.loads(project.succeed("timeweave", "list-runs", "--json", "--limit", "2").stdout)
    )
    assert states["completed"] == 0
    assert project.succeed("timeweave", "cancel-run", second).stdout.startswith(f"{second}  cancelled")
    run = until(
        lambda: (
            (found := json.loads(project.succeed("timeweave", "show-run", first, "--json").stdout))["ended_at"]
            and found
        )
    )
    assert run["status"] == "completed"
    assert not days(project, "2025-04-12")


def test_a_look_while_going_live_does_not_stop_the_run_after_it(project):
    params = (project.folder / "params.yaml").read_bytes()
    project.succeed("dvc", "repro", "-q", "fetch_time")
    held = {path.name for path in (project.folder / "data/toggl/days").iterdir()}
    project.set_params(source="demo", as_of="2025-10-14", toggl__workspace_id=None)
    project.succeed("dvc", "repro", "-q", "fetch_time")
    (project.folder / "params.yaml").write_bytes(params)
    project.succeed("timeweave", "plan")
    # As an experiment does before it begins: what dvc.lock names, which is the demo's.
    project.succeed("dvc", "checkout", "-q", "--force", "fetch_time")
    project.succeed("dvc", "repro", "-q", "fetch_time")
    assert held == {path.name for path in (project.folder / "data/toggl/days").iterdir()}


def test_refreshing_asks_one_service_again(project, sandbox):
    week = ("--period", "2025-W14", "--users", "all")
    project.succeed(*RUN, *week)
    sandbox.reset()
    project.succeed("git", "checkout", "-q", "params.yaml", "dvc.lock")
    project.succeed("dvc", "checkout", "-q", "--force", "--allow-missing")
    assert not days(project, "2025-04-04"), "DVC lays out the archive of the commit"
    project.succeed(*RUN, *week)
    assert not [request for request in sandbox.requests if request.service == "toggl"], "paid for twice"
    sandbox.reset()
    project.succeed(*RUN)
    assert sandbox.requests == []
    project.succeed(*RUN, "--refresh", "fibery")
    assert {request.service for request in sandbox.requests} == {"fibery"}
    sandbox.reset()
    project.succeed(*RUN, "--refresh", "toggl")
    assert {request.service for request in sandbox.requests} == {"toggl"}
    assert pages(sandbox) >= 5
