"""timeweave run, list-runs, show-run and diff-runs, as a person and a CI job use them."""

import json
import os
import pty
import signal
import subprocess
import time
from datetime import date

import pytest

from tests.conftest import live
from tests.project import BIN
from timeweave.sandbox.behaviour import Behaviour


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live(tmp_path_factory.mktemp("runs"), sandbox)


@pytest.fixture(scope="module")
def first(project):
    """A completed run, and what it said."""
    return project.succeed("timeweave", "run", "--as-of", "2025-10-14", "--period", "last-week", "--run-id", "first")


@pytest.fixture(scope="module")
def second(project, first):
    return project.succeed("timeweave", "run", "--start-date", "2025-10-07", "--end-date", "2025-10-13", "--as-of", "2025-10-14",
                           "--run-id", "second")  # fmt: skip


def runs(project, *options):
    return json.loads(project.succeed("timeweave", "list-runs", "--json", *options).stdout)


def test_a_run_says_on_stdout_where_its_reports_are_and_the_rest_on_stderr(project, first):
    assert first.stdout == "data/reports/team_summary.md\ndata/reports/individual\ndata/site/index.html\n"
    assert "first: 2025-10-06 to 2025-10-12, as of 2025-10-14" in first.stderr
    assert "fetch_time …" in first.stderr
    assert "\x1b[" not in first.stderr
    for path in first.stdout.split():
        assert (project.folder / path).exists()


def test_a_run_is_an_experiment_of_its_name(project, first):
    assert "first" in project.succeed("dvc", "exp", "list").stdout


def test_the_manifest_tells_stage_by_stage_what_it_took(project, first):
    run = json.loads(project.succeed("timeweave", "show-run", "first", "--json").stdout)
    stages = {stage["name"]: stage for stage in run["stages"]}
    assert (run["status"], run["exit_code"], run["start"], run["end"]) == ("completed", 0, "2025-10-06", "2025-10-12")
    assert len(stages) == 9
    assert {stage["state"] for stage in stages.values()} == {"done"}
    assert stages["fetch_time"]["requests"] > 5
    assert stages["enrich_entities"]["items"] > 50


def test_a_past_run_is_shown_from_its_own_data_whatever_the_workspace_holds(project, first, second):
    team = project.succeed("timeweave", "show-run", "first", "--report", "team").stdout
    assert "6–12 October 2025" in team
    assert "7–13 October 2025" in (project.folder / "data/reports/team_summary.md").read_text()
    assert (
        project.succeed("timeweave", "show-run", "second", "--report", "team").stdout
        == (project.folder / "data/reports/team_summary.md").read_text()
    )
    person = project.succeed("timeweave", "show-run", "first", "--report", "MIRA.castellane@heliotrope.example").stdout
    assert person.startswith("# Mira Castellane: 6–12 October 2025")
    (project.folder / "data/reports/team_summary.md").write_text("gone\n")
    assert project.succeed("timeweave", "show-run", "first", "--report", "team").stdout == team


def test_a_past_run_can_be_written_elsewhere_as_a_whole(project, first):
    project.succeed("timeweave", "show-run", "first", "--export", "elsewhere")
    assert (project.folder / "elsewhere/site/index.html").exists()
    assert len(list((project.folder / "elsewhere/reports/individual").glob("*.md"))) == 11


def test_two_runs_are_compared_number_by_number(project, first, second):
    shown = project.succeed("timeweave", "diff-runs", "first", "second").stdout
    numbers = [
        json.loads(project.succeed("timeweave", "show-run", name, "--json").stdout) for name in ("first", "second")
    ]
    assert [run["id"] for run in numbers] == ["first", "second"]
    [hours] = [line.split() for line in shown.splitlines() if line.startswith("hours")]
    assert float(hours[2]) == project.read("data/metrics.json")["hours"]
    assert float(hours[3]) == pytest.approx(float(hours[2]) - float(hours[1]))


def test_runs_are_listed_the_newest_first_and_by_status(project, first, second):
    assert [run["id"] for run in runs(project)][-2:] == ["second", "first"]
    assert runs(project, "--limit", "1")[0]["id"] == runs(project)[0]["id"]
    assert {run["status"] for run in runs(project, "--status", "completed")} == {"completed"}
    assert "second" in project.succeed("timeweave", "list-runs").stdout


def test_with_json_a_run_prints_its_manifest_and_nothing_else(project, first):
    done = project.succeed(
        "timeweave", "run", "--as-of", "2025-10-14", "--period", "last-week", "--json", "--run-id", "quiet"
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["id"] == "quiet"


def test_a_dry_run_says_what_it_would_set_and_asks_nobody(project, sandbox):
    before = len(sandbox.requests)
    done = project.succeed("timeweave", "run", "--as-of", "2025-10-14", "--period", "2025-W40", "--dry-run")
    assert "period.start: 2025-09-29" in done.stdout
    assert len(sandbox.requests) == before


@pytest.mark.parametrize(("options", "said"), [
    (["--start-date", "2025-10-07"], "go together"), (["--start-date", "7.10.", "--end-date", "2025-10-08"], "2025-10-07"),
    (["--start-date", "2025-10-09", "--end-date", "2025-10-08"], "swap them"), (["--period", "soon"], "last-week"),
    (["--period", "last-week", "--start-date", "2025-10-07"], "leave one of them out"),
    (["--users", "nobody@heliotrope.example"], "is the e-mail of nobody"), (["--run-id", "first"], "there is a run first already"),
    (["--run-id", "../x"], "cannot name a run"),
])  # fmt: skip
def test_what_cannot_run_is_refused_before_anything_is_asked(project, first, sandbox, options, said):
    before = len(sandbox.requests)
    done = project.run("timeweave", "run", "--as-of", "2025-10-14", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert len(sandbox.requests) == before


@pytest.mark.parametrize(
    "command", [("show-run", "nope"), ("show-run", "nope", "--report", "team"), ("diff-runs", "nope", "nope")]
)
def test_an_unknown_run_is_one_sentence(project, command):
    done = project.run("timeweave", *command)
    assert done.returncode == 2
    assert done.stderr.startswith("timeweave: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_mistake_anywhere_in_the_parameters_is_found_before_anything_is_asked(project, first, sandbox):
    path = project.folder / "params.yaml"
    before, asked = path.read_text(), len(sandbox.requests)
    project.set_params(fibery__request_per_second=3)
    done = project.run("timeweave", "run", "--period", "last-week", "--as-of", "2025-10-14")
    path.write_text(before)
    assert done.returncode == 2
    assert "did you mean requests_per_second?" in done.stderr
    assert len(sandbox.requests) == asked


def test_a_failed_run_leaves_with_the_code_of_its_stage_and_keeps_the_reason(project, first):
    done = project.run(
        "timeweave",
        "run",
        "--period",
        "2025-W30",
        "--as-of",
        "2025-10-14",
        "--run-id",
        "closed",
        TOGGL_API_TOKEN="wrong",
    )
    assert done.returncode == 3
    assert done.stderr.strip().splitlines()[-1].startswith("timeweave: fetch_time: Toggl answered 403")
    run = json.loads(project.succeed("timeweave", "show-run", "closed", "--json").stdout)
    assert (run["status"], run["exit_code"]) == ("failed", 3)
    assert "closed" in [run["id"] for run in runs(project, "--status", "failed")]


def background(project, *options):
    environment = (
        os.environ
        | project.environment
        | {"VIRTUAL_ENV": str(BIN.parent), "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    )
    return subprocess.Popen(
        ["timeweave", "run", *options], cwd=project.folder, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(condition, seconds=40):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


AUGUST = ("--start-date", "2025-08-01", "--end-date", "2025-08-31", "--as-of", "2025-10-14")


def test_a_run_that_is_killed_is_listed_as_failed_and_the_next_pays_only_for_the_rest(project, first, sandbox):
    sandbox.behaviour.update({"latency": 0.1})
    sandbox.reset()
    process = background(project, *AUGUST, "--run-id", "killed")
    days = project.folder / "data/toggl/days-in-flight"
    until(lambda: len(list(days.glob("2025-08-*.json"))) > 5)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    spent = len(sandbox.requests)
    kept = len(list(days.glob("2025-08-*.json")))
    [run] = [run for run in runs(project) if run["id"] == "killed"]
    assert (run["status"], "run again" in run["error"]) == ("failed", True)
    sandbox.behaviour.update(vars(Behaviour()))
    project.succeed("timeweave", "run", *AUGUST, "--run-id", "resumed")
    pages = -(-len(sandbox.world.timesheet.entries(date(2025, 7, 31), date(2025, 9, 1))) // 50)
    again = sum(r.path.endswith("/search/time_entries") for r in sandbox.requests[spent:])
    assert 5 < kept < 31
    assert again < pages


def test_a_second_run_waits_for_the_first_or_stops_at_once(project, first, sandbox):
    sandbox.behaviour.update({"latency": 0.15})
    process = background(project, "--period", "2025-W28", "--as-of", "2025-10-14", "--run-id", "one")
    until(lambda: (project.folder / ".timeweave/runs/one.json").exists())
    refused = project.run(
        "timeweave", "run", "--period", "2025-W29", "--as-of", "2025-10-14", "--no-wait", "--run-id", "two"
    )
    assert refused.returncode == 1
    assert "another run is at work in this folder" in refused.stderr
    sandbox.behaviour.update(vars(Behaviour()))
    waited = project.succeed("timeweave", "run", "--period", "2025-W29", "--as-of", "2025-10-14", "--run-id", "three")
    assert "waiting for it" in waited.stderr
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_on_a_terminal_it_says_the_same(project, first):
    parent, child = pty.openpty()
    environment = os.environ | project.environment | {"VIRTUAL_ENV": str(BIN.parent)}
    command = [BIN / "timeweave", "run", "--as-of", "2025-10-14", "--period", "last-week", "--run-id", "terminal"]
    process = subprocess.Popen(command, cwd=project.folder, env=environment, stdin=child, stdout=child, stderr=child)
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(parent)
    assert process.wait() == 0
    assert b"terminal: 2025-10-06 to 2025-10-12" in shown
    assert b"data/site/index.html" in shown


def test_help_lists_the_commands(project):
    shown = project.succeed("timeweave", "--help").stdout
    for command in (
        "run",
        "list-runs",
        "show-run",
        "diff-runs",
        "plan",
        "changes",
        "export",
        "check-config",
        "sandbox",
        "summary",
    ):
        assert command in shown
