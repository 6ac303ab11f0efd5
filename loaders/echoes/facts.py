"""The facts of a passage that survive a paraphrase: names, figures, months."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention

THINGS = ("product", "vendor", "study", "programme")
"""What is used, sold, studied or paid for; one name may stand for a maker and its product."""
LEAST_FIGURE = 10
"""Smaller numbers stand in too many passages to tell them apart."""
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"
    r"[a-z]*\.?,?\s+((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?=\s*(?:and|to|until|[-\u2013])\s*[a-z]+\.?\s+(20\d\d))",
    re.IGNORECASE,
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?\b")
_FINANCIAL = re.compile(r"\b(?:20)?(\d\d)[/\u2013-](?:20)?(\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?<![\w.])({_NUMBER})(?:\s*(?:[-\u2013]|to|and)\s*({_NUMBER}))?(?:\s?(k|m|thousand|million)\b)?",
    re.IGNORECASE,
)
_SCALE = {"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000, "": 1}
_SHORT = re.compile(r"\s*\((?:the\s+)?\W?([A-Z][A-Za-z&]{1,7})\W?\)")
_AGREED = re.compile(r"\bmemorand(?:um|a) of understanding\b|\bMoU\b", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Fact:
    """One thing that is named or counted: `kind` is that of the gazetteer, else figure, month or year."""

    kind: str
    value: str


def facts(text: str, names: Gazetteer) -> frozenset[Fact]:
    """The facts that stand in a text.

    >>> sorted(fact.value for fact in facts("1,412 to 1500 scans in March 2024", Gazetteer([])))
    ['1412', '1500', '2024-03']
    """
    found = {Fact("agreement", "memorandum")} if _AGREED.search(text) else set()
    rest = list(text)
    for mention in names.mentions(text):
        found |= _named(mention)
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    plain = "".join(rest)
    for pattern, read in ((_SPAN, _span), (_MONTH, _month), (_ISO, _iso)):
        found |= {read(match) for match in pattern.finditer(plain)}
        plain = pattern.sub(" ", plain)
    for match in _FINANCIAL.finditer(plain):
        if int(match[2]) == (int(match[1]) + 1) % 100:
            found |= {Fact("month", f"20{match[1]}-04"), Fact("month", f"20{match[2]}-03")}
            plain = plain.replace(match[0], " ", 1)
    found |= {Fact("year", match[0]) for match in _YEAR.finditer(plain)}
    found |= {Fact("figure", value) for value in figures(_YEAR.sub(" ", plain))}
    return frozenset(found)


def figures(text: str) -> Iterator[str]:
    """The numbers of a text in one form; both ends of a range.

    >>> list(figures("25-30k uses, 17,174 scans and 3 sites"))
    ['25000', '30000', '17174']
    """
    for match in _FIGURE.finditer(text):
        scale = _SCALE[(match[3] or "").lower()]
        for part in filter(None, (match[1], match[2])):
            value = Decimal(part.replace(",", "")) * scale
            if value >= LEAST_FIGURE:
                yield format(value.normalize(), "f")


def briefly(text: str, names: Gazetteer) -> Gazetteer:
    """The gazetteer with the short forms that a document gives its names in brackets."""
    more = []
    for mention in names.mentions(text):
        match = _SHORT.match(text, mention.end)
        if match and len(mention.entities) == 1:
            more.append((match[1], mention.entities[0]))
    return names.extended(more) if more else names


def _named(mention: Mention) -> set[Fact]:
    """What a name means: one body alone, or the things that are called so."""
    meant = mention.entities
    if len(meant) > 1:
        meant = mention.of(*THINGS)
    return {Fact(entity.kind, entity.label) for entity in meant}


def _month(match: re.Match[str]) -> Fact:
    return Fact("month", f"{match[3]}-{_MONTHS.index(match[2][:3].lower()) + 1:02}")


def _span(match: re.Match[str]) -> Fact:
    """The first month of two that share their year."""
    return Fact("month", f"{match[2]}-{_MONTHS.index(match[1][:3].lower()) + 1:02}")


def _iso(match: re.Match[str]) -> Fact:
    return Fact("month", f"{match[1]}-{match[2]}")
