"""The sandbox's lists of names: which id is which, who is left out, how lists come in pages."""

import pytest

from tests.sandbox.plain_client import REPORTS, report, v9
from timeweave.sandbox.company import WORKSPACE_ID

RUBEN = 9100011
"""Left on 2025-10-09."""


@pytest.mark.parametrize("path", ["/me/workspaces", "/workspaces"])
def test_both_lists_of_workspaces_hold_the_workspace(sandbox, path):
    one = v9(sandbox, "").json()
    assert v9(sandbox, path).json() == [one]
    assert set(one) == {
        "id", "organization_id", "name", "premium", "business_ws", "admin", "role", "default_currency", "rounding",
        "rounding_minutes", "at", "last_modified", "max_data_retention_days", "csv_upload", "default_hourly_rate", "hide_start_end_times",
        "ical_enabled", "ical_url", "logo_url", "only_admins_may_create_projects", "only_admins_may_create_tags",
        "only_admins_see_team_dashboard", "projects_billable_by_default", "projects_enforce_billable",
        "projects_private_by_default", "rate_last_updated", "reports_collapse", "server_deleted_at", "suspended_at",
        "working_hours_in_minutes",
    }  # fmt: skip
    assert one["id"] == WORKSPACE_ID


def test_users_have_their_global_id_and_memberships_another(sandbox):
    users, members = v9(sandbox, "users").json(), v9(sandbox, "workspace_users").json()
    assert {user["id"] for user in users} == {member["uid"] for member in members}
    assert not {user["id"] for user in users} & {member["id"] for member in members}
    assert {member["wid"] for member in members} == {WORKSPACE_ID}
    assert len({member["timezone"] for member in members}) > 5


def found(sandbox, kind, **body):
    return report(sandbox, f"{REPORTS}/{kind}/users", **body)


def test_departed_people_are_found_only_by_their_id(sandbox):
    assert RUBEN not in {user["id"] for user in v9(sandbox, "users").json()}
    [ruben] = found(sandbox, "search", ids=[RUBEN]).json()
    assert set(ruben) == {
        "id", "email", "fullname", "active", "deactivated", "deleted_at", "avatar", "workspace_user_id",
    }  # fmt: skip
    assert (ruben["fullname"], ruben["active"], ruben["deactivated"]) == ("Ruben Askeland", False, True)
    assert found(sandbox, "search", ids=[RUBEN], active=True).json() == []


def test_filtered_users_are_the_active_ones_unless_asked_otherwise(sandbox):
    everyone = found(sandbox, "filters").json()
    assert everyone == [{"id": user["id"], "name": user["fullname"]} for user in v9(sandbox, "users").json()]
    assert found(sandbox, "filters", start=9100009).json() == everyone[8:]
    assert found(sandbox, "filters", active=False).json() == [{"id": RUBEN, "name": "Ruben Askeland"}]


def test_a_look_up_takes_a_hundred_ids_and_the_search_at_least_one_parameter(sandbox):
    assert found(sandbox, "search").json() == "At least one parameter must be set"
    assert found(sandbox, "search", ids=list(range(1, 101))).status_code == 200
    over = found(sandbox, "search", ids=list(range(1, 102)))
    assert (over.status_code, over.json()) == (400, "Maximum count of posted IDs is 100")


@pytest.mark.parametrize(
    ("path", "query", "archived"),
    [
        ("projects", {}, (False,)),
        ("projects", {"active": "false"}, (True,)),
        ("projects", {"active": "both"}, (False, True)),
        ("clients", {}, (False,)),
        ("clients", {"status": "archived"}, (True,)),
        ("clients", {"status": "both"}, (False, True)),
    ],
)
def test_archived_ones_come_only_on_request(sandbox, path, query, archived):
    shown = v9(sandbox, path, **query).json()
    assert {one.get("archived", one.get("status") == "archived") for one in shown} == set(archived)


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("clients", {"status": "gone"}, "Client status is invalid"),
        ("projects", {"active": "maybe"}, "Invalid 'active' value, allowed values are: 'true', 'false', 'both'"),
    ],
)
def test_a_bad_state_is_a_400(sandbox, path, query, words):
    answer = v9(sandbox, path, **query)
    assert (answer.status_code, answer.json()) == (400, words)


@pytest.mark.parametrize(
    ("query", "page", "size"),
    [({}, "1", "151"), ({"per_page": 2, "page": 2}, "2", "2"), ({"per_page": 1000}, "1", "200")],
    ids=["default", "asked", "capped"],
)
def test_projects_say_which_page_of_what_size_they_are(sandbox, query, page, size):
    answer = v9(sandbox, "projects", **query)
    assert (answer.headers["X-Page"], answer.headers["X-Page-Size"]) == (page, size)
    assert len(answer.json()) == min(int(size), 6)


@pytest.mark.parametrize("path", ["projects", "tags"])
def test_pages_cut_a_list_without_loss_and_end_empty(sandbox, path):
    whole = v9(sandbox, path).json()
    parts = [v9(sandbox, path, per_page=2, page=page).json() for page in range(1, 5)]
    assert [one for part in parts for one in part] == whole
    assert parts[-1] == []


def test_tasks_come_in_an_object_that_counts_them(sandbox):
    tasks = v9(sandbox, "tasks", per_page=2).json()
    assert set(tasks) == {"data", "page", "per_page", "sort_field", "sort_order", "total_count"}
    assert (len(tasks["data"]), tasks["per_page"], tasks["total_count"]) == (2, 2, 3)


def test_tasks_may_need_a_plan_which_is_no_matter_of_quota(sandbox):
    sandbox.behaviour.update({"tasks_need_plan": True})
    answer = v9(sandbox, "tasks")
    assert (answer.status_code, answer.json()) == (402, "Tasks are available only for premium plans")
    assert int(answer.headers["X-Toggl-Quota-Remaining"]) > 0


def test_an_empty_list_may_be_null(sandbox):
    sandbox.behaviour.update({"null_lists": True})
    assert [v9(sandbox, path, page=9).json() for path in ("projects", "tags")] == [None, None]
    assert v9(sandbox, "tasks", page=9).json()["data"] is None
    assert v9(sandbox, "clients").json()


def test_own_entries_end_before_the_day_that_is_named_and_come_newest_first(sandbox):
    rows = v9(sandbox, "/me/time_entries", start_date="2025-10-07", end_date="2025-10-09").json()
    assert {row["start"][:10] for row in rows} == {"2025-10-07", "2025-10-08"}
    assert [row["start"] for row in rows] == sorted((row["start"] for row in rows), reverse=True)
    assert {row["user_id"] for row in rows} == {9100001}
    one = v9(sandbox, "/me/time_entries", start_date=rows[3]["start"], end_date=rows[2]["start"]).json()
    assert one == [rows[3]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "1760000000", "before": "2025-10-01"}, "'since' and 'before' can not be present simultaneously"),
        ({"start_date": "2025-06-01"}, "start_date must not be earlier than 2025-07-14"),
        ({"start_date": "yesterday"}, "Invalid date: yesterday"),
    ],
)
def test_what_toggl_refuses_of_own_entries_is_refused(sandbox, asked, said):
    answer = v9(sandbox, "/me/time_entries", **asked)
    assert (answer.status_code, answer.json()) == (400, said)
