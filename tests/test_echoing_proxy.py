"""A proxy that repeats the Authorization header in all that it answers puts no token anywhere: not in a file, not in git, not before a person."""

import base64
import json

import pytest

from tests.conftest import live_params
from tests.echoing_proxy import MARKED, find_marked, search, serve
from tests.project import Project

RUN = ("timeweave", "run", "--as-of", "2025-10-14")


@pytest.fixture(scope="module")
def proxy(sandbox):
    with serve(sandbox.url) as found:
        yield found


@pytest.fixture(scope="module")
def project(tmp_path_factory, proxy):
    """Two tokens are in the environment, that of the model is in `.env`; in the end none may be anywhere else."""
    folder = tmp_path_factory.mktemp("echo")
    environment = MARKED | {"TIMEWEAVE_ARCHIVE": str(folder / "archive"), "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    del environment["OPENAI_API_KEY"]
    project = Project.copy(folder / "project", **environment)
    (project.folder / ".env").write_text(f"OPENAI_API_KEY={MARKED['OPENAI_API_KEY']}\n")
    (project.folder / ".env").chmod(0o600)
    llm = {"enabled": True, "url": f"{proxy.url}/v1", "model": "sandbox"}
    project.set_params(**live_params(proxy), **{f"llm__{name}": value for name, value in llm.items()})
    project.succeed("git", "commit", "-qam", "Go live by way of a proxy")
    yield project
    # Whatever the tests did.
    assert search(folder) == {}


@pytest.fixture
def run(project, proxy, inbox):
    """Run a week that no other test has, with answers of these statuses; all that was printed and posted."""
    received, address = inbox

    def execute(week, **statuses):
        proxy.statuses = statuses
        proxy.seen.clear()
        received.clear()
        done = project.run(*RUN, "--period", f"2025-W{week}", TIMEWEAVE_NOTIFY_URLS=address)
        assert "Traceback" not in done.stderr
        assert len(received) == 1
        printed = "\n".join([done.stdout, done.stderr, json.dumps(received)])
        assert find_marked(printed.encode()) == []
        return done.returncode, printed

    return execute


@pytest.mark.parametrize(
    ("week", "service", "status", "code"),
    [(30, "toggl", 302, 2), (31, "toggl", 400, 1), (32, "fibery", 403, 3), (33, "fibery", 500, 1)],
)
def test_a_refusal_is_shown_without_the_token(run, week, service, status, code):
    ended, printed = run(week, **{service: [status]})
    assert (ended, f"answered {status}: xxx" in printed, "***" in printed) == (code, True, True)


def test_a_refused_key_of_the_model_is_nowhere(run):
    ended, printed = run(34, llm=[403])
    assert (ended, "the language model refused OPENAI_API_KEY (403); check it" in printed) == (3, True)


def test_data_that_repeats_the_token_is_kept_without_it_and_so_are_refusals_of_the_model(project, proxy, run):
    assert run(40, llm=[302, 400, 500, 200])[0] == 0
    assert {("toggl", 200), ("fibery", 200), *(("llm", status) for status in (302, 400, 500, 200))} <= set(proxy.seen)
    days = (project.folder.parent / "archive").rglob("2025-10-0*.json")
    assert any("***" in day.read_text() for day in days)
    for command in ("list-runs", "doctor", "summary"):
        done = project.run("timeweave", command)
        assert find_marked((done.stdout + done.stderr).encode()) == []


def test_the_search_finds_what_was_committed_and_removed(tmp_path):
    project = Project(tmp_path)
    project.succeed("git", "init", "-q")
    (tmp_path / "params.yaml").write_text(f"a: {base64.b64encode(MARKED['TOGGL_API_TOKEN'].encode()).decode()}\n")
    project.succeed("git", "add", "-A")
    project.succeed("git", "commit", "-qm", "params.yaml")
    (tmp_path / "params.yaml").write_text("a: 1\n")
    assert list(search(tmp_path)) == [f"objects of {tmp_path / '.git'}"]
    (tmp_path / "other").write_bytes(b"\0" + MARKED["FIBERY_API_TOKEN"].encode().hex().encode())
    assert str(tmp_path / "other") in search(tmp_path)
