"""Runs that do not end well: killed, cancelled, refused; the project stays as it is, and the archive loses nothing."""

import json
import os
import random
import signal
import subprocess
import time
from datetime import date, timedelta

import pytest
import yaml

from tests.conftest import MIRA, live_short, live_shortest
from tests.short_pipeline import FEWEST_STAGES, HELD, Hold
from tests.terminal import on_terminal
from timeweave.runs.workspace_lock import Lock
from timeweave.sandbox.behaviour import Behaviour

RUN = ("timeweave", "run", "--as-of", "2025-10-14")
DAY = timedelta(days=1)
TWO_DAYS = ("--start-date", "2025-06-10", "--end-date", "2025-06-11")
AUGUST = ("--start-date", "2025-08-01", "--end-date", "2025-08-31")


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live_shortest(tmp_path_factory.mktemp("ended"), sandbox)


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


def run_to_end(project, *options):
    """The manifest of a run that must end well."""
    done = project.call_run(*RUN[2:], *options, "--json")
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


def find(project, run):
    return next((one for one in list_runs(project) if one["id"] == run), None)


def list_runs(project, *options):
    return json.loads(project.call("list-runs", "--json", *options).stdout)


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.15)
    return found


def count_pages(sandbox):
    return sum(request.path.endswith("search/time_entries") for request in sandbox.requests)


def find_days(project, month):
    """The days of a month that are fetched."""
    return {path.name for path in (project.folder / ".timeweave/archive/toggl").glob(f"*/days/{month}-*.json")}


def find_pages(project, month):
    """What a walk through a month that is not at its end has come to."""
    return {path.name for path in (project.folder / ".timeweave/archive/toggl").glob(f"*/walks/{month}-*/pages/*.json")}


def is_anybody_at_work(project):
    """Whether a process still holds a workspace: what a killed command has started ends within seconds."""
    return any(Lock(path).is_held() for path in (project.folder / ".timeweave" / "workspaces").glob("*/lock"))


@pytest.fixture
def held(tmp_path):
    hold = Hold(tmp_path / "held")
    hold.folder.mkdir()
    return hold


def have_run_again(project, stage):
    """Another command for a stage, that does the same."""
    path = project.folder / "dvc.yaml"
    pipeline = yaml.safe_load(path.read_text())
    pipeline["stages"][stage]["cmd"] = f"true && {pipeline['stages'][stage]['cmd']}"
    path.write_text(yaml.safe_dump(pipeline, sort_keys=False))


def test_a_run_that_is_ended_in_any_stage_leaves_the_project_alone_and_the_next_completes(
    project, held, tmp_path, exhaustive
):
    project = project.duplicate(tmp_path / "project")
    both = (signal.SIGINT, signal.SIGTERM)
    endings = [(stage, ending) for stage in FEWEST_STAGES for ending in both]
    few = [("fetch_time", signal.SIGTERM), ("build_site", signal.SIGINT)]
    for stage, ending in endings if exhaustive else few:
        run = f"{stage}-{ending.name}"
        have_run_again(project, stage)
        before = project.snapshot()
        held.begin(stage)
        process = start(project, "--run-id", run, *TWO_DAYS, **{HELD: str(held.folder)})
        wait_for(lambda stage=stage: held.has_begun(stage))
        process.send_signal(ending)
        _, said = process.communicate()
        held.end(stage)
        assert process.returncode == 128 + ending, said
        how = "interrupted" if ending is signal.SIGINT else "ended by SIGTERM"
        assert f"{stage}: {how} while {stage} was running; what was fetched is kept, run again to go on" in said
        ended = find(project, run)
        assert ended["status"] == ("cancelled" if ending is signal.SIGINT else "failed")
        assert not is_anybody_at_work(project), "a run that is over still has somebody at work"
        assert project.snapshot() == before
        assert run_to_end(project, *TWO_DAYS)["status"] == "completed"
        assert project.snapshot() == before


@pytest.mark.exhaustive
def test_a_run_that_is_killed_at_any_moment_harms_nothing_and_the_next_pays_for_the_rest(project, sandbox):
    before, chance = project.snapshot(), random.Random(7)
    sandbox.behaviour.update({"latency": 0.05})
    for number in range(20):
        process = start(project, "--period", "2025-05", "--run-id", f"killed-{number}")
        delay = chance.uniform(0.1, 5)
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
    check_the_next_run(project, sandbox, "2025-05", before)


def check_the_next_run(project, sandbox, month, before):
    """It asks for the pages that are missing only, and leaves nothing else behind; the one after it asks for nothing."""
    kept = len(find_pages(project, month))
    sandbox.reset()
    done = run_to_end(project, "--period", month)
    assert len(find_days(project, month)) == 31
    first = date.fromisoformat(f"{month}-01")
    rows = len(sandbox.world.timesheet.entries(first - DAY, first + 31 * DAY))
    # Each owner's clock adds a day on either side, what was on its way is asked for again, and the place is looked for.
    assert kept + count_pages(sandbox) <= -(-rows // 50) + 3
    assert project.snapshot() == before
    outputs = [path for path in (project.folder / "runs" / done["id"]).rglob("*") if path.is_file()]
    assert not [path for path in outputs if path.name.startswith(".")]
    assert len(list((project.folder / "runs" / done["id"] / "toggl" / "days").iterdir())) == 31
    sandbox.reset()
    again = run_to_end(project, "--period", month)
    assert sandbox.requests == []
    assert again["numbers"] == done["numbers"]


def test_a_run_killed_while_it_fetches_is_listed_as_failed_and_the_next_asks_only_for_the_rest(project, sandbox):
    before = project.snapshot()
    sandbox.behaviour.update({"latency": 0.15})
    process = start(project, "--period", "2025-07", "--run-id", "july")
    wait_for(lambda: len(find_pages(project, "2025-07")) > 8)
    process.kill()
    process.communicate()
    run = wait_for(lambda: (found := find(project, "july"))["status"] != "in_progress" and found)
    assert run["status"] == "failed"
    assert run["error"]["stage"] == "fetch_time"
    assert "while fetch_time was running" in run["error"]["sentence"]
    assert run["stages"][0]["state"] == "stopped"
    assert 0 < run["stages"][0]["done"] < run["stages"][0]["total"]
    assert "while fetch_time was running" in project.call("list-runs", "--status", "failed").stdout
    assert not is_anybody_at_work(project), "a run that is over still has somebody at work"

    sandbox.behaviour.update({"latency": 0.0})
    assert len(find_pages(project, "2025-07")) > 8
    check_the_next_run(project, sandbox, "2025-07", before)


def test_an_exhausted_quota_ends_with_the_code_of_its_stage(project, sandbox):
    before = project.snapshot()
    sandbox.behaviour.update({"quota": 20})
    done = project.call_run(*RUN[2:], *AUGUST)
    assert done.returncode == 4
    assert "timeweave: fetch_time: Toggl's quota of requests is spent" in done.stderr
    assert done.stdout.split()[1] == "failed"
    assert find(project, done.stdout.split()[0])["error"]["exit_code"] == 4
    assert find_pages(project, "2025-08")
    assert project.snapshot() == before


def test_a_detached_run_works_on_by_itself(project, sandbox):
    sandbox.behaviour.update({"latency": 0.05})
    started = on_terminal(project, *RUN, "--detach", "--period", "2025-W14")
    assert started.returncode == 0
    assert "works in the background" in started.stderr
    run = started.stdout.strip()
    assert find(project, run)["status"] in ("queued", "in_progress")
    ended = wait_for(lambda: (found := find(project, run))["ended_at"] and found)
    assert ended["status"] == "completed", ended["error"]


def test_a_cancelled_run_leaves_what_it_fetched(project, sandbox):
    sandbox.behaviour.update({"latency": 0.3})
    run = project.succeed(*RUN, "--detach", "--period", "2025-02").stdout.strip()
    wait_for(lambda: len(find_pages(project, "2025-02")) > 4)
    sandbox.behaviour.update({"latency": 2.0})
    found = find(project, run)
    assert (found["status"], found["stages"][0]["state"]) == ("in_progress", "running")
    kept = find_pages(project, "2025-02")
    done = project.call("cancel-run", run)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{run}  cancelled")
    assert kept <= find_pages(project, "2025-02")
    ended = find(project, run)
    assert ended["error"]["sentence"].startswith("cancelled by timeweave cancel-run while fetch_time was running")
    again = project.call("cancel-run", run)
    assert (again.returncode, again.stdout) == (1, "")
    assert "is cancelled already" in again.stderr


WEEK = ("--period", "2025-W20")


@pytest.fixture(scope="module")
def after_a_week(tmp_path_factory, sandbox):
    """A project after two runs of a week, which were at work at once."""
    project = live_short(tmp_path_factory.mktemp("week"), sandbox)
    hold = Hold(tmp_path_factory.mktemp("held"))
    hold.begin("build_site")
    sandbox.behaviour.update({"latency": 0.1})
    one = start(project, "--run-id", "one", *WEEK, **{HELD: str(hold.folder)})
    # Both fetch at once, and the other one comes to its end while this one cannot.
    wait_for(lambda: (found := find(project, "one")) and found["stages"][0]["state"] == "running")
    two = project.call_run(*RUN[2:], "--run-id", "two", *WEEK, "--users", MIRA)
    hold.end("build_site")
    _, said = one.communicate()
    sandbox.behaviour.update({"latency": 0.0})
    assert one.returncode == two.returncode == 0, (said, two.stderr)
    return project


def test_two_runs_work_side_by_side_and_pay_once(after_a_week):
    runs = [find(after_a_week, name) for name in ("one", "two")]
    assert [run["status"] for run in runs] == ["completed", "completed"]
    assert [run["parameters"]["users"] for run in runs] == [[], [MIRA]]
    assert sorted(run["stages"][0]["requests"] == 0 for run in runs) == [False, True]
    assert len(list((after_a_week.folder / ".timeweave" / "workspaces").iterdir())) >= 2


def test_a_look_at_the_demo_while_going_live_costs_nothing(after_a_week, sandbox, tmp_path):
    project = after_a_week.duplicate(tmp_path / "project")
    params = (project.folder / "params.yaml").read_bytes()
    project.set_params(source="demo", as_of="2025-10-14", toggl__workspace_id=None)
    project.call_dvc("repro", "-q", "fetch_time")
    (project.folder / "params.yaml").write_bytes(params)
    (project.folder / "dvc.lock").unlink()
    sandbox.reset()
    run_to_end(project, *WEEK, "--users", MIRA)
    assert not [request for request in sandbox.requests if request.service == "toggl"]


def test_refreshing_asks_one_service_again(after_a_week, sandbox, tmp_path):
    project = after_a_week.duplicate(tmp_path / "project")
    sandbox.reset()
    run_to_end(project, *WEEK, "--refresh", "fibery")
    assert {request.service for request in sandbox.requests} == {"fibery"}
    sandbox.reset()
    run_to_end(project, *WEEK, "--refresh", "toggl")
    assert {request.service for request in sandbox.requests} == {"toggl"}
    assert count_pages(sandbox) >= 5
