"""init and doctor: accounts are tried before anything is written, tokens stay out of git, each finding says what to do."""

import io
import json
import shutil
import stat
from unittest import mock

import pytest
import yaml

from tests.conftest import DEMO_DAY
from tests.project import ROOT, Project
from tests.terminal import on_terminal, typed
from timeweave.project.accounts import Accounts
from timeweave.sandbox.company import ACCOUNT, FIBERY_TOKEN, TOGGL_MEMBER_TOKEN, TOGGL_TOKEN, WORKSPACE_ID
from timeweave.sandbox.server import Sandbox


@pytest.fixture
def project(tmp_path):
    return Project.copy(tmp_path)


@pytest.fixture(scope="module")
def init(sandbox):
    return [
        "timeweave", "init", "--workspace-id", str(WORKSPACE_ID), "--account", ACCOUNT,
        "--toggl-url", sandbox.url, "--fibery-url", sandbox.url,
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
    assert on_terminal(project, "timeweave", "doctor").returncode == 0


def test_wrong_tokens_are_refused_and_nothing_is_written(project, init):
    before = (project.folder / "params.yaml").read_bytes()
    done = on_terminal(project, *init, given="wrong\nwrong\n")
    assert done.returncode == 3
    assert "check TOGGL_API_TOKEN" in done.stderr
    assert (project.folder / "params.yaml").read_bytes() == before
    assert not (project.folder / ".env").exists()


def test_a_tracked_or_unignored_file_takes_no_token(project, init):
    ignored = (project.folder / ".gitignore").read_text()
    (project.folder / ".gitignore").write_text(ignored.replace(".env\n", ""))
    done = project.call(*init[1:])
    assert (done.returncode, done.stdout) == (2, "")
    assert "git does not ignore .env" in done.stderr
    (project.folder / ".gitignore").write_text(ignored)
    (project.folder / ".env").write_text("OTHER=1\n")
    project.succeed("git", "add", "-f", ".env")
    assert ".env is tracked by git: git rm --cached .env" in project.call(*init[1:]).stderr
    project.succeed("git", "rm", "-q", "--cached", ".env")


@pytest.fixture(scope="module")
def started(init, tmp_path_factory):
    """A project after `timeweave init`, and what that said."""
    project = Project.copy(tmp_path_factory.mktemp("started"))
    (project.folder / ".env").write_text("OTHER=1\nTOGGL_API_TOKEN=old\n")
    return project, on_terminal(project, *init, given=f"{TOGGL_TOKEN}\n{FIBERY_TOKEN}\n")


@pytest.fixture
def live_project(started, tmp_path):
    """A copy of it of the test's own."""
    return started[0].duplicate(tmp_path / "live")


def test_init_writes_tokens_for_the_owner_only_and_keeps_comments(started, sandbox):
    project, done = started
    assert done.returncode == 0, done.stderr
    assert "workspace Heliotrope, the token is an admin's" in done.stderr
    assert TOGGL_TOKEN not in done.stdout + done.stderr
    path = project.folder / ".env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == f"OTHER=1\nTOGGL_API_TOKEN={TOGGL_TOKEN}\nFIBERY_API_TOKEN={FIBERY_TOKEN}\n"
    text = (project.folder / "params.yaml").read_text()
    held = yaml.safe_load(text)
    assert (held["source"], held["toggl"]["workspace_id"], held["fibery"]["account"]) == ("live", WORKSPACE_ID, ACCOUNT)
    assert held["toggl"]["url"] == sandbox.url
    assert "# the number in the address" in text
    assert ".env" not in project.succeed("git", "status", "--short").stdout


def test_on_a_terminal_a_wrong_answer_is_asked_for_again(project, init):
    wrong, right = ["x", "12", ACCOUNT, TOGGL_TOKEN, FIBERY_TOKEN], [str(WORKSPACE_ID), "", "", ""]
    command = [*init[:2], *init[6:]]
    code, shown = typed(project, *command, answers=wrong + right)
    assert code == 0, shown
    assert "x is no number" in shown
    assert "check TOGGL_API_TOKEN and toggl.workspace_id" in shown
    assert "Once more; Enter keeps what was written" in shown
    assert "TOGGL_API_TOKEN: the API token of an admin's profile" in shown
    assert "git commit" in shown.splitlines()[-1]
    assert TOGGL_TOKEN not in shown
    assert TOGGL_TOKEN in (project.folder / ".env").read_text()


def test_in_a_pipe_a_wrong_answer_is_the_end(project, init):
    done = on_terminal(project, *init[:2], *init[6:], given=f"x\n{ACCOUNT}\n1\n2\n")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Toggl workspace id 'x' is no number" in done.stderr


def test_after_init_the_doctor_is_content(live_project):
    found = {one["about"]: one for one in json.loads(live_project.call("doctor", "--json").stdout)}
    assert found["secrets"]["state"] == found["toggl"]["state"] == found["fibery"]["state"] == "ok"
    assert found["quota"]["text"].endswith("timeweave plan says what a run takes")


def test_each_thing_that_is_wrong_is_named_with_what_to_do(live_project):
    (live_project.folder / ".env").chmod(0o644)
    done = live_project.call("doctor", TOGGL_API_TOKEN=TOGGL_MEMBER_TOKEN, FIBERY_API_TOKEN="nothing")
    assert done.returncode == 3
    assert "chmod 600 .env" in done.stdout
    assert "no workspace admin's" in done.stdout
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


@pytest.fixture
def small_project(tmp_path):
    """What `init` and `doctor` look at, committed, and no more."""
    for name in (
        ".gitignore",
        "dvc.yaml",
        "params.yaml",
        "stages/fetch_time.py",
        "config/enrichment_config.yaml",
        "config/team.yaml",
        "config/categories.yaml",
        "config/demo/enrichment_config.yaml",
        "config/demo/team.yaml",
        "config/demo/categories.yaml",
        ".dvc/config",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    project = Project(tmp_path)
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "The project"]):
        project.succeed("git", *command)
    return project


PAGES = ["https://acme.fibery.io/Scrum/Task/1", "acme.fibery.io", "HTTPS://ACME.fibery.io", "acme"]


@pytest.mark.parametrize("text", PAGES)
def test_an_account_may_be_the_address_of_any_page_in_it(text):
    tokens = {"TOGGL_API_TOKEN": TOGGL_TOKEN, "FIBERY_API_TOKEN": FIBERY_TOKEN}
    assert Accounts.read("", "7", "", text, tokens).fibery.account == "acme"


@pytest.mark.parametrize(
    ("options", "given", "code"),
    [
        (["--account", "https://acme.example"], "7\nx\ny\n", 2),
        (["--account", "https://["], "7\nx\ny\n", 2),
        (["--account", "a b", "--workspace-id", "7"], "x\ny\n", 2),
        ([], "9" * 5000 + "\nacme\nx\ny\n", 2),
        ([], "²\nacme\nx\ny\n", 2),
        ([], "7\nacme\nto\0ken\ny\n", 3),
        ([], "7\nacme\n", 2),
        ([], "", 2),
        (["--toggl-url", "nonsense"], "7\nacme\nx\ny\n", 2),
        (["--toggl-url", "https://["], "7\nacme\nx\ny\n", 2),
        (["--fibery-url", "\udcff"], "7\nacme\nx\ny\n", 2),
    ],
)
def test_whatever_init_is_told_it_ends_with_a_sentence(small_project, options, given, code):
    before = (small_project.folder / "params.yaml").read_bytes()
    with mock.patch("sys.stdin", io.StringIO(given)):
        done = small_project.call("init", *options)
    assert (done.returncode, done.stderr.splitlines()[-1][:11]) == (code, "timeweave: "), done.stderr
    assert (small_project.folder / "params.yaml").read_bytes() == before
    assert not (small_project.folder / ".env").exists()


@pytest.mark.parametrize("damage", [b"- a\n- list\n", b"\xff\xfe", b"toggl: 7\n", None])
def test_a_damaged_params_yaml_is_a_sentence_of_init(small_project, sandbox, damage):
    params = small_project.folder / "params.yaml"
    params.unlink() if damage is None else params.write_bytes(damage)
    options = ["--workspace-id", str(WORKSPACE_ID), "--account", ACCOUNT, "--toggl-url", sandbox.url]
    tokens = {"TOGGL_API_TOKEN": TOGGL_TOKEN, "FIBERY_API_TOKEN": FIBERY_TOKEN}
    done = small_project.call("init", *options, "--fibery-url", sandbox.url, **tokens)
    assert (done.returncode, done.stderr.splitlines()[-1][:11]) == (2, "timeweave: "), done.stderr
    assert not (small_project.folder / ".env").exists()


def test_a_token_that_is_no_admin_s_is_for_its_owner_s_time_alone(small_project, sandbox):
    options = ["--workspace-id", str(WORKSPACE_ID), "--account", ACCOUNT, "--toggl-url", sandbox.url]
    tokens = {"TOGGL_API_TOKEN": TOGGL_MEMBER_TOKEN, "FIBERY_API_TOKEN": FIBERY_TOKEN}
    done = small_project.call("init", *options, "--fibery-url", sandbox.url, **tokens)
    assert done.returncode == 0, done.stderr
    assert "Toggl shows it its owner's own time only, so that reports are about one person" in done.stderr
    assert yaml.safe_load((small_project.folder / "params.yaml").read_text())["toggl"]["everyone"] is False
    seen = small_project.call("doctor", **tokens)
    assert seen.returncode == 0, seen.stdout
    assert "sees its owner's own time only, as toggl.everyone: false has it" in seen.stdout
    done = small_project.call(
        "init", *options, "--fibery-url", sandbox.url, **tokens | {"TOGGL_API_TOKEN": TOGGL_TOKEN}
    )
    assert done.returncode == 0, done.stderr
    assert yaml.safe_load((small_project.folder / "params.yaml").read_text())["toggl"]["everyone"] is True


def test_a_probe_says_beforehand_what_it_asks_then_what_it_found_and_what_is_done_then(project):
    done = project.succeed("timeweave", "doctor", "--probe")
    assert done.stderr.startswith("asking Toggl and Fibery at most 12 requests, which change nothing")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["toggl: rows of a page", "  found      1000 asked for, 50 came; it says that a page holds 50"]
    assert lines[2] == "  timeweave  asks for the most that is taken, and believes the answer"
    assert [line for line in lines if line.startswith("fibery: ")]
    found = json.loads(project.succeed("timeweave", "doctor", "--probe", "--json").stdout)
    assert {"about", "found", "client"} == {key for one in found for key in one}
