"""The sandbox's detailed report: its range, the order of its rows, and sums that agree with them."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.sandbox.plain_client import DETAILED, REPORTS, WEEK, report, rows, times
from timeweave.sandbox.company import PEOPLE
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World

ZONES = {person.user_id: ZoneInfo(person.timezone) for person in PEOPLE}
AS_OF = date(2025, 10, 14)
DAY = {"start_date": "2025-10-08", "end_date": "2025-10-08"}


def totals(sandbox, **body):
    return report(sandbox, f"{DETAILED}/totals", **WEEK | body).json()


@pytest.mark.parametrize("path", [DETAILED, f"{DETAILED}/totals", f"{REPORTS}/summary/time_entries"])
def test_an_empty_question_is_a_400_in_a_json_string(sandbox, path):
    answer = report(sandbox, path)
    assert (answer.status_code, answer.json()) == (400, "At least one parameter must be set")


def test_only_a_start_means_seven_days(sandbox):
    headers = report(sandbox, start_date="2025-10-01").headers
    assert (headers["X-Range-Start"], headers["X-Range-End"]) == ("2025-10-01", "2025-10-07")


def test_both_days_are_included(sandbox):
    starts = {row["time_entries"][0]["start"][:10] for row in rows(sandbox, end_date="2025-10-08")}
    assert starts == {"2025-10-07", "2025-10-08"}


def test_rows_are_in_order_of_their_start_and_carry_their_owners_offset(sandbox):
    found = rows(sandbox)
    starts = [datetime.fromisoformat(row["time_entries"][0]["start"]) for row in found]
    assert starts == sorted(starts)
    offsets = [start.astimezone(ZONES[row["user_id"]]).utcoffset() for row, start in zip(found, starts, strict=True)]
    assert [start.utcoffset() for start in starts] == offsets
    assert len(set(offsets)) > 4


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("date", lambda row: datetime.fromisoformat(row["time_entries"][0]["start"])),
        ("duration", lambda row: max(0, row["time_entries"][0]["seconds"])),
        ("description", lambda row: row["description"]),
        ("user", lambda row: row["username"]),
        ("last_update", lambda row: row["time_entries"][0]["at"]),
    ],
)
def test_rows_come_in_the_order_that_is_asked_for(sandbox, order, key):
    for direction in ("ASC", "DESC"):
        keys = [key(row) for row in rows(sandbox, order_by=order, order_dir=direction)]
        assert keys == sorted(keys, reverse=direction == "DESC")


def test_totals_are_the_sum_of_the_rows_without_running_timers(sandbox):
    found = rows(sandbox)
    seconds = [row["time_entries"][0]["seconds"] for row in found]
    assert sum(1 for one in seconds if one < 0) == 1
    answer = totals(sandbox)
    assert set(answer) == {
        "seconds", "tracked_days", "billable_amount_in_cents", "labour_cost_in_cents", "rates", "resolution",
    }  # fmt: skip
    assert answer["seconds"] == sum(one for one in seconds if one > 0)
    assert answer["tracked_days"] == len({row["time_entries"][0]["start"][:10] for row in found})
    assert answer["billable_amount_in_cents"] == sum(row["billable_amount_in_cents"] or 0 for row in found)


def test_totals_follow_the_filter_of_the_rows(sandbox):
    seconds = [one["seconds"] for one in times(sandbox, user_ids=[9100003], **DAY)]
    assert totals(sandbox, user_ids=[9100003], **DAY)["seconds"] == sum(seconds) > 0


def test_totals_may_count_a_running_timer_up_to_now(sandbox):
    [running] = [one for one in times(sandbox) if one["seconds"] < 0]
    before = totals(sandbox)["seconds"]
    sandbox.behaviour.update({"totals_count_running": True})
    elapsed = time.time() - datetime.fromisoformat(running["start"]).timestamp()
    assert totals(sandbox)["seconds"] - before == pytest.approx(elapsed, abs=5)


def test_dropped_rows_are_missing_though_totals_count_them(sandbox):
    whole, sums = times(sandbox), totals(sandbox)
    sandbox.behaviour.update({"dropped_rows": 2})
    assert times(sandbox) == whole[2:]
    assert totals(sandbox) == sums


def test_the_summary_adds_up_to_the_totals_and_lists_ids_on_request(sandbox):
    path = f"{REPORTS}/summary/time_entries"
    answer = report(sandbox, path, **WEEK, grouping="users", include_time_entry_ids=True)
    parts = [part for group in answer.json()["groups"] for part in group["sub_groups"]]
    assert sum(part["seconds"] for part in parts) == totals(sandbox)["seconds"]
    assert {id_ for part in parts for id_ in part["ids"]} == {one["id"] for one in times(sandbox)}
    assert answer.headers["X-Grouping"] == "users"
    bare = report(sandbox, path, **WEEK, grouping="users").json()["groups"]
    assert not any("ids" in part for group in bare for part in group["sub_groups"])


def test_days_are_cut_on_the_owners_or_the_callers_clock():
    # The caller lives in Lisbon, where it is the day before or the day after.
    logged = [
        TimeEntry(1, 9100008, datetime(2025, 10, 7, 0, 30, tzinfo=ZoneInfo("Asia/Tokyo")), 60),
        TimeEntry(2, 9100001, datetime(2025, 10, 7, 12, 0, tzinfo=ZoneInfo("Europe/Lisbon")), 60),
        TimeEntry(3, 9100006, datetime(2025, 10, 7, 23, 30, tzinfo=ZoneInfo("America/Bogota")), 60),
    ]
    with Sandbox(AS_OF, world=World(AS_OF, entries=logged)) as sandbox:

        def ids(day):
            return [one["id"] for one in times(sandbox, start_date=day, end_date=day)]

        assert [ids(f"2025-10-0{day}") for day in (6, 7, 8)] == [[], [1, 2, 3], []]
        sandbox.behaviour.update({"zone": "caller"})
        assert [ids(f"2025-10-0{day}") for day in (6, 7, 8)] == [[1], [2], [3]]
