"""Whether somebody whom no catalogue knows does what is said: a firm next door, not the trust."""

import re

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention, short
from careatlas.loaders.extraction.wording.words import CLINICAL, TOKEN, TOOLS, words

_SUBJECT = re.compile(
    r"(?P<name>(?:[A-Z][\w&'\u2019.-]*)(?:\s+(?:(?:of|and|the|&|for)\s+)?[A-Z][\w&'\u2019.-]*)+)\s*(?:\([^()]{1,40}\)\s*)?,?\s*"
    r"(?:(?:which|who|has|have|had|is|are|was|were|been|also|now|already|itself|currently|still|only|alone|then)\s+)*$"
)
"""A name of several words right before a verb."""
_OF_TRUSTS = words(
    """department departments unit units team teams ward wards service services directorate division clinic clinics hospital hospitals
    infirmary trust trusts nhs foundation university centre center site sites campus house surgery theatre theatres group board
    laboratory laboratories lab labs hub a&e emergency staff doctors consultants nurses professor prof dr mr mrs ms sir dame"""
)
"""Words of names of what belongs to a trust, or of who works there."""
_FIRM = re.compile(
    r"\b(?:a|the|another|one|private|commercial|independent) (?:[\w-]+ ){0,3}(?:company|companies|firm|provider|contractor|clinic|charity|practice|partner|agency|bureau|start-?up|university|laboratory)"
    r"(?:,? (?:which|that|who))?\s+(?:(?:has|have|had|is|also|now|already|itself|currently|still|only)\s+)*$",
    re.IGNORECASE,
)
"""Somebody else who is not named."""
_BRINGS_OUT = re.compile(
    r"(?:(?:has|have|had) )?(?:also |now |just )?(?:launched|introduced|unveiled|released|brought out|announced)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\b(?:at|with|in)\s+(?:the\s+)?$")
_NEAR = re.compile(
    r"\b(?:GPs|general practi(?:ces|tioners)|(?:GP|local|doctors['\u2019]) (?:practices|surgeries)|pharmac(?:ies|ists)|care homes|opticians|dentists|vets|schools|prisons)\b"
    r"(?: (?:in|around|near|of|at|across) [^,.;]{2,40}?)?\s+(?:(?:already|also|now|all|have|do)\s+)*$"
)
"""Those around a trust."""


def _brings_out(text: str, anchor: int, names: Gazetteer) -> bool:
    """Whether a maker brings its product to market, which puts it nowhere yet."""
    if not _BRINGS_OUT.match(text, anchor):
        return False
    before = list(names.mentions(text[max(0, anchor - 60) : anchor]))
    maker = bool(before) and before[-1].of("vendor") and not before[-1].of("trust")
    rest = text[anchor:]
    there = next((m for m in names.mentions(rest) if m.of("trust")), None)
    return bool(maker) and not (there and _AT.search(rest, 0, there.start))


def acts(text: str, anchor: int, owner: Mention, names: Gazetteer) -> bool:
    """Whether the text up to the end of a sentence has right before a verb somebody who is neither the owner nor of it."""
    before = text[max(0, anchor - 90) : anchor]
    if _brings_out(text, anchor, names):
        return True
    if _FIRM.search(before) or _NEAR.search(before):
        return True
    match = _SUBJECT.search(before)
    if match is None:
        return False
    name = match["name"]
    known = next(iter(names.mentions(name)), None)
    if known:
        return bool(known.of("vendor") and not known.of("product", "trust")) and known.end == len(
            name
        )
    tokens = {token.casefold() for token in TOKEN.findall(name)}
    whose = " ".join((owner.text, *(entity.label for entity in owner.entities)))
    own = {token.casefold() for token in TOKEN.findall(short(whose.casefold()))}
    return not (tokens & (_OF_TRUSTS | own) or tokens <= CLINICAL | TOOLS)
