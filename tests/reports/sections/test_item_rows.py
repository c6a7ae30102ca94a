import pytest

from tests.reports import samples
from timeweave.reports.formatting import hours
from timeweave.reports.sections import item_rows


def shown():
    data = samples.report_data()
    whole = hours.to_hundredths(sum(item.seconds for item in data.items))
    return {row.reference: row for row in item_rows.build_item_rows(data, data.items, whole)}


def test_a_found_item_has_all_that_fibery_says_of_it():
    row = shown()["Scrum/Task #12"]
    assert (row.title, row.state, row.progress, row.hours, row.entries) == (
        "Checkout form",
        "In Progress",
        "started",
        "5.00",
        2,
    )
    assert (str(row.planned_start), str(row.planned_end), str(row.started)) == (
        "1 Oct 2025",
        "10 Oct 2025",
        "2 Oct 2025",
    )
    assert (row.overdue, row.days_late, row.completed) == (True, 4, None)
    assert [step.title for step in row.parents] == ["Faster checkout", "Growth"]
    assert row.fields == [("Dates", "2025-10-01 – …"), ("Sprint", "Sprint 41"), ("Story Points", "5")]
    assert row.assignees == ["Mira Castellane"]
    assert row.description == "Why The form loses what people typed, see the notes."


def test_an_item_that_was_not_found_has_its_reference_and_a_reason():
    row = shown()["Scrum/Task #999"]
    assert (row.title, row.status, row.reason, row.url) == ("Ghost", "not_found", "Scrum/Task has no item 999.", None)


def test_an_item_that_was_done_late_says_by_how_much():
    row = shown()["Scrum/Sub-task #31"]
    assert (row.progress, row.overdue, row.days_late) == ("done", False, 2)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "yes"),
        (5, "5"),
        (2.50, "2.5"),
        ("", ""),
        (None, ""),
        ([], ""),
        (["a", "b"], "a, b"),
        ({"start": "2025-10-01", "end": "2025-10-03"}, "2025-10-01 – 2025-10-03"),
        ({"other": 1}, ""),
        ("**bold**\n\ntext", "bold text"),
    ],
)
def test_a_field_is_told_in_a_few_words(value, expected):
    assert item_rows.format_value(value) == expected
