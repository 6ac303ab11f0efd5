"""Lists of trusts under the name of what they have."""

import re

from careatlas.loaders.extraction.deployments.items import Item, meant_again
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.organisations.sections import Owner, section
from careatlas.loaders.extraction.wording.columns_said import status
from careatlas.loaders.extraction.wording.days import to_come
from careatlas.loaders.reading.model import Passage

BARE = {"uses": "live", "ended": "ended"}
"""What a bare name means in a list of this kind."""
_DASHED = re.compile(r"[:,\u2013\u2014-]\s*([^.;:]{2,40})")
_WITH_NAME = 4
"""A heading that has so many words is no more than a product's name."""
_NEVER = ("denies", "no-response", "plans", "skip")


def means(kind: str, headings: tuple[str, ...]) -> str:
    """What a bare name means in a list, by what the list is or the words above it; else empty.

    >>> means("", ("What trusts have", "On trial"))
    'trialling'
    """
    words = headings[-1] if headings and not kind else ""
    state = status(words) if 0 < len(words.split()) <= _WITH_NAME else None
    return BARE.get(kind, "") or state or ""


def under_product(
    passage: Passage, text: str, whose: Owner, reported: str, names: Gazetteer
) -> tuple[Item, str] | None:
    """What a trust has that stands in a list under a product's name, and its status.

    None where the passage is no such entry; an empty status where the trust has it not, or not yet.
    """
    heading = passage.headings[-1] if passage.headings else ""
    product = next((m for m in names.mentions(heading) if m.of("product")), None)
    rest = text[whose.body :].strip(" .;,\n")
    note = re.fullmatch(r"\(([^()]*)\)", rest) or _DASHED.fullmatch(rest)
    if product is None or len(heading.split()) > _WITH_NAME or (rest and not note):
        return None
    kind = section(passage.headings)
    said = BARE.get(kind, "" if kind in _NEVER else "unspecified")
    if note:
        noted = status(note[1])
        if noted is None and note.re is _DASHED:
            return None
        said = said if noted is None else noted
    item = meant_again(product, whose.name.start, whose.name.end, names)
    return item, "" if to_come(rest, reported) else said
