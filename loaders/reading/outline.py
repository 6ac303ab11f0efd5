"""The headings in force while a document is read, and the numbers of what stands under them."""

import re
from pathlib import Path
from typing import NamedTuple

from careatlas.loaders.reading.dated import stated
from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.model import Document, Kind, Passage

MOST_CHARACTERS = 20_000_000
"""The text of a document of some ten thousand pages."""
MOST_PASSAGES = 150_000


class Outline:
    """Which headings a passage stands under, and how many items and paragraphs came before it."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self.items = 0
        self.paragraphs = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in force, outermost first."""
        return tuple(text for _, text in self._open)

    def enter(self, level: int, text: str) -> None:
        """Begins the section of a heading, which ends those of its level and below."""
        self.leave(level)
        self._open.append((level, text))
        self.items = self.paragraphs = 0

    def leave(self, level: int) -> None:
        """Ends the sections of a level and below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
            self.items = self.paragraphs = 0


class Nesting:
    """Within how many items an item stands, told by how far in it begins and by its mark."""

    def __init__(self, near: float) -> None:
        self._near = near
        """Items whose edges are no further apart than this stand one below the other."""
        self._open: list[tuple[float, str]] = []

    def depth(self, edge: float, mark: str) -> int:
        """The depth of an item that begins at an edge with a mark, after the items before it.

        >>> nesting = Nesting(1)
        >>> [nesting.depth(*item) for item in ((0, "-"), (2, "-"), (2, "o"), (0, "-"), (0, "1."))]
        [0, 1, 2, 0, 1]
        """
        self._open = [one for one in self._open if one[0] <= edge + self._near]
        mark = re.sub(r"\d+|[a-z](?=[.)])", "1", mark)
        same = [at for at, one in enumerate(self._open) if self._alike(one, edge, mark)]
        if same:
            del self._open[same[-1] + 1 :]
        else:
            self._open.append((edge, mark))
        return len(self._open) - 1

    def ended(self) -> None:
        """What follows is no part of the list."""
        self._open.clear()

    def _alike(self, one: tuple[float, str], edge: float, mark: str) -> bool:
        return abs(one[0] - edge) <= self._near and one[1] == mark


class _Place(NamedTuple):
    """What counts a passage, beside its page."""

    item: int | None = None
    paragraph: int | None = None
    cell: str | None = None
    depth: int = 0


_UNCOUNTED = _Place()


class Writer:
    """Composes the text of a document whose file holds no plain text, passage by passage."""

    def __init__(self, path: Path) -> None:
        self.outline = Outline()
        self.around: list[str] = []
        """What stands around the text on every page."""
        self._path = path
        self._parts: list[str] = []
        self._passages: list[Passage] = []
        self._length = 0

    def heading(self, text: str, level: int, page: int | None = None) -> None:
        """Adds a heading, under which the following passages stand."""
        if plain := " ".join(text.split()):
            self.outline.leave(level)
            self._add(plain, "heading", page)
            self.outline.enter(level, plain)

    def title(self, text: str) -> None:
        """Adds the document's own heading, under which nothing stands: locators do not repeat it."""
        if plain := " ".join(text.split()):
            self._add(plain, "heading")

    def item(self, text: str, page: int | None = None, depth: int = 0) -> None:
        """Adds an item of a list, which may stand within items of others."""
        if plain := " ".join(text.split()):
            self.outline.items += 1
            self._add(plain, "item", page, _Place(self.outline.items, depth=depth))

    def paragraph(self, text: str, page: int | None = None) -> None:
        """Adds a paragraph."""
        if plain := " ".join(text.split()):
            self.outline.paragraphs += 1
            self._add(plain, "paragraph", page, _Place(paragraph=self.outline.paragraphs))

    def row(self, cells: list[str], page: int | None = None, cell: str | None = None) -> None:
        """Adds a row of a table: its cells with a bar between them."""
        plain = [" ".join(one.split()) for one in cells]
        while plain and not plain[-1]:
            plain.pop()
        if plain:
            self.outline.items += 1
            self._add(" | ".join(plain), "row", page, _Place(self.outline.items, cell=cell))

    @property
    def stated(self) -> str | None:
        """The date that stands in a line of its own at the head."""
        return stated(one.text for one in self._passages)

    def document(self, title: str | None, date: str | None, media: str) -> Document:
        """What was written."""
        text, around = "\n".join(self._parts), tuple(self.around)
        return Document(text, tuple(self._passages), title, date, media, around)

    def _add(
        self, text: str, kind: Kind, page: int | None = None, place: _Place = _UNCOUNTED
    ) -> None:
        start, end = self._length, self._length + len(text)
        if end > MOST_CHARACTERS or len(self._passages) >= MOST_PASSAGES:
            raise UnreadableDocumentError(
                self._path, "it holds more text than any report: split it"
            )
        item, paragraph, cell, depth = place
        within = self.outline.headings
        self._parts.append(text)
        self._passages.append(
            Passage(text, start, end, kind, within, item, page, paragraph, cell, depth)
        )
        self._length = end + 1
