import msgspec
import pytest

from tests.reports import rendered, samples
from tests.reports.samples import MIRA, Entry, Person
from timeweave.models.enriched import State
from timeweave.reports import metrics


def test_the_numbers_are_flat_and_those_of_the_report():
    found = metrics.compute_metrics(samples.report_data())
    assert found == {
        "hours": 20.0,
        "matched_hours": 16.35,
        "unmatched_hours": 3.65,
        "billable_hours": 9.01,
        "people": 3,
        "entries": 10,
        "entities": 5,
        "matched_share": 0.8173,
        "matched_entries_share": 0.6,
        "billable_share": 0.4503,
        "enriched_share": 0.6,
        "not_found": 1,
        "unknown_database": 1,
        "unresolved": 0,
        "failed": 0,
        "overdue": 1,
        "done": 1,
        "running": 1,
        "findings": 5,
    }
    assert f"**{found['hours']:.2f} hours**" in rendered.team_summary(samples.report_data())


def test_cancelled_work_is_not_done():
    cancelled = State(name="Cancelled", type="Finished", final=True)
    entities = [msgspec.structs.replace(one, state=cancelled) for one in samples.ENTITIES]
    assert metrics.compute_metrics(samples.report_data(samples.aggregated(), samples.enriched(entities)))["done"] == 0


def test_a_period_without_entries_has_numbers_too():
    found = metrics.compute_metrics(samples.report_data(samples.aggregated([], []), samples.enriched([])))
    assert set(found.values()) == {0}


@pytest.mark.parametrize("series", [metrics.sum_by_day_and_person, metrics.sum_by_database, metrics.sum_by_state])
def test_a_series_adds_up_to_all_hours_but_for_its_rounding(series):
    rows = series(samples.report_data())
    assert sum(row["hours"] for row in rows) == pytest.approx(20.0, abs=0.005 * len(rows))
    assert all(set(map(type, row.values())) <= {str, float} for row in rows)


def test_time_without_a_name_of_its_own_is_told_apart_from_a_name():
    assert {row["state"] for row in metrics.sum_by_state(samples.report_data())} == {
        "In Progress", "Done", "Open", "(no work item)", "(unknown database)", "(not found)",
    }  # fmt: skip


def test_people_of_the_same_name_are_two_series():
    twin = Person(500, MIRA.name, "other@heliotrope.example")
    entries = [Entry(MIRA, "2025-10-07", 3600), Entry(twin, "2025-10-07", 7200)]
    rows = metrics.sum_by_day_and_person(samples.report_data(samples.aggregated(entries, []), samples.enriched([])))
    assert [(row["person"], row["hours"]) for row in rows] == [
        ("Mira Castellane (101)", 1.0),
        ("Mira Castellane (500)", 2.0),
    ]
