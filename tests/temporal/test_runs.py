"""Runs on Temporal from the command line: the same bytes as by DVC alone, seen by the same commands."""

import json
import re

import yaml
from timeweave.temporal.checkout import public

from tests.temporal.fleet import RUN
from tests.temporal.test_lost_workers import STAGES
from tests.terminal import on_terminal, plain


def hashes(lock):
    return {out["path"]: out["md5"] for stage in yaml.safe_load(lock)["stages"].values() for out in stage["outs"]}


def test_the_demo_gives_the_same_hashes_on_either_engine(fleet):
    found = fleet()
    found.start()
    project = found.project
    before = (project.folder / "dvc.lock").read_bytes(), (project.folder / "params.yaml").read_bytes()
    done = on_terminal(project, *RUN, "--run-id", "durable")
    assert re.match(r"durable  completed in [\d.]+ s\n  period    2025-10-07 to 2025-10-13", done.stdout)
    words = plain(done.stderr)
    assert [name for name in STAGES if re.search(rf"{name} +done in", words)] == STAGES
    assert ((project.folder / "dvc.lock").read_bytes(), (project.folder / "params.yaml").read_bytes()) == before
    run = found.shown("durable")
    assert (run["status"], run["where"], run["numbers"]["hours"]) == ("completed", "temporal", 365.89)
    assert (run["stages"][0]["requests"], run["stages"][3]["items"]) == (17, 83)
    lock = project.succeed("git", "show", f"{run['experiment']}:dvc.lock").stdout
    project.succeed("dvc", "repro")
    assert hashes(lock) == project.hashes()
    assert re.search(r"^durable +completed", plain(on_terminal(project, "timeweave", "list-runs").stdout), re.MULTILINE)
    report = project.succeed("timeweave", "show-run", "durable", "--report", "team").stdout
    assert report == (project.folder / "data/reports/team_summary.md").read_text()


def test_what_is_not_committed_is_not_handed_over(fleet):
    project = fleet().project
    template = project.folder / "config/templates/team_summary.md.j2"
    template.write_text(template.read_text() + "\nAnother ending.\n")
    done = project.run(*RUN)
    assert (done.returncode, done.stdout) == (2, "")
    assert "config/templates/team_summary.md.j2 is not: commit it" in done.stderr
    refused = project.run(*RUN, "--refresh", "toggl")
    assert "leave --engine temporal away" in refused.stderr


def test_a_wrong_token_ends_a_run_at_once_with_its_code_and_people_are_told(fleet, sandbox, inbox):
    received, address = inbox
    found = fleet(sandbox)
    found.environment |= {"TOGGL_API_TOKEN": "wrong", "TIMEWEAVE_NOTIFY_URLS": address}
    found.start()
    done = found.project.run(*RUN, "--run-id", "closed", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (3, "failed")
    assert done.stderr.startswith("timeweave: fetch_time: Toggl answered 403")
    assert sum(request.service == "toggl" for request in sandbox.requests) == 1
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 failed"
    assert "check TOGGL_API_TOKEN" in notice["message"]
    assert found.refs("refs/exps") == []


def test_a_stage_runs_the_code_of_its_own_folder(fleet):
    project = fleet().project
    done = project.succeed("./python", "-c", "import timeweave; print(timeweave.__file__)")
    assert done.stdout.strip() == str(project.folder / "timeweave" / "__init__.py")


def test_an_address_is_shown_without_the_token_in_it():
    said = "unable to access 'https://oauth2:SECRET@git.example/x.git/': not found"
    assert public(said) == "unable to access 'https://git.example/x.git/': not found"
