"""What many tests share: the sandbox, and copies of the project to run in."""

import functools
import gc
import json
import os
import shutil
import signal
import threading
import uuid
from collections import Counter
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import typer
import yaml
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from tests.parsed_once import CompiledTemplates, parse_once
from tests.project import SHARED, Project, make_once
from tests.short_pipeline import copy_short, copy_shortest
from timeweave.reports.formatting import templates
from timeweave.sandbox.company import ACCOUNT, FIBERY_TOKEN, TOGGL_TOKEN, WORKSPACE_ID
from timeweave.sandbox.server import Sandbox

# A run of CI is repeatable; a person's run looks further each time.
# None is held to a deadline: how fast a machine is says nothing about the code.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=25)
settings.register_profile("person", deadline=None, max_examples=25)
settings.register_profile("exhaustive", deadline=None, max_examples=200)
settings.load_profile("ci" if os.environ.get("CI") else "person")

# Whoever starts the tests in the background has them ignore Ctrl-C, and with them every process that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


TEMPORAL, BROWSER = "tests/temporal/", "tests/browser/"
ENDED = tuple(f"{TEMPORAL}test_{name}.py" for name in ("interruptions", "lost_workers", "ended_workers"))
LONGEST = (
    *ENDED, TEMPORAL, "tests/cli/test_ended_runs.py", "tests/cli/test_run_text.py", "tests/test_pipeline.py",
    "tests/test_echoing_proxy.py", BROWSER, "tests/test_damage.py", "tests/test_workflows.py",
    "tests/cli/test_backfill.py",
)  # fmt: skip
"""What takes longest begins first, so that no worker is alone with it at the end."""


def pytest_configure(config):
    if config.getoption("--exhaustive"):
        settings.load_profile("exhaustive")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("--exhaustive"):
        others = [item for item in items if item.get_closest_marker("exhaustive")]
        items[:] = [item for item in items if item not in others]
        config.hook.pytest_deselected(items=others)
    items.sort(key=lambda item: next((n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start)), 99))


def pytest_unconfigure():
    # What is left over at the end is looked for once, and not by pytest and by Python some times more.
    gc.collect()
    gc.freeze()


class Scheduling(LoadFileScheduling):
    """A file's tests share what is made for them, those in the browser one, and those with Temporal a server: two workers have one each."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(BROWSER):
            return BROWSER
        if nodeid.startswith(TEMPORAL):
            return ENDED[0] if nodeid.startswith(ENDED) else TEMPORAL
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


def pytest_xdist_auto_num_workers():
    # Temporal's tests mostly wait, on two workers: as many more than there are cores have work for them in the meantime.
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session):
    """The last line says what was left out."""
    result = yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.items():
        reporter.write_line(f"left out: {count} {'test' if count == 1 else 'tests'}, {reason}")
    return result


def pytest_addoption(parser):
    parser.addoption("--exhaustive", action="store_true", help="every stage with every signal, and many more kills")


@pytest.fixture
def exhaustive(request) -> bool:
    """Whether to try all that there is, which takes minutes, instead of a part."""
    return bool(request.config.getoption("--exhaustive"))


DEMO_DAY = date(2025, 10, 14)
MIRA = "mira.castellane@heliotrope.example"


@pytest.fixture(autouse=True, scope="session")
def no_waits_for_the_disk():
    """Files are written as ever; that they would outlive a loss of power as well is not waited for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def files_parsed_once():
    """Templates and YAML, wherever their copies lie, and what typer makes of the commands' signatures."""
    with pytest.MonkeyPatch.context() as patch:
        begin = functools.partialmethod(templates._Environment.__init__, bytecode_cache=CompiledTemplates())
        patch.setattr(templates._Environment, "__init__", begin)
        patch.setattr(yaml, "safe_load", parse_once(yaml.safe_load))
        patch.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(autouse=True, scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """Where what all workers of the tests need is made, by the first one that asks for it."""
    base = tmp_path_factory.getbasetemp()
    SHARED.append(base if worker_id == "master" else base.parent)


@pytest.fixture(autouse=True)
def empty_archive(tmp_path_factory, monkeypatch):
    """Whatever a test remembers lies in a place of its own, never in the folder that the tests run in."""
    monkeypatch.setenv("TIMEWEAVE_ARCHIVE", str(tmp_path_factory.getbasetemp() / f"archive-{uuid.uuid4()}"))


@pytest.fixture(scope="module")
def sandbox():
    """The invented Toggl and Fibery as of the demo's day."""
    with Sandbox(DEMO_DAY) as running:
        yield running


TOKENS = {"TOGGL_API_TOKEN": TOGGL_TOKEN, "FIBERY_API_TOKEN": FIBERY_TOKEN}


def live_params(sandbox) -> dict[str, object]:
    """Parameters that take the sandbox for the real accounts, and compare nothing: what is asked is for the period."""
    return {
        "source": "live",
        "toggl__url": sandbox.url, "toggl__workspace_id": WORKSPACE_ID, "toggl__requests_per_second": 1000,
        "analysis__compare_periods": 0, "analysis__team": "config/team.yaml",
        "analysis__categories": "config/categories.yaml", "enrichment__config": "config/enrichment_config.yaml",
        "fibery__url": sandbox.url, "fibery__account": ACCOUNT, "fibery__requests_per_second": 1000,
    }  # fmt: skip


def use_own_configuration(project) -> None:
    """What describes the demo, in the place of what describes a real workspace."""
    for path in (project.folder / "config" / "demo").iterdir():
        shutil.copy2(path, project.folder / "config")


def live(folder, sandbox) -> Project:
    """A copy of the project that takes the sandbox for the real accounts."""
    return _go_live(Project.copy(folder, **TOKENS), sandbox)


def live_short(folder, sandbox) -> Project:
    """The same with the short pipeline."""
    return _go_live(copy_short(folder, **TOKENS), sandbox)


def live_shortest(folder, sandbox) -> Project:
    """The same with the fewest stages."""
    return _go_live(copy_shortest(folder, **TOKENS), sandbox)


def _go_live(project, sandbox):
    use_own_configuration(project)
    project.set_params(**live_params(sandbox))
    project.succeed("git", "commit", "-qam", "Go live against the sandbox")
    return project


MARCH = ("--run-id", "march", "--period", "2025-W11", "--as-of", "2025-03-17")
WEEK_OF_MIRA = ("--run-id", "mira", "--period", "2025-W46", "--as-of", "2025-11-18", "--users", MIRA)


def _prepare(folder) -> None:
    project = Project.copy(folder)
    # As `dvc repro` leaves it, in a third of the time.
    project.call_pipeline()
    project.call_dvc("commit", "-q", "--force")
    for options in (MARCH, WEEK_OF_MIRA):
        done = project.call_run(*options)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def _prepared() -> Project:
    """The demo after `dvc repro` and two runs."""
    return Project(make_once("prepared", _prepare))


@pytest.fixture(scope="session")
def prepared_project(_prepared) -> Project:
    """The demo after `dvc repro`, a run `march` and a run `mira` of one person: to be read, never changed."""
    return _prepared


@pytest.fixture
def demo_project(_prepared, tmp_path) -> Project:
    """A copy of the same of the test's own."""
    return _prepared.duplicate(tmp_path / "project")


@pytest.fixture(scope="module")
def live_project(tmp_path_factory, sandbox):
    """A copy of the project that takes the sandbox for the real accounts; shared by a module's tests."""
    return live(tmp_path_factory.mktemp("live"), sandbox)


@pytest.fixture(scope="module")
def inbox():
    """A server that keeps what is posted to it."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield received, f"json://127.0.0.1:{server.server_port}/secret-path"
        server.shutdown()
        thread.join()
