"""XLSX and CSV: one passage a row, with its place in the sheet."""

import csv
import warnings
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from careatlas.loaders.reading import decoding, packages
from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.model import Document
from careatlas.loaders.reading.outline import Writer

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""As many as a spreadsheet can have."""


def read_xlsx(path: Path) -> Document:
    """The rows of each visible sheet, under the sheet's name; values, not formulas.

    Raises:
        UnreadableDocumentError: the file is damaged or hostile.
    """
    packages.check(path)
    writer = Writer(path)
    with path.open("rb") as file, warnings.catch_warnings():
        # What the library says about styles and drawings is nothing to a reader of values.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if isinstance(sheet, ReadOnlyWorksheet) and sheet.sheet_state == "visible":
                    _sheet(writer, path, sheet)
            title, changed = book.properties.title, book.properties.modified
        finally:
            book.close()
    kept = changed.date().isoformat() if changed else None
    return writer.document(title or None, writer.stated or kept, MEDIA)


def _sheet(writer: Writer, path: Path, sheet: ReadOnlyWorksheet) -> None:
    writer.heading(sheet.title, 1)
    # A file may state that a sheet is far larger than what it holds.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.values, 1):
        if number > MOST_ROWS:
            raise UnreadableDocumentError(path, f"the sheet {sheet.title} has too many rows")
        writer.row([shown(value) for value in row], cell=f"row {number}")


def shown(value: object) -> str:
    """A cell's value as a person would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def read_csv(path: Path) -> Document:
    """The rows of a file of values set apart by commas, semicolons or tabs.

    Raises:
        UnreadableDocumentError: the file is no text, or its quotation marks do not close.
    """
    text = decoding.decoded(path)
    writer = Writer(path)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
        for number, cells in enumerate(rows, 1):
            writer.row(cells, cell=f"row {number}")
    except csv.Error as fault:
        raise UnreadableDocumentError(path, f"it is not CSV: {fault}") from fault
    return writer.document(None, None, "text/csv")
