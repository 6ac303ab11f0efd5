"""Windows of time in the service's local time, as its own clock on the wall shows it.

Neighbours share an edge, so that whatever instant the service takes a time for on the nights when
the clock changes, all windows together leave none out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

HOURS = 6
_SHOWN = "%Y-%m-%dT%H%M"
_LEAST = timedelta(minutes=1)
_BEYOND = timedelta(seconds=1)


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of time from one whole minute to another."""

    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """Its part in the names of files."""
        return f"{self.start:{_SHOWN}}_{self.end:{_SHOWN}}"

    @property
    def bounds(self) -> tuple[str, str]:
        """What the service is asked: a second more, in case one of its bounds is not part of the window."""
        return self.start.isoformat(), (self.end + _BEYOND).isoformat()

    @property
    def halves(self) -> tuple["Window", "Window"] | None:
        """The two halves of it, unless it is a minute."""
        minutes = (self.end - self.start) // _LEAST
        if minutes <= 1:
            return None
        middle = self.start + (minutes // 2) * _LEAST
        return Window(self.start, middle), Window(middle, self.end)


def windows(first: date, last: date) -> Iterator[Window]:
    """The windows from the beginning of one day to the end of another, in order."""
    start = datetime.combine(first, time())
    end = datetime.combine(last, time()) + timedelta(days=1)
    while start < end:
        yield Window(start, start + timedelta(hours=HOURS))
        start += timedelta(hours=HOURS)
