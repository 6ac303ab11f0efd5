"""What words describe a thing that has no name, or what one with a name is for."""

import re

from careatlas.loaders.extraction.wording.columns_said import status
from careatlas.loaders.extraction.wording.days import MONTH
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.extraction.wording.words import EMPTY, TOKEN, TOOLS

BRACKETS = re.compile(r"\(([^()]*)\)")
_SHORT_NOTE = re.compile(
    r"\s*[,:\u2013\u2014-]\s+((?:[a-z][\w'-]*\s+){0,2}[a-z][\w'-]*(?: (?:in|since) (?:[A-Z]\w+ )?20\d\d)?)\s*(?=$|[.;\n])"
)
"""A few words after a name, and nothing else."""
_TREATMENT = re.compile(
    r"\b(?:\d[\d,]*|treatment|radiotherapy|care|dose) (?:[\w-]+ )?plans?\b", re.IGNORECASE
)
"""Plans that are a product's work say nothing of what is to come."""
PURPOSE = re.compile(r"\b(?:such as|including|like)\s+", re.IGNORECASE)
TASK = re.compile(r"\b(?:for|in(?!-)|to|as|within)\s+(?:the\s+)?", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:on a (?:daily|weekly|regular) basis|daily|currently|approximately|around|about|"
    r"\d[\d,]*(?:\s*[-\u2013]\s*\d+)?k?\s+(?:times|uses)|for (?:(?:just|the|past|last|over|more|than|nearly|almost|about) )*\w+ (?:days|weeks|months|years|week|month|year)|(?:since|from) (?:[A-Z]\w+ )?\d{4})\b.*$|"
    rf"\b(?:(?:{MONTH}) )?"
    r"(?:19|20)\d\d(?:/\d\d)?\b.*$",
    re.IGNORECASE | re.DOTALL,
)

_KIND = (
    r"(?:(?:an?|the|some|one|its|their|our)\s+)?(?P<kind>(?:[A-Za-z][\w-]*\s+)?(?:[a-z][\w-]*\s+){0,2}?"
    r"(?:software|tool|system|program(?:me)?|algorithm|app|application|technology|package|platform|product|AI)s?)"
)
THAT_DOES = re.compile(
    rf"\W*(?:(?:at|in|on|for) (?:an?|the|its|our|their|one|two|three) [^,.;]{{2,40}}?,?\s+)?{_KIND}\s+(?:that|which)\s+(?:(?:can|will|helps?|automatically|also)\s+)*(?!is\b|are\b|was\b|were\b|has\b|have\b|had\b|we\b|it\b|they\b|the\b|could\b|would\b|might\b)[a-z]+s?\s+[^,;]+"
)
"""What a thing without a name is said to do: "software that flags fractures"."""
OF_MAKER = re.compile(
    rf"\W*{_KIND}\s+(?:(?:made|supplied|sold|developed|built|provided)\s+)?(?:from|by)\s+(?:the (?:firm|company|supplier)\s+)?"
)


def worded(kind: str) -> str:
    """A description that says more than that it is software."""
    return "" if bare(kind) else kind


def bare(head: str) -> bool:
    """Whether words say only that something is software."""
    words = [word.casefold() for word in TOKEN.findall(head)]
    return bool(words) and all(word in EMPTY for word in words) and any(w in TOOLS for w in words)


_NO_PURPOSE = re.compile(
    rf"(?:there|here|itself|too|also|instead|alone|again|(?:since|in|from|until|on) (?:\d{{1,2}} )?[A-Z][a-z]+|"
    rf"(?i:{MONTH})|its? \w+|(?:its|their|our) .*\b(?:for|of|in|and)|.*, for)"
)
"""What says nothing of what a thing is for."""


def without_time(words: str) -> str:
    """A description without since when, how often and through whom."""
    # A stretch of blanks is a route that was read already: what it hides goes with it.
    said = _WHEN.sub("", re.split(r"\s{4,}", words)[0]).strip(" ,;.")
    return "" if _NO_PURPOSE.fullmatch(said) else said


def whole(text: str, span: Span) -> str:
    """A description with its purpose, without where it is used."""
    words = text[span.start : span.end]
    stop = re.search(r"\s+(?:across|in(?!-)|on|at|within)\b|\s*\(", words)
    return without_time(words[: stop.start()] if stop else words)


def purpose(text: str, span: Span) -> str:
    """What it is said to be for: what stands in brackets, or after "for", "in" or "to"."""
    words = text[span.start : span.end].strip()
    if words.startswith("("):
        inside = words[1 : words.find(")")] if ")" in words else words[1:]
        return "" if re.search(r"\d{2,}|\bnot\b|\bpilot|\btrial", inside) else inside.strip()
    match = TASK.match(words)
    if not match:
        return ""
    rest = words[match.end() :]
    bracket = rest.find("(")
    return without_time(rest[:bracket] if bracket >= 0 else rest)


def noted(text: str, begin: int, end: int) -> str | None:
    """The status that stands in brackets or shortly after a name; empty where it says that there is no use."""
    match = BRACKETS.search(text, begin, end)
    if match is None and (match := _SHORT_NOTE.match(text, begin)):
        return status(match[1])
    return status(_TREATMENT.sub("", match[1])) if match else None
