"""The parts of a thing's page that code makes: what it opens with, and sections beside the questions."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from careatlas.service.explorer.subject import Subject

FIRST = "first"
"""As what an extra comes after: before all sections of questions."""


class Extra(NamedTuple):
    """A section that code makes, in HTML without its heading; what it shows is of the catalogue."""

    name: str
    """Its anchor."""
    title: str
    html: str
    after: str = ""
    """The name of the section after which it comes, or FIRST; without one it comes last."""


Opening = Callable[[Subject], Awaitable[str]]
"""Makes HTML that stands before all sections: the summary, figures, pictures."""
Extras = Callable[[Subject], Awaitable[list[Extra]]]
"""Makes sections; none where there is nothing to show."""

OPENINGS: dict[str, Opening] = {}
"""By kind of thing, as in `sections.SECTIONS`. A thing of two kinds has the openings of both."""
EXTRAS: dict[str, Extras] = {}
"""By kind of thing, likewise."""
