"""XLSX and CSV as cells: the values of each sheet, with what is wrong with a cell said in it."""

import csv
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from careatlas.loaders.reading import decoding, packages
from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.sheets import MOST_ROWS, shown

MOST_COLUMNS = 1_000
MOST_FILLED_ROWS = 100_000
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_LINK = re.compile(r'=HYPERLINK\("[^"]*",\s*"([^"]*)"\)', re.IGNORECASE)
"""A formula whose value is the words in it."""
_MISREAD = re.compile("[\x80-\x9f]")
_LOOKED_AT = 20
"""So many lines tell which mark sets the values of a CSV file apart."""


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and why that is no value where it is none."""

    text: str
    fault: str = ""


@dataclass(frozen=True)
class Grid:
    """The rows of a sheet that are not blank, each with its number; a CSV file has no name."""

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    def place(self, row: int, heading: str = "") -> str:
        """The place of a row, or of a cell of it.

        >>> Grid("Answers", ()).place(12, "Product")
        'sheet Answers, row 12, column Product'
        """
        steps = [f"sheet {self.name}"] if self.name else []
        steps += [f"row {row}"]
        steps += [f"column {heading}"] if heading else []
        return ", ".join(steps)


@dataclass(frozen=True)
class Book:
    """The sheets of a file that people see, and the names of those that are hidden."""

    sheets: tuple[Grid, ...]
    hidden: tuple[Grid, ...]


def read_xlsx(path: Path) -> Book:
    """The sheets of a workbook: of a formula the value that was stored with it.

    Raises:
        UnreadableDocumentError: the file is damaged or hostile.
    """
    packages.check(path)
    seen: list[Grid] = []
    hidden: list[Grid] = []
    with (
        path.open("rb") as values,
        path.open("rb") as formulas,
        warnings.catch_warnings(),
    ):
        # What the library says about styles and drawings is nothing to a reader of values.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(values, read_only=True, data_only=True, keep_links=False)
        written = openpyxl.load_workbook(formulas, read_only=True, keep_links=False)
        try:
            for sheet, beside in zip(book.worksheets, written.worksheets, strict=True):
                if isinstance(sheet, ReadOnlyWorksheet) and isinstance(beside, ReadOnlyWorksheet):
                    grid = Grid(sheet.title, tuple(_filled(path, _rows(sheet, beside))))
                    (seen if sheet.sheet_state == "visible" else hidden).append(grid)
        finally:
            book.close()
            written.close()
    return Book(tuple(seen), tuple(hidden))


def _rows(sheet: ReadOnlyWorksheet, beside: ReadOnlyWorksheet) -> Iterator[list[Cell]]:
    # A file may state that a sheet is far larger than what it holds.
    sheet.reset_dimensions()
    beside.reset_dimensions()
    for row, formulas in zip(sheet.values, beside.values, strict=True):
        yield [_cell(value, formula) for value, formula in zip_longest(row, formulas)]


def _plain(text: str) -> str:
    """A text in one line, with the signs of Windows that were read as control characters."""
    return " ".join(_MISREAD.sub(_sign, text).split())


def _sign(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("cp1252", errors="replace")


def _cell(value: object, written: object) -> Cell:
    if value is None and isinstance(written, str) and (link := _LINK.fullmatch(written)):
        value = link[1]
    text = _plain(shown(value))
    if text in _ERRORS:
        return Cell(text, f"holds the error {text}")
    # A formula is a text with its sign, or an object of the library where it fills several cells.
    formula = (isinstance(written, str) and written.startswith("=")) or hasattr(written, "ref")
    if value is None and formula:
        return Cell("", "holds a formula without its value: save the file in a spreadsheet program")
    return Cell(text)


def _filled(path: Path, rows: Iterator[list[Cell]]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that are not blank, without the blank cells at their ends."""
    kept = 0
    for number, row in enumerate(rows, 1):
        if len(row) > MOST_COLUMNS:
            raise UnreadableDocumentError(path, f"a row of it has more than {MOST_COLUMNS} columns")
        while row and row[-1] == Cell(""):
            row.pop()
        if not row:
            continue
        kept += 1
        if kept > MOST_FILLED_ROWS or number > MOST_ROWS:
            raise UnreadableDocumentError(path, f"it has more than {MOST_FILLED_ROWS} rows")
        yield number, tuple(row)


def read_csv(path: Path) -> Book:
    """The rows of a file of values set apart by commas, semicolons or tabs.

    Raises:
        UnreadableDocumentError: the file is no text, or its quotation marks do not close.
    """
    text = decoding.decoded(path)
    first = text.split("\n", _LOOKED_AT)[:_LOOKED_AT]
    mark = max(",;\t", key=lambda sign: sum(line.count(sign) for line in first))
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        rows = ([Cell(_plain(cell)) for cell in line] for line in lines)
        return Book((Grid("", tuple(_filled(path, rows))),), ())
    except csv.Error as fault:
        raise UnreadableDocumentError(path, f"it is not CSV: {fault}") from fault
