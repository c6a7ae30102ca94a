"""Holds the rows of a query to what its columns can be: what does not fit costs the item, what is too much is cut."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from timeweave.enrichment.item_query import amounts
from timeweave.fibery.answers import Count, Key, ListItem, Range, Scalar, Value
from timeweave.fibery.query import Column, Row
from timeweave.runtime import shapes
from timeweave.web.answers import LONGEST_TEXT, Text, UnusableAnswer, cut_long, describe_misfit

CUT = f"longer than {LONGEST_TEXT:,} characters, and cut"
NO_DATE = "not a date of the years 2000 to 2100, and left empty"
NO_OFFSET = "a time without its offset from UTC, and left empty"
TOO_MANY = f"more than {amounts.MOST:,} hours, and left empty"

_MOMENTS = ("fibery/date", "fibery/date-time")
_RANGES = ("fibery/date-range", "fibery/date-time-range")
_MOMENT = re.compile(
    r"(20\d\d|2100)-\d\d-\d\d(?P<time>T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(?P<offset>Z|[+-]\d\d:\d\d)?)?", re.ASCII
)


class RowCheck:
    """The columns of one query, as a type."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)
        self._shape = msgspec.defstruct(
            "Row", [(alias, _choose_type(alias, column), None) for alias, column in columns.items()]
        )
        self._moments = [alias for alias, column in columns.items() if column.type in _MOMENTS + _RANGES]
        self._amounts = [alias for alias in columns if alias in amounts.ALIASES]
        self._lists = [alias for alias, column in columns.items() if column.is_list]

    def check(self, row: Row) -> set[tuple[str, str]]:
        """Bring a row within bounds; says which fields lose something, and why. Raises UnusableAnswer."""
        for alias in row.keys() - self._columns.keys():
            # Nobody asked for it, so nobody has checked it.
            del row[alias]
        cut = set()
        try:
            shapes.convert(row, self._shape)
        except msgspec.ValidationError:
            cut = {(self._columns[alias].path, CUT) for alias in self._cut(row)}
            try:
                shapes.convert(row, self._shape)
            except msgspec.ValidationError as error:
                raise UnusableAnswer(self._describe(error)) from None
        return cut | set(self._leave_out(row))

    def _describe(self, error: msgspec.ValidationError) -> str:
        field, fault = describe_misfit(error)
        alias = re.split(r"[.\[]", field)[0]
        path = self._columns[alias].path if alias in self._columns else "the row"
        return f"Fibery's answer cannot be used: {path}{field[len(alias) :]}: {fault}; run again later"

    def _cut(self, row: Row) -> Iterator[str]:
        for alias in self._columns:
            value = row.get(alias)
            parts = [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
            inside = [said for part in parts for said in cut_long(part, ListItem.__struct_fields__)]
            if inside or list(cut_long(row, (alias,))):
                yield alias

    def _leave_out(self, row: Row) -> Iterator[tuple[str, str]]:
        for alias in self._moments:
            value = row.get(alias)
            # Of a range the end that is good stays; what else it may hold is no date.
            span, names = (value, ("start", "end")) if isinstance(value, dict) else (row, (alias,))
            for name in names:
                if fault := _find_fault(span.get(name)):
                    span[name] = None
                    yield self._columns[alias].path, fault
            if span is not row and not any(map(span.get, names)):
                row[alias] = None
        for alias in self._amounts:
            if fault := amounts.find_fault(row.get(alias)):
                row[alias] = None
                yield self._columns[alias].path, fault
        holders = [(row, self._columns["hours"])] if "hours" in self._columns else []
        holders += [(part, self._columns[alias]) for alias in self._lists for part in row.get(alias) or []]
        for holder, column in holders:
            if _is_beyond_reason(holder.get("hours")):
                holder["hours"] = None
                yield column.path, TOO_MANY


def _choose_type(alias: str, column: Column) -> Any:
    """What is computed with has its type; everything else is shown as it is."""
    if column.is_list:
        return list[ListItem] | None
    if column.is_count:
        return Count
    if column.type in _RANGES:
        return Range | None
    if column.is_document or column.type in _MOMENTS or alias.endswith(("state_type", "person_email")):
        return Text | None
    if alias.endswith("state_final"):
        return bool | None
    if alias == "id" or alias.endswith("public_id") or alias.startswith("via"):
        return Key
    return Scalar if alias == "hours" or alias.endswith("name") else Value


def _find_fault(moment: Any) -> str | None:
    """Why this cannot be a day or an instant; None where it can, or where there is none."""
    if moment is None:
        return None
    found = _MOMENT.fullmatch(moment) if isinstance(moment, str) else None
    try:
        if not found or not datetime.fromisoformat(moment):
            return NO_DATE
    except ValueError:
        return NO_DATE
    return NO_OFFSET if found["time"] and not found["offset"] else None


def _is_beyond_reason(hours: Any) -> bool:
    number = amounts.parse_amount(hours)
    return number is not None and not -amounts.MOST <= number <= amounts.MOST
