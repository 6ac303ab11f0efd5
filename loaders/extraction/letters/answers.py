"""Answers that only name a thing and its number, or its way in: the question says the rest."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from careatlas.loaders.extraction.candidates import Candidates, Deployment, Found, Route
from careatlas.loaders.extraction.deployments.counted import counted
from careatlas.loaders.extraction.deployments.routes import bare_way, ways
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.periods import period as stated_period

_HOW_MUCH = re.compile(
    r"\bhow (?:many|often|much|frequently)\b|\b(?:number|volume|count|figures?|frequency|statistics) (?:of|for|on)\b|\busage\b|\btimes\b",
    re.IGNORECASE,
)
_HOW_GOT = re.compile(
    r"\bhow\b[^?]{0,60}\b(?:procured?|purchased?|bought|buy|acquired?|obtained?|sourced?|commissioned|come by|contracted|funded|paid for|introduced|get|got)\b|"
    r"\b(?:procurement|purchas\w+|contract\w*|acquisition) (?:routes?|frameworks?|methods?)\b|\b(?:which|what) (?:frameworks?|routes?)\b|"
    r"\b(?:who|which bod(?:y|ies)) (?:procured|paid|funded|bought|arranged)\b|\bthrough (?:which|what)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\b(?:cost\w*|pa(?:id|y|ying|yments?)|spen[dt]\w*|price|value|worth|budget|staff|trained|incidents?|errors?|complaints?)\b|\u00a3",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:funded|funding|paid)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"^[\s:=\u2013\u2014-]*(?:\([^()\d]*\)[\s:=\u2013\u2014-]*)?(?P<said>(?:[a-z]+\.?\s+){0,3}[~>c.]*\s?\d[^;]*)",
    re.IGNORECASE,
)
_LINK = re.compile(r"^[\s:=\u2013\u2014>-]*(?:\([^()]*\)[\s:=\u2013\u2014-]*)?(?=\S)")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d\d?/\d\d\b|\b\d{1,2}\b")
_ROUGHLY = re.compile(
    r"^(\d[\d,]*(?:\s*[-\u2013]\s*\d[\d,]*)?)\s*\(?\b(?:approx\w*\.?|roughly|estimated?|or so|or thereabouts)\)?",
    re.IGNORECASE,
)
SURE = 0.65


@dataclass
class Answers:
    """Gives numbers and ways in of bare answers to what one organisation has."""

    found: Candidates
    names: Gazetteer
    house: Mention
    questions: Mapping[int, str]
    """The question that a passage answers, by the number of the passage."""

    def read(self, told: Sequence[Told]) -> None:
        """Go through the answers, now that all things are known."""
        for one in told:
            asked = self.questions.get(one.number, "")
            if _HOW_MUCH.search(asked) and not _MONEY.search(asked):
                self._dated(one, asked)
                for at, said, meant in self._pairs(one):
                    self._count(one, at, said, meant, asked)
            if _HOW_GOT.search(asked):
                for at, said, meant in self._pairs(one):
                    self._came(one, at, said, meant, asked)

    def _mine(self) -> list[Deployment]:
        return [
            one
            for one in self.found.deployments
            if one.trust.entities == self.house.entities and one.status != "exploring"
        ]

    def _pairs(self, told: Told) -> Iterator[tuple[int, str, Deployment]]:
        """Each thing that an answer names, with the words after it; the only thing by default."""
        text, mine = told.text, self._mine()
        for sentence in told.sentences():
            said = text[sentence.start : sentence.end]
            things = [m for m in self.names.mentions(said) if m.of("product", "vendor")]
            if not things and len(mine) == 1 and not lifecycle.negated(said):
                yield sentence.start, said, mine[0]
            for number, thing in enumerate(things):
                end = things[number + 1].start if number + 1 < len(things) else len(said)
                meant = next((one for one in mine if _is(one, thing)), None)
                if meant:
                    yield sentence.start + thing.end, said[thing.end : end], meant

    def _count(self, told: Told, at: int, said: str, meant: Deployment, asked: str) -> None:
        match = _NUMBER.match(said)
        if match is None or lifecycle.planned(said) or meant.status in {"ended", "procured"}:
            return
        first = told.passage.start + at + match.start("said")
        held = (one for one in self.found.usage if one.deployment is meant)
        if any(one.found.passage.start == told.passage.start for one in held):
            return
        number = _ROUGHLY.sub(r"about \1", match["said"].strip(" .,"))
        head = _DATE.sub("", asked).strip(" ?")
        start = _HOW_MUCH.search(head)
        amount = counted(number, head[start.start() :] if start else head, "")
        if amount is None:
            return
        period = amount.period if any(amount.period) else stated_period(asked)
        printed = match["said"].strip(" .,")
        found = Found("answered-number", SURE, told.passage, first, first + len(printed))
        if amount.per:
            period = ("", "")
        self.found.usage.append(replace(amount, period=period).of(meant, found, printed))

    def _dated(self, told: Told, asked: str) -> None:
        """Give the period of a question to the numbers of its answer that have none."""
        period = stated_period(asked)
        for at, one in enumerate(self.found.usage):
            here = one.found.passage.start == told.passage.start
            if here and any(period) and not one.per and not any(one.period):
                self.found.usage[at] = replace(one, period=period)

    def _came(self, told: Told, at: int, said: str, meant: Deployment, asked: str) -> None:
        link = _LINK.match(said)
        if link is None or meant.routes or next(ways(said, 0, len(said), self.names), None):
            return
        way = bare_way(said, link.end(), self.names)
        if way is None:
            return
        involved = "funded" if _PAID.search(asked) and way.kind != "framework" else way.involvement
        first = told.passage.start + at
        found = Found("answered-way", SURE, told.passage, first + way.start, first + way.end)
        route = Route(meant, way.kind, involved, way.through, False, found)
        meant.routes.append(route)
        self.found.routes.append(route)


def _is(one: Deployment, thing: Mention) -> bool:
    products, vendors = thing.of("product"), thing.of("vendor")
    return bool((one.product and one.product in products) or (one.vendor and one.vendor in vendors))
