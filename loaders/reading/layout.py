"""From the lines of printed pages to headings, paragraphs, items and rows."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from careatlas.loaders.reading.model import Kind
from careatlas.loaders.reading.outline import Nesting, Writer

Progress = Callable[[int, int], None]
"""Is told how many pages are read, and of how many."""


@dataclass(frozen=True)
class Line:
    """A printed line: a tab parts cells, a soft hyphen ends a word that goes on below."""

    text: str
    left: float
    bottom: float
    size: float
    bold: bool
    at_edge: bool = False
    spans: tuple[tuple[float, float], ...] = ()
    """The left and the right edge of each of its cells."""


@dataclass
class _Block:
    kind: Kind
    page: int
    lines: list[Line]


_BULLET = re.compile(
    r"[•▪‣◦●■\uf0b7\u2013\u2014*o-][ \t]+(?=\S)|\(?(\d{1,3}|[a-z])[.)][ \t]+(?=\S)"
)
_RUNNING_PAGES = 3
_RUNNING_SHARE = 0.3
"""Of the pages, a little under the half that carry the header of left or of right pages."""
_PAGE_NUMBER = re.compile(r"(page\s+)?[\divxl]{1,4}(\s*(of|/)\s*\d{1,4})?", re.IGNORECASE)
_HEADING_SIZE = 1.15
_SAME_SIZE = 0.1
_SAME_EDGE = 2.0
"""Points by which the left edges of lines of one block may differ."""
_LOOSE = 1.35
"""A gap of this many usual distances between lines parts two paragraphs."""
_TIGHT = 1.7
"""From the foot of one line of a paragraph to that of the next, in sizes of the type, at most."""
_TIGHT_SHARE = 0.15
"""Where so many gaps are tight, lines of a paragraph stand close, and the other gaps part paragraphs."""
_FULL = 0.6
"""A line with so much of the usual line's letters goes on in the next, if nothing ends it."""
_LONGEST_HEADING = 120
_NUMBERED = re.compile(r"(?:Q|A|Question|Answer|Response|Reply)\.?\s?\d{1,2}\b\s*[.:)\u2013-]")
"""What begins a question of a letter, or the answer to it."""
_PARTED = re.compile(r"\w[\u00ad-]\Z")
_ENDS = ".;:!?”\"'"


def written(path: Path, pages: list[list[Line]]) -> Writer:
    """The passages of a document's pages, without running headers, footers and page numbers."""
    body = _body_size(pages)
    small = [one.text for lines in pages for one in lines if one.at_edge and one.size < body]
    pages = _without_running(pages, body)
    sizes = {round(line.size, 1) for lines in pages for line in lines}
    large = sorted({size for size in sizes if size >= body * _HEADING_SIZE}, reverse=True)
    words = {word for lines in pages for line in lines for word in _words(line.text)}
    writer = Writer(path)
    writer.around += dict.fromkeys(small)
    blocks = _joined(
        [block for page, lines in enumerate(pages, 1) for block in _blocks(lines, page, body)]
    )
    for block, depth in zip(blocks, _depths(blocks), strict=True):
        if block.kind == "item":
            text = _BULLET.sub("", _mended(block.lines, words), count=1)
            writer.item(text, block.page, depth)
        else:
            _write(writer, block, large, words)
    return writer


def _body_size(pages: list[list[Line]]) -> float:
    """The size of the type that most of the text is set in."""
    sizes = Counter[float]()
    for line in (line for lines in pages for line in lines):
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _without_running(pages: list[list[Line]], body: float) -> list[list[Line]]:
    """The pages without their numbers, and without what stands at one place on many of them."""
    seen = Counter[str]()
    for lines in pages:
        seen.update({_pattern(line, body) for line in lines if line.at_edge})
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages))
    return [
        [
            line
            for line in lines
            if not line.at_edge
            or not (
                seen[_pattern(line, body)] >= least or _PAGE_NUMBER.fullmatch(line.text.strip())
            )
        ]
        for lines in pages
    ]


def _pattern(line: Line, body: float) -> str:
    """What a running line has alike on all pages: its words and its height.

    Its numbers may differ, unless the type is large: chapters that begin a page have numbers too.
    """
    words = line.text.casefold()
    if line.size < body * _HEADING_SIZE:
        words = re.sub(r"\d+", "#", words)
    return f"{' '.join(words.split())} {round(line.bottom / 4)}"


def _blocks(lines: list[Line], page: int, body: float) -> list[_Block]:
    """The lines of a page, set together where they belong together."""
    gaps = [one.bottom - two.bottom for one, two in pairwise(lines)]
    pitch = _pitch(gaps, body)
    usual = median([len(line.text) for line in lines] or [0])
    blocks: list[_Block] = []
    for number, line in enumerate(lines):
        close = number > 0 and 0 < gaps[number - 1] <= _LOOSE * pitch
        close = close and not _ends(lines[number - 1], line, gaps[number - 1], usual)
        kind = _kind(line, body, alone=not close)
        if blocks and _goes_on(blocks[-1], line, kind, close):
            blocks[-1].lines.append(line)
        else:
            blocks.append(_Block(kind, page, [line]))
    return blocks


def _pitch(gaps: list[float], body: float) -> float:
    """How far apart the lines of one paragraph stand on a page."""
    down = [gap for gap in gaps if gap > 0]
    tight = [gap for gap in down if body * 0.9 <= gap <= body * _TIGHT]
    if len(tight) >= _TIGHT_SHARE * len(down) > 0 and tight:
        return median(tight)
    return median(down or [0.0])


def _ends(above: Line, line: Line, gap: float, usual: float) -> bool:
    """Whether a paragraph ends above a line, whatever the space between them."""
    if _NUMBERED.match(line.text.strip()):
        return True
    short = len(above.text) < _FULL * usual or above.text.rstrip()[-1:] in _ENDS
    return gap > _TIGHT * line.size and short and not line.text.lstrip()[:1].islower()


def _goes_on(block: _Block, line: Line, kind: Kind, close: bool) -> bool:
    """Whether a line belongs to the block above it."""
    above = block.lines[-1]
    if abs(line.size - above.size) > _SAME_SIZE * line.size:
        return False
    if block.kind == "item":
        return close and kind == "paragraph" and line.left >= above.left - _SAME_EDGE
    if kind == "paragraph" and line.bottom > above.bottom:
        # The text goes on at the top of the next column.
        return block.kind == "paragraph" and line.text.lstrip()[:1].islower()
    return close and kind == block.kind and kind in ("paragraph", "heading")


def _kind(line: Line, body: float, alone: bool) -> Kind:
    text = line.text.strip()
    bullet = _BULLET.match(text)
    if "\t" in line.text.rstrip() and not bullet:
        return "row"
    if bullet and not bullet[1] and not line.bold:
        return "item"
    short = len(text) <= _LONGEST_HEADING and text[-1] not in ".;,"
    if line.size >= body * _HEADING_SIZE and len(text) <= _LONGEST_HEADING:
        return "heading"
    if line.bold and short and alone:
        return "heading"
    return "item" if bullet else "paragraph"


def _joined(blocks: list[_Block]) -> list[_Block]:
    """Paragraphs that go on after a page's end are one, on the page where they begin."""
    found: list[_Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if (
            before is not None
            and block.page != before.page
            and block.kind == "paragraph"
            and before.kind in ("paragraph", "item")
            and before.lines[-1].text.rstrip()[-1:] not in _ENDS
            and block.lines[0].text.lstrip()[:1].islower()
        ):
            before.lines += block.lines
        else:
            found.append(block)
    return found


def _depths(blocks: list[_Block]) -> Iterator[int]:
    """Within how many items each block stands; the top of another column begins anew."""
    nesting, before = Nesting(_SAME_EDGE), None
    for block in blocks:
        first = block.lines[0]
        risen = before and before.page == block.page and before.lines[-1].bottom < first.bottom
        if block.kind != "item" or risen:
            nesting.ended()
        mark = _BULLET.match(first.text.strip())
        yield nesting.depth(first.left, mark[0].strip()) if mark and block.kind == "item" else 0
        before = block


def _words(text: str) -> list[str]:
    return re.findall(r"\w[\w-]*", text.casefold())


def _mended(lines: list[Line], known: set[str]) -> str:
    """The lines as one text; a word that was parted at the end of a line is whole again."""
    text = ""
    for line in lines:
        words = line.text.strip()
        if _PARTED.search(text):
            text = text[:-1] + ("-" if _keeps_hyphen(text, words, known) else "") + words
        else:
            text = f"{text} {words}" if text else words
    return text.replace("\u00ad", "-")


def _keeps_hyphen(text: str, words: str, known: set[str]) -> bool:
    """Whether a word parted at its hyphen has one anyway, as the same word elsewhere shows."""
    if not words[:1].islower():
        return True
    first, second = _words(text[:-1])[-1:], _words(words)[:1]
    return "-".join(first + second) in known and "".join(first + second) not in known


def _write(writer: Writer, block: _Block, large: list[float], words: set[str]) -> None:
    text = _mended(block.lines, words)
    if block.kind == "heading":
        size = round(block.lines[0].size, 1)
        level = large.index(size) + 1 if size in large else len(large) + 1
        writer.heading(text, level, block.page)
    elif block.kind == "row":
        writer.row(block.lines[0].text.replace("\u00ad", "-").split("\t"), block.page)
    else:
        writer.paragraph(text, block.page)
