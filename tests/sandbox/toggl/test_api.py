"""Who may ask the sandbox's Toggl, and what those hear who may not."""

import pytest
import requests

from tests.sandbox.plain_client import DETAILED, REPORTS, WEEK, report, v9
from timeweave.sandbox.company import TOGGL_MEMBER_TOKEN, TOGGL_TOKEN, WORKSPACE_ID

ELSEWHERE = WORKSPACE_ID + 1


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v9/me"), ("GET", "/api/v9/nonsense"), ("POST", DETAILED)])
def test_no_authorization_is_an_empty_401_that_says_so(sandbox, method, path):
    answer = requests.request(method, sandbox.url + path, timeout=10)
    assert (answer.status_code, answer.content) == (401, b"")
    assert (answer.headers["X-Authorization-Missing"], answer.headers["Content-Length"]) == ("true", "0")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    "auth",
    [("wrong", "api_token"), (TOGGL_TOKEN, "wrong"), ("api_token", TOGGL_TOKEN)],
    ids=["wrong token", "wrong password", "swapped"],
)
def test_wrong_credentials_are_a_403_in_words(sandbox, auth):
    answer = requests.get(f"{sandbox.url}/api/v9/me", auth=auth, timeout=10)
    assert (answer.status_code, answer.json()) == (403, "Incorrect username and/or password")
    assert "X-Authorization-Missing" not in answer.headers


@pytest.mark.parametrize("header", [f"Bearer {TOGGL_TOKEN}", "Basic ???", "Basic /w=="])
def test_a_header_that_cannot_be_read_is_a_403(sandbox, header):
    answer = requests.get(f"{sandbox.url}/api/v9/me", headers={"Authorization": header}, timeout=10)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["", "/users", "/projects", "/tasks"])
def test_an_unknown_workspace_is_a_403(sandbox, path):
    answer = v9(sandbox, f"/workspaces/{ELSEWHERE}{path}")
    assert (answer.status_code, answer.json()) == (403, "User does not have access to this resource.")


@pytest.mark.parametrize("path", ["search/time_entries", "search/time_entries/totals", "search/users"])
def test_an_unknown_workspace_of_a_report_is_a_403(sandbox, path):
    answer = report(sandbox, f"/reports/api/v3/workspace/{ELSEWHERE}/{path}", **WEEK)
    assert (answer.status_code, answer.json()) == (403, "Workspace not found/accessible")


def test_an_unknown_path_is_a_404(sandbox):
    for answer in (v9(sandbox, "nonsense"), report(sandbox, f"{REPORTS}/nonsense", **WEEK)):
        assert (answer.status_code, answer.json()) == (404, "Resource can not be found")


def test_refusals_are_json_strings_in_utf_8(sandbox):
    sandbox.behaviour.update({"tasks_need_plan": True})
    refusals = [v9(sandbox, "/me", token="wrong"), v9(sandbox, "nonsense"), report(sandbox), v9(sandbox, "tasks")]
    assert [answer.status_code for answer in refusals] == [403, 404, 400, 402]
    assert {answer.headers["Content-Type"] for answer in refusals} == {"application/json; charset=utf-8"}
    assert all(isinstance(answer.json(), str) for answer in refusals)
    assert not any("X-Service-Level" in answer.headers for answer in refusals)


def test_the_cheapest_check_of_a_token_is_an_empty_200(sandbox):
    answer = v9(sandbox, "/me/logged")
    assert (answer.status_code, answer.content, answer.headers["X-Service-Level"]) == (200, b"", "GREEN")


def test_me_is_the_owner_of_the_token_without_secrets(sandbox):
    admin, member = v9(sandbox, "/me").json(), v9(sandbox, "/me", token=TOGGL_MEMBER_TOKEN).json()
    assert set(admin) == {
        "id", "email", "fullname", "timezone", "toggl_accounts_id", "default_workspace_id", "beginning_of_week",
        "image_url", "created_at", "updated_at", "at", "openid_email", "openid_enabled", "country_id", "has_password", "authorization_updated_at",
    }  # fmt: skip
    assert (admin["id"], admin["timezone"], member["id"]) == (9100001, "Europe/Lisbon", 9100002)
    assert admin["default_workspace_id"] == WORKSPACE_ID


def test_a_members_token_sees_only_their_own_entries(sandbox):
    assert {row["user_id"] for row in report(sandbox, token=TOGGL_MEMBER_TOKEN, **WEEK).json()} == {9100002}
    own = report(sandbox, f"{DETAILED}/totals", token=TOGGL_MEMBER_TOKEN, **WEEK).json()["seconds"]
    assert own == report(sandbox, f"{DETAILED}/totals", user_ids=[9100002], **WEEK).json()["seconds"] > 0
    assert v9(sandbox, "workspace_users", token=TOGGL_MEMBER_TOKEN).status_code == 403
    assert v9(sandbox, "", token=TOGGL_MEMBER_TOKEN).json()["admin"] is False
