"""Runs tell people what became of them, over real HTTP."""

import json

import pytest

from tests.short_pipeline import copy_short

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
    done = project.call("run", "--run-id", "weekly", TIMEWEAVE_NOTIFY_URLS=urls)
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 completed"
    numbers = json.loads(project.call("show-run", "weekly", "--json").stdout)["numbers"]
    assert "365.89 hours by 11 people, 90 % on 83 work items\n" in notice["message"]
    assert f"{numbers['not_found']} not found in Fibery" in notice["message"]
    assert notice["type"] == "success"
    assert notice["message"].endswith("https://reports.example/weekly")
    assert "notify: address 1 of TIMEWEAVE_NOTIFY_URLS did not take the notice; address 2 of" in done.stderr
    assert not [word for word in ("secret-path", "hidden") if word in done.stdout + done.stderr]


def test_a_failed_run_sends_the_reason(project, inbox):
    received, address = inbox
    received.clear()
    config = project.folder / "config/enrichment_config.yaml"
    before = config.read_text()
    config.write_text('enrichment_activities:\n  "Scrum/Taks": {}\n')
    done = project.call("run", TIMEWEAVE_NOTIFY_URLS=address)
    config.write_text(before)
    assert done.returncode == 2
    [notice] = received
    assert notice["title"].endswith("failed")
    assert notice["type"] == "failure"
    assert "Fibery has no database Scrum/Taks" in notice["message"]
