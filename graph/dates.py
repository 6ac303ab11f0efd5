"""Dates as sources give them: a day, a month or a year, kept as the two days that bound it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

_FORM = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year, as the days between which it lies."""

    first: date
    last: date
    precision: Literal["day", "month", "year"]

    @classmethod
    def parse(cls, value: str) -> "PartialDate":
        """Read `2024`, `2024-02` or `2024-02-29`.

        >>> PartialDate.parse("2024-02").last
        datetime.date(2024, 2, 29)
        """
        match = _FORM.fullmatch(value)
        if not match:
            raise ValueError(f"{value!r} is not a date: write 2024, 2024-02 or 2024-02-29")
        year = int(match[1])
        if not match[2]:
            return cls(date(year, 1, 1), date(year, 12, 31), "year")
        month = int(match[2])
        if not match[3]:
            last = calendar.monthrange(year, month)[1]
            return cls(date(year, month, 1), date(year, month, last), "month")
        exact = date(year, month, int(match[3]))
        return cls(exact, exact, "day")
