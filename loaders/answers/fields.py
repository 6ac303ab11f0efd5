"""What a column of an answer can hold: the field, the table that it fills, how its cells are read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pyoxigraph import Literal as Text
from pyoxigraph import NamedNode, RdfFormat, parse

from careatlas import ontology
from careatlas.graph.dates import PartialDate
from careatlas.graph.terms import NOTATION, PREF_LABEL, SCHEME


@dataclass(frozen=True)
class Field:
    """One thing that a cell can say."""

    table: Literal["", "disclosures", "deployments", "usage", "routes", "agreements"]
    """The table that it fills; none where it only says whose or what the row is."""
    kind: Literal["text", "code", "date", "figure"]
    scheme: str = ""
    """The scheme of a code."""


FIELDS: dict[str, Field] = {
    "trust": Field("", "text"),
    "ods": Field("", "text"),
    "questions": Field("", "text"),
    "remark": Field("", "text"),
    "answer": Field("disclosures", "code", "disclosure"),
    "detail": Field("disclosures", "code", "disclosure-detail"),
    "exemption": Field("disclosures", "code", "exemption"),
    "qualifier": Field("disclosures", "text"),
    "product": Field("deployments", "text"),
    "vendor": Field("deployments", "text"),
    "description": Field("deployments", "text"),
    "use_case": Field("deployments", "code", "use-case"),
    "site": Field("deployments", "text"),
    "status": Field("deployments", "code", "status"),
    "valid_from": Field("deployments", "date"),
    "valid_to": Field("deployments", "date"),
    "as_at": Field("deployments", "date"),
    "volume": Field("usage", "figure"),
    "unit": Field("usage", "code", "unit"),
    "per": Field("usage", "code", "rate-period"),
    "period": Field("usage", "date"),
    "period_start": Field("usage", "date"),
    "period_end": Field("usage", "date"),
    "route_type": Field("routes", "code", "route-type"),
    "intermediary": Field("routes", "text"),
    "involvement": Field("routes", "code", "involvement"),
    "contract_end": Field("agreements", "date"),
}
IDENTITY = ("product", "vendor", "description")
"""What says which thing a row is about."""


def folded(words: str) -> str:
    """The form in which words of a cell and of a mapping are compared.

    >>> folded("  Yes, in  Routine use ")
    'yes, in routine use'
    """
    return " ".join(words.split()).casefold()


@lru_cache(maxsize=64)
def labels(scheme: str) -> dict[str, str]:
    """The label of each code of a scheme, by code.

    >>> labels("disclosure")["no-response"]
    'no response'
    """
    found: dict[str, dict[NamedNode, str]] = {"code": {}, "label": {}}
    wanted = {NOTATION: "code", PREF_LABEL: "label"}
    for file in ontology.files():
        if file.name != f"{scheme}.ttl":
            continue
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            if quad.predicate not in wanted or not isinstance(quad.subject, NamedNode):
                continue
            if quad.subject.value.startswith(f"{SCHEME}{scheme}/") and isinstance(
                quad.object, Text
            ):
                found[wanted[quad.predicate]][quad.subject] = quad.object.value
    named = {code: found["label"][concept] for concept, code in found["code"].items()}
    return dict(sorted(named.items()))


@lru_cache(maxsize=64)
def words(scheme: str) -> dict[str, str]:
    """The code that each code and each label of a scheme stands for, in folded form."""
    return {folded(word): code for code, label in labels(scheme).items() for word in (code, label)}


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})/(?P<year>\d{4})")
_WORDS = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?{_MONTH},? (?P<year>\d{{4}})", re.IGNORECASE
)


def day(cell: str) -> PartialDate:
    """A date of a cell, the day before the month as in Britain.

    >>> str(day("3/2/2025").first), day("March 2024").precision
    ('2025-02-03', 'month')

    Raises:
        ValueError: it is none.
    """
    for form in (_DAY_FIRST, _MONTH_FIRST, _WORDS):
        if found := form.fullmatch(cell):
            parts = found.groupdict()
            month = parts["month"].lower()[:3]
            number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1
            iso = f"{parts['year']}-{number:02}"
            return PartialDate.parse(f"{iso}-{int(parts['day']):02}" if parts.get("day") else iso)
    return PartialDate.parse(cell)


def iso(cell: str) -> str:
    """A date of a cell in the form of the tables.

    >>> iso("3/2/2025"), iso("March 2024"), iso("2023/24")
    ('2025-02-03', '2024-03', '2023/24')
    """
    found = day(cell)
    text = found.first.isoformat()
    return {"day": text, "month": text[:7]}.get(found.precision, cell)


@dataclass(frozen=True)
class Figure:
    """A number, or the two between which it lies."""

    low: str
    high: str
    approximate: bool


_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_FIGURE = re.compile(
    rf"(?P<about>(?:about|around|approximately|approx\.?|circa|c\.|~|roughly)\s*)?"
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|\u2013|to)\s*(?P<high>{_NUMBER}))?",
    re.IGNORECASE | re.ASCII,
)


def figure(cell: str) -> Figure:
    """A figure of a cell; a range is approximate, and a plain number stands as printed.

    >>> figure("about 1,200"), figure("10-15").high
    (Figure(low='1200', high='1200', approximate=True), '15')

    Raises:
        ValueError: it is none.
    """
    found = _FIGURE.fullmatch(cell)
    if not found:
        raise ValueError(f"{cell!r} is no figure: write 1200, about 1200 or 10-15")
    low = found["low"].replace(",", "")
    high = (found["high"] or low).replace(",", "")
    if float(high) < float(low):
        raise ValueError(f"{cell!r} is no range: its first number is the greater")
    return Figure(low, high, bool(found["about"]) or high != low)
