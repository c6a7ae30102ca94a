"""The workflows' own shell steps, against the sandbox, a git remote and a DVC remote on this disk, each time in a new clone."""

import json
import subprocess

import pytest
import yaml

from tests.conftest import live_short
from tests.project import ROOT, Project

GITHUB = yaml.safe_load((ROOT / ".github/workflows/weekly-report.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
STEPS = GITHUB["jobs"]["report"]["steps"]
# Installing is what the tests' own environment has done already.
SHELL = [step for step in STEPS if "run" in step and step["name"] != "Install"]


@pytest.fixture(scope="module")
def origin(tmp_path_factory, sandbox):
    """A bare repository with the project, gone live against the sandbox."""
    project = live_short(tmp_path_factory.mktemp("project"), sandbox)
    bare = tmp_path_factory.mktemp("origin")
    subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(bare)], check=True)
    return bare, project.environment, tmp_path_factory.mktemp("storage")


@pytest.fixture
def job(origin, tmp_path, sandbox):
    """Run the workflow in a new clone: its folder, the exit code of its first failed step, requests by service."""
    bare, tokens, storage = origin

    def run(name, **environment):
        folder = tmp_path / name
        subprocess.run(["git", "clone", "-q", str(bare), str(folder)], check=True)
        summary = folder.with_suffix(".md")
        project = Project(folder, tokens | {
            "DVC_REMOTE_URL": str(storage), "TIMEWEAVE_ARCHIVE": "", "GITHUB_STEP_SUMMARY": str(summary), "AS_OF": "2025-10-14",
            "START_DATE": "", "END_DATE": "",
        } | environment)  # fmt: skip
        sandbox.reset()
        failed = 0
        for step in SHELL:
            if failed and step.get("if") != "always()":
                continue
            done = project.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
            failed = failed or done.returncode
        pages = sum(request.path.endswith("search/time_entries") for request in sandbox.requests)
        return project, failed, pages, summary.read_text()

    return run


def test_the_second_time_only_unsettled_days_are_paid_for(job):
    autumn = {"START_DATE": "2025-09-08", "END_DATE": "2025-10-06"}
    project, failed, first, summary = job("one", AS_OF="2025-10-13", **autumn)
    assert failed == 0
    assert summary.startswith("# The report")
    assert (project.folder / "runs/latest/site/index.html").exists()
    assert fetch(project)["items"] == 29
    old = (project.folder / "runs/latest").readlink().name

    project, failed, second, _ = job("two", **autumn)
    assert failed == 0
    # From 30 September on a day was younger than a fortnight when it was fetched.
    assert fetch(project)["items"] == 7
    assert 0 < second < first / 2
    project.succeed("dvc", "exp", "pull", "origin", old)
    assert project.call("show-run", old, "--report", "team").stdout == summary


def fetch(project):
    return json.loads((project.folder / "runs/latest/manifest.json").read_text())["stages"][0]


@pytest.mark.parametrize(
    ("environment", "code", "said"),
    [
        ({"TOGGL_API_TOKEN": "wrong"}, 3, "check TOGGL_API_TOKEN"),
        ({"START_DATE": "2025-06-31", "END_DATE": "2025-07-01"}, 2, "was refused (exit code 2)"),
    ],
)
def test_a_job_fails_with_the_code_that_tells_why(job, environment, code, said):
    _, failed, _, summary = job("failing", **environment)
    assert failed == code
    assert said in summary


def test_secrets_are_secrets_and_both_workflows_do_the_same():
    environment = GITHUB["jobs"]["report"]["env"]
    for name, value in environment.items():
        secret = any(word in name for word in ("TOKEN", "KEY", "NOTIFY"))
        assert value.startswith("${{ secrets.") == secret, name
    assert [step["run"].strip() for step in SHELL if step["name"] != "Summary"] == GITLAB["weekly-report"]["script"][2:]
    assert True in GITHUB and {"schedule", "workflow_dispatch"} <= set(GITHUB[True])
