"""Numbers that Fibery keeps of an item, hours, days or points, read exactly."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from timeweave.enrichment.config_file import EstimateField, SpentField
from timeweave.fibery.database import Database
from timeweave.fibery.query import Column, Row, build_value_column
from timeweave.fibery.schema import Field

ALIASES = ("estimate", "spent")
"""Under which alias these come back, and what begins the names of the record's fields."""
MOST = 10_000_000
"""Whoever wrote more made a mistake."""
NO_NUMBER = "no number, and left empty"
NEGATIVE = "less than 0, and left empty"
TOO_MUCH = f"more than {MOST:,}, and left empty"

AmountFields = Mapping[str, EstimateField | SpentField]
"""By alias."""


def is_number(field: Field) -> bool:
    """Whether a field holds numbers."""
    return field.type in ("fibery/decimal", "fibery/int")


def build_amount_columns(database: Database, amounts: AmountFields) -> dict[str, Column]:
    """What to ask for, by alias; nothing where the database has no such field of numbers."""
    found = {alias: database.find_field(amount.field) for alias, amount in amounts.items()}
    return {alias: build_value_column(database, field) for alias, field in found.items() if field and is_number(field)}


def read_amounts(amounts: AmountFields, row: Row) -> dict[str, Any]:
    """The parts of a record that a row fills."""
    found: dict[str, Any] = {}
    for alias, amount in amounts.items():
        number = parse_amount(row.get(alias))
        if number is None:
            continue
        if amount.unit == "points":
            found[f"{alias}_points"] = float(number)
        else:
            hours = number if amount.unit == "hours" else number * Decimal(str(amount.hours_per_day))
            found[f"{alias}_seconds"] = count_seconds(hours)
    return found


def find_fault(raw: Any) -> str | None:
    """Why this is no amount; None where it is one, or where there is none."""
    number = parse_amount(raw)
    if number is None:
        return None if raw is None else NO_NUMBER
    if number > MOST:
        return TOO_MUCH
    return NEGATIVE if number < 0 else None


def parse_amount(raw: Any) -> Decimal | None:
    """The exact number, which Fibery writes as text where it is no whole one; None where it is none or not finite."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return None
    try:
        exact = Decimal(str(raw))
    except InvalidOperation:
        return None
    return exact if exact.is_finite() else None


def count_seconds(hours: Decimal) -> int:
    """Whole seconds, half up."""
    return int((hours * 3600).to_integral_value(ROUND_HALF_UP))
