"""The table as CSV, as a spreadsheet, as Parquet: the same bytes for the same rows."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

from timeweave.errors import ConfigurationError
from timeweave.export.table import Line

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
MISSING = "needs the extra `export`: pip install -e '.[export]'"


def csv_bytes(lines: list[Line]) -> bytes:
    """UTF-8 with a mark that tells spreadsheets so; text that looks like a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(Line._fields)
    writer.writerows([_defused(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def xlsx_bytes(lines: list[Line]) -> bytes:
    """One sheet with a frozen, filterable heading; text is stored as text, so that no cell is a formula or a link."""
    try:
        import xlsxwriter
    except ImportError:
        raise ConfigurationError(f"--format xlsx {MISSING}") from None
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    # Without this the file would say when it was made.
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet("Time entries")
    sheet.write_row(0, 0, Line._fields, book.add_format({"bold": True}))
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, column, value[:32767])
            else:
                sheet.write(number, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(lines)), len(Line._fields) - 1)
    book.close()
    return content.getvalue()


def parquet_bytes(lines: list[Line]) -> bytes:
    """Typed columns; times stay text, with their offset."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise ConfigurationError(f"--format parquet {MISSING}") from None
    kinds = {int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_(), str: arrow.string()}
    schema = arrow.schema([(name, kinds[kind]) for name, kind in Line.__annotations__.items()])
    columns = {name: [getattr(line, name) for line in lines] for name in Line._fields}
    content = io.BytesIO()
    parquet.write_table(arrow.table(columns, schema=schema), content)
    return content.getvalue()


FORMATS: dict[str, Callable[[list[Line]], bytes]] = {"csv": csv_bytes, "xlsx": xlsx_bytes, "parquet": parquet_bytes}


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
