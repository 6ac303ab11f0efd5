"""Days, months and years that a text names, in the form of the tables."""

import calendar
import re
from dataclasses import dataclass

MONTHS = {name.casefold(): at for at, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.casefold(): at for at, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<part>early|mid|late|spring|summer|autumn|winter|(?:the )?(?:start|beginning|end) of)[\s-]+)?"
    rf"(?:(?:the\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"(?:(?P<m>{MONTH})\.?,?\s+(?:(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?)?(?P<y>20\d\d)"
    rf"(?:[/\u2013-](?P<to>\d\d)(?![\d/-]))?\b(?!-\d)"
    rf"|\b(?P<iso>20\d\d-[01]\d(?:-[0-3]\d)?)\b|\b(?:(?P<nd>\d{{1,2}})[/.])?(?P<nm>\d{{1,2}})[/.](?P<ny>20\d\d)\b|"
    r"\b(?P<from>\d\d)/(?P<until>\d\d)\b(?!/)",
    re.IGNORECASE,
)
_NUMBERS = range(1, 13)
_PARTS = {
    "early": ("01", "06"),
    "start": ("01", "06"),
    "beginning": ("01", "06"),
    "spring": ("03", "05"),
    "mid": ("05", "08"),
    "summer": ("06", "08"),
    "autumn": ("09", "11"),
    "late": ("07", "12"),
}


@dataclass(frozen=True)
class Day:
    """A date at a place, as the tables write it."""

    start: int
    end: int
    written: str


def day_at(text: str, start: int, end: int) -> Day | None:
    """The first date that stands in a stretch.

    >>> day_at("since 3 May 2021", 0, 16)
    Day(start=6, end=16, written='2021-05-03')
    >>> day_at("in early 2028", 0, 13).written, day_at("2024-04", 0, 7).written
    ('2028-01/2028-06', '2024-04')
    """
    for match in _DATE.finditer(text, start, end):
        if written := _written(match):
            return Day(match.start(), match.end(), written)
    return None


def to_come(text: str, reported: str) -> bool:
    """Whether the first date that words name lies after the day on which they were written.

    >>> to_come("from May 2026", "2025-06-01"), to_come("since May 2024", "2025-06-01")
    (True, False)
    """
    day = day_at(text, 0, len(text))
    first = day.written.split("/")[0][:7] if day else ""
    return bool(first and reported and first > reported[: len(first)])


def _written(match: re.Match[str]) -> str:
    if iso := match["iso"]:
        month = int(iso[5:7])
        known = month in _NUMBERS and int(iso[8:] or 1) in _days(int(iso[:4]), month)
        return iso if known else ""
    if match["ny"]:
        month, day = int(match["nm"]), int(match["nd"] or 0)
        known = month in _NUMBERS and (day or 1) in _days(int(match["ny"]), month)
        written = f"{match['ny']}-{month:02}" + (f"-{day:02}" if day else "")
        return written if known else ""
    if match["from"]:
        runs_on = int(match["until"]) == (int(match["from"]) + 1) % 100
        return f"20{match['from']}/{match['until']}" if runs_on else ""
    return _with_year(match)


def _with_year(match: re.Match[str]) -> str:
    year = int(match["y"])
    if match["to"] and int(match["to"]) == (year + 1) % 100:
        return f"{year}/{match['to']}"
    if match["to"] and match[0][-3] == "-" and int(match["to"]) in _NUMBERS and not match["m"]:
        return f"{year}-{match['to']}"
    if match["m"]:
        month = MONTHS[match["m"].casefold()]
        number = int(match["d1"] or match["d2"] or 0)
        if number in _days(year, month):
            return f"{year}-{month:02}-{number:02}"
        return f"{year}-{month:02}"
    part = (match["part"] or "").casefold().removeprefix("the ").split()
    if part and part[0] in _PARTS:
        first, last = _PARTS[part[0]]
        return f"{year}-{first}/{year}-{last}"
    return f"{year}-12-31" if part == ["end", "of"] else str(year)


def _days(year: int, month: int) -> range:
    return range(1, calendar.monthrange(year, month)[1] + 1)
