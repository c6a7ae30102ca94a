"""Runs tell people what became of them, over real HTTP."""

import json

import pytest

from tests.short_pipeline import copy_short
from timeweave.analysis.metrics import describe_items
from timeweave.delivery.notice import notify
from timeweave.project.parameters import NotifySettings
from timeweave.runs.manifest import Fault, Location, Manifest, Request, Status

# Of the library that sends.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = copy_short(tmp_path_factory.mktemp("notices"))
    path = project.folder / "params.yaml"
    path.write_text(path.read_text().replace("link: null", "link: 'https://reports.example/{run}'"))
    return project


def test_a_completed_run_sends_its_numbers_and_the_link_and_is_not_troubled_by_other_addresses(project, inbox):
    received, address = inbox
    received.clear()
    urls = f"json://127.0.0.1:9/hidden nonsense {address}"
    done = project.call_run("--run-id", "weekly", TIMEWEAVE_NOTIFY_URLS=urls)
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 completed"
    numbers = json.loads(project.call("show-run", "weekly", "--json").stdout)["numbers"]
    share = f"{100 * numbers['matched_share']:.0f} % on work items"
    assert f"{numbers['hours']:.2f} hours by {numbers['people']} people, {share}\n" in notice["message"]
    assert f"\n{describe_items(numbers)}\n" in notice["message"]
    assert notice["type"] == "success"
    assert notice["message"].endswith("https://reports.example/weekly")
    assert "notify: address 1 of TIMEWEAVE_NOTIFY_URLS did not take the notice; address 2 of" in done.stderr
    assert not [word for word in ("secret-path", "hidden") if word in done.stdout + done.stderr]


def test_a_failed_run_sends_the_reason(inbox, monkeypatch):
    received, address = inbox
    received.clear()
    monkeypatch.setenv("TIMEWEAVE_NOTIFY_URLS", address)
    asked = Request(source="demo", as_of="2025-10-14", start="2025-10-07", end="2025-10-13")
    fault = Fault(stage="aggregate_time", exit_code=2, sentence="'nobody@team.example' is the e-mail of nobody")
    run = Manifest(id="weekly", status=Status.failed, where=Location.here, parameters=asked, started_at="", error=fault)
    notify(run, NotifySettings(), pytest.fail)
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 failed"
    assert notice["type"] == "failure"
    assert "exit code 2\naggregate_time: 'nobody@team.example' is the e-mail of nobody" in notice["message"]
