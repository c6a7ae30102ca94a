"""The sandbox's Toggl speaks as Toggl does: paths, authentication, cursors, headers, refusals."""

import pytest
import requests

from tests.sandbox.asking import REPORT, WEEK, report, rows, v9
from timeweave.sandbox.team import TOGGL_MEMBER_TOKEN, WORKSPACE_ID


def test_no_authorization_is_an_empty_401(sandbox):
    answer = requests.get(f"{sandbox.url}/api/v9/me", timeout=10)
    assert (answer.status_code, answer.content, answer.headers["X-Authorization-Missing"]) == (401, b"", "true")


def test_a_wrong_token_is_a_403_in_words(sandbox):
    answer = v9(sandbox, "/me", token="wrong")
    assert (answer.status_code, answer.json()) == (403, "Incorrect username and/or password")


@pytest.mark.parametrize("path", [f"/api/v9/workspaces/{WORKSPACE_ID + 1}/users", "/api/v9/workspaces/1"])
def test_an_unknown_workspace_is_a_403(sandbox, path):
    assert v9(sandbox, path.removeprefix("/api/v9")).status_code == 403


def test_an_unknown_workspace_of_a_report_is_a_403(sandbox):
    answer = report(sandbox, "/reports/api/v3/workspace/1/search/time_entries", **WEEK)
    assert (answer.status_code, answer.json()) == (403, "Workspace not found/accessible")


def test_an_unknown_path_is_a_404(sandbox):
    assert (v9(sandbox, "nonsense").status_code, v9(sandbox, "nonsense").json()) == (404, "Resource can not be found")


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/me/workspaces",
        "/workspaces",
        "/me/quota",
        "",
        "users",
        "workspace_users",
        "projects",
        "clients",
        "tags",
        "tasks",
    ],
)
def test_every_list_of_a_team_report_is_served(sandbox, path):
    assert v9(sandbox, path).status_code == 200


def test_users_have_their_global_id_and_memberships_another(sandbox):
    users, members = v9(sandbox, "users").json(), v9(sandbox, "workspace_users").json()
    assert {user["id"] for user in users} == {member["uid"] for member in members}
    assert not {user["id"] for user in users} & {member["id"] for member in members}


def test_departed_people_are_found_only_by_their_id(sandbox):
    names = {user["fullname"] for user in v9(sandbox, "users").json()}
    assert "Ruben Askeland" not in names
    answer = report(sandbox, f"/reports/api/v3/workspace/{WORKSPACE_ID}/search/users", ids=[9100011])
    assert [(user["fullname"], user["active"]) for user in answer.json()] == [("Ruben Askeland", False)]


@pytest.mark.parametrize(
    ("path", "query", "archived"),
    [
        ("projects", {}, False),
        ("projects", {"active": "both"}, True),
        ("clients", {}, False),
        ("clients", {"status": "both"}, True),
    ],
)
def test_archived_ones_come_only_on_request(sandbox, path, query, archived):
    names = {one["name"].partition(" ")[0] for one in v9(sandbox, path, **query).json()}
    assert ("Brightwater" in names) == archived


def test_projects_come_in_pages_that_say_their_size(sandbox):
    answer = v9(sandbox, "projects", per_page=2, page=2)
    assert (len(answer.json()), answer.headers["X-Page"], answer.headers["X-Page-Size"]) == (2, "2", "2")


def test_a_members_token_sees_only_their_own_entries(sandbox):
    assert {row["user_id"] for row in report(sandbox, token=TOGGL_MEMBER_TOKEN, **WEEK).json()} == {9100002}
    assert v9(sandbox, "workspace_users", token=TOGGL_MEMBER_TOKEN).status_code == 403


def test_an_empty_question_is_a_400_in_a_json_string(sandbox):
    answer = report(sandbox)
    assert (answer.status_code, answer.json()) == (400, "At least one parameter must be set")


def test_a_bad_order_names_the_allowed_ones(sandbox):
    assert "allowed values are: 'date'" in report(sandbox, order_by="size", **WEEK).json()


def test_only_a_start_means_seven_days(sandbox):
    headers = report(sandbox, start_date="2025-10-01").headers
    assert (headers["X-Range-Start"], headers["X-Range-End"]) == ("2025-10-01", "2025-10-07")


def test_both_days_are_included(sandbox):
    starts = {
        row["time_entries"][0]["start"][:10]
        for row in report(sandbox, start_date="2025-10-08", end_date="2025-10-08").json()
    }
    assert starts == {"2025-10-08"}


def test_the_page_size_is_echoed_and_capped(sandbox):
    assert report(sandbox, page_size=20, **WEEK).headers["X-Page-Size"] == "20"
    capped = report(sandbox, page_size=1000, **WEEK)
    assert (capped.headers["X-Page-Size"], len(capped.json())) == ("50", 50)


def test_the_row_number_alone_walks_through_all_rows(sandbox):
    found = rows(sandbox)
    assert [row["row_number"] for row in found] == list(range(1, len(found) + 1))
    assert len({row["time_entries"][0]["id"] for row in found}) == len(found) > 250


def test_the_three_values_together_give_the_same_page_as_the_row_number(sandbox):
    first = report(sandbox, **WEEK)
    number, id_, stamp = (int(first.headers[f"X-Next-{name}"]) for name in ("Row-Number", "ID", "Timestamp"))
    by_all = report(sandbox, **WEEK, first_row_number=number, first_id=id_, first_timestamp=stamp).json()
    assert by_all == report(sandbox, **WEEK, first_row_number=number).json()
    assert by_all[0]["time_entries"][0]["id"] == id_


def test_id_and_row_number_without_the_time_stamp_give_nothing(sandbox):
    answer = report(sandbox, **WEEK, first_row_number=51, first_id=1)
    assert (answer.json(), "X-Next-ID" in answer.headers) == ([], False)


def test_rows_are_in_order_of_their_start_and_carry_their_owners_offset(sandbox):
    from datetime import datetime

    found = rows(sandbox)
    starts = [datetime.fromisoformat(row["time_entries"][0]["start"]) for row in found]
    assert starts == sorted(starts)
    assert len({start.utcoffset() for start in starts}) > 4


def test_names_come_only_with_enrichment(sandbox):
    assert "email" not in report(sandbox, **WEEK).json()[0]
    assert report(sandbox, enrich_response=True, **WEEK).json()[0]["email"].endswith("@heliotrope.example")
    sandbox.behaviour.update({"bare_rows": True})
    assert "email" not in report(sandbox, enrich_response=True, **WEEK).json()[0]


def test_totals_are_the_sum_of_the_rows_without_running_timers(sandbox):
    seconds = [row["time_entries"][0]["seconds"] for row in rows(sandbox)]
    assert sum(1 for s in seconds if s < 0) == 1
    assert report(sandbox, f"{REPORT}/totals", **WEEK).json()["seconds"] == sum(s for s in seconds if s > 0)


def test_the_summary_adds_up_to_the_totals_and_lists_ids_on_request(sandbox):
    path = REPORT.replace("search", "summary")
    groups = report(sandbox, path, **WEEK, grouping="users", include_time_entry_ids=True).json()["groups"]
    parts = [part for group in groups for part in group["sub_groups"]]
    assert sum(part["seconds"] for part in parts) == report(sandbox, f"{REPORT}/totals", **WEEK).json()["seconds"]
    assert {id_ for part in parts for id_ in part["ids"]} == {row["time_entries"][0]["id"] for row in rows(sandbox)}


@pytest.mark.parametrize(("mode", "keys"), [("null", {"stop"}), ("absent", set()), ("omitted", None)])
def test_a_running_timer_shows_in_the_way_that_is_asked_for(sandbox, mode, keys):
    sandbox.behaviour.update({"running": mode})
    running = [row["time_entries"][0] for row in rows(sandbox) if row["time_entries"][0]["seconds"] < 0]
    assert [set(time) & {"stop"} for time in running] == ([] if keys is None else [keys])
    assert all(time.get("stop") is None for time in running)


def test_days_are_cut_on_the_owners_or_the_callers_clock(sandbox):
    day = {"start_date": "2025-10-07", "end_date": "2025-10-07"}
    owners = {row["time_entries"][0]["id"] for row in rows(sandbox, **day)}
    sandbox.behaviour.update({"zone": "caller"})
    assert owners != {row["time_entries"][0]["id"] for row in rows(sandbox, **day)}


def test_the_quota_counts_down_and_its_end_is_a_402_that_names_the_seconds(sandbox):
    sandbox.behaviour.update({"quota": 2})
    left = [report(sandbox, **WEEK).headers["X-Toggl-Quota-Remaining"] for _ in range(2)]
    spent = report(sandbox, **WEEK)
    assert left == ["1", "0"]
    assert (spent.status_code, spent.headers["X-Toggl-Quota-Remaining"]) == (402, "0")
    assert f"reset in {spent.headers['X-Toggl-Quota-Resets-In']} seconds" in spent.json()
    assert v9(sandbox, "/me/logged").status_code == 200
    sandbox.behaviour.update({"clock_offset": 3600.0})
    assert report(sandbox, **WEEK).status_code == 200


def test_without_a_quota_there_are_no_quota_headers(sandbox):
    sandbox.behaviour.update({"quota": None})
    assert not [name for name in report(sandbox, **WEEK).headers if "quota" in name.lower()]


def test_asking_too_fast_is_a_429_where_a_rate_is_set(sandbox):
    sandbox.behaviour.update({"toggl_per_second": 1.0})
    assert [v9(sandbox, "/me").status_code for _ in range(4)][-1] == 429
    assert "html" in v9(sandbox, "/me").headers["Content-Type"]


def test_odd_answers_come_on_demand(sandbox):
    sandbox.behaviour.update({"duplicated_rows": True})
    first, second = report(sandbox, **WEEK).json(), report(sandbox, **WEEK, first_row_number=51).json()
    assert second[0]["time_entries"] == first[-1]["time_entries"]
    sandbox.behaviour.update({"duplicated_rows": False, "repeated_cursor": True})
    assert report(sandbox, **WEEK, first_row_number=51).headers["X-Next-Row-Number"] == "51"
    sandbox.behaviour.update({"repeated_cursor": False, "empty_page": True})
    empty = report(sandbox, **WEEK, first_row_number=51)
    assert (empty.json(), "X-Next-ID" in empty.headers) == ([], True)
    sandbox.behaviour.update({"empty_page": False, "null_lists": True})
    assert report(sandbox, start_date="2025-12-01", end_date="2025-12-02").json() is None
    sandbox.behaviour.update({"null_lists": False, "trimmed_at": True, "unknown_keys": True})
    row = report(sandbox, **WEEK).json()[0]
    assert row["time_entries"][0]["at"].endswith("Z")
    assert "novelty" in row


@pytest.mark.parametrize(("body", "fits"), [
    ({"billable": True}, lambda row: row["billable"]),
    ({"project_ids": [201990102]}, lambda row: row["project_id"] == 201990102),
    ({"client_ids": [6500101]}, lambda row: row["project_id"] == 201990102),
    ({"tag_ids": [17800101]}, lambda row: 17800101 in row["tag_ids"]),
    ({"user_ids": [9100001]}, lambda row: row["user_id"] == 9100001),
    ({"min_duration_seconds": 3600}, lambda row: row["time_entries"][0]["seconds"] >= 3600),
    ({"description": "LOGIN"}, lambda row: "login" in row["description"].lower()),
])  # fmt: skip
def test_a_filter_gives_just_the_rows_that_fit(sandbox, body, fits):
    ids = {row["time_entries"][0]["id"] for row in rows(sandbox, **body)}
    assert ids == {row["time_entries"][0]["id"] for row in rows(sandbox) if fits(row)}


@pytest.mark.parametrize("key", ["grouped", "group_ids"])
def test_what_the_sandbox_does_not_do_is_refused_and_not_ignored(sandbox, key):
    assert report(sandbox, **WEEK, **{key: [1]}).status_code == 400


def test_requests_of_the_user_alone_have_a_smaller_quota(sandbox):
    assert v9(sandbox, "/me").headers["X-Toggl-Quota-Remaining"] == "29"
    totals = {one["organization_id"]: one["total"] for one in v9(sandbox, "/me/quota").json()}
    assert totals == {None: 30, 8001001: 600}
