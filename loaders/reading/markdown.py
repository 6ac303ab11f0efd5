"""Markdown: its blocks as passages, with offsets into the source itself."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

import yaml
from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from careatlas.loaders.reading.dated import stated
from careatlas.loaders.reading.model import Document, Kind, Passage
from careatlas.loaders.reading.outline import Outline

FRONT_MATTER = "Front matter"
_HEADS = re.compile(r"(\*{2,3}|__)(?=\S)(?:(?!\1).)+\1|\d{1,2}\\\. \S.{0,80}[^.,;:!?]")
_BOLD_LEVEL = 7
"""A paragraph all in bold, or short and with a number, heads what follows, below any heading that is marked as one."""
_UNSEEN = re.compile(r"\s*<(!|script|style)", re.IGNORECASE)
_LEFT = re.compile(r"\A[\s*_]+")
_RIGHT = re.compile(r"[\s*_]+\Z")
_LOOKS = re.compile(r"\A---\n.*?^---\s*$|^#{1,6} +\S", re.MULTILINE | re.DOTALL)
_MOST_YAML = 64 * 1024


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text has front matter or a marked heading."""
    return _LOOKS.search(text) is not None


@dataclass
class _Block:
    """A stretch of whole lines, and what stands in the first and the last of them."""

    first: int
    last: int
    kind: Kind
    begins: str
    ends: str
    level: int = 0
    numbered: bool = True
    depth: int = 0


def parse(text: str) -> Document:
    """The passages of a Markdown text."""
    tokens = _parser().parse(text)
    matter = next((token for token in tokens if token.type == "front_matter"), None)
    title, day = _described(matter.content if matter else "")
    placer = _Placer(text)
    if matter is not None and matter.map:
        placer.outline.enter(1, FRONT_MATTER)
        for number in range(matter.map[0] + 1, matter.map[1] - 1):
            placer.place(_Block(number, number, "paragraph", "", ""))
        placer.outline.leave(1)
    for block in _Blocks(tokens).found:
        if block.kind == "heading" and block.level == 1 and title is None and not placer.passages:
            title, block.level = _RIGHT.sub("", _LEFT.sub("", block.begins)) or None, 0
        placer.place(block)
    day = day or stated(passage.text for passage in placer.passages)
    return Document(text, tuple(placer.passages), title, day, "text/markdown")


def _parser() -> MarkdownIt:
    """Blocks only: what stands in them stays as it is printed."""
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    parser.block.ruler.disable(["code", "reference"])
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def _described(matter: str) -> tuple[str | None, str | None]:
    """Title and date as the front matter states them."""
    try:
        told = yaml.safe_load(matter[:_MOST_YAML])
    except (yaml.YAMLError, ValueError, RecursionError):
        # Text between two rules at the top looks like front matter, and says neither.
        return None, None
    if not isinstance(told, dict):
        return None, None
    title, day = told.get("title"), told.get("date")
    if isinstance(day, datetime):
        day = day.date()
    return title if isinstance(title, str) else None, str(day) if isinstance(day, date) else None


class _Blocks:
    """The blocks of a text in order; the paragraphs of one item of a list are one block."""

    def __init__(self, tokens: list[Token]) -> None:
        self.found: list[_Block] = []
        self._items: list[_Block | None] = []
        self._level = 0
        self._row: _Block | None = None
        self._in_head = False
        for token in tokens:
            self._take(token)

    def _take(self, token: Token) -> None:
        match token.type:
            case "list_item_open":
                self._items.append(None)
            case "list_item_close":
                self._items.pop()
            case "heading_open":
                self._level = int(token.tag[1])
            case "heading_close":
                self._level = 0
            case "thead_open" | "thead_close":
                self._in_head = token.type == "thead_open"
            case "tr_open" if token.map:
                line = token.map[0]
                self._row = _Block(line, line, "row", "", "", numbered=not self._in_head)
                self.found.append(self._row)
            case "tr_close":
                self._row = None
            case "hr":
                self.found.append(_Block(0, -1, "heading", "", "", _BOLD_LEVEL))
            case "inline" | "fence" | "html_block" if token.map and self._row is None:
                self._lines(token, token.map[0], token.map[1] - 1)

    def _lines(self, token: Token, first: int, last: int) -> None:
        begins, ends = "", ""
        if token.type == "inline":
            begins, *_ = rest = token.content.split("\n")
            ends = rest[-1].rstrip()
        elif token.type == "html_block" and _UNSEEN.match(token.content):
            return
        if self._level:
            self.found.append(_Block(first, last, "heading", begins, ends, self._level))
        elif not self._items:
            heads = _HEADS.fullmatch(token.content.strip())
            level = _BOLD_LEVEL if heads else 0
            kind: Kind = "heading" if heads else "paragraph"
            self.found.append(_Block(first, last, kind, begins, ends, level))
        elif (block := self._items[-1]) is not None and block is self.found[-1]:
            block.last, block.ends = last, ends
        else:
            kind = "item" if block is None else "paragraph"
            depth = len(self._items) - 1
            fresh = self._items[-1] = _Block(first, last, kind, begins, ends, depth=depth)
            self.found.append(fresh)


class _Placer:
    """Finds the characters of each block in the source, and numbers it under its heading."""

    def __init__(self, text: str) -> None:
        self.passages: list[Passage] = []
        self.outline = Outline()
        self._text = text
        self._lines = text.split("\n")
        self._offsets = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._reached = 0

    def place(self, block: _Block) -> None:
        """Adds the passage of a block, unless it says nothing."""
        if block.last < block.first:
            self.outline.leave(block.level)
            return
        start, end = self._span(block)
        words = self._text[start:end]
        if not any(map(str.isalnum, words)):
            return
        item = paragraph = None
        if block.kind == "heading":
            self.outline.leave(block.level or _BOLD_LEVEL)
        elif block.kind == "paragraph":
            paragraph = self.outline.paragraphs = self.outline.paragraphs + 1
        elif block.numbered:
            item = self.outline.items = self.outline.items + 1
        headings = self.outline.headings
        self.passages.append(
            Passage(
                words, start, end, block.kind, headings, item, None, paragraph, depth=block.depth
            )
        )
        self._reached = end
        if block.kind == "heading" and block.level:
            self.outline.enter(block.level, unescapeAll(" ".join(words.split())))

    def _span(self, block: _Block) -> tuple[int, int]:
        """From the first to the last character, without the marks of lists and emphasis around."""
        first, last = self._lines[block.first], self._lines[block.last]
        start = self._offsets[block.first] + max(first.find(block.begins), 0)
        after = last.rfind(block.ends)
        length = after + len(block.ends) if block.ends and after >= 0 else len(last)
        start, end = max(start, self._reached), self._offsets[block.last] + length
        words = self._text[start:end]
        if block.kind == "heading":
            left = len(words) - len(_LEFT.sub("", words))
            right = len(words) - len(_RIGHT.sub("", words))
        else:
            left = len(words) - len(words.lstrip())
            right = len(words) - len(words.rstrip())
        return start + left, max(end - right, start + left)
