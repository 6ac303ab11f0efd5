"""The sheets of a workbook, in which the register publishes networks and their members."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from careatlas.loaders.reading import named, packages
from careatlas.loaders.reading.sheets import shown

MOST_XML = 128 * 2**20


@dataclass(frozen=True)
class Sheet:
    """A sheet, whose rows are read as they are asked for."""

    title: str
    hidden: bool
    rows: Iterator[tuple[int, list[str]]]
    """The rows that are not blank, with their numbers."""


def sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook; the rows of one are to be read before the next.

    Raises:
        UnreadableDocumentError: it is damaged or hostile.
    """
    with named(path), path.open("rb") as file, warnings.catch_warnings():
        # What the library says about styles and drawings is nothing to a reader of values.
        warnings.simplefilter("ignore")
        packages.check(path, MOST_XML)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                if isinstance(sheet, ReadOnlyWorksheet):
                    title = " ".join(sheet.title.split())
                    yield Sheet(title, sheet.sheet_state != "visible", _rows(path, sheet))
        finally:
            book.close()


def _rows(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    # A file may state that a sheet is far larger than what it holds.
    sheet.reset_dimensions()
    with named(path):
        for number, row in enumerate(sheet.values, 1):
            cells = [shown(value) for value in row]
            if any(cell.strip() for cell in cells):
                yield number, cells
