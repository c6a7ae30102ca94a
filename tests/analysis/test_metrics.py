"""The period as flat numbers and series: those of the document, rounded half up by themselves."""

import pytest

from tests.analysis.documents import CANCELLED, DONE, HOUR, TASK, Log, Scene, full_time, item, member, work
from timeweave.analysis import metrics
from timeweave.models.entities import EntityKey

LOST = EntityKey(space="Scrum", database="Task", public_id="99")
DROPPED = EntityKey(space="Scrum", database="Task", public_id="13")


@pytest.fixture(scope="module")
def week():
    logs = [
        *work("06 07", item=TASK, billable=True),
        Log("2025-10-08T09:00:00", HOUR, item=LOST),
        Log("2025-10-08T09:30:00", HOUR, item=DROPPED),
        Log("2025-10-09T09:00:00", 18, text="Call"),
        Log("2025-10-08T09:00:00", 19, text="Call", who=2),
    ]
    entities = [
        item(state=DONE, estimate_seconds=HOUR, spent_seconds=2 * HOUR),
        item(LOST, status="not_found", name=None, state=None),
        item(DROPPED, state=CANCELLED, estimate_seconds=HOUR),
    ]
    past = [[Log("2025-10-01T09:00:00", 2 * HOUR, text="Call")]]
    return Scene(logs=logs, entities=entities, team=full_time(), accounts=[member(1), member(2)], past=past).analyze()


def test_the_numbers_are_those_of_the_document(week):
    assert metrics.compute_metrics(week) == {
        "hours": 18.01, "worked_hours": 18.01, "absent_hours": 0.0, "expected_hours": 40.0, "coverage": 0.4501,
        "utilization": 0.4, "billable_hours": 16.0, "billable_share": 0.8884,
        "matched_hours": 18.0, "unmatched_hours": 0.01, "matched_share": 0.9994,
        "hours_by_reference": 18.0, "hours_by_id_and_title": 0.0, "hours_by_title": 0.0, "hours_by_unresolved": 0.0,
        "people": 2, "people_expected": 1, "entries": 6, "running": 0,
        "entities": 3, "enriched_share": 0.6667, "not_found": 1, "unknown_database": 0, "unresolved": 0, "failed": 0,
        "done": 1, "cancelled": 1, "overdue": 0, "features": 0, "features_stalled": 0,
        "missing_days": 1, "overlap_hours": 0.5, "over_estimate": 1,
        "findings": 8, "problems": 3, "warnings": 5, "notices": 0, "corrections": 3,
    }  # fmt: skip


def test_of_an_empty_period_shares_are_null():
    found = metrics.compute_metrics(Scene().analyze())
    assert {name for name, value in found.items() if value is None} == {
        "expected_hours", "coverage", "utilization", "billable_share", "matched_share", "enriched_share",
    }  # fmt: skip
    assert {value for name, value in found.items() if value and name not in ("findings", "problems")} == set()


def test_what_is_late_is_counted_as_it_is_listed():
    feature = EntityKey(space="Product", database="Feature", public_id="5")
    late = item(feature, name="Faster checkout", planned_end="2025-10-08")
    logs = [Log(text="Faster checkout", item=feature), *work("07", item=TASK)]
    found = Scene(logs=logs, entities=[late, item(planned_end="2025-10-08")]).analyze()
    assert metrics.compute_metrics(found)["overdue"] == sum(one.kind == "overdue" for one in found.findings) == 2


@pytest.mark.parametrize("name", ["by_database", "by_day_person", "by_state"])
def test_a_series_adds_up_to_all_hours_but_for_its_rounding(week, name):
    rows = metrics.list_series(week)[name]
    assert sum(row["hours"] for row in rows) == pytest.approx(18.01, abs=0.005 * len(rows))


def test_categories_are_drawn_over_the_periods_oldest_first(week):
    assert metrics.sum_by_category(week) == [
        {"period": "2025-10-01", "category": "No work item", "hours": 2.0},
        {"period": "2025-10-06", "category": "Scrum/Task", "hours": 18.0},
        {"period": "2025-10-06", "category": "No work item", "hours": 0.01},
    ]


def test_time_without_a_name_of_its_own_is_told_apart_from_a_name(week):
    assert [row["state"] for row in metrics.list_series(week)["by_state"]] == ["Done", "(no state)", "Cancelled"]
    assert [row["database"] for row in metrics.list_series(week)["by_database"]] == ["Scrum/Task", "(no database)"]


def test_people_of_one_name_are_two_series():
    twins = [member(1, name="Ada"), member(2, name="Ada")]
    rows = metrics.sum_by_day_and_person(Scene(logs=[Log(), Log(who=2)], accounts=twins).analyze())
    assert [row["person"] for row in rows] == ["Ada (p1@b.example)", "Ada (p2@b.example)"]


@pytest.mark.parametrize(("seconds", "hours"), [(0, 0.0), (17, 0.0), (18, 0.01), (53, 0.01), (54, 0.02), (3600, 1.0)])
def test_hours_are_rounded_half_up(seconds, hours):
    assert metrics.round_hours(seconds) == hours


def test_items_that_were_not_found_are_told_in_the_same_words_everywhere():
    numbers = {"entities": 1200, "not_found": 3, "unknown_database": 0, "unresolved": 2, "failed": 1, "overdue": 4}
    assert metrics.describe_items(numbers) == (
        "1,200 work items, 6 not found (3 not in Fibery, 2 ambiguous, 1 could not be fetched), 4 late"
    )
    assert metrics.describe_items({"entities": 1}) == "1 work item, 0 late"
    assert metrics.label_metric("unresolved") == "Not found: ambiguous"
