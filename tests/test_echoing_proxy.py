"""A proxy that repeats the Authorization header in all that it answers puts no token anywhere: not in a file, not in git, not before a person."""

import base64
import json
from functools import partial

import pytest

from tests.conftest import live_params
from tests.echoing_proxy import MARKED, find_marked, search, serve
from tests.project import Project
from tests.short_pipeline import copy_shortest

# Of the library that sends notices.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def proxy(sandbox):
    with serve(sandbox.url) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where everything is that the tests leave; in the end no token may be there."""
    found = tmp_path_factory.mktemp("echo")
    yield found
    # Whatever the tests did.
    assert search(found) == {}


def go_live(copy, folder, proxy, **params):
    """A project whose accounts are reached by way of the proxy; tokens are in the environment, but for that of the model."""
    environment = MARKED | {"TIMEWEAVE_ARCHIVE": str(folder / "archive"), "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    del environment["OPENAI_API_KEY"]
    project = copy(folder / "project", **environment)
    project.set_params(**live_params(proxy), **params)
    project.succeed("git", "commit", "-qam", "Go live by way of a proxy")
    return project


@pytest.fixture(scope="module")
def short(folder, proxy):
    """With the fewest stages, which ask Toggl and Fibery."""
    (folder / "short").mkdir()
    return go_live(copy_shortest, folder / "short", proxy)


@pytest.fixture(scope="module")
def whole(folder, proxy):
    """With all stages, and the token of the model in `.env`."""
    llm = {"enabled": True, "url": f"{proxy.url}/v1", "model": "sandbox"}
    project = go_live(Project.copy, folder, proxy, **{f"llm__{name}": value for name, value in llm.items()})
    (project.folder / ".env").write_text(f"OPENAI_API_KEY={MARKED['OPENAI_API_KEY']}\n")
    (project.folder / ".env").chmod(0o600)
    return project


@pytest.fixture
def run(proxy, inbox):
    """Run a week, with answers of these statuses; all that was printed and posted."""
    received, address = inbox

    def execute(start, week, **statuses):
        proxy.statuses = statuses
        proxy.seen.clear()
        received.clear()
        done = start("--as-of", "2025-10-14", "--period", f"2025-W{week}", TIMEWEAVE_NOTIFY_URLS=address)
        assert "Traceback" not in done.stderr
        assert len(received) == 1
        printed = "\n".join([done.stdout, done.stderr, json.dumps(received)])
        assert find_marked(printed.encode()) == []
        return done.returncode, printed

    return execute


@pytest.mark.parametrize(
    ("week", "service", "status", "code", "is_process"), [(30, "toggl", 302, 2, True), (33, "fibery", 403, 3, False)]
)
def test_a_refusal_is_shown_without_the_token(short, run, week, service, status, code, is_process):
    start = partial(short.run, "timeweave", "run") if is_process else short.call_run
    ended, printed = run(start, week, **{service: [status]})
    assert (ended, f"answered {status}: xxx" in printed, "***" in printed) == (code, True, True)


@pytest.mark.parametrize(
    ("stage", "service", "status"),
    [
        (("fetch_time", "data/toggl/days", "data/toggl/directory.json"), "toggl", 400),
        (("enrich_entities", "items.json", "config/enrichment_config.yaml", "data/enriched.json"), "fibery", 500),
    ],
)
def test_so_is_any_other_of_a_stage(short, proxy, monkeypatch, stage, service, status):
    monkeypatch.setattr("timeweave.web.client.ATTEMPTS", 2)
    proxy.statuses = {service: [status]}
    done = short.call_stage(*stage)
    assert (done.returncode, f"answered {status}: xxx" in done.stderr, "***" in done.stderr) == (1, True, True)
    assert find_marked(done.stderr.encode()) == []


def test_data_that_repeats_the_token_is_kept_without_it_and_so_are_refusals_of_the_model(short, whole, proxy, run):
    assert run(short.call_run, 40)[0] == 0
    assert {("toggl", 200), ("fibery", 200)} <= set(proxy.seen)
    proxy.statuses = {"llm": [302, 400, 500, 200]}
    proxy.seen.clear()
    said = whole.call_pipeline()
    wanted = {("toggl", 200), ("fibery", 200), *(("llm", status) for status in (302, 400, 500, 200))}
    assert wanted <= set(proxy.seen)
    proxy.statuses = {"llm": [403]}
    # Another model has answered nothing yet.
    whole.set_params(llm__model="another")
    done = whole.call_stage("summarize_work", *whole.read_arguments("summarize_work"))
    assert (done.returncode, "the language model refused OPENAI_API_KEY (403); check it" in done.stderr) == (3, True)
    assert find_marked((said + done.stderr).encode()) == []
    for project in (short, whole):
        days = (project.folder.parent / "archive").rglob("2025-10-0*.json")
        assert any("***" in day.read_text() for day in days)
    for project, command in ((short, "list-runs"), (short, "summary"), (short, "doctor"), (whole, "doctor")):
        done = project.call(command)
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
