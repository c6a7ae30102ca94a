"""Runs tell people what became of them, over real HTTP; a plain `dvc repro` tells nobody."""

import json

import pytest

from tests.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.copy(tmp_path_factory.mktemp("notices"))
    path = project.folder / "params.yaml"
    path.write_text(path.read_text().replace("link: null", "link: 'https://reports.example/{run}'"))
    return project


def test_a_completed_run_sends_its_numbers_and_the_link(project, inbox):
    received, address = inbox
    done = project.succeed("timeweave", "run", "--run-id", "weekly", TIMEWEAVE_NOTIFY_URLS=address)
    [notice] = received
    assert notice["title"] == "Timeweave: 2025-10-07 to 2025-10-13 completed"
    summary = json.loads(project.call("show-run", "weekly", "--json").stdout)["numbers"]
    assert "365.89 hours by 11 people, 90 % on 83 work items\n" in notice["message"]
    assert f"{summary['not_found']} not found in Fibery" in notice["message"]
    missing = sum(summary[kind] for kind in ("not_found", "unknown_database", "unresolved", "failed"))
    assert summary["not_found"] < missing == round(83 * (1 - summary["enriched_share"]))
    assert notice["type"] == "success"
    assert notice["message"].endswith("https://reports.example/weekly")
    assert "secret-path" not in done.stdout + done.stderr


def test_a_failed_run_sends_the_reason(project, inbox):
    received, address = inbox
    received.clear()
    params = project.folder / "params.yaml"
    before = params.read_text()
    params.write_text(before.replace("users: []", "users: [nobody@team.example]"))
    done = project.run("timeweave", "run", TIMEWEAVE_NOTIFY_URLS=address)
    params.write_text(before)
    assert done.returncode == 2
    [notice] = received
    assert notice["title"].endswith("failed")
    assert notice["type"] == "failure"
    assert "'nobody@team.example' is the e-mail of nobody" in notice["message"]


def test_a_notice_that_cannot_be_sent_changes_nothing_about_the_run(project, inbox):
    received, address = inbox
    received.clear()
    urls = f"json://127.0.0.1:9/hidden nonsense {address}"
    done = project.run("timeweave", "run", TIMEWEAVE_NOTIFY_URLS=urls)
    assert done.returncode == 0
    assert "notify: address 1 of TIMEWEAVE_NOTIFY_URLS did not take the notice; address 2 of" in done.stderr
    assert len(received) == 1
    assert "hidden" not in done.stderr


def test_a_plain_repro_tells_nobody(project, inbox):
    received, address = inbox
    received.clear()
    project.succeed("dvc", "repro", "aggregate_time", TIMEWEAVE_NOTIFY_URLS=address)
    assert received == []
