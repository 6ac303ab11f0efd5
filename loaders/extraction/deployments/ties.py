"""Which of the things that are known of an organisation a stretch of text means."""

import re
from collections.abc import Sequence

from careatlas.loaders.extraction.candidates import Deployment
from careatlas.loaders.extraction.gazetteer import Gazetteer

Placed = tuple[int, bool, Deployment]
"""Where something is named, whether a comma stands before it, and what it is."""
AGAIN = re.compile(
    r"\s*(?:(?:the )?(?:phase|stage|part|first phase|first stage|roll-?out) (?:\w+ )?of )?(?:it|(?:the|this|that) (?:same )?(?:ai )?(?:product|software|tool|system|technology|platform|algorithm|application))\b",
    re.IGNORECASE,
)
"""Words that mean what was named last."""


BEFORE = 160
"""So many letters before such words hold what they mean."""


def meant(
    known: Sequence[Deployment], vendor: object, product: object, new: str, printed: str
) -> Deployment | None:
    """The deployment that a name means, if it is known already."""
    for one in known:
        if product and one.product == product:
            return one
        if new and one.new == new and one.vendor == vendor:
            return one
    for one in known:
        if vendor and not new and one.vendor == vendor and not (product and one.product):
            return one
        if one.name and not (vendor or product) and one.name.text == printed:
            return one
    return None


def subject(said: str, known: Sequence[Deployment], names: Gazetteer) -> Deployment | None:
    """The last thing named in a stretch that is known."""
    mentions = [m for m in names.mentions(said) if m.of("vendor", "product")]
    for mention in reversed(mentions):
        products = mention.of("product")
        vendors = mention.of("vendor")
        for product in products:
            if one := next((d for d in known if d.product == product), None):
                return one
        for vendor in (*vendors, *(names.by_iri.get(p.vendor) for p in products)):
            if vendor and (one := meant(known, vendor, None, "", "")):
                return one
    named = [
        (said.rfind(one.new), at) for at, one in enumerate(known) if one.new and one.new in said
    ]
    return known[max(named)[1]] if named else None


def near(  # noqa: PLR0913 - a place, and what is known there
    text: str,
    start: int,
    at: int,
    placed: Sequence[Placed],
    known: Sequence[Deployment],
    names: Gazetteer,
) -> Deployment | None:
    """What a number or a route at a place is about: what is named right before, else the last."""
    before = [entry for entry in placed if entry[0] <= at]
    first = max([start, *(entry[0] for entry in before)])
    if found := subject(text[first:at], known, names):
        return found
    if before:
        return max(before, key=lambda entry: entry[0])[2]
    named = subject(text[start:at], known, names) or subject(text[:at], known, names)
    return named or (known[-1] if known else None)
