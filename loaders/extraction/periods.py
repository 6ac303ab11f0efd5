"""The period of which a text speaks, as its first and its last day."""

import calendar
import re
from collections.abc import Callable

from careatlas.loaders.extraction.days import MONTH, MONTHS

Period = tuple[str, str]
_BETWEEN = re.compile(
    rf"\b(?P<m1>{MONTH})\.?(?:\s+(?P<y1>20\d\d))?\s*(?:and|to|-|\u2013|until)\s*(?P<m2>{MONTH})\.?\s+(?P<y2>20\d\d)\b",
    re.IGNORECASE,
)
_YEAR_TO = re.compile(
    rf"\b(?:year|12 months|twelve months) (?:to|ending|ended|up to) (?:the end of |\d{{1,2}} )?(?P<m>{MONTH})\.?\s+(?P<y>20\d\d)\b",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"\b(?P<which>first|second|last) (?:six months|half)(?: of)?(?: the year)?,?\s+(?P<y>20\d\d)\b",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(r"\b(?:20)?(?P<from>\d\d)[/-](?P<to>\d\d)\b")
_SINCE = re.compile(rf"\bsince\s+(?:(?P<m>{MONTH})\.?\s+)?(?P<y>20\d\d)\b(?![/-])", re.IGNORECASE)
_IN = re.compile(rf"\b(?:in|during)\s+(?:(?P<m>{MONTH})\s+)?(?P<y>20\d\d)\b(?![/-])", re.IGNORECASE)


def period(text: str) -> Period:
    """The first and last day of the period that words name; empty where they name none.

    >>> period("between March and August 2024")
    ('2024-03-01', '2024-08-31')
    """
    return period_at(text, 0, len(text))[0]


def period_at(text: str, start: int, end: int) -> tuple[Period, int]:
    """The period that a stretch names, and where it ends."""
    for pattern, read in _FORMS:
        if (match := pattern.search(text, start, end)) and (found := read(match)):
            return found, match.end()
    return ("", ""), start


def _between(match: re.Match[str]) -> Period:
    first, last = MONTHS[match["m1"].casefold()], MONTHS[match["m2"].casefold()]
    until = int(match["y2"])
    since = int(match["y1"]) if match["y1"] else until - (first > last)
    return f"{since}-{first:02}-01", _last(until, last)


def _year_to(match: re.Match[str]) -> Period:
    year, month = int(match["y"]), MONTHS[match["m"].casefold()]
    begun = year * 12 + month - 12
    return f"{begun // 12}-{begun % 12 + 1:02}-01", _last(year, month)


def _half(match: re.Match[str]) -> Period:
    first, last = ("01-01", "06-30") if match["which"].lower() == "first" else ("07-01", "12-31")
    return f"{match['y']}-{first}", f"{match['y']}-{last}"


def _financial(match: re.Match[str]) -> Period | None:
    if int(match["to"]) != (int(match["from"]) + 1) % 100:
        return None
    return f"20{match['from']}-04-01", f"20{match['to']}-03-31"


def _since(match: re.Match[str]) -> Period:
    return f"{match['y']}-{MONTHS[match['m'].casefold()] if match['m'] else 1:02}-01", ""


def _in(match: re.Match[str]) -> Period:
    year = int(match["y"])
    if not match["m"]:
        return f"{year}-01-01", f"{year}-12-31"
    month = MONTHS[match["m"].casefold()]
    return f"{year}-{month:02}-01", _last(year, month)


def _last(year: int, month: int) -> str:
    return f"{year}-{month:02}-{calendar.monthrange(year, month)[1]}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = (
    (_BETWEEN, _between),
    (_YEAR_TO, _year_to),
    (_HALF, _half),
    (_FINANCIAL, _financial),
    (_SINCE, _since),
    (_IN, _in),
)
"""The forms of a period, the most exact first."""
