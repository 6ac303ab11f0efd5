"""Sentences and list entries of a passage, by place: markup is blanked, so that places stay true."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKUP = re.compile(r"[*\\`\u201c\u201d\"_#]")
_NUMBERED = re.compile(r"^\s*\(?(?:[a-h]|[ivx]{1,4})\)\s")
"""The letter of an entry of a list."""
_END = re.compile(
    r"(?<!\bc)(?<!\bca)(?<!\be\.g)(?<!\bi\.e)(?<!\bSt)(?<!\bapprox)(?<!\bNo)[.!?]\s+(?=[A-Z0-9(\"])|;|\n\s*\n"
)
_COMMA = re.compile(r",\s*(?:and\s+|or\s+)?|\s+(?:and|&|as well as|plus|along with)\s+")


_WRAP = re.compile(r"(?m)^(.{45,})\n(?=[^\S\n]*\S)")
"""A line that is as long as one that a writer breaks at its end."""
LONGEST = 5_000
"""What runs on for more letters than this is no sentence, and is passed over."""


@dataclass(frozen=True)
class Span:
    """A stretch of a text."""

    start: int
    end: int


def plain(text: str) -> str:
    r"""The text with its markup turned into spaces, each letter at its place.

    >>> plain("**Ash** uses 5\\.")
    '  Ash   uses 5 .'
    """
    text = _NUMBERED.sub(lambda m: " " * len(m[0]), text)
    return _MARKUP.sub(" ", text).replace("|", ";")


def unwrapped(text: str) -> str:
    r"""The text with the breaks between lines that are full turned into spaces.

    >>> unwrapped("Ash\nuses a tool that reads every scan of the chest and marks\nwhat it finds.")
    'Ash\nuses a tool that reads every scan of the chest and marks what it finds.'
    """
    return _WRAP.sub(r"\1 ", text)


def depths(text: str) -> list[int]:
    """How many brackets are open at each letter; a bracket that never closes opens nothing."""
    depth, found, opened = 0, [0] * len(text), []
    pairs: set[int] = set()
    for at, letter in enumerate(text):
        if letter in "([":
            opened.append(at)
        elif letter in ")]" and opened:
            pairs |= {opened.pop(), at}
    for at, letter in enumerate(text):
        if at in pairs and letter in ")]":
            found[at] = depth
            depth -= 1
            continue
        depth += at in pairs
        found[at] = depth
    return found


def trimmed(text: str, start: int, end: int, strip: str = " \t\r\n.,;:-\u2013\u2014") -> Span:
    """The stretch without the space and punctuation at its ends."""
    while start < end and text[start] in strip:
        start += 1
    while end > start and text[end - 1] in strip:
        end -= 1
    return Span(start, end)


def unbracketed(text: str, start: int, end: int) -> Span:
    """The stretch without the brackets that hold all of it."""
    span = trimmed(text, start, end)
    if span.end > span.start and text[span.start] == "(" and text[span.end - 1] == ")":
        depth = depths(text[span.start : span.end])
        if all(depth[1:-1]):
            return trimmed(text, span.start + 1, span.end - 1)
    return span


def sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of a stretch; what stands in brackets is never cut."""
    depth = depths(text[start:end])
    begin = start
    for match in _END.finditer(text, start, end):
        if depth[match.start() - start]:
            continue
        span = trimmed(text, begin, match.start())
        if 0 < span.end - span.start <= LONGEST:
            yield span
        begin = match.end()
    span = trimmed(text, begin, end)
    if 0 < span.end - span.start <= LONGEST:
        yield span


def entries(
    text: str, start: int, end: int, whole: Sequence[Span] = ()
) -> Iterator[tuple[Span, bool]]:
    """The parts of a list, and whether a comma (not a mere "and") stands before each.

    What stands in a bracket, or in one of the stretches that are `whole`, is never cut.
    """
    depth = depths(text[start:end])
    begin, comma = start, True
    for match in _COMMA.finditer(text, start, end):
        if depth[match.start() - start] or _in_number(text, match):
            continue
        if any(one.start < match.start() and match.end() < one.end for one in whole):
            continue
        span = trimmed(text, begin, match.start())
        if span.end > span.start:
            yield span, comma
        begin, comma = match.end(), match[0].startswith(",")
    span = trimmed(text, begin, end)
    if span.end > span.start:
        yield span, comma


def _in_number(text: str, match: re.Match[str]) -> bool:
    around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    return match[0] == "," and around.isdigit()
