"""Backfill pays once for the whole span and makes a run of each period; trend draws them."""

import json
import re
import signal
import subprocess
import time

import pytest

from tests.conftest import live_shortest
from tests.terminal import on_terminal

SPAN = ("--from", "2025-09-01", "--to", "2025-09-14", "--as-of", "2025-10-14")


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    return live_shortest(tmp_path_factory.mktemp("backfill"), sandbox)


def count(sandbox, service):
    return sum(request.service == service for request in sandbox.requests)


@pytest.fixture(scope="module")
def filled(project, sandbox):
    """What was planned, what a spent quota left, and what the whole backfill did and asked."""
    planned = project.call("backfill", *SPAN, "--dry-run")
    before = project.snapshot()
    sandbox.reset()
    sandbox.behaviour.update({"quota": 14})
    spent = project.call("backfill", *SPAN)
    sandbox.behaviour.update({"quota": 600})
    paid = count(sandbox, "toggl")
    sandbox.reset()
    done = on_terminal(project, "timeweave", "backfill", *SPAN)
    return planned, spent, paid, done, count(sandbox, "toggl"), before


def test_it_says_beforehand_what_it_takes(filled):
    planned, *_ = filled
    lines = planned.stdout.splitlines()
    assert lines[0] == "periods    2, 2 of them without a run"
    assert lines[1:3] == ["           2025-09-01 to 2025-09-07", "           2025-09-08 to 2025-09-14"]
    assert lines[3].startswith("fetch      2025-09-01 to 2025-09-14")
    assert re.search(r"requests   at least \d+, at most \d+", planned.stdout)
    assert planned.stderr == ""


def test_a_spent_quota_ends_it_with_its_code_and_it_goes_on_there(filled):
    planned, spent, paid, done, more, _ = filled
    assert spent.returncode == 4
    assert "goes on where it stopped" in spent.stderr
    assert done.returncode == 0, done.stderr
    most = int(re.search(r"at most (\d+)", planned.stdout)[1])
    # Each plan asks once, and one request is refused; the day that was cut off and the one before it come again, in two
    # pages each.
    assert paid + more <= most + 7


def test_each_period_has_a_run_of_its_own_that_asked_toggl_for_nothing(project, filled):
    *_, done, _, before = filled
    runs = json.loads(project.call("list-runs", "--json", "--status", "completed").stdout)
    assert sorted(run["parameters"]["start"] for run in runs) == ["2025-09-01", "2025-09-08"]
    assert {run["where"] for run in runs} == {"here"}
    assert {run["stages"][0]["requests"] for run in runs} == {0}
    assert done.stdout.count("completed") == 2
    assert project.snapshot() == before
    saved = project.succeed("git", "for-each-ref", "--format=%(refname:lstrip=-1)", "refs/exps").stdout.split()
    assert {run["id"] for run in runs} <= set(saved)


def test_what_is_there_is_not_made_again(project, filled, sandbox):
    sandbox.reset()
    done = project.call("backfill", *SPAN, "--json")
    assert json.loads(done.stdout) == []
    assert sandbox.requests == []


def test_trend_draws_the_periods_that_exist(project, filled):
    done = project.call("trend")
    assert done.returncode == 0, done.stderr
    rows = done.stdout.splitlines()
    assert [row.split()[1] for row in rows[2:]] == ["2025-W36", "2025-W37"]
    page = (project.folder / "runs/trend-week.html").read_text()
    assert page.count("<rect ") == 2
    run = json.loads(project.call("list-runs", "--json").stdout)[-1]
    hours = run["numbers"]["hours"]
    assert f"{hours:,.2f}" in done.stdout
    assert f"{hours:.2f}" in page
    assert f'href="{run["id"]}/site/index.html"' in page
    empty = project.call("trend", "--every", "month")
    assert len(empty.stdout.splitlines()) == 2
    assert empty.stderr == "no month has a run\n"
    assert not (project.folder / "runs/trend-month.html").exists()
    nobody = project.call("trend", "--users", "nobody@team.example")
    assert nobody.stderr == "no week of nobody@team.example has a run; runs/trend-week.html stays as it was\n"
    assert (project.folder / "runs/trend-week.html").read_text() == page


def test_ctrl_c_ends_all_runs_in_order(project, filled, sandbox):
    # Fibery is slow: both runs are at their enrichment when they are interrupted.
    sandbox.behaviour.update({"latency": 5.0})
    command = ("timeweave", "backfill", "--from", "2025-09-01", "--to", "2025-09-13", "--every", "month", *SPAN[4:])
    process = subprocess.Popen(
        command, cwd=project.folder, env=project.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    newest = ("list-runs", "--json", "--limit", "1")
    while (run := json.loads(project.call(*newest).stdout)[0])["status"] != "in_progress":
        assert process.poll() is None
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert said.endswith("interrupted; what was fetched is kept, and the same command goes on where it stopped\n")
    ended = json.loads(project.call("show-run", run["id"], "--json").stdout)
    assert ended["status"] == "cancelled"
    sandbox.behaviour.update({"latency": 0.0})
