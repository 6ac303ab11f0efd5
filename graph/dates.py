"""Dates as sources give them: a day, a month, a year or a stretch, kept as the two days that bound it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

_FORM = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_FINANCIAL = re.compile(r"(\d{4})/(\d{2})", re.ASCII)
FORMS = "2024, 2024-02, 2024-02-29, 2023/24 or 2024-01/2024-06"


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, the month, the year or a stretch, as the days between which it lies."""

    first: date
    last: date
    precision: Literal["day", "month", "year", "financial-year", "interval"]

    @classmethod
    def parse(cls, value: str) -> "PartialDate":
        """Read `2024`, `2024-02`, `2024-02-29`, `2023/24` or `2024-01/2024-06`.

        >>> PartialDate.parse("2024-02").last
        datetime.date(2024, 2, 29)
        >>> PartialDate.parse("2015/16").first
        datetime.date(2015, 4, 1)
        >>> PartialDate.parse("2028-01/2028-06").last
        datetime.date(2028, 6, 30)
        """
        if financial := _FINANCIAL.fullmatch(value):
            return cls._financial(int(financial[1]), int(financial[2]))
        if value.count("/") == 1:
            begin, end = value.split("/")
            return cls._between(cls.parse(begin), cls.parse(end))
        match = _FORM.fullmatch(value)
        if not match:
            raise ValueError(f"{value!r} is not a date: write {FORMS}")
        year = int(match[1])
        if not match[2]:
            return cls(date(year, 1, 1), date(year, 12, 31), "year")
        month = int(match[2])
        if not match[3]:
            last = calendar.monthrange(year, month)[1]
            return cls(date(year, month, 1), date(year, month, last), "month")
        exact = date(year, month, int(match[3]))
        return cls(exact, exact, "day")

    @classmethod
    def _financial(cls, year: int, short: int) -> "PartialDate":
        if short != (year + 1) % 100:
            raise ValueError(f"{year}/{short:02} is not a date: a financial year ends a year later")
        return cls(date(year, 4, 1), date(year + 1, 3, 31), "financial-year")

    @classmethod
    def _between(cls, begin: "PartialDate", end: "PartialDate") -> "PartialDate":
        bounds = begin.precision if begin.precision == end.precision else ""
        if bounds not in {"day", "month"} or begin.first >= end.first:
            raise ValueError(
                f"from {begin.first} to {end.last} is not a date: write two months or two days, in order"
            )
        return cls(begin.first, end.last, "interval")
