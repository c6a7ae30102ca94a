"""What a row of the sandbox's detailed report says of an entry."""

from datetime import datetime

import pytest

from tests.sandbox.plain_client import WEEK, report, rows, times
from timeweave.sandbox.company import PEOPLE

DAY = {"start_date": "2025-10-08", "end_date": "2025-10-08"}


def test_seconds_are_what_passed_between_start_and_stop(sandbox):
    stopped = [one for one in times(sandbox) if one["stop"] is not None]
    spans = [datetime.fromisoformat(one["stop"]) - datetime.fromisoformat(one["start"]) for one in stopped]
    assert [span.total_seconds() for span in spans] == [one["seconds"] for one in stopped]


def test_a_change_is_told_in_utc_and_in_the_owners_offset(sandbox):
    one = next(row for row in rows(sandbox, user_ids=[9100008]))["time_entries"][0]
    assert (one["at"][-6:], one["at_tz"][-6:]) == ("+00:00", "+09:00")
    assert datetime.fromisoformat(one["at"]) == datetime.fromisoformat(one["at_tz"])


def test_names_come_only_with_enrichment(sandbox):
    plain, rich = rows(sandbox, **DAY)[0], rows(sandbox, enrich_response=True, **DAY)[0]
    assert set(rich) - set(plain) == {
        "email", "client_name", "project_name", "project_color", "project_hex", "task_name", "tag_names",
    }  # fmt: skip
    assert rich["email"] == next(person.email for person in PEOPLE if person.user_id == rich["user_id"])
    assert {key: rich[key] for key in plain} == plain
    sandbox.behaviour.update({"bare_rows": True})
    assert rows(sandbox, enrich_response=True, **DAY)[0] == plain


def test_amounts_are_those_of_billable_entries_unless_they_are_hidden(sandbox):
    found = rows(sandbox)
    assert {row["billable"] for row in found} == {True, False}
    for row in found:
        rate, seconds = row["hourly_rate_in_cents"], row["time_entries"][0]["seconds"]
        assert (rate is None) == (not row["billable"])
        assert row["billable_amount_in_cents"] == (None if rate is None else max(0, seconds) * rate // 3600)
    assert {row["billable_amount_in_cents"] for row in rows(sandbox, hide_amounts=True)} == {None}


@pytest.mark.parametrize(("mode", "keys"), [("null", {"stop"}), ("absent", set()), ("omitted", None)])
def test_a_running_timer_shows_in_the_way_that_is_asked_for(sandbox, mode, keys):
    sandbox.behaviour.update({"running": mode})
    running = [one for one in times(sandbox) if one["seconds"] < 0]
    assert [set(one) & {"stop"} for one in running] == ([] if keys is None else [keys])
    assert [one.get("stop") for one in running] == [None] * len(running)
    assert [-one["seconds"] for one in running] == [datetime.fromisoformat(one["start"]).timestamp() for one in running]


def test_oddities_that_clients_must_bear_come_on_demand(sandbox):
    sandbox.behaviour.update({"trimmed_at": True, "unknown_keys": True})
    row = report(sandbox, **WEEK).json()[0]
    assert row["time_entries"][0]["at"].endswith(".62207Z")
    assert "novelty" in row
    sandbox.behaviour.update({"null_lists": True})
    assert report(sandbox, start_date="2025-12-01", end_date="2025-12-02").json() is None
    sandbox.behaviour.update({"null_lists": False})
    assert report(sandbox, start_date="2025-12-01", end_date="2025-12-02").json() == []
