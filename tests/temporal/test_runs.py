"""Runs on Temporal from the command line: the same bytes as by DVC alone, seen by the same commands."""

import json
import re

import pytest
import yaml

from tests.short_pipeline import FEWEST_STAGES, ITEMS, METRICS
from tests.temporal.fleet import RUN
from tests.terminal import on_terminal, plain

pytestmark = pytest.mark.usefixtures("well_behaved")


TWO_DAYS = ("--as-of", "2025-10-14", "--start-date", "2025-10-09", "--end-date", "2025-10-10")


def read_hashes(project, run):
    """Of every output, as the run's experiment has it."""
    lock = project.succeed("git", "show", f"{run['experiment']}:dvc.lock").stdout
    return {out["path"]: out["md5"] for stage in yaml.safe_load(lock)["stages"].values() for out in stage["outs"]}


def test_a_run_gives_the_same_hashes_on_either_engine(make_own_fleet, sandbox):
    fleet = make_own_fleet(sandbox, is_quick=True)
    # A worker as anybody begins it.
    fleet.is_whole = True
    fleet.start()
    project = fleet.project
    before = project.snapshot()
    done = on_terminal(project, *RUN, *TWO_DAYS, "--run-id", "durable")
    assert re.match(r"durable  completed in [\d.]+ s\n  period    2025-10-09 to 2025-10-10", done.stdout), done.stderr
    words = plain(done.stderr)
    assert [name for name in FEWEST_STAGES if re.search(rf"{name} +done in", words)] == FEWEST_STAGES
    assert project.snapshot() == before
    run = fleet.show("durable")
    assert (run["status"], run["where"], run["numbers"]["hours"]) == ("completed", "temporal", METRICS["hours"])
    assert run["stages"][0]["requests"] > 3
    assert run["stages"][1]["items"] == len(ITEMS["entities"])
    # By DVC alone, with nothing remembered.
    here = project.call_run(*TWO_DAYS, "--run-id", "here", TIMEWEAVE_ARCHIVE=str(fleet.folder / "another"))
    assert here.returncode == 0, here.stderr
    alone = fleet.show("here")
    assert [alone["stages"][n]["requests"] for n in (0, 1)] == [run["stages"][n]["requests"] for n in (0, 1)]
    hashes = read_hashes(project, run)
    assert hashes == read_hashes(project, alone)
    assert {"data/toggl/days", "data/enriched.json"} <= hashes.keys()
    assert re.search(r"^durable +completed", project.call("list-runs").stdout, re.MULTILINE)
    again = project.call("run", "--engine", "temporal", "--run-id", "durable")
    assert (again.returncode, "there is a run durable already" in again.stderr) == (2, True)


@pytest.mark.exhaustive
def test_the_demo_gives_the_same_hashes_on_either_engine(make_own_fleet, prepared_project):
    fleet = make_own_fleet()
    fleet.start()
    done = fleet.project.run(*RUN, "--run-id", "durable")
    assert done.returncode == 0, done.stderr
    hashes = read_hashes(fleet.project, fleet.show("durable"))
    assert hashes.items() <= prepared_project.hashes().items()
    assert {"data/enriched.json", "data/analysis.json", "data/metrics.json"} <= hashes.keys()


def test_what_is_not_committed_is_not_handed_over(make_own_fleet):
    project = make_own_fleet(is_quick=True).project
    template = project.folder / "config/templates/team_summary.md.j2"
    before = template.read_text()
    template.write_text(before + "\nAnother ending.\n")
    done = project.call("run", "--engine", "temporal")
    assert (done.returncode, done.stdout) == (2, "")
    assert "config/templates/team_summary.md.j2 is not: commit it" in done.stderr
    template.write_text(before)
    project.set_params(as_of="2025-10-15", users=["mira.castellane@heliotrope.example"], toggl__settle_days=7)
    done = project.call("run", "--engine", "temporal")
    assert (done.returncode, done.stdout) == (2, "")
    assert "workers take what is committed, but for days and users, and toggl of params.yaml is not" in done.stderr
    refused = project.call("run", "--engine", "temporal", "--refresh", "toggl")
    assert "leave --engine temporal away" in refused.stderr


def test_a_wrong_token_ends_a_run_at_once_with_its_code_and_people_are_told(make_own_fleet, sandbox, inbox):
    received, address = inbox
    fleet = make_own_fleet(sandbox, is_quick=True)
    fleet.start(TOGGL_API_TOKEN="wrong", TIMEWEAVE_NOTIFY_URLS=address)
    done = fleet.project.call(*RUN[1:], "--run-id", "closed", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (3, "failed")
    assert done.stderr.startswith("timeweave: fetch_time: Toggl answered 403")
    assert sum(request.service == "toggl" for request in sandbox.requests) == 1
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 failed"
    assert "check TOGGL_API_TOKEN" in notice["message"]
    assert fleet.list_refs("refs/exps") == []
