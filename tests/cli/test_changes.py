"""timeweave changes shows late edits by person and day."""

import json
from datetime import date

import pytest

from tests.conftest import live
from timeweave.sandbox.server import Sandbox

FETCH = ("fetch_time", "data/toggl/days", "data/toggl/directory.json")
WEEK = {"period__start": "2025-09-23", "period__end": "2025-10-01"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A week that was looked at twice, ten days apart."""
    with Sandbox(date(2025, 10, 1)) as then:
        port = int(then.url.rpartition(":")[2])
        project = live(tmp_path_factory.mktemp("changes"), then)
        project.set_params(as_of="2025-10-01", **WEEK)
        assert project.call_stage(*FETCH).returncode == 0
    with Sandbox(date(2025, 10, 11), port=port):
        project.set_params(as_of="2025-10-11")
        assert project.call_stage(*FETCH).returncode == 0
    return project


def test_each_change_names_its_person_its_day_and_the_two_looks(project):
    done = project.call("changes")
    lines = done.stdout.splitlines()
    assert done.stderr == f"{len(lines)} changes\n"
    assert {line.split("  ")[2].split()[0] for line in lines} == {"added", "edited", "deleted"}
    for line in lines:
        assert line.startswith("2025-")
        assert line.endswith("(seen 2025-10-11, before 2025-10-01)")
    assert any("Castellane" in line or "Ferrowell" in line or "Delisse" in line for line in lines)


def test_machines_get_the_same_and_can_ask_for_what_is_new(project):
    found = json.loads(project.call("changes", "--json").stdout)
    assert len(found) == len(project.call("changes").stdout.splitlines())
    assert {change["kind"] for change in found} == {"added", "edited", "deleted"}
    assert json.loads(project.call("changes", "--json", "--since", "2025-10-12").stdout) == []
    refused = project.call("changes", "--since", "last week")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--since 'last week' is not a day of the calendar" in refused.stderr


def test_a_run_of_other_dates_in_between_takes_no_change_away(project):
    before = project.call("changes").stdout
    project.set_params(period__end="2025-09-24")
    assert project.call("changes").stdout == before


def test_before_the_first_fetch_it_says_what_to_run(project, tmp_path):
    done = project.call("changes", TIMEWEAVE_ARCHIVE=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == "timeweave: nothing was fetched from this account yet; run the pipeline first: dvc repro\n"
