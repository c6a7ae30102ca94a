"""The table in each format: nothing in it is executed, nothing in it is lost, the bytes are always the same."""

import csv
import io
import sys
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.reports.test_hostile_text import HOSTILE
from timeweave.export.entry_table import EntryRow
from timeweave.export.formats import FORMATS
from timeweave.runtime.errors import ConfigurationError

ZONE = "Europe/Lisbon"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1+1", "－1"]
TEXTS = [*HOSTILE.values(), *FORMULAS, "", "1e5", "007", "true", "https://x.example"]
TEXT_COLUMNS = [name for name, kind in EntryRow.__annotations__.items() if kind is str]


def line(text, number=1, **changed):
    return EntryRow("2025-10-07", 2**40 + number, 9100001, text, text, text, text, text, "12", text, "found", text, text, text,
                "2025-10-07T09:00:00+01:00", "2025-10-07T10:00:00+01:00", 3600, 1.0, True, False, "reference", text)._replace(**changed)  # fmt: skip


def written(format, *lines):
    return FORMATS[format](list(lines), ZONE)


def table(*lines):
    import pyarrow.parquet as parquet

    return parquet.read_table(io.BytesIO(written("parquet", *lines)))


def read_sheet(*lines):
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(written("xlsx", *lines))).active


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_give_the_same_bytes(format):
    lines = [line("text", number) for number in range(50)]
    assert written(format, *lines) == written(format, *lines)


def test_a_spreadsheet_does_not_say_when_it_was_made():
    parts = zipfile.ZipFile(io.BytesIO(written("xlsx", line("x"))))
    assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    said = parts.read("docProps/core.xml").decode()
    assert said.count("2000-01-01T00:00:00Z") == said.count("dcterms:W3CDTF") == 2


@pytest.mark.parametrize("text", [*TEXTS, "\ud800"])
def test_no_text_of_a_csv_begins_like_a_formula(text):
    heading, row = csv.reader(io.StringIO(written("csv", line(text)).decode("utf-8-sig"), newline=""))
    shown = dict(zip(heading, row, strict=True))
    for column in TEXT_COLUMNS:
        assert not shown[column].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))
    assert shown["description"] in (text.encode("utf-8", "replace").decode(), f"'{text}")


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isprintable()])
def test_a_cell_of_a_spreadsheet_is_text_or_a_number_and_never_a_formula_or_a_link(text):
    sheet = read_sheet(line(text))
    for name, cell in zip(EntryRow._fields, sheet[2], strict=True):
        assert cell.data_type != "f"
        assert cell.hyperlink is None
        if name == "description":
            assert (cell.value or "") == text
    assert (sheet["B2"].value, sheet["Q2"].value) == (2**40 + 1, 3600)


@pytest.mark.parametrize(("text", "stays_text"), [*((text, True) for text in FORMULAS), ("x=1", False)])
def test_a_cell_like_a_formula_stays_text_when_somebody_edits_it(text, stays_text):
    sheet = read_sheet(line(text))
    assert bool(sheet["N2"].quotePrefix) is stays_text


def test_parquet_has_types():
    found = table(line("x"))
    types = {field.name: str(field.type) for field in found.schema}
    assert {types[name] for name in TEXT_COLUMNS if name not in ("date", "start", "stop")} == {"string"}
    assert (types["date"], types["start"], types["stop"]) == ("date32[day]", *["timestamp[us, tz=Europe/Lisbon]"] * 2)
    assert (types["entry_id"], types["seconds"], types["hours"]) == ("int64", "int64", "double")
    assert (types["billable"], types["running"]) == ("bool", "bool")


def test_parquet_keeps_every_value_and_a_running_timer_has_no_stop():
    [done, running] = table(line("x"), line("\0 'y'", stop="", seconds=0, running=True)).to_pylist()
    assert done["entry_id"] == 2**40 + 1
    assert (done["date"], done["start"]) == (date(2025, 10, 7), datetime(2025, 10, 7, 9, tzinfo=ZoneInfo(ZONE)))
    assert (running["description"], running["stop"]) == ("\0 'y'", None)


@pytest.mark.parametrize("format", FORMATS)
def test_a_period_without_entries_is_a_table_without_rows(format):
    assert written(format)
    assert table().num_rows == 0
    assert table().schema == table(line("x")).schema


def test_a_missing_package_is_a_sentence_that_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match="--format parquet needs the extra `export`: pip install"):
        written("parquet", line("x"))
