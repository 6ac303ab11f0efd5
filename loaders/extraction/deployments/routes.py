"""How something came about: through whom, and what they did."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.wording.text import Span, trimmed

_INVOLVED = {
    "funded": r"(?:(?:part(?:ly)?-?|jointly |wholly |fully |co-?)?funded|paid for|financed|met|sponsored) (?:by|through|via|from|out of)|"
    r"(?:with|using|thanks to|out of|on) (?:the )?(?:funding|funds|money|grants?|an? grant|cash|support|backing|help|finance|investment|capital) (?:from|of|by)|"
    r"(?:funds|funding|money|capital|finance) (?:came |comes |was |is )?(?:provided )?(?:from|by)",
    "recommended": r"(?:recommended|endorsed|advised|suggested|put forward|proposed)(?: to [^.;,]{2,70}?)? by|(?:at|on|following) (?:the )?(?:suggestion|recommendation|advice) (?:of|from)",
    "procured": r"(?:procured|purchased|bought|commissioned|contracted|acquired|let|placed|called off|made available|provided|obtained|secured|sourced|licensed|"
    r"arranged|negotiated|ordered|tendered) (?:(?:on (?:our|its|their|the trust['\u2019]s|everybody['\u2019]s|members['\u2019]|(?:[\w-]+ ){0,2}behalf of [^.;,]{2,40}?) ?(?:joint )?(?:behalf)?|for (?:us|it|them|all|its \w+|the \w+)|jointly|centrally|together|for [^.;,]{2,30}?) )?(?:by(?: (?:way|means) of)?|through|via|under|off|using)|call(?:ed)?[ -]?off from|call(?:ed|s)? (?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)? off(?: from)?(?= (?:the|an?) )|called (?:it|them) off(?: from)?(?= the )|"
    r"(?:(?<=was )|(?<=were )|(?<=been )|(?<=is ))called off(?= (?:(?:the|an?|our|its) )?(?-i:[A-Z]))|"
    r"(?:under|through|from|off|on|via) (?:the |an? )?(?:[\w-]+ )?(?:contract|agreement|licen[cs]e) (?:of|held by|let by|run by|signed by|placed by)(?= )|"
    r"(?:contract|agreement|order|call-off|mini-competition|competition)s? (?:under|through|via|off|on|from)(?= (?:the|an?|our|its) )",
    "hosted": r"(?:hosted|handled|processed|stored|run on the servers?|housed) (?:for [^.;,]{2,40}? )?(?:at|by|of)",
    "partnered": r"(?:procured|purchased|bought|acquired|contracted|ordered|licensed|tendered)(?: for)?,? (?:together|jointly|in common|along) with|(?:in (?:close )?(?:partnership|association|collaboration|conjunction|cooperation)|jointly) with",
    "initiated": r"(?:an? )?initiative (?:of|by|from)|(?:only |solely )?as (?:an? )?part of|part of(?= (?:the|an?|our|its) )|(?:initiated|introduced|led|driven|started|launched|begun|set up) by|under (?:an?|the|its)(?= )",
    "direct": r"direct(?:ly)? (?:from|with|by the (?:trust|hospital|department|board)\b)|(?:straight|without (?:a |any )?(?:framework|intermediary)[^.;]{0,20}) from|(?:by |through |via )?(?:an? )?direct (?:award|purchase|procurement)|"
    r"(?:bought|purchased|procured|acquired) direct(?:ly)?",
    "coordinated": r"(?:coordinated|co-ordinated|organised|orchestrated|managed|overseen|facilitated|brokered|supported) by|via|through|by (?:way|means) of|"
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
    r"[.;,()]|\s(?:for|to|which|that|since|and|but|who|where|when|while|until|once|because|after|before|following|between|on|at|in|as)\s|\s+\d|\Z"
)
KINDS = {
    "study": r"\b(?:research|stud(?:y|ies)|clinical trial)\b",
    "icb": r"\b(?:ICBs?|ICSs?|integrated care (?:boards?|systems?))\b",
    "framework": r"\b(?:framework|DPS|dynamic purchasing)\b",
    "network": r"\b(?:networks?|alliances?|collaboratives?|co-operative|cooperative|consorti(?:um|a))\b",
    "national-programme": r"\b(?:national (?:[\w-]+ )?(?:programme|initiative)|diagnostic fund|NHS England)\b",
    "programme": r"\b(?:programmes?|initiatives?|schemes?|projects?|roll-?out)\b",
    "partner-trust": r"\b(?:trust|hospitals?)\b",
}
OF_ENTITY = {
    "network": "network",
    "icb": "icb",
    "trust": "partner-trust",
    "study": "study",
    "framework": "framework",
}
_BOARD = re.compile(KINDS["icb"])
_BODY = re.compile(
    r"\s+(?:(?!(?:on|in|to|by|via|through|of|the|an?|and|or|with|for|at|from|as)\b)[a-z-]+\s+){0,2}(?:network|alliance|collaborative|consortium)\b",
    re.IGNORECASE,
)
"""What makes of the name of a place that of a body there."""
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


_NAMED_AFTER = re.compile(r",\s+(?:the\s+|called\s+|known as\s+|named\s+)?(?=[A-Z])")


def _named_after(text: str, said: str, at: int, end: int, names: Gazetteer) -> Mention | None:
    """The name that follows what a programme or body is: "a regional scheme, the X Programme"."""
    more = _NAMED_AFTER.match(text, at, end)
    if more is None or said[:1].isupper():
        return None
    stop = _STOP.search(text, more.end(), end)
    span = trimmed(text, more.end(), stop.start() if stop else end)
    name = text[span.start : span.end]
    known = next((m for m in names.mentions(name) if m.start == 0), None)
    if known and known.of("product", "vendor", "trust"):
        return None
    kinds = [k for k, words in KINDS.items() if re.search(words, name, re.IGNORECASE)]
    if not kinds and not (known and any(e.kind in OF_ENTITY for e in known.entities)):
        return None
    return Mention(span.start, span.end, name, known.entities if known else ())


_BARE_DIRECT = re.compile(
    r"(?:bought |purchased |procured )?(?:direct(?:ly)?\b|direct award|in-house purchase)",
    re.IGNORECASE,
)


def bare_way(said: str, start: int, names: Gazetteer) -> Way | None:
    """The way in that the answer to "how did you get it" merely names."""
    if match := _BARE_DIRECT.match(said, start):
        return Way(match.start(), match.end(), "direct", "", Mention(start, match.end(), "", ()))
    article = _ARTICLE.match(said, start)
    begin = article.end() if article else start
    known = next((m for m in names.mentions(said[begin:]) if m.start == 0), None)
    if known is None:
        return None
    kinds = [OF_ENTITY.get(e.kind) for e in known.entities if e.kind != "trust"]
    words = next((k for k, w in KINDS.items() if re.search(w, known.text, re.IGNORECASE)), "")
    kind = next((one for one in kinds if one), words if known.of("programme") else "")
    if not kind:
        return None
    through = Mention(begin, begin + known.end, known.text, known.entities)
    return Way(begin, begin + known.end, kind, "procured", through)


def _not_cut(text: str, span: Span, end: int, names: Gazetteer) -> Span:
    """The stretch with the whole of a known name that it would end within."""
    for mention in names.mentions(text[span.start : end]):
        if mention.start + span.start < span.end < mention.end + span.start:
            return Span(span.start, mention.end + span.start)
    return span


def _inside(said: str, names: Gazetteer) -> Mention | None:
    """A body, study or programme that is named further on in what is said of the route."""
    wanted = [kind for kind, words in KINDS.items() if re.search(words, said, re.IGNORECASE)]
    for mention in names.mentions(said):
        if mention.of("programme"):
            return mention
        if any(OF_ENTITY.get(e.kind) in wanted for e in mention.entities if e.kind != "trust"):
            return mention
    return None


_NATIONAL = re.compile(r"\bnational\b|\bNHS England\b", re.IGNORECASE)
_WHICH_DID = re.compile(
    r",? (?:which|who) (?:has |had |also )?(?:(?P<procured>procured|bought|purchased|commissioned|licensed)|(?P<funded>paid for|funded|pays for|funds)|"
    r"(?P<recommended>recommended)|(?P<hosted>hosts|hosted))\b",
    re.IGNORECASE,
)
"""What is said of the body through which something came: that it did more than pass it on."""


def _of_programme(name: str, before: str) -> str:
    """What kind of route a programme is, by its name and the words right before it."""
    kind = next((k for k, w in KINDS.items() if re.search(w, name, re.IGNORECASE)), "programme")
    national = kind == "programme" and _NATIONAL.search(f"{before} {name}")
    return "national-programme" if national else kind


def _involved(kind: str, involvement: str) -> str:
    """What a body of this kind does where words say only that something came through it."""
    if kind == "study" and involvement == "initiated":
        return "coordinated"
    if kind == "framework" and involvement in {"coordinated", "initiated"}:
        return "procured"
    return involvement


def _way(text: str, match: re.Match[str], begin: int, end: int, names: Gazetteer) -> Way | None:
    involvement = match.lastgroup or ""
    if involvement == "direct":
        through = Mention(match.start(), match.end(), "", ())
        return Way(match.start(), match.end(), "direct", "", through)
    known = next((m for m in names.mentions(text[begin:end]) if m.start == 0), None)
    stop = _STOP.search(text, begin, end)
    span = trimmed(text, begin, stop.start() if stop else end)
    span = _not_cut(text, span, end, names)
    said = text[span.start : span.end]
    if known is None and (inside := _inside(said, names)):
        begin += text[begin : span.end].find(said) + inside.start
        known = Mention(0, inside.end - inside.start, inside.text, inside.entities)
    body = _BODY.match(text, begin + known.end, end) if known and not known.of("network") else None
    if known and body and known.of("icb", "trust", "organisation"):
        # "North Fells imaging network" is none of those that are called North Fells.
        name = text[begin : body.end()]
        kind, near = "network", names.nearest(name, "network")
        through = Mention(begin, body.end(), name, names.find(name, "network"), near)
    elif known and (of := [OF_ENTITY[e.kind] for e in known.entities if e.kind in OF_ENTITY]):
        kind = "network" if _BODY.match(text, begin + known.end, end) else of[0]
        meant = tuple(e for e in known.entities if OF_ENTITY.get(e.kind) == kind)
        through = Mention(begin, begin + known.end, known.text, meant)
    elif known and known.of("programme"):
        kind = _of_programme(known.label, text[max(begin - 20, match.start()) : begin])
        through = Mention(begin, begin + known.end, known.text, known.of("programme"))
    else:
        kind = next((k for k, words in KINDS.items() if re.search(words, said, re.IGNORECASE)), "")
        through = Mention(
            span.start, span.end, said, (), names.nearest(said, "network", "programme")
        )
        if kind and (named := _named_after(text, said, span.end, end, names)):
            through = named
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
    did = _WHICH_DID.match(text, through.end, end) if involvement == "coordinated" else None
    involvement = (did.lastgroup or "") if did else _involved(kind, involvement)
    last = max(through.end, span.end if not through.entities else through.end)
    while tail := _TAIL.match(text, last, end):
        last = tail.end()
    return Way(match.start(), last, kind, involvement, through)
