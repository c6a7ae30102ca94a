"""Estimates and time spent, to the second."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.enrichment.workspaces import KNOWN
from timeweave.enrichment.activities import find
from timeweave.enrichment.config_file import EstimateField, SpentField
from timeweave.enrichment.item_query.amounts import NEGATIVE, NO_NUMBER, TOO_MUCH, count_seconds, read_amounts
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.row_check import RowCheck

HOURS = EstimateField(field="Budget", unit="hours")
COLUMNS = ItemColumns(KNOWN.get_type("Scrum/Feature"), find("default_enrich_entity"), (), {"estimate": HOURS})


@pytest.mark.parametrize(
    ("amounts", "row", "expected"),
    [
        ({"estimate": HOURS}, {"estimate": "1.5"}, {"estimate_seconds": 5400}),
        ({"estimate": HOURS}, {"estimate": 8}, {"estimate_seconds": 28_800}),
        ({"estimate": HOURS}, {"estimate": "0"}, {"estimate_seconds": 0}),
        ({"estimate": HOURS}, {"estimate": None}, {}),
        ({"estimate": HOURS}, {}, {}),
        ({"estimate": EstimateField(field="X", unit="days")}, {"estimate": 3}, {"estimate_seconds": 86_400}),
        ({"spent": SpentField(field="X", unit="days", hours_per_day=7.6)}, {"spent": "0.5"}, {"spent_seconds": 13_680}),
        ({"estimate": EstimateField(field="X", unit="points")}, {"estimate": "2.5"}, {"estimate_points": 2.5}),
        ({"estimate": HOURS, "spent": SpentField(field="X", unit="hours")}, {"estimate": "1", "spent": "2"}, {"estimate_seconds": 3600, "spent_seconds": 7200}),
    ],
)  # fmt: skip
def test_hours_and_days_become_seconds_and_points_stay_points(amounts, row, expected):
    assert read_amounts(amounts, row) == expected


@given(st.decimals(min_value=0, max_value=10_000_000, places=9))
def test_seconds_are_rounded_half_up(hours):
    assert count_seconds(hours) == floor(Fraction(hours) * 3600 + Fraction(1, 2))


def test_half_a_second_is_one():
    assert count_seconds(Decimal("0.00125")) == 5


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ("-0.5", NEGATIVE), (-1, NEGATIVE), ("10000000.01", TOO_MUCH), ("1e999999999", TOO_MUCH), ("NaN", NO_NUMBER),
        ("Infinity", NO_NUMBER), ("-Infinity", NO_NUMBER), ("eight", NO_NUMBER), ("", NO_NUMBER), (True, NO_NUMBER),
        ([1], NO_NUMBER), ({"start": 1}, NO_NUMBER), (float("inf"), NO_NUMBER),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_left_empty_and_said(raw, fault):
    row = {"id": "a", "public_id": "1", "estimate": raw}
    assert RowCheck(COLUMNS.by_alias).check(row) == {("Scrum/Budget", fault)}
    assert row["estimate"] is None


@pytest.mark.parametrize("raw", [None, 0, "0", "1e-30", 0.25, "10000000"])
def test_an_amount_and_none_are_left_as_they_are(raw):
    row = {"id": "a", "public_id": "1", "estimate": raw}
    assert RowCheck(COLUMNS.by_alias).check(row) == set()
    assert row["estimate"] == raw


def test_a_field_that_is_also_shown_keeps_its_value():
    columns = ItemColumns(COLUMNS.database, COLUMNS.activity, ("Budget",), {"estimate": HOURS})
    row = {"id": "a", "public_id": "1", columns.find_alias("Budget"): "-3", "estimate": "-3"}
    RowCheck(columns.by_alias).check(row)
    assert row == {"id": "a", "public_id": "1", columns.find_alias("Budget"): "-3", "estimate": None}
