"""PDF: the lines of each page as pdfium finds them, without scripts and without running it."""

from collections.abc import Iterator
from contextlib import closing
from ctypes import byref, c_double
from dataclasses import replace
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # the library ships no types
from pypdfium2 import raw

from careatlas.loaders.reading import soundness
from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.layout import Line, Progress, written
from careatlas.loaders.reading.model import Document
from careatlas.loaders.reading.outline import MOST_CHARACTERS
from careatlas.loaders.reading.printed import gathered

MOST_PAGES = 5_000
MOST_ON_PAGE = 200_000
_HYPHENS = (0x2, 0xAD, 0xFFFE)
"""How pdfium marks a hyphen that ends a line."""
_LINE_ENDS = (10, 13, *_HYPHENS)
_EDGE = 0.12
"""The share of a page at its top and at its foot where running lines stand."""
_GAP = 1.6
"""From this many times the size of the type on, white space parts two cells of a row."""
_NO_TEXT = "its pages hold pictures but no text: run text recognition on it first"


def read(path: Path, progress: Progress | None = None) -> Document:
    """The passages of a PDF file, page by page.

    Raises:
        UnreadableDocumentError: the file is damaged, protected, holds scripts, or has no text.
    """
    title, date = soundness.checked(path)
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as fault:
        raise UnreadableDocumentError(path, "it is damaged: no page can be opened") from fault
    with closing(document):
        total = len(document)
        if total > MOST_PAGES:
            raise UnreadableDocumentError(path, f"it has {total} pages, more than is read")
        pages, characters = list[list[Line]](), 0
        for number in range(total):
            try:
                lines = list(_lines(path, document, number))
            except pypdfium2.PdfiumError as fault:
                reason = f"it is damaged: page {number + 1} cannot be opened"
                raise UnreadableDocumentError(path, reason) from fault
            characters += sum(len(line.text) for line in lines)
            if characters > MOST_CHARACTERS:
                raise UnreadableDocumentError(path, "it holds more text than any report")
            pages.append(gathered(lines))
            if progress:
                progress(number + 1, total)
    if not any(pages):
        raise UnreadableDocumentError(path, _NO_TEXT)
    writer = written(path, pages)
    return writer.document(title, writer.stated or date, "application/pdf")


def _lines(path: Path, document: pypdfium2.PdfDocument, number: int) -> Iterator[Line]:
    with closing(document[number]) as page, closing(page.get_textpage()) as text:
        height = page.get_height() or 1.0
        count = text.count_chars()
        if count > MOST_ON_PAGE:
            reason = f"page {number + 1} has {count} characters, more than a page can show"
            raise UnreadableDocumentError(path, reason)
        codes = [raw.FPDFText_GetUnicode(text.raw, index) for index in range(count)]
        begin = 0
        for index in [*(i for i, code in enumerate(codes) if code in _LINE_ENDS), count]:
            # A hyphen that ends a line belongs to it, and no line feed comes after it.
            after = min(index + 1, count) if codes[index : index + 1] != [10] else index
            if line := _line(text.raw, codes, begin, after):
                yield replace(line, at_edge=not _EDGE < line.bottom / height < 1 - _EDGE)
            begin = index + 1


def _line(text: object, codes: list[int], begin: int, end: int) -> Line | None:
    """The line that some characters make, with the place and the size of its type."""
    shown = [index for index in range(begin, end) if _is_shown(codes[index])]
    if not shown:
        return None
    left, bottom = _origin(text, shown[0])
    parts: list[str] = []
    edges = [shown[0]]
    # The first character may be a bullet from another font.
    middle = shown[len(shown) // 2]
    size = raw.FPDFText_GetFontSize(text, middle)
    before: int | None = None
    for index in range(shown[0], shown[-1] + 1):
        code = codes[index]
        if _is_shown(code):
            spaced = before is not None and before + 1 < index
            if spaced and before is not None and _white(text, before, index) > _GAP * size:
                parts[-1] = "\t"
                edges += [before, index]
            parts.append("\u00ad" if code in _HYPHENS else chr(code))
            before = index
        elif not parts or parts[-1] not in " \t":
            parts.append(" ")
    words = "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    weight = raw.FPDFText_GetFontWeight(text, middle)
    edges.append(shown[-1])
    spans = tuple(
        (_box(text, first)[0], _box(text, last)[1])
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    )
    return Line(words, left, bottom, size, weight >= 600, spans=spans)  # noqa: PLR2004 - semibold


def _is_shown(code: int) -> bool:
    return code > ord(" ") or code in _HYPHENS


def _origin(text: object, index: int) -> tuple[float, float]:
    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(text, index, byref(x), byref(y))
    return x.value, y.value


def _white(text: object, before: int, after: int) -> float:
    """The white space between two characters of a line."""
    _, right, *_ = _box(text, before)
    left, *_ = _box(text, after)
    return left - right


def _box(text: object, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(text, index, byref(left), byref(right), byref(bottom), byref(top))
    return left.value, right.value, bottom.value, top.value
