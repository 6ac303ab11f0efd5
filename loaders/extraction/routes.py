"""How something came about: through whom, and what they did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.text import trimmed

_INVOLVED = {
    "funded": r"(?:funded|paid for) (?:by|through|via)|with funding from",
    "recommended": r"(?:recommended|endorsed|advised|suggested)(?: to [^.;,]{2,70}?)? by|(?:on|at) the (?:recommendation|advice|suggestion) of",
    "procured": r"(?:procured|purchased|bought|commissioned|contracted|acquired|let|placed|called off|made available|provided) "
    r"(?:by|through|via|under|off)|(?:contract|agreement|order)s? (?:under|through|via|off)",
    "hosted": r"(?:hosted|handled|processed|stored) (?:at|by)",
    "partnered": r"(?:in (?:close )?(?:partnership|association|collaboration|conjunction|cooperation)|jointly) with",
    "initiated": r"(?:only |solely )?as part of|(?:initiated|introduced|led|driven) by|under (?:an?|the|its)(?= )",
    "direct": r"direct(?:ly)? (?:from|with)|(?:by |through |via )?(?:an? )?direct award|"
    r"(?:bought|purchased|procured|acquired) direct(?:ly)?",
    "coordinated": r"(?:coordinated|co-ordinated|organised|orchestrated) by|via|through|"
    r"within(?= (?:(?:the|an?|its) )?(?:[\w-]+ ){1,4}(?:study|trial)\b)|"
    r"in(?= the (?:(?-i:[A-Z])[\w-]* ){1,4}(?:study|trial)\b)",
}
_PATTERN = re.compile(
    "|".join(f"(?P<{k}>\\b(?:{w})\\b)" for k, w in _INVOLVED.items()), re.IGNORECASE
)
_HALFWAY = re.compile(r"\b(?:mid|half|part)-?way\s+$", re.IGNORECASE)
BEFORE = 12
"""So many letters before a route say that it is none: "halfway through"."""
_ARTICLE = re.compile(r"\s*(?:(?:an?|the|our|its|their)\s+)?", re.IGNORECASE)
_STOP = re.compile(
    r"[.;,()]|\s(?:for|to|which|that|since|and|but|who|where|between|on|at)\s|\s+\d|\Z"
)
_KINDS = {
    "study": r"\b(?:research|stud(?:y|ies)|clinical trial)\b",
    "icb": r"\b(?:ICBs?|ICSs?|integrated care (?:boards?|systems?))\b",
    "framework": r"\b(?:framework|DPS|dynamic purchasing)\b",
    "network": r"\b(?:networks?|alliances?|collaboratives?|co-operative|cooperative|consorti(?:um|a))\b",
    "national-programme": r"\b(?:national (?:[\w-]+ )?(?:programme|initiative)|diagnostic fund|NHS England)\b",
    "programme": r"\b(?:programmes?|initiatives?|schemes?|projects?|roll-?out)\b",
    "partner-trust": r"\b(?:trust|hospitals?)\b",
}
_OF_ENTITY = {
    "network": "network",
    "icb": "icb",
    "trust": "partner-trust",
    "study": "study",
    "framework": "framework",
}
_BOARD = re.compile(_KINDS["icb"])
_TAIL = re.compile(
    r"\s*\([A-Z][\w&-]*\)|\s+(?:[a-z-]+\s+){0,3}(?:network|initiative|programme|trust|study|project)\b"
)


@dataclass(frozen=True)
class Way:
    """A route at a place."""

    start: int
    end: int
    kind: str
    involvement: str
    through: Mention


def ways(text: str, start: int, end: int, names: Gazetteer) -> Iterator[Way]:
    """The routes that a sentence states, in order."""
    at = start
    while match := _PATTERN.search(text, at, end):
        at = match.end()
        article = _ARTICLE.match(text, at, end)
        begin = article.end() if article else at
        way = _way(text, match, begin, end, names)
        if way and not _HALFWAY.search(text[max(start, match.start() - BEFORE) : match.start()]):
            yield way
            at = way.end


def _inside(said: str, names: Gazetteer) -> Mention | None:
    """A body or study that is named further on in what is said of the route."""
    wanted = [kind for kind, words in _KINDS.items() if re.search(words, said, re.IGNORECASE)]
    for mention in names.mentions(said):
        if any(_OF_ENTITY.get(e.kind) in wanted for e in mention.entities if e.kind != "trust"):
            return mention
    return None


def _way(text: str, match: re.Match[str], begin: int, end: int, names: Gazetteer) -> Way | None:
    involvement = match.lastgroup or ""
    if involvement == "direct":
        through = Mention(match.start(), match.end(), "", ())
        return Way(match.start(), match.end(), "direct", "", through)
    known = next((m for m in names.mentions(text[begin:end]) if m.start == 0), None)
    stop = _STOP.search(text, begin, end)
    span = trimmed(text, begin, stop.start() if stop else end)
    said = text[span.start : span.end]
    if known is None and (inside := _inside(said, names)):
        begin += text[begin : span.end].find(said) + inside.start
        known = Mention(0, inside.end - inside.start, inside.text, inside.entities)
    if known and (of := [_OF_ENTITY[e.kind] for e in known.entities if e.kind in _OF_ENTITY]):
        through = Mention(begin, begin + known.end, known.text, known.entities)
        kind = of[0]
    else:
        kind = next((k for k, words in _KINDS.items() if re.search(words, said, re.IGNORECASE)), "")
        through = Mention(
            span.start, span.end, said, (), names.nearest(said, "network", "programme")
        )
    if (
        not kind
        or not said
        or re.search(r"\b(?:routine|normal|standard|daily)\b", said, re.IGNORECASE)
    ):
        return None
    if kind == "icb" and not through.entities and (board := _BOARD.search(said)):
        at = span.start + board.start()
        printed = said if said[:1].isupper() and board.start() else board[0]
        printed = (
            board[0]
            if re.search(r"initiative|programme|project", printed, re.IGNORECASE)
            else printed
        )
        through = Mention(at, at + len(board[0]), printed, (), through.nearest)
    if kind == "study" and involvement == "initiated":
        involvement = "coordinated"
    if kind == "framework" and involvement in {"coordinated", "initiated"}:
        involvement = "procured"
    last = max(through.end, span.end if not through.entities else through.end)
    while tail := _TAIL.match(text, last, end):
        last = tail.end()
    return Way(match.start(), last, kind, involvement, through)
