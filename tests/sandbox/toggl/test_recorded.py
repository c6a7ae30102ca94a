"""The sandbox's answers beside recorded ones: the same status, headers, keys in the same order, kinds of values."""

import json
from pathlib import Path

import pytest
import requests

from tests.sandbox.plain_client import DETAILED, WEEK, report, rows, v9
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID

RECORDED = Path(__file__).parents[2] / "toggl" / "recorded"
OF_THE_EDGE = {"date", "content-length", "server"}
"""Headers of the machines in between."""
QUOTA = {"x-toggl-quota-remaining", "x-toggl-quota-resets-in"}
"""In force since 2025; the recordings are older."""
PAGES = "toggl_rb__search_time_entries_long_all_pages"
LISTS = ["toggl_rb__get_workspace_users_success", "toggl_rb__get_projects_after_bulk_update_success"]


def recorded(name, place=0):
    return json.loads((RECORDED / f"{name}.json").read_text())[place]


def headers(answer):
    """Header names, and the values of those that say the same everywhere."""
    found = {name.lower(): value for name, value in answer.items()}
    names = set(found) - OF_THE_EDGE - QUOTA
    return {
        name: found[name] if name in ("content-type", "x-page", "x-page-size", "x-service-level") else None
        for name in names
    }


def kinds(row):
    return {key: type(value) for key, value in row.items() if value is not None}


def assert_alike(ours, theirs):
    """Key by key: in the same order, and of the same kind where both have a value."""
    # Newer than the recordings; a client of today (toggl-python) takes no project without it.
    assert [key for key in ours if key != "can_track_time"] == list(theirs)
    both = kinds(ours).keys() & kinds(theirs).keys()
    assert {key: kinds(ours)[key] for key in both} == {key: kinds(theirs)[key] for key in both}
    assert both


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_those_that_were_recorded(sandbox, name):
    theirs = recorded(name)
    ours = v9(sandbox, theirs["url"].rpartition("/")[2])
    assert (ours.status_code, headers(ours.headers)) == (theirs["status"], headers(theirs["headers"]))
    for row in ours.json():
        assert_alike(row, theirs["body"][0])


@pytest.mark.parametrize("place", [0, 1], ids=["with a next page", "the last page"])
def test_pages_of_the_detailed_report_are_those_that_were_recorded(sandbox, place):
    theirs = recorded(PAGES, place)
    number = 1 if place == 0 else len(rows(sandbox)) - 49
    ours = report(sandbox, **WEEK, first_row_number=number)
    assert (ours.status_code, headers(ours.headers)) == (theirs["status"], headers(theirs["headers"]))
    for row in ours.json():
        assert_alike(row, theirs["body"][0])
        [time] = row["time_entries"]
        # Recordings of 2024 do not have at_tz yet.
        assert time.pop("at_tz")
        assert_alike(time, theirs["body"][0]["time_entries"][0])


def test_a_missing_authorization_is_the_recorded_401(sandbox):
    theirs = recorded("go-api-libs__2024-12-09")
    ours = requests.get(f"{sandbox.url}/api/v9/me", timeout=10)
    assert (ours.status_code, ours.text) == (theirs["status"], theirs["body"])
    assert headers(ours.headers) == headers(theirs["headers"])
    assert ours.headers["Content-Length"] == theirs["headers"]["content-length"]


def test_a_feature_that_the_plan_lacks_is_the_recorded_402(sandbox):
    theirs = recorded("toggl_rb__update_project_bad_attribute")
    sandbox.behaviour.update({"tasks_need_plan": True})
    ours = v9(sandbox, "tasks")
    assert (ours.status_code, headers(ours.headers)) == (theirs["status"], headers(theirs["headers"]))
    assert ours.content == json.dumps(ours.json()).encode()
    assert isinstance(ours.json(), type(theirs["body"]))


def test_quota_headers_stand_on_every_answer_to_somebody_known(sandbox):
    auth = (TOGGL_TOKEN, "api_token")
    answers = [
        v9(sandbox, "users"),
        v9(sandbox, "nonsense"),
        report(sandbox, **WEEK),
        report(sandbox),
        requests.get(f"{sandbox.url}/api/v9/workspaces/{WORKSPACE_ID + 1}", auth=auth, timeout=10),
        requests.post(f"{sandbox.url}{DETAILED}", data=b"{", auth=auth, timeout=10),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 400, 403, 400]
    assert all({name.lower() for name in answer.headers} >= QUOTA for answer in answers)
