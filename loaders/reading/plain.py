"""Plain text: paragraphs, items and headings told by their form, with offsets into the source."""

import re
from collections import Counter
from itertools import accumulate

from careatlas.loaders.reading.dated import WITHIN, day
from careatlas.loaders.reading.model import Document, Kind, Passage
from careatlas.loaders.reading.outline import Nesting, Outline

_BULLET = re.compile(r"\s*(?:[•▪‣◦●■o*+\u2013\u2014-]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
_WRAPPED_AT = 100
"""Where no line is longer, lines end at a margin, and a paragraph is many of them."""
_LONGEST_HEADING = 90
_TAB = 4
_SAME_EDGE = 1
"""Blanks by which the edges of items of one list may differ."""
_UNDERLINE = re.compile(r"\s*(=+|-{3,}|~{3,}|\*{3,})\s*")
_SITE = re.compile(r"\S+\.[a-z]{2,}", re.IGNORECASE)
_ENDS = ".,;:!?)\u201d\u2019\"'\u2026"
_FRAGMENT = 4
"""Words of a line without an end mark that is no paragraph of its own."""
_CREDIT = re.compile(
    r"\((?:image |photo |picture )?(?:credit|source|courtesy)\b[^)]*\)\s*\Z", re.IGNORECASE
)


def parse(text: str) -> Document:
    """The passages of a plain text."""
    reader = _Plain(text)
    return Document(text, tuple(reader.passages), reader.title, reader.date, "text/plain")


class _Plain:
    def __init__(self, text: str) -> None:
        self.title: str | None = None
        self.date: str | None = None
        self.passages: list[Passage] = []
        self._text = text
        self._lines = text.split("\n")
        self._offsets = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._wrapped = max(map(len, self._lines)) <= _WRAPPED_AT
        self._times = Counter(line.strip().casefold() for line in self._lines)
        self._outline, self._nesting = Outline(), Nesting(_SAME_EDGE)
        number = 0
        while number < len(self._lines):
            number = self._block(number)

    def _block(self, first: int) -> int:
        """Adds the block that begins on a line; the number of the line after it."""
        line = self._lines[first]
        if not any(map(str.isalnum, line)):
            return first + 1
        bullet = _BULLET.match(line)
        if bullet is None and self._repeats_title(line):
            start = self._offsets[first] + len(line) - len(line.lstrip())
            self._add(start, self._offsets[first] + len(line.rstrip()), "heading")
            return first + 1
        if bullet is None and self._heads(first):
            self._heading(first)
            return first + 1
        last = first
        while self._goes_on(last + 1, bullet is not None):
            last += 1
        mark = bullet.end() if bullet else len(line) - len(line.lstrip())
        start = self._offsets[first] + mark
        end = self._offsets[last] + len(self._lines[last].rstrip())
        wide = line.expandtabs(_TAB)
        edge = len(wide) - len(wide.lstrip())
        depth = self._nesting.depth(edge, bullet[0].strip()) if bullet else 0
        self._add(start, end, "item" if bullet else "paragraph", depth)
        return last + 1

    def _goes_on(self, number: int, in_item: bool) -> bool:
        """Whether a line belongs to the block of the line before it."""
        if number >= len(self._lines) or not (line := self._lines[number]).strip():
            return False
        if _BULLET.match(line) or _UNDERLINE.fullmatch(line):
            return False
        return self._wrapped or (in_item and line[0].isspace())

    def _heads(self, number: int) -> bool:
        """Whether a line is a heading: short, without an end mark, said once, and alone."""
        line = self._lines[number].strip()
        following = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        if _UNDERLINE.fullmatch(following):
            return True
        if len(line) > _LONGEST_HEADING or line[-1] in _ENDS or _SITE.fullmatch(line):
            return False
        if not (line[0].isupper() or line[0].isdigit()) or day(line):
            return False
        if not any(map(str.strip, self._lines[number + 1 : number + 4])):
            return False
        above = self._lines[number - 1].strip() if number else ""
        if self._wrapped and (following.strip() and not _BULLET.match(following)):
            return False
        return self._untitled() or (self._times[line.casefold()] == 1 and not self._joins(above))

    def _repeats_title(self, line: str) -> bool:
        return self.title is not None and line.strip() == self.title

    def _joins(self, above: str) -> bool:
        return self._wrapped and bool(above)

    def _untitled(self) -> bool:
        """Whether nothing has been said yet, so that a heading may be the document's own."""
        return self.title is None and not any(one.kind == "heading" for one in self.passages)

    def _heading(self, number: int) -> None:
        line = self._lines[number]
        start = self._offsets[number] + len(line) - len(line.lstrip())
        end = self._offsets[number] + len(line.rstrip())
        following = self._lines[number + 1] if number + 1 < len(self._lines) else ""
        apart = not following.strip() or _UNDERLINE.fullmatch(following) is not None
        if self._untitled() and apart:
            self.title = line.strip()
            self._add(start, end, "heading")
        else:
            self._outline.leave(1)
            self._add(start, end, "heading")
            self._outline.enter(1, " ".join(line.split()))

    def _add(self, start: int, end: int, kind: Kind, depth: int = 0) -> None:
        words = self._text[start:end]
        if kind != "item":
            self._nesting.ended()
        if len(self.passages) < WITHIN and self.date is None:
            self.date = day(words)
        item = paragraph = None
        if kind == "item":
            item = self._outline.items = self._outline.items + 1
        elif kind == "paragraph" and not _is_fragment(words):
            paragraph = self._outline.paragraphs = self._outline.paragraphs + 1
        headings = self._outline.headings
        self.passages.append(
            Passage(words, start, end, kind, headings, item, None, paragraph, depth=depth)
        )


def _is_fragment(words: str) -> bool:
    """Whether a line is what a page says around its text: a caption, a button, a credit."""
    return (len(words.split()) <= _FRAGMENT and words[-1] not in _ENDS) or bool(
        _CREDIT.search(words)
    )
