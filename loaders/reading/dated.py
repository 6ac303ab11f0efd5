"""The day on which a document says that it was written or came out."""

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

WITHIN = 12
"""The line with the date stands among so many at the head of a document."""
_FORMS = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_LEAD = re.compile(
    r"(?:(?:first )?(?:published|issued|updated|released|posted)(?: on)?|date(?: of (?:issue|publication|meeting|reply|response|answer))?|dated|meeting(?: date| of)?)\s*[:\u2013\u2014-]?\s*",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+", re.IGNORECASE)


def day(words: str) -> str | None:
    """A line that is only a date, in ISO 8601.

    >>> day("Published: Tuesday 9 December 2025"), day("9 December 2025 was a Tuesday")
    ('2025-12-09', None)
    """
    plain = _LEAD.sub("", " ".join(words.split()).strip(" .*_|"), count=1)
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", _WEEKDAY.sub("", plain, count=1))
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).date().isoformat()
        except ValueError:
            continue
    return None


def stated(lines: Iterable[str]) -> str | None:
    """The first date that stands in a line of its own at the head of a document."""
    return next((one for line in islice(lines, WITHIN) if (one := day(line))), None)
