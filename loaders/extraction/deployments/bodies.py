"""What networks, boards and programmes did for whom, and which of them "the network" means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from careatlas.loaders.extraction.candidates import Candidates, Route
from careatlas.loaders.extraction.deployments.routes import KINDS, OF_ENTITY, Way
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span

_BARE = re.compile(
    r"(?:the |our |its )?(?:network|alliance|collaborative|consortium|ICB|board|integrated care (?:board|system))",
    re.IGNORECASE,
)
_DOERS = ("network", "icb", "programme")
_RESOLVED = ("network", "icb")


def told_of(
    text: str, start: int, end: int, names: Gazetteer, network: Mention | None
) -> Iterator[Way]:
    """What a body did for the thing before: "this, which the network bought for its members"."""
    for match in _WHICH_BODY.finditer(text, start, end):
        first = next((m for m in names.mentions(text[match.end() : end]) if not m.start), None)
        generic = _THE_BODY.match(text, match.start("body"), end)
        if first is not None and first.of(*_DOERS):
            body = Mention(match.end(), match.end() + first.end, first.text, first.of(*_DOERS))
        elif generic:
            known = network.entities if network else ()
            body = Mention(generic.start(), generic.end(), generic[0].split(maxsplit=1)[1], known)
        else:
            continue
        does = _DOER.match(text, body.end, end)
        kind = OF_ENTITY.get(body.entities[0].kind, "") if body.entities else ""
        kind = kind or next(
            (k for k, w in KINDS.items() if re.search(w, body.label, re.IGNORECASE)), ""
        )
        if does and kind:
            yield Way(match.start(), does.end(), kind, does.lastgroup or "", body)


_WHICH_BODY = re.compile(r"\b(?:which|that)\s+(?P<body>(?:(?:the|our|its)\s+)?)(?=[A-Za-z])")
_DOES = {
    "funded": r"funds?|funded|pays? for|paid for|financ(?:es|ed)|(?:is|are) (?:funding|paying for)|(?:met|meets|covered|covers|bore|bears|picked up|underwr\w+) (?:all |half |part |most )?(?:of )?(?:the |its )?(?:costs?|bill|fees?|licence)|"
    r"(?:gave|provided|put up|supplied|found) (?:the |some )?(?:money|funding|funds|capital)",
    "procured": r"(?:procured|purchased|bought|negotiated|commissioned|licensed|ordered)|(?:signed|placed|let|awarded) (?:an?|the) [^.;]{0,40}?\b(?:contract|order|licence)\b(?: for)?",
    "recommended": r"recommend(?:s|ed)|endorse[sd]|advised|suggested|chose|selected|picked",
    "hosted": r"hosts?|hosted|(?:is|are) hosting",
    "initiated": r"initiated|started|launched|set up|introduced",
    "coordinated": r"co-?ordinate[sd]|organise[sd]|arrange[sd]|manage[sd]|(?:leads|led|ran|runs|oversees|oversaw)",
}
_DOER = re.compile(
    r"(?:\s*\([^()]*\))?\s+(?:(?:has|have|had|also|then|jointly|since|now|already|itself|centrally)\s+)*(?:"
    + "|".join(f"(?P<{k}>{w})" for k, w in _DOES.items())
    + r")\b(?!\s+by\b)",
    re.IGNORECASE,
)
"""What a body did, right after its name."""
_THE_BODY = re.compile(
    r"\b(?:the|our|its) (?:network|alliance|collaborative|ICB|integrated care board|partnership|consortium)\b",
    re.IGNORECASE,
)


_IT = re.compile(
    r"\W*(?:for )?(?:it\b|(?:(?:the|this|that|its) )?(?:\w+ ){0,2}(?:purchase|pilot|trial|licen[cs]e|system|tool|product|software|contract|cost|project|roll-?out|first year|deployment)\b|$)",
    re.IGNORECASE,
)
"""Words that mean the product that was named last."""


def done_by(
    text: str, sentence: Span, names: Gazetteer, network: Mention | None
) -> Iterator[tuple[Way, Mention]]:
    """What a network, board or programme did for whom, with the product that it did it for."""
    mentions = [
        Mention(m.start + sentence.start, m.end + sentence.start, m.text, m.entities)
        for m in names.mentions(text[sentence.start : sentence.end])
    ]
    bodies = [m for m in mentions if m.of(*_DOERS)]
    for match in _THE_BODY.finditer(text, sentence.start, sentence.end) if network else ():
        if network and not any(m.start <= match.start() < m.end for m in bodies):
            bodies.append(Mention(match.start(), match.end(), network.text, network.entities))
    for body in bodies:
        does = _DOER.match(text, body.end, sentence.end)
        if does is None or lifecycle.planned(text[sentence.start : body.start]):
            continue
        thing = next((m for m in mentions if m.start >= does.end() and m.of("product")), None)
        if thing is None and _IT.match(text, does.end(), sentence.end):
            thing = Mention(does.end(), does.end() + 1, "", ())
        if thing is None or lifecycle.negated(text[body.end : thing.start]):
            continue
        known = next(e for e in body.entities if e.kind in _DOERS)
        kind = OF_ENTITY.get(known.kind, "programme")
        through = Mention(body.start, body.end, body.text, (known,))
        yield Way(body.start, thing.end, kind, does.lastgroup or "", through), thing


def resolve(
    found: Candidates, told: Sequence[Told], names: Gazetteer, house: Mention | None
) -> None:
    """Give routes through "the network" the one that is meant: whose document it is, else the only one."""
    bare = [r for r in found.routes if not r.through.entities and _BARE.fullmatch(r.through.text)]
    named: dict[str, set[Entity]] = {kind: set() for kind in _RESOLVED}
    for one in told if bare else ():
        for mention in names.mentions(one.text):
            for kind in _RESOLVED:
                named[kind] |= set(mention.of(kind))
    for route in bare:
        own = house.of(route.kind) if house else ()
        only = own or tuple(named.get(route.kind, ()))
        if len(only) == 1:
            through = Mention(route.through.start, route.through.end, route.through.text, only)
            _put(found, route, replace(route, through=through))


def _put(found: Candidates, old: Route, new: Route) -> None:
    found.routes[found.routes.index(old)] = new
    mine = old.deployment.routes
    if old in mine:
        mine[mine.index(old)] = new
