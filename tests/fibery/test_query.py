"""Columns of a query and the values they give."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fibery.shapes import database, field, select, state, workspace
from timeweave.fibery.query import Column, build_state_columns, build_value_column, parse_number, read_value

KNOWN = workspace(
    database(
        "Scrum/Task",
        field("Scrum/Sprint", "Scrum/Sprint"),
        field("Scrum/Blocked by", "Scrum/Task", many=True),
        field("Scrum/Priority", "Product/Priority_Requests/Request"),
        field("Scrum/Tags", "Scrum/Tags_Scrum/Task", many=True),
        field("Scrum/Description", "Collaboration~Documents/Document"),
        field("Scrum/QA", "fibery/user"),
        field("Files/Files", "fibery/file", many=True),
        field("Scrum/Points", "fibery/decimal"),
        field("workflow/state", "workflow/state_Scrum/Task"),
    ),
    database("Scrum/Sprint", title="name"),
    database("Design/Work Version", field("Design/State", "Design/State_Design/Work Version")),
    select("Design/State_Design/Work Version"),
    state("workflow/state_Scrum/Task"),
    select("Product/Priority_Requests/Request"),
    select("Scrum/Tags_Scrum/Task"),
)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("Sprint", ["Scrum/Sprint", "Scrum/name"]),
        ("Priority", ["Scrum/Priority", "enum/name"]),
        ("Description", ["Scrum/Description", "Collaboration~Documents/secret"]),
        ("QA", ["Scrum/QA", "user/name"]),
        ("Points", ["Scrum/Points"]),
    ],
)
def test_a_field_is_asked_for_by_what_people_see_of_it(text, ask):
    task = KNOWN.get_type("Scrum/Task")
    assert build_value_column(task, task.find_field(text)).ask == ask


@pytest.mark.parametrize(
    ("text", "title"), [("Blocked by", "Scrum/Name"), ("Tags", "enum/name"), ("Files", "fibery/name")]
)
def test_a_collection_is_a_sub_query_with_a_limit(text, title):
    task = KNOWN.get_type("Scrum/Task")
    column = build_value_column(task, task.find_field(text))
    assert column.ask["q/select"]["name"] == title
    assert column.ask["q/limit"] == 100
    assert column.page(200)["q/offset"] == 200


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (None, []),
        ([], []),
        ([{"id": 2, "name": "b"}, {"id": 1, "name": "a"}, {"id": 3, "name": None}], ["", "a", "b"]),
    ],
)
def test_lists_are_sorted_names_and_null_is_empty(raw, shown):
    assert read_value(Column({}, is_list=True), raw) == shown


@pytest.mark.parametrize(
    ("type_", "raw", "shown"),
    [
        ("fibery/decimal", "1.79", 1.79),
        ("fibery/decimal", "3.00", 3),
        ("fibery/int", 4, 4),
        ("fibery/bool", False, False),
        ("fibery/text", "12", "12"),
        (
            "fibery/date-range",
            {"start": "2025-10-01", "end": "2025-10-15"},
            {"start": "2025-10-01", "end": "2025-10-15"},
        ),
        ("fibery/location", {"latitude": 1, "fullAddress": "Ö"}, '{"fullAddress": "Ö", "latitude": 1}'),
        ("fibery/text", None, None),
    ],
)
def test_values_are_what_a_report_can_show(type_, raw, shown):
    assert read_value(Column([], type=type_), raw) == shown


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_a_number_only_where_a_number_is_exactly_it(exact):
    found = parse_number(str(exact))
    assert isinstance(found, str) or Decimal(repr(found)) == exact


@pytest.mark.parametrize("text", ["NaN", "Infinity", "twelve", "0.1234567890123456789", "1E+999999"])
def test_other_decimals_stay_text(text):
    assert parse_number(text) == text


def test_a_plain_select_is_a_state_without_finality():
    assert list(build_state_columns(KNOWN.get_type("Design/Work Version"), (), "")) == ["state_name"]
    assert list(build_state_columns(KNOWN.get_type("Scrum/Task"), (), "up_")) == [
        "up_state_name", "up_state_type", "up_state_final",
    ]  # fmt: skip
    assert build_state_columns(KNOWN.get_type("Scrum/Sprint"), (), "") == {}
