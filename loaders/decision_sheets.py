"""Decisions in a spreadsheet: rows with something to decide, written, filled in and read back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careatlas.graph.table import write_csv
from careatlas.loaders.reading import read_cells

_RISKY = re.compile(r"'*[=+\-@\t\r]")


class SheetError(ValueError):
    """A spreadsheet of decisions that does not fit; nothing of it was taken in."""

    def __init__(self, file: Path, problems: list[str]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems
        self.add_note("".join(f"{file.name}: {problem}\n" for problem in problems))

    def __str__(self) -> str:
        rows = "a row does" if len(self.problems) == 1 else f"{len(self.problems)} rows do"
        return f"nothing was taken in from {self.file.name}, for {rows} not fit: see above"


def safe(cell: str) -> str:
    """The cell so that no spreadsheet program takes it for a formula.

    >>> safe("=1+1"), safe("'-x"), safe("plain")
    ("'=1+1", "''-x", 'plain')
    """
    return f"'{cell}" if _RISKY.match(cell) else cell


def unsafe(cell: str) -> str:
    """The cell as it was before it was made safe.

    >>> unsafe("'=1+1"), unsafe("'quoted'")
    ('=1+1', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def write_sheet(
    path: Path,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    choices: Mapping[str, Sequence[str]],
) -> None:
    """Write safe cells as CSV or, if the name ends so, as XLSX with lists to choose from.

    Raises:
        OSError: it cannot be written.
    """
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, list(heading), list(rows), choices)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, heading, rows)


def _write_xlsx(
    path: Path,
    heading: list[str],
    rows: list[Sequence[str]],
    choices: Mapping[str, Sequence[str]],
) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "review"
    for number, row in enumerate([heading, *rows], 1):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at, value or None)
            # A text stays one, whatever it begins with.
            if value:
                cell.data_type = "s"
            cell.number_format = "@"
            cell.font = Font(bold=number == 1)
    sheet.freeze_panes = "C2"
    for column, options in choices.items():
        letter = get_column_letter(heading.index(column) + 1)
        rule = DataValidation("list", formula1=f'"{",".join(options)}"', allow_blank=True)
        sheet.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{max(len(rows) + 1, 2)}")
    book.save(path)


@dataclass(frozen=True)
class Line:
    """A row of a sheet as somebody filled it in, by column."""

    number: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """A cell; empty where the row has none."""
        return self.cells.get(column, "")

    def chosen(self, column: str) -> str:
        """A cell that holds a word of ours, however it was typed."""
        return " ".join(self.get(column).lower().split())


def read_sheet(path: Path, heading: Sequence[str], needed: Sequence[str]) -> list[Line]:
    """The rows of a sheet with these columns, of which some must be there.

    Raises:
        SheetError: rows do not fit; each is named with its line.
        UnreadableDocumentError: the file is no sound CSV or XLSX.
    """
    grid = next(iter(read_cells(path).sheets), None)
    if grid is None or not grid.rows:
        raise SheetError(path, ["it is empty: begin with --to-csv"])
    (_, top), *rest = grid.rows
    names = [cell.text for cell in top]
    missing = [name for name in needed if name not in names]
    unknown = [name for name in names if name not in heading]
    if missing:
        raise SheetError(path, [f"line 1: the column {missing[0]} is missing"])
    if unknown:
        raise SheetError(path, [f"line 1: there is no column {unknown[0]!r}"])
    if twice := [name for name in names if names.count(name) > 1]:
        raise SheetError(path, [f"line 1: the column {twice[0]} stands twice"])
    found, faults = [], []
    for number, row in rest:
        faults += [f"line {number}: a cell {cell.fault}" for cell in row if cell.fault]
        texts = [unsafe(cell.text) for cell in row]
        if len(texts) > len(names):
            faults.append(f"line {number}: {len(texts)} cells under {len(names)} columns")
        found.append(Line(number, dict(zip(names, texts, strict=False))))
    if faults:
        raise SheetError(path, faults)
    return found
