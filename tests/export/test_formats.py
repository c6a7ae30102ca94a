"""The table in each format: nothing in it is executed, nothing in it is lost, the bytes are always the same."""

import csv
import io

import openpyxl
import pyarrow.parquet as parquet
import pytest

from tests.reports.test_hostile_text import HOSTILE
from timeweave.export.formats import FORMATS
from timeweave.export.table import Line

TEXTS = [*HOSTILE.values(), "", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "1e5", "007", "true", "\ud800"]


def line(text, number=1):
    return Line("2025-10-07", 2**40 + number, 9100001, text, text, text, text, text, "12", text, "found", text, text, text,
                "2025-10-07T09:00:00+02:00", "2025-10-07T10:00:00+02:00", 3600, 1.0, True, False)  # fmt: skip


TEXT_COLUMNS = [name for name, kind in Line.__annotations__.items() if kind is str]


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_give_the_same_bytes(format):
    lines = [line("text", number) for number in range(50)]
    assert FORMATS[format](lines) == FORMATS[format](lines)


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_of_a_csv_begins_like_a_formula(text):
    heading, row = csv.reader(io.StringIO(FORMATS["csv"]([line(text)]).decode("utf-8-sig"), newline=""))
    shown = dict(zip(heading, row, strict=True))
    for column in TEXT_COLUMNS:
        assert not shown[column].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert shown["description"].removeprefix("'") == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isprintable()])
def test_a_cell_of_a_spreadsheet_is_text_or_a_number_and_never_a_formula_or_a_link(text):
    sheet = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"]([line(text)]))).active
    for name, cell in zip(Line._fields, sheet[2], strict=True):
        assert cell.data_type != "f"
        assert cell.hyperlink is None
        if name == "description":
            assert (cell.value or "") == text
    assert (sheet["B2"].value, sheet["Q2"].value) == (2**40 + 1, 3600)


def test_parquet_has_types():
    table = parquet.read_table(io.BytesIO(FORMATS["parquet"]([line("x")])))
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["seconds"], types["hours"], types["billable"], types["start"]) == (
        "int64",
        "double",
        "bool",
        "string",
    )
    assert table.to_pylist()[0]["entry_id"] == 2**40 + 1


@pytest.mark.parametrize("format", FORMATS)
def test_a_period_without_entries_is_a_table_without_rows(format):
    assert FORMATS[format]([])
