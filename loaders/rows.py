"""Rows of a CSV file, each with the line that it begins on."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class TableError(ValueError):
    """A table that cannot be read at all."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


def known(tables: Path, name: str, *columns: str) -> Iterator[dict[str, str]]:
    """The rows of a curated table that have these columns; what else it holds is for the build to reject.

    Raises:
        TableError: the table cannot be read.
    """
    path = tables / name
    for _, row in rows(path, name) if path.is_file() else ():
        if isinstance(row, dict) and row.keys() >= set(columns):
            yield row


def rows(path: Path, name: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """The rows of a CSV file as (line, cells by column); a row that is none is a reason instead.

    The line is the one that a row begins on. A row whose cells are all empty is none.

    Raises:
        TableError: the file is no UTF-8 text, or its header does not name each column once.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, None)
            if not header:
                raise TableError(name, "the table is empty: its first line names the columns")
            if twice := sorted({column for column in header if header.count(column) > 1}):
                raise TableError(name, f"its first line names {twice[0]!r} more than once")
            start = reader.line_num + 1
            for cells in reader:
                line, start = start, reader.line_num + 1
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    yield line, f"{len(cells)} cells under {len(header)} columns"
                elif stray := _CONTROL.search("".join(cells)):
                    yield line, f"the control character {stray[0]!r} stands in a cell"
                else:
                    yield line, dict(zip(header, cells, strict=True))
    except UnicodeDecodeError as wrong:
        raise TableError(name, f"is not UTF-8 text (byte {wrong.start})") from wrong
    except csv.Error as wrong:
        raise TableError(name, f"is not CSV: {wrong}") from wrong
