"""timeweave plan says beforehand what a run costs, and is right."""

import json

import pytest

from timeweave.sandbox.behaviour import Behaviour

FETCH = ("fetch_time", "data/toggl/days", "data/toggl/directory.json")


@pytest.fixture(scope="module")
def planned(live_project, sandbox):
    """What was said and what was asked, before and after a fetch."""
    sandbox.reset()
    before = json.loads(live_project.call("plan", "--json").stdout)
    asked = len(sandbox.requests)
    assert live_project.call_stage(*FETCH).returncode == 0
    spent = len(sandbox.requests) - asked
    again = live_project.call("plan")
    return before, asked, spent, again, len(sandbox.requests) - asked - spent


def test_a_plan_asks_toggl_once_and_fibery_for_its_schema_where_none_is_kept(planned):
    before, asked, *_ = planned
    assert asked - 1 == before["asked"] == 1


def test_a_fetch_costs_what_was_planned(planned):
    before, _, spent, *_ = planned
    assert before["least"] <= spent <= before["most"]
    # How many rows a page holds is not known before: at least fifty.
    assert before["most"] - spent <= 3
    assert before["quota_left"] == 599


def test_nothing_is_asked_where_nothing_is_missing(planned):
    *_, again, asked_again = planned
    assert "nothing: every day of the period is in the archive" in again.stdout
    assert "requests   none" in again.stdout
    assert asked_again == 0


def remembered(project):
    """Every file of the archive and when it was written."""
    found = (project.folder / ".timeweave" / "archive").rglob("*")
    return {path: path.stat().st_mtime_ns for path in found if path.is_file()}


@pytest.fixture(autouse=True)
def same_params(live_project, sandbox):
    """What a test sets is over with it."""
    path = live_project.folder / "params.yaml"
    before = path.read_text()
    yield
    path.write_text(before)
    sandbox.behaviour.update(vars(Behaviour()))


def test_planning_changes_nothing(live_project, planned):
    live_project.set_params(period__start="2025-10-01")
    before = remembered(live_project)
    done = live_project.call("plan")
    assert "2025-10-01 to 2025-10-06" in done.stdout
    assert remembered(live_project) == before


def test_a_quota_that_is_too_small_is_said(live_project, sandbox, planned):
    sandbox.behaviour.update({"quota": len(sandbox.requests) + 3})
    live_project.set_params(period__start="2025-08-01")
    assert "not enough for all" in live_project.call("plan").stdout
