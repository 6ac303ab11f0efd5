"""The period of which a text speaks, as its first and its last day."""

import calendar
import re
from collections.abc import Callable

from careatlas.graph.dates import PartialDate
from careatlas.loaders.extraction.wording.days import MONTH, MONTHS, day_at

Period = tuple[str, str]
_BETWEEN = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<m1>{MONTH})\.?(?:\s+(?P<y1>20\d\d))?\s*"
    r"(?:and|to|-|\u2013|until|through|till|up to)\s*(?:the end of\s+)?"
    rf"(?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<m2>{MONTH})\.?\s+(?P<y2>20\d\d)\b",
    re.IGNORECASE,
)
_DAY = r"(?:20\d\d-[01]\d(?:-[0-3]\d)?|(?:[0-3]?\d[/.])?[01]?\d[/.]20\d\d)"
_BETWEEN_DAYS = re.compile(
    rf"(?<![\w/.-])(?P<first>{_DAY})\s*(?:and|to|-|\u2013|until|through|till|up to)\s*(?P<last>{_DAY})(?![\w/-])",
    re.IGNORECASE,
)
"""Two days or months in figures."""
_YEAR_TO = re.compile(
    r"\b(?:year|twelve months|12 months) (?:to|ending|ended|up to)\s+(?:the end of\s+)?"
    rf"(?:\d{{1,2}}\s+)?(?P<m>{MONTH})\.?\s+(?P<y>20\d\d)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?P<n>first|second|third|fourth|last) (?P<w>half|six months|quarter)(?: of)?|(?P<q>Q[1-4])|"
    r"first (?P<months>three|nine|\d) months of)(?: the year)?,?\s+(?P<y>20\d\d)\b(?![/-]\d)",
    re.IGNORECASE,
)
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_SO_MANY = {"three": 3, "nine": 9}
_FINANCIAL = re.compile(r"\b(?:20)?(?P<from>\d\d)[/\u2013-](?:20)?(?P<to>\d\d)\b(?![/-]\d)")
_QUARTER = re.compile(
    r"\bQ(?P<q>[1-4])(?:\s*(?:and|to|-|\u2013)\s*Q(?P<q2>[1-4]))?(?:\s+of)?,?\s+(?:20)?(?P<from>\d\d)[/\u2013-](?:20)?(?P<to>\d\d)\b(?![/-]\d)",
    re.IGNORECASE,
)
"""A quarter of a financial year."""
_SINCE = re.compile(
    r"\bsince\s+(?:(?!(?:20|19)\d\d\b)[a-z][\w\u2019'-]*\s+){0,6}?"
    rf"(?:(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<m>{MONTH})\.?\s+)?(?P<y>20\d\d)\b(?![/-])",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\b(?:in|during|over|throughout|for|across)\s+(?:the\s+)?"
    r"(?:calendar\s+year\s+|whole of\s+|year\s+|month of\s+)?"
    rf"(?:(?P<m>{MONTH})\s+)?(?P<y>20\d\d)\b(?![/-])",
    re.IGNORECASE,
)


def period(text: str) -> Period:
    """The first and last day of the period that words name; both empty where they name none.

    >>> period("used in the first half of 2025")
    ('2025-01-01', '2025-06-30')
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
    begins = min(f"{since}-{first:02}-{int(match['d1'] or 1):02}", _last(since, first))
    return begins, min(f"{until}-{last:02}-{int(match['d2'] or 31):02}", _last(until, last))


def _between_days(match: re.Match[str]) -> Period | None:
    begins, ends = (day_at(match[at], 0, len(match[at])) for at in ("first", "last"))
    if begins is None or ends is None:
        return None
    first = PartialDate.parse(begins.written).first.isoformat()
    last = PartialDate.parse(ends.written).last.isoformat()
    return (first, last) if first <= last else None


def _year_to(match: re.Match[str]) -> Period:
    year, month = int(match["y"]), MONTHS[match["m"].casefold()]
    begun = year * 12 + month - 12
    return f"{begun // 12}-{begun % 12 + 1:02}-01", _last(year, month)


def _part(match: re.Match[str]) -> Period:
    """A half, a quarter or the first months of a year."""
    year = int(match["y"])
    if match["months"]:
        said = match["months"].lower()
        return f"{year}-01-01", _last(year, _SO_MANY.get(said) or max(1, int(said)))
    size = 6 if (match["w"] or "").lower() in {"half", "six months"} else 3
    most = 12 // size - 1
    at = int(match["q"][1]) - 1 if match["q"] else _NTH.get(match["n"].lower(), most)
    at = min(at, most)
    return f"{year}-{at * size + 1:02}-01", _last(year, (at + 1) * size)


def _financial(match: re.Match[str]) -> Period | None:
    if int(match["to"]) != (int(match["from"]) + 1) % 100:
        return None
    return f"20{match['from']}-04-01", f"20{match['to']}-03-31"


def _quarter(match: re.Match[str]) -> Period | None:
    whole = _financial(match)
    if whole is None:
        return None
    at, year = (int(match["q"]) * 3) % 12, int(whole[0][:4])
    year += at < int(match["q"])
    more = max(int(match["q2"] or 0) - int(match["q"]), 0) * 3
    last = at + 3 + more
    return f"{year}-{at + 1:02}-01", _last(year + (last > 12), (last - 1) % 12 + 1)  # noqa: PLR2004


def _since(match: re.Match[str]) -> Period:
    if not match["m"]:
        return f"{match['y']}-01-01", ""
    year, month = int(match["y"]), MONTHS[match["m"].casefold()]
    return min(f"{year}-{month:02}-{int(match['d'] or 1):02}", _last(year, month)), ""


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
    (_BETWEEN_DAYS, _between_days),
    (_YEAR_TO, _year_to),
    (_PART, _part),
    (_QUARTER, _quarter),
    (_FINANCIAL, _financial),
    (_SINCE, _since),
    (_IN, _in),
)
"""The forms of a period, the most exact first."""
