"""timeweave doctor: each finding says what to do."""

import json
import shutil

import pytest

from tests.conftest import DEMO_DAY, TOKENS
from tests.project import Project
from tests.short_pipeline import copy_shortest
from timeweave.sandbox.company import ACCOUNT, TOGGL_MEMBER_TOKEN, WORKSPACE_ID
from timeweave.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project.copy(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def init(sandbox):
    return [
        "init", "--workspace", str(WORKSPACE_ID), "--fibery-account", ACCOUNT, "--toggl-url", sandbox.url,
        "--fibery-url", sandbox.url,
    ]  # fmt: skip


def test_the_demo_is_healthy_and_says_what_could_be_better(project):
    done = project.call("doctor")
    assert done.returncode == 0, done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "commit", "remote", "archive", "files", "runs", "params.yaml", "config", "team", "categories", "secrets", "toggl",
        "quota", "fibery",
    ]  # fmt: skip
    assert "dvc remote add" in done.stdout
    assert "wrong" not in done.stdout


@pytest.fixture(scope="module")
def started(init, tmp_path_factory):
    """A project after `timeweave init`."""
    project = copy_shortest(tmp_path_factory.mktemp("started"))
    project.set_params(toggl__requests_per_second=1000, fibery__requests_per_second=1000)
    done = project.call(*init, **TOKENS)
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def live_project(started, tmp_path):
    """A copy of it of the test's own."""
    return started.duplicate(tmp_path / "live")


def test_after_init_the_doctor_is_content(live_project):
    found = {one["about"]: one for one in json.loads(live_project.call("doctor", "--json").stdout)}
    assert found["secrets"]["state"] == found["toggl"]["state"] == found["fibery"]["state"] == "ok"
    assert found["quota"]["text"].endswith("timeweave plan says what a run takes")


def test_each_thing_that_is_wrong_is_named_with_what_to_do(live_project):
    (live_project.folder / ".env").chmod(0o644)
    done = live_project.call("doctor", TOGGL_API_TOKEN=TOGGL_MEMBER_TOKEN, FIBERY_API_TOKEN="nothing")
    assert done.returncode == 3
    assert "chmod 600 .env" in done.stdout
    assert "not a workspace admin's" in done.stdout
    assert "check FIBERY_API_TOKEN" in done.stdout
    (live_project.folder / ".env").chmod(0o600)
    params = live_project.folder / "params.yaml"
    before = params.read_text()
    params.write_text(before.replace("settle_days", "setle_days"))
    done = live_project.call("doctor")
    params.write_text(before)
    assert done.returncode == 2
    assert "did you mean toggl.settle_days?" in done.stdout or "did you mean settle_days?" in done.stdout
    assert done.stdout.count("not looked at before params.yaml is in order") == 6


def test_the_demo_s_configuration_is_refused_for_a_real_workspace_before_anybody_is_asked(live_project, sandbox):
    live_project.set_params(analysis__team="config/demo/team.yaml")
    sandbox.reset()
    refusals = [
        *(live_project.call(*command).stderr for command in (["run"], ["plan"], ["backfill", "--period", "2025-W40"])),
        live_project.call_stage("fetch_time", *live_project.read_arguments("fetch_time")).stderr,
    ]
    assert sandbox.requests == []
    found = {one["about"]: one for one in json.loads(live_project.call("doctor", "--json").stdout)}
    for sentence in (*refusals, found["config"]["text"]):
        assert "analysis.team: config/demo/team.yaml; run timeweave init, which writes files for your" in sentence


def test_faulty_categories_are_named(live_project):
    path = live_project.folder / "config/categories.yaml"
    path.write_text("categories: [{key: a, colour: red}]\n", encoding="utf-8")
    done = live_project.call("doctor")
    assert done.returncode == 2
    assert "config/categories.yaml, line 1" in done.stdout


def test_it_goes_through_everything_whatever_fails(live_project):
    """One thing after the other that makes a check fail, and all of them at once."""
    folder = live_project.folder
    (folder / ".dvc/config").write_text("[core\n")
    (folder / "dvc.lock").write_bytes(b"\xff")
    (folder / "params.yaml").unlink()
    (folder / "params.yaml").mkdir()
    shutil.rmtree(folder / ".git")
    try:
        done = live_project.call("doctor")
        repaired = live_project.call("doctor", "--repair")
    finally:
        shutil.rmtree(folder)
    assert done.returncode == repaired.returncode == 2
    about = [line.split()[1] for line in done.stdout.splitlines()]
    assert about == [
        "commit",
        "remote",
        "archive",
        "cache",
        "runs",
        "runs",
        "params.yaml",
        "config",
        "team",
        "categories",
        "secrets",
        "toggl",
        "fibery",
    ]
    assert "git checkout .dvc/config" in done.stdout
    assert "Traceback" not in done.stderr + repaired.stderr


def test_outside_of_a_project_it_says_so(tmp_path):
    done = Project(tmp_path).call("doctor")
    assert (done.returncode, done.stdout) == (2, "")
    assert "run this in the project's folder" in done.stderr


def test_a_sandbox_without_quota_headers_is_no_trouble(live_project):
    with Sandbox(DEMO_DAY) as other:
        other.behaviour.update({"quota": None})
        live_project.set_params(toggl__url=other.url, fibery__url=other.url)
        about = [line.split()[1] for line in live_project.call("doctor").stdout.splitlines()]
        assert "toggl" in about and "quota" not in about


def test_a_probe_says_beforehand_what_it_asks_then_what_it_found_and_what_is_done_then(project):
    done = project.call("doctor", "--probe")
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("asking Toggl and Fibery at most 12 requests, which change nothing")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["toggl: rows of a page", "  found      1000 asked for, 50 came; it says that a page holds 50"]
    assert lines[2] == "  timeweave  asks for the most that is taken, and believes the answer"
    assert [line for line in lines if line.startswith("fibery: ")]
    found = json.loads(project.call("doctor", "--probe", "--json").stdout)
    assert {"about", "found", "client"} == {key for one in found for key in one}
