"""HTML: the main text of a page, without what stands around it."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import lxml.html
import trafilatura
from lxml import etree

from careatlas.loaders.reading import decoding
from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.framed import unframed
from careatlas.loaders.reading.model import Document
from careatlas.loaders.reading.outline import Writer

MOST_CHARACTERS = 10 * 2**20
MOST_TAGS = 100_000
_EDGES = 40
"""So many lines of a page's head and foot are looked at."""
_RELATED = re.compile(
    r"(related|more|latest|other|recommended|popular|further)\s+"
    r"(news|stories|story|articles|posts|content|reading|from)\b.*"
    r"|(you may|you might) also like.*|read (next|more|also)\b.*|most (read|popular).*"
    r"|(subscribe|sign up)\b.*|share this.*|about the author",
    re.IGNORECASE,
)
"""Headings after which a page speaks of other things, until a heading of a higher level."""


def read(path: Path) -> Document:
    """The passages of a page's main text.

    Raises:
        UnreadableDocumentError: the page is too large, is broken, or has no main text.
    """
    source = decoding.decoded(path, declared=True)
    if len(source) > MOST_CHARACTERS or source.count("<") > MOST_TAGS:
        raise UnreadableDocumentError(path, "it is larger than any page of text")
    # The parser refuses text that names an encoding, since it is decoded already.
    source = re.sub(r"\A\s*<\?xml[^>]*\?>", "", source)
    found = trafilatura.bare_extraction(
        unframed(source), include_comments=False, include_tables=True, with_metadata=False
    )
    if found is None or isinstance(found, dict) or found.body is None:
        raise UnreadableDocumentError(path, "no main text was found in the page")
    described = trafilatura.extract_metadata(source)
    title, date = (described.title, described.date) if described else (None, None)
    writer = _Page(path, title)
    writer.walk(found.body)
    writer.around += _around(source)
    return writer.document(title or None, date or writer.stated, "text/html")


def _around(source: str) -> Iterator[str]:
    """The name of the site of a page: in its description, its title, its head and its foot."""
    tree: etree._Element = lxml.html.fromstring(source)
    for meta in tree.iter("meta"):
        if meta.get("property") == "og:site_name":
            yield meta.get("content") or ""
    for title in islice(tree.iter("title"), 1):
        yield from re.split(r"\s[-|\u2013\u2014\u00b7:]+\s", _text(title))[1:]
    for edge in islice(tree.iter("header", "footer"), _EDGES):
        for line in islice(edge.iter("p", "a", "span", "small", "address"), _EDGES):
            if words := _text(line):
                yield words


class _Page(Writer):
    def __init__(self, path: Path, title: str | None) -> None:
        super().__init__(path)
        self._title = title
        self._skipped_below: int | None = None

    def walk(self, body: etree._Element) -> None:
        """Adds the blocks of the main text, leaving out what follows a heading such as Related news."""
        for block in body:
            tag = str(block.tag)
            if tag == "head":
                self._head(block)
            elif self._skipped_below is not None:
                continue
            elif tag == "list":
                for item in block.iter("item"):
                    outer = sum(1 for one in item.iterancestors("item"))
                    self.item(_own_text(item), depth=outer)
            elif tag == "table":
                for row in block.iter("row"):
                    self.row([_lines(cell) for cell in row.iter("cell")])
            else:
                self.paragraph(_text(block))

    def _head(self, block: etree._Element) -> None:
        text = _text(block)
        level = int(block.get("rend", "h2")[1:2] or 2) if block.get("rend") else 2
        if self._skipped_below is not None and level >= self._skipped_below:
            return
        self._skipped_below = level if _RELATED.fullmatch(text) else None
        if self._skipped_below is not None:
            return
        if level == 1 or text == self._title:
            self.title(text)
        else:
            self.heading(text, level)


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _lines(cell: etree._Element) -> str:
    """What a cell says; each of its lines stands apart from the one before."""
    for one in cell.iter("p", "lb", "item"):
        one.text = f" {one.text or ''}"
    return _text(cell)


def _own_text(item: etree._Element) -> str:
    """What an item says itself: the items of a list within it come by themselves."""
    return " ".join("".join(_parts(item)).split())


def _parts(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag != "list":
            # Blocks within an item stand apart.
            yield " " * (child.tag == "p")
            yield from _parts(child)
        yield " " * (child.tag in ("p", "list"))
        yield child.tail or ""
