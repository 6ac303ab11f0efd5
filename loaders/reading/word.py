"""DOCX: paragraphs, lists and tables in the order of the page."""

import re
from datetime import date
from pathlib import Path

import docx
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from careatlas.loaders.reading import packages
from careatlas.loaders.reading.model import Document
from careatlas.loaders.reading.outline import Writer

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
MOST_XML = 24 * 2**20
"""The library holds it as a tree, which takes some ten times as much."""
_LONGEST_BOLD = 120
_BOLD_LEVEL = 10
"""Below the nine levels of headings that a word processor knows."""


def read(path: Path) -> Document:
    """The passages of a DOCX file; headers and footers stand around it, notes and comments are left out.

    Raises:
        UnreadableDocumentError: the file is damaged or hostile.
    """
    packages.check(path, MOST_XML)
    with path.open("rb") as file:
        document = docx.Document(file)
    writer = _Word(path)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            writer.table(block)
        else:
            writer.block(block)
    for section in document.sections:
        for edge in (section.header, section.first_page_header, section.footer):
            writer.around += [one.text for one in edge.paragraphs if one.text.strip()]
    properties = document.core_properties
    title = writer.own_title or properties.title
    changed = properties.modified or properties.created
    kept = changed.date().isoformat() if changed and changed.date() != _TEMPLATE else None
    return writer.document(title or None, writer.stated or kept, MEDIA)


_TEMPLATE = date(2013, 12, 23)
"""The day of the template that the commonest library for such files begins with, and often leaves."""


class _Word(Writer):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.own_title: str | None = None
        # The library seeks a style among all styles each time that it is asked.
        self._styles: dict[str | None, str] = {}

    def block(self, block: Paragraph) -> None:
        """Adds a paragraph as what its style says that it is."""
        text, style = block.text, self._style(block)
        if not text.strip():
            return
        if heading := _HEADING.fullmatch(style):
            self.heading(text, int(heading[1]))
        elif style == "Title" and self.own_title is None:
            self.own_title = " ".join(text.split())
            self.title(text)
        elif style.startswith("List") or _is_numbered(block):
            self.item(text, depth=_depth(block, style))
        elif _is_bold(block):
            self.heading(text, _BOLD_LEVEL)
        else:
            self.paragraph(text)

    def table(self, table: Table) -> None:
        """Adds the rows of a table; one of a single column is a frame around its text."""
        if len(table.columns) == 1:
            for row in table.rows:
                for cell in row.cells:
                    self._framed(cell)
            return
        for row in table.rows:
            cells, before = [""] * row.grid_cols_before, None
            for cell in row.cells:
                # A merged cell comes once for each of its columns, and is read in the first.
                cells.append("" if cell._tc is before else cell.text)
                before = cell._tc
            self.row(cells)

    def _framed(self, cell: _Cell) -> None:
        for block in cell.iter_inner_content():
            if isinstance(block, Table):
                self.table(block)
            else:
                self.block(block)

    def _style(self, block: Paragraph) -> str:
        key = block._p.style
        if key not in self._styles:
            self._styles[key] = (block.style.name if block.style else None) or ""
        return self._styles[key]


def _is_numbered(block: Paragraph) -> bool:
    properties = block._p.pPr
    return properties is not None and properties.numPr is not None


def _depth(block: Paragraph, style: str) -> int:
    """Within how many items an item stands, by its own level or else by that of its style."""
    properties = block._p.pPr
    levels = properties.xpath("./w:numPr/w:ilvl/@w:val") if properties is not None else []
    if levels and re.fullmatch(r"[0-8]", levels[0]):
        return int(levels[0])
    level = re.search(r" ([2-9])$", style)
    return int(level[1]) - 1 if level else 0


def _is_bold(block: Paragraph) -> bool:
    """Whether a short paragraph is all in bold, as headings are where no style was used."""
    runs = [run for run in block.runs if run.text.strip()]
    ends = block.text.rstrip()[-1:] in ".;,"
    return (
        bool(runs)
        and all(run.bold for run in runs)
        and not ends
        and (len(block.text) <= _LONGEST_BOLD)
    )
