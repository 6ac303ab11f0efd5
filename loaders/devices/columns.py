"""The columns of registers of medical devices, by what their headings say over the years."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from careatlas.graph.dates import PartialDate
from careatlas.loaders.names import normalised
from careatlas.loaders.reading.cells import Cell, Grid

FDA = "FDA list of AI-enabled medical devices"
HEADER_WITHIN = 25
"""The first rows of a sheet among which the headings stand."""
_FDA_HEADINGS = {
    "date of final decision": "decided",
    "decision date": "decided",
    "submission number": "identifier",
    "submission no": "identifier",
    "id": "identifier",
    "device": "device",
    "device name": "device",
    "company": "company",
    "applicant": "company",
    "panel lead": "panel",
    "lead panel": "panel",
    "panel": "panel",
    "primary product code": "product_code",
    "product code": "product_code",
}
_REGISTER_HEADINGS = {
    "register": "registry",
    "identifier": "identifier",
    "device": "device",
    "company": "company",
    "decision": "decision",
    "date": "decided",
    "class": "device_class",
    "panel": "panel",
    "product code": "product_code",
    "url": "url",
}
TEMPLATE = ("register", "identifier", "device", "company", "decision", "date", "class", "url")
"""The headings of the plain table that any register can be written as."""
_SUBMISSION = re.compile(r"[A-Z]{1,4}\d{4,8}(?:/[A-Z]?\d{1,4})?", re.ASCII)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_FIRST_YEAR = 95
"""The list begins in 1995, so that a year of two digits means one from then on."""


@dataclass(frozen=True)
class Columns:
    """Where the cells of a register stand in a sheet."""

    fields: Mapping[int, str]
    header: int
    """The row of the headings."""
    fda: bool
    passed_over: tuple[str, ...] = ()
    """The headings that mean nothing here, or what another column before them does."""

    @classmethod
    def of(cls, grid: Grid) -> "Columns | None":
        """The columns of a sheet; none where no row near its top has the headings of a register."""
        for number, cells in grid.rows[:HEADER_WITHIN]:
            for headings, needed, fda in (
                (_REGISTER_HEADINGS, {"registry", "identifier", "device", "company"}, False),
                (_FDA_HEADINGS, {"decided", "identifier", "device", "company"}, True),
            ):
                fields: dict[int, str] = {}
                for at, cell in enumerate(cells):
                    name = headings.get(normalised(cell.text))
                    if name and name not in fields.values():
                        fields[at] = name
                if needed <= set(fields.values()):
                    others = (cell.text for at, cell in enumerate(cells) if at not in fields)
                    return cls(fields, number, fda, tuple(filter(None, others)))
        return None

    def row(self, cells: tuple[Cell, ...]) -> dict[str, str]:
        """The cells of a row by what they are.

        Raises:
            ValueError: a cell is no value, or stands under no column.
        """
        for cell in cells:
            if cell.fault:
                raise ValueError(f"a cell {cell.fault}")
        found = {name: cells[at].text for at, name in self.fields.items() if at < len(cells)}
        filled = {name: value for name, value in found.items() if value}
        for name in ("identifier", "device", "company", *(() if self.fda else ("registry",))):
            if name not in filled:
                raise ValueError(f"it has no {'register' if name == 'registry' else name}")
        if self.fda:
            filled["registry"] = FDA
            filled["identifier"] = submission(filled["identifier"])
            if "decided" in filled:
                filled["decided"] = american(filled["decided"])
        elif "decided" in filled:
            PartialDate.parse(filled["decided"])
        return filled


def submission(printed: str) -> str:
    """The number of a submission in one form.

    Raises:
        ValueError: it is none.

    >>> submission("p200003 / s001")
    'P200003/S001'
    """
    number = "".join(printed.split()).upper()
    if not _SUBMISSION.fullmatch(number):
        raise ValueError(f"{printed!r} is not the number of a submission")
    return number


def american(printed: str) -> str:
    """A day as the FDA prints it, month first, or as a workbook keeps it.

    Raises:
        ValueError: it is no day.

    >>> american("9/27/24")
    '2024-09-27'
    """
    found = _AMERICAN.fullmatch(printed)
    if not found:
        plain = _MIDNIGHT.sub("", printed)
        if PartialDate.parse(plain).precision != "day":
            raise ValueError(f"{printed!r} is not a day")
        return plain
    month, day, year = (int(part) for part in found.groups())
    if len(found[3]) == 2:  # noqa: PLR2004 - two digits
        year += 1900 if year >= _FIRST_YEAR else 2000
    try:
        return date(year, month, day).isoformat()
    except ValueError as wrong:
        raise ValueError(f"{printed!r} is not a day: {wrong}") from wrong
