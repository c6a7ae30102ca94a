"""Runs that do not end well: killed, cancelled, refused; the project stays as it is, and the archive loses nothing."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

from tests.cli.test_runs import STAGES
from tests.conftest import MIRA, live
from tests.terminal import on_terminal
from timeweave.runs.lock import Lock
from timeweave.sandbox.behaviour import Behaviour

RUN = ("timeweave", "run", "--as-of", "2025-10-14")
AUGUST = ("--start-date", "2025-08-01", "--end-date", "2025-08-31")
HELD = "HELD_STAGE"
"""Names the stage that waits for its end, in a copy of the project with `HOLD`."""
HOLD = f"""    note(stage=stage, event="begun")
    import os
    if os.environ.get("{HELD}") == stage:
        time.sleep(600)"""


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live(tmp_path_factory.mktemp("ended"), sandbox)


@pytest.fixture(autouse=True)
def well_behaved(sandbox):
    yield
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()


def start(project, *options, **environment):
    return subprocess.Popen(
        [*RUN, *options], cwd=project.folder, env=project.environ(**environment), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def find(project, run):
    return next((one for one in list_runs(project) if one["id"] == run), None)


def list_runs(project, *options):
    return json.loads(project.call("list-runs", "--json", *options).stdout)


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def count_pages(sandbox):
    return sum(request.path.endswith("search/time_entries") for request in sandbox.requests)


def find_days(project, month):
    """What is fetched of a month, proven or not."""
    archive = project.folder / ".timeweave" / "archive"
    return {path.name for path in archive.rglob(f"{month}-*.json") if ".tmp" not in path.parts}


def read_journal(project, run):
    path = project.folder / "runs" / run / "log" / "journal.jsonl"
    return path.read_text() if path.exists() else ""


def is_anybody_at_work(project):
    """Whether a process still holds a workspace: what a killed command has started ends within seconds."""
    return any(Lock(path).is_held() for path in (project.folder / ".timeweave" / "workspaces").glob("*/lock"))


@pytest.fixture
def held_project(demo_project):
    """The demo, with an uncommitted edit by which the stage that HELD_STAGE names does not come to its end."""
    path = demo_project.folder / "timeweave" / "runtime" / "script.py"
    path.write_text(path.read_text().replace('    note(stage=stage, event="begun")', HOLD))
    return demo_project


def test_a_run_that_is_ended_in_any_stage_leaves_the_project_alone_and_the_next_completes(held_project, exhaustive):
    project, before = held_project, held_project.snapshot()
    for number, stage in enumerate(STAGES):
        signals = (signal.SIGINT, signal.SIGTERM)
        for ending in signals if exhaustive else [signals[number % 2]]:
            run = f"{stage}-{ending.name}"
            process = start(project, "--run-id", run, **{HELD: stage})
            wait_for(lambda run=run, stage=stage: f'"stage": "{stage}", "event": "begun"' in read_journal(project, run))
            process.send_signal(ending)
            _, said = process.communicate()
            assert process.returncode == 128 + ending, said
            how = "interrupted" if ending is signal.SIGINT else "ended by SIGTERM"
            assert f"{stage}: {how} while {stage} was at work; what was fetched is kept, run again to go on" in said
            ended = find(project, run)
            assert ended["status"] == ("cancelled" if ending is signal.SIGINT else "failed")
            assert project.snapshot() == before
    done = project.run(*RUN, "--json")
    assert done.returncode == 0, done.stdout
    assert project.snapshot() == before
    assert json.loads(done.stdout)["numbers"]["hours"] == 365.89


def test_a_run_that_is_killed_at_any_moment_harms_nothing_and_the_next_pays_for_the_rest(project, sandbox, exhaustive):
    before, chance = project.snapshot(), random.Random(7)
    sandbox.behaviour.update({"latency": 0.05})
    for number in range(20 if exhaustive else 4):
        process = start(project, "--period", "2025-05", "--run-id", f"killed-{number}")
        delay = chance.uniform(0.1, 6)
        with_group = number % 2
        try:
            process.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            if with_group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.communicate()
        assert project.snapshot() == before
        if (run := find(project, f"killed-{number}")) and run["status"] == "completed":
            break
    wait_for(lambda: not is_anybody_at_work(project))
    sandbox.behaviour.update({"latency": 0.0})
    kept = find_days(project, "2025-05")
    sandbox.reset()
    done = json.loads(project.succeed(*RUN, "--period", "2025-05", "--json").stdout)
    days = find_days(project, "2025-05")
    assert len(days) == 31
    assert done["stages"][0]["items"] in (None, len(days) - len(kept))
    assert project.snapshot() == before
    outputs = [path for path in (project.folder / "runs" / done["id"]).rglob("*") if path.is_file()]
    assert not [path for path in outputs if path.name.startswith(".")]
    assert len(list((project.folder / "runs" / done["id"] / "toggl" / "days").iterdir())) == 31
    sandbox.reset()
    again = json.loads(project.succeed(*RUN, "--period", "2025-05", "--json").stdout)
    assert sandbox.requests == []
    assert again["numbers"] == done["numbers"]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_ended_while_it_fetches_is_listed_as_failed_and_the_next_asks_only_for_the_rest(project, sandbox, ending):
    month = {signal.SIGKILL: "2025-07", signal.SIGTERM: "2025-06"}[ending]
    sandbox.behaviour.update({"latency": 0.15})
    process = start(project, "--period", month, "--run-id", month)
    wait_for(lambda: len(find_days(project, month)) > 8)
    process.send_signal(ending)
    process.communicate()
    run = wait_for(lambda: (found := find(project, month))["status"] != "in_progress" and found)
    assert run["status"] == "failed"
    assert run["error"]["stage"] == "fetch_time"
    assert "while fetch_time was at work" in run["error"]["sentence"]
    assert run["stages"][0]["state"] == "stopped"
    assert 0 < run["stages"][0]["done"] < run["stages"][0]["total"]
    assert "while fetch_time was at work" in project.call("list-runs", "--status", "failed").stdout
    assert not is_anybody_at_work(project), "a run that is over still has somebody at work"

    kept = find_days(project, month)
    sandbox.behaviour.update({"latency": 0.0})
    sandbox.reset()
    fetch = json.loads(project.succeed(*RUN, "--period", month, "--json").stdout)["stages"][0]
    assert fetch["items"] == len(find_days(project, month)) - len(kept)
    assert len(kept) > 8
    assert count_pages(sandbox) < 35


def test_an_exhausted_quota_ends_with_its_own_code_and_is_taken_up(project, sandbox):
    sandbox.behaviour.update({"quota": 20})
    done = project.run(*RUN, *AUGUST)
    assert done.returncode == 4
    assert "timeweave: fetch_time: Toggl's quota of requests is spent" in done.stderr
    assert done.stdout.split()[1] == "failed"
    kept = find_days(project, "2025-08")
    assert kept
    sandbox.behaviour.update({"quota": 600})
    sandbox.reset()
    done = json.loads(project.succeed(*RUN, *AUGUST, "--json").stdout)
    assert done["stages"][0]["items"] == len(find_days(project, "2025-08")) - len(kept)


@pytest.mark.parametrize(
    ("environment", "code", "said"),
    [
        ({"TOGGL_API_TOKEN": "wrong"}, 3, "check TOGGL_API_TOKEN"),
        ({"TOGGL_API_TOKEN": ""}, 3, "TOGGL_API_TOKEN is not set"),
    ],
)
def test_the_exit_code_is_the_stage_s_own(project, environment, code, said):
    before = project.snapshot()
    done = project.run(*RUN, "--period", "2025-02", "--json", **environment)
    assert done.returncode == code
    run = json.loads(done.stdout)
    assert run["error"]["exit_code"] == code
    assert said in run["error"]["sentence"]
    assert done.stderr.count("\n") == 1
    assert project.snapshot() == before


def test_a_cancelled_run_leaves_what_it_fetched(project, sandbox):
    sandbox.behaviour.update({"latency": 0.15})
    process = start(project, "--period", "2025-03", "--run-id", "unwanted")
    wait_for(lambda: len(find_days(project, "2025-03")) > 4)
    run = find(project, "unwanted")
    assert (run["status"], run["stages"][0]["state"]) == ("in_progress", "running")
    kept = find_days(project, "2025-03")
    done = on_terminal(project, "timeweave", "cancel-run", "unwanted")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("unwanted  cancelled")
    process.communicate()
    assert kept <= find_days(project, "2025-03")
    ended = find(project, "unwanted")
    assert ended["error"]["sentence"].startswith("cancelled by timeweave cancel-run while fetch_time was at work")
    again = project.call("cancel-run", "unwanted")
    assert (again.returncode, again.stdout) == (1, "")
    assert "is cancelled already" in again.stderr


def test_two_runs_work_side_by_side_and_pay_once(project, sandbox):
    sandbox.behaviour.update({"latency": 0.1})
    week = ("--period", "2025-W03")
    one, two = start(project, "--run-id", "one", *week), start(project, "--run-id", "two", *week, "--users", MIRA)
    said = [process.communicate()[1] for process in (one, two)]
    assert one.returncode == two.returncode == 0, said
    runs = [find(project, name) for name in ("one", "two")]
    assert [run["status"] for run in runs] == ["completed", "completed"]
    assert [run["parameters"]["users"] for run in runs] == [[], [MIRA]]
    assert sorted(run["stages"][0]["requests"] == 0 for run in runs) == [False, True]
    assert len(list((project.folder / ".timeweave" / "workspaces").iterdir())) >= 2


def test_a_detached_run_works_on_by_itself_and_can_be_cancelled(project, sandbox):
    sandbox.behaviour.update({"latency": 0.05})
    started = on_terminal(project, *RUN, "--detach", "--period", "2025-W14")
    assert started.returncode == 0
    assert "works in the background" in started.stderr
    run = started.stdout.strip()
    assert find(project, run)["status"] in ("queued", "in_progress")
    ended = wait_for(lambda: (found := find(project, run))["ended_at"] and found)
    assert ended["status"] == "completed", ended["error"]
    sandbox.behaviour.update({"latency": 0.5})
    unwanted = project.succeed(*RUN, "--detach", "--period", "2025-04").stdout.strip()
    assert project.succeed("timeweave", "cancel-run", unwanted).stdout.startswith(f"{unwanted}  cancelled")


def test_a_look_at_the_demo_while_going_live_costs_nothing(project, sandbox):
    project.succeed(*RUN, "--period", "2025-W20")
    params = (project.folder / "params.yaml").read_bytes()
    project.set_params(source="demo", as_of="2025-10-14", toggl__workspace_id=None)
    project.succeed("dvc", "repro", "-q", "fetch_time")
    (project.folder / "params.yaml").write_bytes(params)
    project.succeed("git", "checkout", "-q", "dvc.lock")
    sandbox.reset()
    project.succeed(*RUN, "--period", "2025-W20", "--users", MIRA)
    assert not [request for request in sandbox.requests if request.service == "toggl"]


def test_refreshing_asks_one_service_again(project, sandbox):
    week = ("--period", "2025-W22", "--users", "all")
    project.succeed(*RUN, *week)
    sandbox.reset()
    project.succeed(*RUN, *week)
    assert sandbox.requests == []
    project.succeed(*RUN, *week, "--refresh", "fibery")
    assert {request.service for request in sandbox.requests} == {"fibery"}
    sandbox.reset()
    project.succeed(*RUN, *week, "--refresh", "toggl")
    assert {request.service for request in sandbox.requests} == {"toggl"}
    assert count_pages(sandbox) >= 5
