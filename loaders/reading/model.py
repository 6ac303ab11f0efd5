"""What reading a document gives: its text, and passages that say where in it they stand."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "item", "paragraph", "cell", "row"]


@dataclass(frozen=True)
class Passage:
    """One stretch of a document: `text` is `Document.text[start:end]`.

    `item` counts the items or rows under the nearest heading, `paragraph` the paragraphs, both
    from 1; `cell` is the address of the row or cell in a spreadsheet. `depth` says within how many
    items of outer lists an item stands.
    """

    text: str
    start: int
    end: int
    kind: Kind
    headings: tuple[str, ...]
    item: int | None
    page: int | None
    paragraph: int | None = None
    cell: str | None = None
    depth: int = 0

    @property
    def locator(self) -> str:
        """The place of the whole passage, in the form of the curated tables."""
        return self.place(self.start, self.end)

    def place(self, start: int, end: int) -> str:
        """The place of some characters of this passage, counted from the document's first.

        >>> Passage("Ash Trust: 3 scans", 40, 58, "item", ("Uses",), 2, None).place(51, 52)
        'Uses, item 2, characters 51-52'
        """
        steps = [f"page {self.page}"] if self.page is not None else []
        if self.page is None:
            steps.append(self.headings[-1] if self.headings else "Article")
        if self.cell is not None:
            steps.append(self.cell)
        elif self.item is not None:
            steps.append(f"item {self.item}")
        elif self.paragraph is not None and self.page is None:
            steps.append(f"paragraph {self.paragraph}")
        return ", ".join([*steps, f"characters {start}-{end}"])


@dataclass(frozen=True)
class Document:
    """A document as read: `passages` are in order and do not overlap; `date` is ISO 8601."""

    text: str
    passages: tuple[Passage, ...]
    title: str | None
    date: str | None
    media: str
    around: tuple[str, ...] = ()
    """What stands around the text on every page: the name of a site, a letterhead, a footer."""
