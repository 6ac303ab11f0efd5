"""What is named only after it was said to be there: "A new tool is in use. The software, made by Lumo, ..."."""

import re
from typing import TYPE_CHECKING

from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.wording import columns_said, lifecycle
from careatlas.loaders.extraction.wording.cues import NAME, judged
from careatlas.loaders.extraction.wording.text import Span

if TYPE_CHECKING:
    from careatlas.loaders.extraction.deployments.reader import Reader

_KIND = r"(?:systems?|tools?|software|technolog(?:y|ies)|products?|solutions?|apps?|platforms?|devices?|algorithms?|packages?|(?:AI[- ])?scribes?|assistants?|AI)"
_UNNAMED = re.compile(
    r"\W*(?:(?:the|an?|this|some|new|innovative|cutting-edge|pioneering|clever|latest|artificial|intelligence|\(?AI\)?|ground-?breaking|state-of-the-art|smart|digital|clinical|AI[- ]scribe)\s+)*"
    rf"{_KIND}\b(?:\s+(?:that|which|to|for|across|in|at|within|on|over)\b.*)?\W*",
    re.IGNORECASE | re.DOTALL,
)
_CALLED = re.compile(
    rf"\W*(?:the|this|its|their) (?:[\w-]+ ){{0,3}}?{_KIND}\s*(?:(?P<dash>[-\u2013\u2014,(]|\bis(?= (?-i:[A-Z])))\s*)?"
    r"(?:(?:(?:which|that) )?(?:(?:is|was|are|were|has been) )?(?:(?:called|named|known as|branded)\s+(?P<name>)|"
    r"(?:developed|made|built|supplied|provided|created|designed|produced) by\s+(?P<maker>)(?:[\w-]+\s+){0,5}?))?",
    re.IGNORECASE,
)
"""What stands before the name of what was spoken of, or of its maker."""
_REFUSED = re.compile(
    r"\b(?:turned down|rejected|refused|ruled out|passed over|only (?:planned|proposed)|elsewhere|private|in (?:Scotland|Wales|Northern Ireland|the US|America))\b",
    re.IGNORECASE,
)
_MARKS = " ,-\u2013\u2014"
_HEAD = 10
"""A name with its maker and its department has no more words than this."""


def unnamed(said: str) -> bool:
    """Whether words mean a thing without a name: "new AI technology"."""
    return bool(_UNNAMED.fullmatch(said))


def named_now(reader: "Reader", sentence: Span) -> list[Placed]:
    """Take in the name, or the maker, of what was said to be there without one."""
    name = _called(reader.text, sentence, reader.names)
    if name is None or _says_otherwise(reader.text[name.end : sentence.end]):
        return []
    described = reader.deployments[-1] if reader.deployments else None
    if described and described.name:
        described = None
    status, rule = (described.status, described.found.rule) if described else reader.unnamed
    reader.unnamed = ("", "")
    if not status:
        return []
    placed = reader.things(reader.text, name.start, name.end, status, rule)
    if described and placed and placed[0][2] is not described:
        return reader.specified(described, placed)
    return placed


def _says_otherwise(rest: str) -> bool:
    """Whether what is said of a thing after its name is another story than that it is there."""
    if lifecycle.negated(rest) or _REFUSED.search(rest):
        return True
    return judged(f"{NAME} {rest.lstrip(_MARKS)}") not in {"", "live"}


def headed(reader: "Reader", sentence: Span) -> list[Placed]:
    """Take in a known product of which a few words after a colon say how far along it is."""
    text = reader.text
    colon = text.find(": ", sentence.start, sentence.end)
    head = text[sentence.start : max(colon, sentence.start)]
    named = [m for m in reader.names.mentions(head) if m.of("product")]
    if len(named) != 1 or named[0].start or len(head.split()) > _HEAD:
        return []
    status = columns_said.status(text[colon + 1 : sentence.end])
    if not status or status == "live":
        return []
    end = sentence.start + named[0].end
    return reader.things(text, sentence.start, end, status, f"said:{status}", known=True)


def _called(text: str, sentence: Span, names: Gazetteer) -> Mention | None:
    """The product, or the maker, of which a sentence says that it is what was spoken of."""
    for one in names.mentions(text[sentence.start : sentence.end]):
        if not one.of("product", "vendor"):
            continue
        match = _CALLED.fullmatch(text, sentence.start, sentence.start + one.start)
        named = match and one.of("product") and (match["name"] is not None or match["dash"])
        if match is None or not (named or match["maker"] is not None):
            return None
        start, end = sentence.start + one.start, sentence.start + one.end
        return Mention(start, end, one.text, one.entities, one.nearest)
    return None
