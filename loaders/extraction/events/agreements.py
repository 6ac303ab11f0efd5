"""Memoranda, partnerships, deals and contracts with their parties; none of them is evidence of use."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from careatlas.graph.terms import slug
from careatlas.loaders.extraction.candidates import Stated
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import (
    Last,
    Told,
    joined_names,
    label,
    listed,
    one_of,
    parties,
)
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import idle
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.extraction.wording.text import Span

_WHAT = (
    r"(?P<what>memorand(?:um|a)(?: of understanding)?|mous?|partnerships?|alliance|collaborations?|"
    r"agreements?|contracts?|deals?)\b(?:\s+agreements?\b)?(?:\s*\([^)]{1,12}\))?"
)
_SIGNED = re.compile(
    r"\b(?:signed|entered(?: into)?|agreed|struck|formed|announced|sealed|reached|concluded|established|inked|unveiled|launched)\s+"
    rf"(?P<how>(?:up to\s+)?(?:(?!to\b|that\b)[\w\u00a3.,'\u2019-]+\s+){{0,7}}?){_WHAT}",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:has|have|is in|are in|maintains?|holds?)\s+"
    rf"(?P<how>(?:an?|its|their|the)\s+(?:(?!to\b|that\b|for\b)[\w\u00a3.,'\u2019-]+\s+){{0,5}}?){_WHAT}(?=\s+with\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"\b(?:(?:has|have|is|are)?\s*(?:partner(?:ed|s|ing)?|team(?:ed|ing) up|join(?:ed|ing)? forces)|"
    r"(?P<work>(?:is|are|has been|have been) (?:collaborating|working in (?:partnership|collaboration))|"
    r"(?:has|have) collaborated|collaborates?))\s+with\s+",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:(?:co-?)?(?:developed|designed|created|built|produced|published|delivered|established))\b[^.;]{0,80}?"
    r"\bin (?:close )?(?:collaboration|partnership) with\s+",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:has |have )?awarded\s+(?P<how>(?:[\w\u00a3.,'\u2019-]+\s+){0,6}?)contracts?\b[^.;]{0,60}?\bto\s+",
    re.IGNORECASE,
)
_WON = re.compile(
    r"\b(?:(?:was|were|has been|have been)\s+awarded|(?:has |have )?won|(?:has |have )?secured)\s+(?:[\w\u00a3.,'\u2019-]+\s+){0,6}?contracts?\b"
    r"[^.;]{0,60}?\b(?:by|with|from)\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b{_WHAT}(?P<how>)\s+(?:(?:has|have|was|were)\s+(?:been\s+)?(?:signed|agreed|reached|made)\s+)?(?:by|between)\s+",
    re.IGNORECASE,
)
_LET = re.compile(
    r"\bcontracts?\b[^.;]{0,80}?\b(?:was|were|has been|have been)\s+(?:awarded|let|given)\s+to\s+"
    r"(?P<supplier>[^.;]{2,80}?)\s+by\s+",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(?:with|between)\s+", re.IGNORECASE)
_ACROSS = re.compile(r"\b(?:across|to supply|for)\s+", re.IGNORECASE)
_BY_END = re.compile(r"\bby (?=the end of\b|end of\b|(?:\w+ )?20\d\d)", re.IGNORECASE)
_KINDS = (
    ("memorandum", "memorand|mou"),
    ("deal-announcement", "deals?$"),
    ("supply-contract", "contract"),
    ("partnership", "partnership|alliance"),
    ("collaboration", "collaboration"),
)
_TITLES = {
    "memorandum": "Memorandum of Understanding",
    "deal-announcement": "Deal",
    "supply-contract": "Supply contract",
    "partnership": "Partnership",
    "collaboration": "Collaboration",
}
_SUPPLY = re.compile(
    r"\b(?:supply|year|month|\u00a3\S+|worth|procurement|licen[cs]e)\b|\u00a3", re.IGNORECASE
)
_NO_PARTY = re.compile(r"\W*(?:In|On|At|By|From|We|It|They|This|That|Meanwhile|Under)\b")
_OPENS = re.compile(
    r"\W*(?:As|In|On|At|Through|Via|Under|Following|After|With|Since|During|Backed|Supported|Funded|Thanks|Building|Working)\s[^.;]*?,\s+"
)
"""What stands before those who make an agreement, and names none of them."""
_CONTRACTS = frozenset(("contract-given", "contract-won", "contract-let"))
_OPENING = 4
"""An agreement in the first passages of a dated text is its news, so that it was announced then."""


@dataclass
class _Agreement:
    kind: str
    parties: list[tuple[Mention, str]]
    told: Told
    span: Span
    rule: str
    target: str = ""
    announced: str = ""
    labels: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.labels = {label(party) for party, _ in self.parties}


def agreements(told: Sequence[Told], last: Last, published: str) -> list[Stated]:
    """One row for each party to each agreement that a document states as made."""
    found: list[_Agreement] = []
    for order, one in enumerate(told):
        for sentence in one.sentences():
            for agreement in _in(one, sentence, last) if not idle(one.text, sentence) else ():
                if order < _OPENING:
                    agreement.announced = published
                _take(agreement, found)
            last.read(one.text, sentence, one.number)
    if len(found) == 1 and not found[0].target:
        found[0].target = _ambition(told)
    return [row for agreement in found for row in _rows(agreement)]


def _take(new: _Agreement, found: list[_Agreement]) -> None:
    """Take in an agreement, unless it is one that was told before."""
    for at, known in enumerate(found):
        if new.labels <= known.labels or known.labels <= new.labels:
            alike = {new.kind, known.kind} & {"partnership", "collaboration"}
            if new.kind != known.kind and not alike:
                continue
            order = [kind for kind, _ in _KINDS]
            best = min(new, known, key=lambda one: (order.index(one.kind), -len(one.labels)))
            best.announced = new.announced or known.announced
            best.target = new.target or known.target
            found[at] = best
            return
    found.append(new)


def _in(told: Told, sentence: Span, last: Last) -> Iterator[_Agreement]:
    text, names = told.text, last.names
    for rule, pattern in (
        ("signed", _SIGNED),
        ("signed", _HAS),
        ("contract-given", _GIVEN),
        ("contract-won", _WON),
        ("contract-let", _LET),
        ("between", _BETWEEN),
        ("joined", _JOINED),
        ("made-with", _MADE),
    ):
        match = pattern.search(text, sentence.start, sentence.end)
        if not match:
            continue
        before = text[sentence.start : match.start()]
        clause = re.split(r",\s|;\s", before)[-1]
        if lifecycle.planned(clause) or lifecycle.negated(clause):
            return
        opens = _OPENS.match(text, sentence.start, match.start())
        begin = opens.end() if opens else sentence.start
        subject = parties(text, begin, match.start(), names)
        subject = [one for one in subject if not _NO_PARTY.match(one.text)]
        subject += last.meant(told, begin, match.start(), subject)
        if rule == "contract-let":
            subject = parties(text, match.start("supplier"), match.end("supplier"), names)
        objects = _objects(text, match, sentence.end, rule, names)
        if not objects or rule != "signed":
            objects += last.meant(told, match.end(), sentence.end, [*subject, *objects])
        kind = _kind(rule, match, [*subject, *objects])
        if not objects and re.match(r"\s+(?:for|to supply)\b", text[match.end() :]):
            continue
        if rule == "signed" and not objects and len(subject) > 1:
            objects, subject = subject[-1:], subject[:-1]
        if rule == "between":
            sure = any(one_of(one, "trust", "vendor") for one in objects)
            subject, objects = (objects[:1], objects[1:]) if sure else ([], [])
        if not subject or not objects:
            continue
        roles = _roles(kind, rule, subject, objects)
        span = Span(min(sentence.end, subject[0].start), max(match.end(), objects[-1].end))
        agreement = _Agreement(kind, roles, told, span, f"agreement:{rule}")
        agreement.target = _by(text, match.end(), sentence.end)
        yield agreement
        return


def _objects(
    text: str, match: re.Match[str], end: int, rule: str, names: Gazetteer
) -> list[Mention]:
    if rule != "signed":
        return listed(text, match.end(), end, names)
    stop = re.search(r"[;]", text[match.end() : end])
    limit = match.end() + stop.start() if stop else end
    for pattern in (_WITH, _ACROSS):
        start = pattern.search(text, match.end(), limit)
        found = listed(text, start.end(), limit, names) if start else []
        # What a contract is for is a product; who it is for are organisations.
        bought = start and pattern is _ACROSS and _product_first(text[start.end() : limit], names)
        if found and not bought:
            return found
    return []


def _product_first(said: str, names: Gazetteer) -> bool:
    mentions = list(names.mentions(said))
    return bool(mentions) and bool(mentions[0].of("product"))


def _kind(rule: str, match: re.Match[str], named: Sequence[Mention]) -> str:
    if rule in _CONTRACTS:
        return "supply-contract"
    if rule == "made-with":
        return "collaboration"
    if rule == "joined":
        return "collaboration" if match["work"] else "partnership"
    what = match["what"].casefold()
    for kind, words in _KINDS:
        if re.search(words, what):
            return kind
    sells = any(one_of(one, "vendor") for one in named) and _SUPPLY.search(match["how"])
    for kind, words in _KINDS[3:]:
        if re.search(words, match["how"].casefold()):
            return kind
    return "supply-contract" if sells else "collaboration"


def _roles(
    kind: str, rule: str, subject: Sequence[Mention], objects: Sequence[Mention]
) -> list[tuple[Mention, str]]:
    seen: dict[str, tuple[Mention, str]] = {}
    for mine, group in ((True, subject), (False, objects)):
        for party in group:
            if kind == "memorandum":
                role = "signatory"
            elif kind == "partnership":
                role = "partner"
            elif kind == "collaboration":
                role = "lead" if mine and rule == "made-with" else "partner"
            elif rule in _CONTRACTS:
                role = "supplier" if mine == (rule != "contract-given") else "customer"
            else:
                role = "supplier" if one_of(party, "vendor") else "customer"
            seen.setdefault(label(party), (party, role))
    return list(seen.values())


def _by(text: str, start: int, end: int) -> str:
    match = _BY_END.search(text, start, end)
    date = day_at(text, match.end(), end) if match else None
    return date.written if date else ""


def _ambition(told: Sequence[Told]) -> str:
    """The one day by which a document that speaks of one agreement wants something done."""
    days = set()
    for one in told:
        for match in re.finditer(
            r"\bby (?=(?:the )?end of (?:\w+ )?20\d\d)", one.text, re.IGNORECASE
        ):
            if date := day_at(one.text, match.end(), len(one.text)):
                days.add(date.written)
    return days.pop() if len(days) == 1 else ""


def _rows(one: _Agreement) -> Iterator[Stated]:
    labels = [label(party) for party, _ in one.parties]
    name = f"{_TITLES[one.kind]} of {joined_names(labels)}"
    for party, role in one.parties:
        cells = {
            "agreement": slug(name),
            "name": name,
            "kind": one.kind,
            "party": label(party),
            "role": role,
            "announced": one.announced,
            "target_date": one.target,
            "section": one.told.passage.headings[-1] if one.told.passage.headings else "article",
        }
        sure = 0.8 - 0.2 * (not party.entities) - 0.1 * (one.rule == "agreement:made-with")
        yield Stated("agreements", cells, one.told.found(one.rule, one.span, sure), (party,))
