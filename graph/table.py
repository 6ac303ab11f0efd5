"""Rows as CSV: the one way in which the command and the service write them."""

import csv
from collections.abc import Iterable, Sequence
from typing import Protocol


class Output(Protocol):
    """What text can be written to."""

    def write(self, text: str, /) -> object:
        """Take some text."""


def write_csv(output: Output, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a header and rows; each line ends in a line feed."""
    plainly = csv.writer(output, lineterminator="\n")
    # Python quotes a cell for the sign that ends its own lines, and for no other.
    quoted = csv.writer(output, lineterminator="\n", quoting=csv.QUOTE_ALL)
    plainly.writerow(columns)
    for row in rows:
        (quoted if any("\r" in cell for cell in row) else plainly).writerow(row)
