"""Registers of medical devices: the FDA's list of AI-enabled ones, and any other as a plain table.

The list of the FDA is read as published, as CSV or XLSX: Date of Final Decision, Submission Number,
Device, Company, Panel (Lead), Primary Product Code. Any other register is a table with the columns
register, identifier, device, company, and where it has them decision, date (2024, 2024-02 or
2024-02-29), class, panel, product code and url.

A fact of regulation is tied to a product of the catalogue by its company and its name, or its
company and the number of its submission. A device of a known company that is none of its products
is proposed as a new one; what belongs to other companies is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from careatlas.graph.dates import PartialDate
from careatlas.graph.sources import Source
from careatlas.graph.terms import slug, thing
from careatlas.loaders.devices.columns import FDA, TEMPLATE, Columns
from careatlas.loaders.devices.known import Catalogue
from careatlas.loaders.devices.listing import Lister
from careatlas.loaders.feed import LeftOut, Outcome, PassedOver, Rejected, Wanted
from careatlas.loaders.reading import digest_of_all, read_cells
from careatlas.loaders.reading.cells import Book, Grid

FDA_SOURCE = "fda-gov-ai-devices"
FDA_PAGE = "https://www.fda.gov/medical-devices/software-medical-device-samd/artificial-intelligence-enabled-medical-devices"
ABOVE = "it stands above the headings"
NO_REGISTER = "its sheet has no headings of a register"
HIDDEN = "its sheet is hidden"


class NoRegisterError(ValueError):
    """A file in which no sheet has the headings of a register of devices."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return (
            f"{self.path} has no headings of a register of devices: those of the FDA's list, or "
            f"{', '.join(TEMPLATE)}"
        )


@dataclass(frozen=True)
class Opened:
    """A file as it was read, with the columns of each of its sheets."""

    path: Path
    book: Book
    columns: tuple[Columns | None, ...]

    @classmethod
    def of(cls, path: Path) -> "Opened":
        """Read a file.

        Raises:
            NoRegisterError: it is no register of devices.
            UnreadableDocumentError: it cannot be read.
        """
        book = read_cells(path)
        columns = tuple(Columns.of(grid) for grid in book.sheets)
        if not any(columns):
            raise NoRegisterError(path)
        return cls(path, book, columns)


@dataclass(frozen=True)
class Devices:
    """Registers of devices, read as one source."""

    source: Source
    files: tuple[Opened, ...]
    lister: Lister

    def outcomes(self) -> Iterator[Outcome | PassedOver]:
        """What becomes of each row, and the columns that are passed over."""
        for file in self.files:
            for grid, columns in zip(file.book.sheets, file.columns, strict=True):
                for number, _ in grid.rows if columns is None else ():
                    yield LeftOut(_place(file, grid, number), NO_REGISTER)
                if columns:
                    yield from self._sheet(file, grid, columns)
            for grid in file.book.hidden:
                for number, _ in grid.rows:
                    yield LeftOut(_place(file, grid, number), HIDDEN)

    def _sheet(self, file: Opened, grid: Grid, columns: Columns) -> Iterator[Outcome | PassedOver]:
        alone = len(self.files) == 1
        where = f"{file.path.name}, sheet {grid.name}" if grid.name else file.path.name
        yield from (PassedOver(where, heading) for heading in columns.passed_over)
        for number, cells in grid.rows:
            place = _place(file, grid, number)
            if number < columns.header:
                yield LeftOut(place, ABOVE)
            if number <= columns.header:
                continue
            try:
                row = columns.row(cells)
            except ValueError as wrong:
                yield Rejected(place, str(wrong))
                continue
            locator = grid.place(number)
            yield self.lister.outcome(
                place, locator if alone else f"{file.path.name}, {locator}", row
            )


def feed(files: list[Path], wanted: Wanted) -> Devices:
    """Open registers of devices as one source.

    Raises:
        NoRegisterError: a file is no register of devices.
        TableError: the catalogue cannot be read.
        ValueError: the id or the day that a person gives cannot be one.
        UnreadableDocumentError: a file cannot be read.
    """
    opened = tuple(Opened.of(path) for path in files)
    registers = sorted({name for file in opened for name in _registers(file)})
    alone = registers[0] if len(registers) == 1 else ""
    known = f"devices-{slug(alone)}" if alone else "device-registers"
    name = wanted.source or (FDA_SOURCE if alone == FDA else known)
    thing(f"doc/{name}")
    source = Source(
        id=name,
        kind="registry",
        title=alone or "Registers of medical devices",
        publisher="US Food and Drug Administration" if alone == FDA else None,
        url=FDA_PAGE if alone == FDA else None,
        published=PartialDate.parse(wanted.published) if wanted.published else None,
        sha256=digest_of_all(files),
    )
    catalogue = Catalogue.of(wanted.tables, source.id)
    return Devices(source, opened, Lister(source.id, catalogue, wanted.everything))


def _registers(file: Opened) -> set[str]:
    found = set()
    for grid, columns in zip(file.book.sheets, file.columns, strict=True):
        if columns and columns.fda:
            found.add(FDA)
        elif columns:
            at = next(at for at, name in columns.fields.items() if name == "registry")
            under = [cells for number, cells in grid.rows if number > columns.header]
            found |= {cells[at].text for cells in under if at < len(cells) and cells[at].text}
    return found


def _place(file: Opened, grid: Grid, number: int) -> str:
    sheet = f"{grid.name}:" if grid.name else ""
    return f"{file.path.name}:{sheet}{number}"
