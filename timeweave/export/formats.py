"""The table as CSV, as a spreadsheet, as Parquet: the same bytes for the same rows."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime

from timeweave.export.entry_table import EntryRow
from timeweave.runtime.errors import ConfigurationError

FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠")
"""What a spreadsheet may take for the beginning of a formula (OWASP: CSV injection; ASVS 1.2.10)."""
LONGEST_CELL = 32_767
WIDTHS = {"person": 22, "project": 22, "item": 40, "description": 60, "start": 26, "stop": 26}


def write_csv(rows: list[EntryRow], timezone: str) -> bytes:
    """UTF-8 with a mark that tells spreadsheets so; text that looks like a formula begins with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(EntryRow._fields)
    writer.writerows([f"'{value}" if _is_formula(value) else value for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def write_xlsx(rows: list[EntryRow], timezone: str) -> bytes:
    """One sheet with a frozen, filterable heading; text is stored as text, so that no cell is a formula or a link."""
    # Imported here: it takes longer than all else that a table in CSV needs.
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    # Without this the file would say when it was made.
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001
    # Without this a cell that looks like a formula would become one when somebody edits it.
    heading, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet("Time entries")
    sheet.write_row(0, 0, EntryRow._fields, heading)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value[:LONGEST_CELL], quoted if _is_formula(value) else None)
            else:
                sheet.write(number, column, value)
    for name, width in WIDTHS.items():
        sheet.set_column(EntryRow._fields.index(name), EntryRow._fields.index(name), width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(rows)), len(EntryRow._fields) - 1)
    book.close()
    return content.getvalue()


def write_parquet(rows: list[EntryRow], timezone: str) -> bytes:
    """Typed columns: days, instants in `timezone`, numbers, text; a running timer has a null stop."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise ConfigurationError("--format parquet needs the extra `export`: pip install -e '.[export]'") from None
    instant = arrow.timestamp("us", tz=timezone)
    kinds = {int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_(), str: arrow.string()}
    special = {"date": arrow.date32(), "start": instant, "stop": instant}
    schema = arrow.schema([(name, special.get(name, kinds[kind])) for name, kind in EntryRow.__annotations__.items()])
    read = {"date": date.fromisoformat, "start": datetime.fromisoformat, "stop": datetime.fromisoformat}
    columns = {name: [getattr(row, name) for row in rows] for name in EntryRow._fields}
    columns |= {name: [reading(value) if value else None for value in columns[name]] for name, reading in read.items()}
    content = io.BytesIO()
    parquet.write_table(arrow.table(columns, schema=schema), content)
    return content.getvalue()


FORMATS: dict[str, Callable[[list[EntryRow], str], bytes]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
"""The bytes of the rows, whose instants are in the time zone of that name."""


def _is_formula(value: object) -> bool:
    return isinstance(value, str) and value.startswith(FORMULA_STARTS)
