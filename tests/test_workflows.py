"""The workflows' own shell steps, against the sandbox, a git server and a DVC remote on this disk, each time in a new clone."""

import base64
import contextlib
import json
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from tests.conftest import live_shortest
from tests.project import ROOT, Project, commit_all
from tests.short_pipeline import copy_shortest

GITHUB = yaml.safe_load((ROOT / ".github/workflows/weekly-report.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text(encoding="utf-8"))
TEST = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
STEPS = {step.get("name", step.get("uses", "")): step for step in GITHUB["jobs"]["report"]["steps"]}
# Installing is what the tests' own environment has done already, and nobody but GitHub knows the visibility.
SHELL = [step for name, step in STEPS.items() if "run" in step and name not in ("Install", "Visibility")]
PUSH_TOKEN = "may-write"


@contextlib.contextmanager
def git_server(repository):
    """The repository over HTTP, for whoever has PUSH_TOKEN."""
    subprocess.run(["git", "-C", str(repository), "config", "http.receivepack", "true"], check=True)
    expected = "Basic " + base64.b64encode(f"oauth2:{PUSH_TOKEN}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = self.rfile.read(int(self.headers["Content-Length"] or 0))
            if self.headers["Authorization"] != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            answer = subprocess.run(
                ["git", "http-backend"], input=asked, capture_output=True,
                env={
                    "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(repository.parent), "GIT_HTTP_EXPORT_ALL": "1",
                    "REQUEST_METHOD": self.command, "PATH_INFO": path, "QUERY_STRING": query, "REMOTE_USER": "oauth2",
                    "CONTENT_TYPE": self.headers["Content-Type"] or "", "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or "",
                },
            ).stdout  # fmt: skip
            head, _, body = answer.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self.send_response(int(headers.pop("Status", "200").split()[0]))
            for header in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{repository.name}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def origin(tmp_path_factory, sandbox):
    """A bare repository with the project, gone live against the sandbox, and its address."""
    project = live_shortest(tmp_path_factory.mktemp("project"), sandbox)
    bare = tmp_path_factory.mktemp("origin")
    subprocess.run(["git", "clone", "-q", "--bare", str(project.folder), str(bare)], check=True)
    with git_server(bare) as address:
        yield bare, address, project.environment, tmp_path_factory.mktemp("storage")


@pytest.fixture
def job(origin, tmp_path, sandbox):
    """Run the workflow in a new clone: its folder, the exit code of its first failed step, requests by service."""
    bare, address, tokens, storage = origin

    def run(name, **environment):
        folder = tmp_path / name
        subprocess.run(["git", "clone", "-q", str(bare), str(folder)], check=True)
        subprocess.run(["git", "-C", str(folder), "remote", "set-url", "origin", address], check=True)
        summary, settings = folder.with_suffix(".md"), folder.with_suffix(".gitconfig")
        project = Project(folder, tokens | {
            "DVC_REMOTE_URL": str(storage), "TIMEWEAVE_ARCHIVE": "", "GITHUB_STEP_SUMMARY": str(summary), "AS_OF": "2025-10-14",
            "START_DATE": "", "END_DATE": "", "VISIBILITY": "private", "GIT_PUSH_TOKEN": PUSH_TOKEN,
            "GIT_CONFIG_GLOBAL": str(settings),
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
    autumn = {"START_DATE": "2025-09-15", "END_DATE": "2025-10-06"}
    project, failed, first, summary = job("one", AS_OF="2025-10-13", **autumn)
    assert failed == 0
    assert summary.startswith("# The report")
    assert (project.folder / "runs/latest/site/index.html").exists()
    assert any((project.folder / "runs/latest/toggl").rglob("*.json")), "what no artifact may have"
    assert fetch(project)["items"] == 22
    old = (project.folder / "runs/latest").readlink().name

    project, failed, second, _ = job("two", **autumn)
    assert failed == 0
    # From 30 September on a day was younger than a fortnight when it was fetched.
    assert fetch(project)["items"] == 7
    assert 0 < second < first / 2
    project.call_dvc("exp", "pull", "origin", old)
    assert project.call("show-run", old, "--report", "team").stdout == summary
    # The token was used, and is in no file of git's.
    for settings in (project.folder / ".git/config", project.folder.with_suffix(".gitconfig")):
        assert PUSH_TOKEN not in settings.read_text()
    assert "credential" in settings.read_text()


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


@pytest.mark.parametrize(
    ("environment", "refused"),
    [
        ({"VISIBILITY": "public"}, "public"),
        ({"VISIBILITY": "internal"}, "internal"),
        ({"VISIBILITY": ""}, "unknown"),
        ({"VISIBILITY": "private", "CI_PROJECT_VISIBILITY": "public"}, "public"),
        ({"VISIBILITY": "public", "REPORT_VISIBILITY": "internal"}, "public"),
        ({"VISIBILITY": "public", "REPORT_VISIBILITY": "public"}, None),
    ],
)
def test_a_repository_that_others_see_is_refused_unless_that_is_meant(tmp_path, environment, refused):
    """With no program on the path that could run: what is not refused fails at the first one."""
    shell = ["sh", str(ROOT / ".ci/report")]
    done = subprocess.run(
        shell, cwd=tmp_path, env={"PATH": "/usr/bin:/bin"} | environment, capture_output=True, text=True
    )
    summary = (tmp_path / "runs/summary.md").read_text()
    if refused:
        assert done.returncode == 2
        assert (
            summary.startswith(f"Refused: the visibility of this repository is '{refused}'") and summary == done.stderr
        )
    else:
        assert done.returncode == 127 and "Refused" not in summary


def test_a_rule_that_can_never_match_stops_the_job_before_it_runs(tmp_path):
    project = copy_shortest(tmp_path / "project")
    categories = project.folder / "config/demo/categories.yaml"
    rule = "database: Scrum/Chore"
    assert rule in categories.read_text()
    categories.write_text(categories.read_text().replace(rule, "database: Scrum/Chores"))
    done = project.run("sh", ".ci/report")
    assert done.returncode == 2
    assert "Fibery has no database Scrum/Chores; did you mean Scrum/Chore" in done.stderr
    summary = (project.folder / "runs/summary.md").read_text()
    assert summary.startswith("The configuration is not in order (exit code 2)") and done.stderr.endswith(summary)
    assert [path.name for path in (project.folder / "runs").iterdir()] == ["summary.md"]


@pytest.mark.parametrize(("source", "made"), [("demo", "test lint types run"), ("live", "lint types")])
def test_a_project_with_accounts_of_its_own_is_not_tested_as_the_demo(tmp_path, source, made):
    """By a Makefile that writes down what is made."""
    project = Project(tmp_path / "project", {"PATH": f"{tmp_path}:/usr/bin:/bin", "MADE": str(tmp_path / "made")})
    (project.folder / ".ci").mkdir(parents=True)
    (project.folder / ".ci/run").write_bytes((ROOT / ".ci/run").read_bytes())
    (project.folder / "Makefile").write_text("test lint types run:\n\t@printf '%s ' $@ >> $(MADE)\n")
    (project.folder / "params.yaml").write_text(f"source: {source} # demo or live\n")
    (project.folder / "dvc.lock").touch()
    (tmp_path / "chromium").symlink_to("/bin/true")
    commit_all(project, "A project")
    done = project.succeed("bash", ".ci/run")
    assert (tmp_path / "made").read_text().split() == made.split()
    assert ("Style and types only" in done.stderr) == (source == "live")


def test_a_secret_is_given_to_the_steps_that_use_it_and_to_no_other():
    given = {
        name: {key for key, value in step.get("env", {}).items() if "secrets." in value or "github.token" in value}
        for name, step in STEPS.items()
    }
    storage = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    services = {"TOGGL_API_TOKEN", "FIBERY_API_TOKEN", "OPENAI_API_KEY", "TIMEWEAVE_NOTIFY_URLS"}
    assert {name: secrets for name, secrets in given.items() if secrets} == {
        "Visibility": {"GH_TOKEN"}, "Run": services | storage, "Keep the result": {"GIT_PUSH_TOKEN"} | storage,
    }  # fmt: skip
    assert not re.search(r"secrets\.|github\.token", str(GITHUB["jobs"]["report"]["env"]) + str(GITHUB.get("env")))
    # GitLab gives all to all: what a script has no use for, it drops.
    dropped = {
        name: set(
            re.findall(r"[A-Z_]{5,}", re.search(r"^unset((?:.*\\\n)*.*)", (ROOT / name).read_text(), re.M).group(1))
        )
        for name in ("locks/install", ".ci/report", ".ci/keep")
    }
    everything = services | storage | {"GIT_PUSH_TOKEN"}
    assert dropped == {"locks/install": everything, ".ci/report": {"GIT_PUSH_TOKEN"}, ".ci/keep": services}


def test_both_workflows_do_the_same():
    steps = [
        step["run"].strip() for name, step in STEPS.items() if "run" in step and name not in ("Visibility", "Summary")
    ]
    assert steps == GITLAB["weekly-report"]["script"][1:]
    assert True in GITHUB and {"schedule", "workflow_dispatch"} <= set(GITHUB[True])
    assert TEST["jobs"]["audit"]["steps"][-1]["run"] == GITLAB["audit"]["script"][0] == "make audit"
    assert str(TEST["env"]["LOCKED"]) == str(GITLAB["test"]["variables"]["LOCKED"]) == "1"


def test_no_step_has_the_token_of_the_checkout_or_a_cache():
    for workflow in (GITHUB, TEST):
        steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
        for step in steps:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
        assert "cache" not in {key for step in steps for key in step.get("with", {})}
        assert not [step for step in steps if "/cache" in step.get("uses", "")]
    assert not [name for name, job in GITLAB.items() if "cache" in job]
    assert "secrets." not in str(TEST) and TEST["permissions"] == {"contents": "read"}


def test_what_toggl_sent_is_in_no_artifact():
    [kept] = [
        step["with"]["path"].split() for name, step in STEPS.items() if name.startswith("actions/upload-artifact@")
    ]
    assert kept == ["runs/", "!runs/*/toggl/**"]
    assert GITLAB["weekly-report"]["artifacts"]["exclude"] == ["runs/*/toggl/**/*"]


def test_an_action_is_a_commit_and_an_image_a_digest():
    used = re.findall(r"uses: (.*)", "".join(path.read_text() for path in (ROOT / ".github/workflows").iterdir()))
    assert len(used) >= 7
    assert [one for one in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []
    assert re.fullmatch(r"python:3\.11\.\d+-\w+@sha256:[0-9a-f]{64}", GITLAB["default"]["image"])
    assert not [name for name, job in GITLAB.items() if name != "default" and "image" in job]
    assert {job["runs-on"] for workflow in (GITHUB, TEST) for job in workflow["jobs"].values()} == {"ubuntu-24.04"}
