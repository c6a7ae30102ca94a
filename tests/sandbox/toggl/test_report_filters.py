"""What may be asked of the sandbox's detailed report: each filter by what it lets through, each bad value by its name."""

import pytest

from tests.sandbox.plain_client import WEEK, report, rows


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"end_date": "2025-10-06"}, "Invalid 'end_date' value: it is before 'start_date'"),
        ({"start_date": "20251007"}, "Invalid 'start_date' value"),
        ({"end_date": "2025-10-13T00:00:00Z"}, "Invalid 'end_date' value"),
        ({"start_date": "2024-10-12"}, "The range must not be longer than 366 days"),
        ({"page_size": 0}, "Invalid 'page_size' value"),
        ({"user_ids": 9100001}, "Invalid 'user_ids' value"),
        ({"order_dir": "UP"}, "Invalid 'order_dir' value, allowed values are: 'ASC', 'DESC'"),
        (
            {"order_by": "size"},
            "Invalid 'order_by' value, allowed values are: 'date', 'user', 'duration', 'description', 'last_update'",
        ),
        ({"group_ids": [1]}, "Invalid 'group_ids' value: the sandbox neither has groups of people nor rounds"),
        (
            {"rounding_minutes": 15},
            "Invalid 'rounding_minutes' value: the sandbox neither has groups of people nor rounds",
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_bad_question_is_a_400_that_names_the_parameter(sandbox, body, words):
    answer = report(sandbox, **WEEK | body)
    assert (answer.status_code, answer.json()) == (400, words)


def test_unknown_fields_and_empty_filters_change_nothing(sandbox):
    assert rows(sandbox, workspace_id=1, user_ids=[], tag_ids=None, rounding=0) == rows(sandbox)


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"billable": True}, lambda row: row["billable"]),
        ({"project_ids": [201990102]}, lambda row: row["project_id"] == 201990102),
        ({"project_ids": [None]}, lambda row: row["project_id"] is None),
        ({"client_ids": [6500101]}, lambda row: row["project_id"] == 201990102),
        ({"tag_ids": [17800101]}, lambda row: 17800101 in row["tag_ids"]),
        ({"tag_ids": [None, 17800102]}, lambda row: not row["tag_ids"] or 17800102 in row["tag_ids"]),
        ({"task_ids": [92800101]}, lambda row: row["task_id"] == 92800101),
        ({"user_ids": [9100001, 9100003]}, lambda row: row["user_id"] in (9100001, 9100003)),
        ({"min_duration_seconds": 3600}, lambda row: row["time_entries"][0]["seconds"] >= 3600),
        ({"description": "BILL"}, lambda row: "bill" in row["description"].lower()),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_filter_gives_just_the_rows_that_fit(sandbox, body, fits):
    everything = rows(sandbox)
    ids = {row["time_entries"][0]["id"] for row in rows(sandbox, **body)}
    assert ids == {row["time_entries"][0]["id"] for row in everything if fits(row)}
    assert 0 < len(ids) < len(everything)
