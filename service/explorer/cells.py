"""What stands in a cell of a table, or in a line of a page, as people see it."""

import re
from typing import NamedTuple

from markupsafe import escape

_WHOLE = re.compile(r"(?<!\S)(\S{1,3}-\S{1,12}|\d{4}-\d{2}-\d{2})(?!\S)")
"""What no line may end in, such as `e-Stroke` and a day."""


class Cell(NamedTuple):
    """What stands in a cell, where it leads, and what is said beside it.

    >>> print(Cell("e-Stroke", "/about/x", "row 1").__html__())
    <a href="/about/x"><span class="whole">e-Stroke</span></a><small>row 1</small>
    """

    text: str
    url: str | None = None
    note: str | None = None
    value: str | None = None
    """What programs get in its place, where people see a word for it."""

    def __html__(self) -> str:
        """Its markup, which a template takes as it is: a macro for each cell takes half of a page's time."""
        words = "".join(
            f'<span class="whole">{escape(part)}</span>' if at % 2 else escape(part)
            for at, part in enumerate(_WHOLE.split(self.text))
        )
        if self.url:
            words = f'<a href="{escape(self.url)}">{words}</a>'
        elif self.value:
            words = f'<data value="{escape(self.value)}">{words}</data>'
        return f"{words}<small>{escape(self.note)}</small>" if self.note else words
