"""What is said of a thing away from where a document says that it is used: its way in, its numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from careatlas.loaders.extraction.candidates import Candidates, Deployment, Found, Route
from careatlas.loaders.extraction.deployments.bodies import done_by, told_of
from careatlas.loaders.extraction.deployments.often import THROUGH
from careatlas.loaders.extraction.deployments.routes import Way, ways
from careatlas.loaders.extraction.deployments.usage import Amount, amounts
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import OF_MANY, OF_OTHERS, idle
from careatlas.loaders.extraction.wording.cues import judged
from careatlas.loaders.extraction.wording.text import Span, trimmed

SURE = 0.65
_ITS = re.compile(
    r"\b(?:licen[cs]e|purchase|contract|system|tool|software|product|pilot|trial|subscription|roll-?out|installation)s?\b",
    re.IGNORECASE,
)
_ITS_OWN = re.compile(
    r"\W*(?:the|its|their|this|that|these|those) (?:[\w-]+ )?(?:licen[cs]e|purchase|contract|cost|price|subscription)s?\b[^,;:]{0,20}$",
    re.IGNORECASE,
)
"""How a sentence begins that goes on about what was named last."""
_LESS_SURE = 0.5
_USE_OF = re.compile(
    r"\b(?:(?:its|their|our|the) (?:\w+ )?us(?:e|age) of|volumes? (?:of|for|through))\b",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|would|could|(?-i:may)|might|should|can|plans?|planned|hopes?|hoped|intends?|wants?|wishes|seeks?|asked|to be|is to|are to|expect\w*|if|unless|"
    r"whether|bid|propos\w+|suggest(?:s|ed)? that|consider\w*)\b",
    re.IGNORECASE,
)
_NUMBER = {"two": 2, "both": 2, "three": 3, "four": 4}
_ALL = re.compile(
    r"\W*(?:(?P<n>both|(?:all|the) (?:two|three|four))\b|all(?: of (?:them|these|which))?\b|each(?: of (?:them|these))?\b|they\b|these\b|"
    r"(?P<rest>(?:the )?(?:other(?: (?P<m>two|three|four)|s)|rest))\b)",
    re.IGNORECASE,
)
"""Words that mean all that was named before, or all but what has been told of already."""
_THINGS = ("product", "vendor")


@dataclass
class Elsewhere:
    """Gives ways and numbers to the things that their own sentence names."""

    found: Candidates
    names: Gazetteer
    house: Mention | None = None
    network: Mention | None = None
    reported: str = ""
    owners: Mapping[int, Mention] = field(default_factory=dict)
    """Whose paragraph it is, by the number of the passage."""

    _here: Sequence[Mention] = ()
    """What the sentence that is read names."""
    _last: Mention | None = None
    """What the passage named last."""

    def read(self, told: Sequence[Told]) -> None:
        """Go through all passages once more, now that all things are known."""
        for one in told:
            if one.passage.kind not in {"paragraph", "item"}:
                continue
            whose, self._last = self.owners.get(one.number) or self.house, None
            for sentence in one.sentences():
                if not idle(one.text, sentence):
                    named = self._trusts(one.text, sentence.start, sentence.end)
                    whose = named[0] if len({m.entities for m in named}) == 1 else whose
                    self._sentence(one, sentence, whose)

    def _trusts(self, text: str, start: int, end: int) -> list[Mention]:
        return [m for m in self._mentions(text, start, end) if m.of("trust")]

    def _mentions(self, text: str, start: int, end: int) -> list[Mention]:
        return [
            Mention(m.start + start, m.end + start, m.text, m.entities)
            for m in self.names.mentions(text[start:end])
        ]

    def _sentence(self, told: Told, sentence: Span, whose: Mention | None) -> None:
        text = told.text
        things = [m for m in self._mentions(text, sentence.start, sentence.end) if m.of(*_THINGS)]
        for way in ways(text, sentence.start, sentence.end, self.names):
            thing = _before(things, way.start)
            if thing is None and _ITS_OWN.match(text, sentence.start, way.start):
                thing = self._last
            if self._unsure(text, sentence.start, way.start) or self._of_unnamed(told, way):
                continue
            if thing is None:
                group = self._all(told, sentence, whose) or self._sole(told, sentence, way, whose)
                if group:
                    self._taken_back(told, way.start, group)
                for meant in group:
                    self._give(told, way, meant, way.through)
                continue
            self._misplaced(told, way.start, things)
            self._give(told, way, self._known(whose, thing), way.through)
        self._by_bodies(told, sentence, whose, things)
        self._studied(told, sentence, whose, things)
        self._here = things
        self._last = things[-1] if things else self._last
        for amount in amounts(text, sentence.start, sentence.end):
            thing = _before(things, amount.start) or _after(text, things, amount.end)
            said = text[sentence.start : amount.start]
            if thing is None or lifecycle.planned(said) or OF_MANY.search(said):
                continue
            if len(self._trusts(text, sentence.start, sentence.end)) > 1 or OF_OTHERS.search(said):
                continue
            self._count(
                told, amount, self._known(whose, thing) or self._used(told, sentence, thing)
            )

    def _by_bodies(
        self, told: Told, sentence: Span, whose: Mention | None, things: Sequence[Mention]
    ) -> None:
        """Give what a network, board or programme is said to have done for whom."""
        text, own = told.text, [whose] if whose else []
        for way in told_of(text, sentence.start, sentence.end, self.names, self.network):
            thing = _before(things, way.start) or self._last
            if thing is None or self._unsure(text, sentence.start, way.start):
                continue
            for trust in self._trusts(text, sentence.start, sentence.end) or own:
                self._give(told, way, self._known(trust, thing), way.through)
        for way, named in done_by(text, sentence, self.names, self.network):
            thing = named if named.entities else self._last
            if thing is None:
                continue
            for trust in self._trusts(text, named.end, sentence.end) or own:
                self._give(told, way, self._known(trust, thing), way.through)

    def _all(self, told: Told, sentence: Span, whose: Mention | None) -> list[Deployment]:
        """What "both" or "the other two" mean: what the passage, or else the document, named."""
        match = _ALL.match(told.text, sentence.start, sentence.end)
        if match is None or whose is None:
            return []
        mine = [d for d in self.found.deployments if set(d.trust.entities) & set(whose.entities)]
        mine = [d for d in mine if d.status not in {"exploring", "ended"}]
        at = told.passage.start + sentence.start
        here = [d for d in mine if told.passage.start <= d.found.start < at]
        meant = here if len(here) > 1 else mine
        if match["rest"]:
            own = [d for d in meant if not any(self._of(one, told, sentence) for one in d.routes)]
            number = _NUMBER.get((match["m"] or "").lower(), len(own))
            return own if len(own) == number < len(meant) else []
        number = _NUMBER.get((match["n"] or "").lower().split()[-1], 0) if match["n"] else 0
        return meant if len(meant) > 1 and number in {0, len(meant)} else []

    def _sole(
        self, told: Told, sentence: Span, way: Way, whose: Mention | None
    ) -> list[Deployment]:
        """What "its licence" means where a trust has but one thing."""
        said = told.text[sentence.start : way.start]
        named = self._trusts(told.text, sentence.start, way.start)
        if whose is None or not (named and _ITS.search(said)):
            return []
        mine = [d for d in self.found.deployments if set(d.trust.entities) & set(whose.entities)]
        return mine if len(mine) == 1 and mine[0].status != "exploring" else []

    def _of(self, route: Route, told: Told, sentence: Span) -> bool:
        """Whether a route was told before a sentence."""
        here = route.found.passage.start == told.passage.start
        return not here or route.found.start < told.passage.start + sentence.start

    def _studied(
        self, told: Told, sentence: Span, whose: Mention | None, things: Sequence[Mention]
    ) -> None:
        """Give what is used for research alone the study that the same sentence names."""
        named = self._mentions(told.text, sentence.start, sentence.end)
        studies = [m for m in named if m.of("study")]
        if len(studies) != 1 or self._unsure(told.text, sentence.start, studies[0].start):
            return
        for thing in things:
            meant = self._known(whose, thing)
            if meant and meant.status == "research-only" and not meant.routes:
                at = studies[0]
                through = Mention(at.start, at.end, at.text, at.of("study"))
                way = Way(at.start, at.end, "study", "coordinated", through)
                self._give(told, way, meant, through)

    def _unsure(self, text: str, start: int, at: int) -> bool:
        said = re.split(r"[,;]\s", text[start:at])[-1]
        return bool(_TO_COME.search(said[-60:])) or lifecycle.negated(said[-40:])

    def _known(self, whose: Mention | None, thing: Mention) -> Deployment | None:
        """What a trust is known to have by this name."""
        if whose is None:
            return None
        mine = [d for d in self.found.deployments if set(d.trust.entities) & set(whose.entities)]
        products, vendors = thing.of("product"), thing.of("vendor")
        named = [d for d in mine if d.product and d.product in products]
        made = [d for d in mine if d.vendor and d.vendor in vendors]
        return named[0] if len(named) == 1 else made[0] if len(made) == 1 else None

    def _misplaced(self, told: Told, at: int, things: Sequence[Mention]) -> None:
        """Take back a route that was given to a thing which its sentence does not name."""
        here = {entity for m in things for entity in m.entities}
        meant = [
            one
            for one in self.found.deployments
            if {one.product, one.vendor} & here or not (one.product or one.vendor)
        ]
        self._taken_back(told, at, meant)

    def _taken_back(self, told: Told, at: int, meant: Sequence[Deployment]) -> None:
        """Take back what was read at a place as the way of something else."""
        for route in list(self.found.routes):
            elsewhere = all(route.deployment is not one for one in meant)
            if elsewhere and route.found.start == told.passage.start + at:
                self.found.routes.remove(route)
                if route in route.deployment.routes:
                    route.deployment.routes.remove(route)

    def _of_unnamed(self, told: Told, way: Way) -> bool:
        """Whether a way is known already to be that of something that is only described."""
        at = told.passage.start + way.start
        return any(
            one.found.start == at and one.deployment.name is None for one in self.found.routes
        )

    def _give(self, told: Told, way: Way, meant: Deployment | None, through: Mention) -> None:
        if meant is None or set(through.entities) & set(meant.trust.entities):
            return
        if any((one.kind, one.involvement) == (way.kind, way.involvement) for one in meant.routes):
            return
        if any(_same(one, through) for one in meant.routes):
            return
        at = told.passage.start
        found = Found(f"route:{way.involvement}", SURE, told.passage, at + way.start, at + way.end)
        route = Route(meant, way.kind, way.involvement, through, False, found)
        meant.routes.append(route)
        self.found.routes.append(route)

    def _used(self, told: Told, sentence: Span, thing: Mention) -> Deployment | None:
        """What a sentence counts the use of, and no other says that it is used."""
        said = told.text[sentence.start : sentence.end]
        trusts = self._trusts(told.text, sentence.start, sentence.end)
        if len(trusts) != 1 or len(self._here) != 1 or not _USE_OF.search(said):
            return None
        doubtful = lifecycle.planned(said) or lifecycle.negated(said) or judged(said) != ""
        products = thing.of("product")
        if doubtful or len(products) != 1 or self._known(trusts[0], thing):
            return None
        at = told.passage.start
        found = Found("use-counted", _LESS_SURE, told.passage, at + thing.start, at + thing.end)
        whose = Mention(trusts[0].start, trusts[0].end, trusts[0].text, trusts[0].of("trust"))
        maker = self.names.by_iri.get(products[0].vendor)
        meant = Deployment(whose, thing, maker, products[0], "", "", "live", self.reported, found)
        self.found.deployments.append(meant)
        return meant

    def _is_named(self, told: Told, one: Deployment) -> bool:
        """Whether the sentence that is read names a thing."""
        here = {entity for m in self._here for entity in m.entities}
        return bool({one.product, one.vendor} & here)

    def _count(self, told: Told, amount: Amount, meant: Deployment | None) -> None:
        if meant is None or meant.status in {"exploring", "procured"}:
            return
        span = trimmed(told.text, amount.start, amount.end)
        first, last = told.passage.start + span.start, told.passage.start + span.end
        for index, one in enumerate(self.found.usage):
            here = first <= one.found.start < last and one.found.passage == told.passage
            if here and one.deployment is not meant and not self._is_named(told, one.deployment):
                self.found.usage[index] = replace(one, deployment=meant)
            if here or (
                one.deployment is meant and (one.low, one.high) == (amount.low, amount.high)
            ):
                return
        printed = " ".join(told.text[span.start : span.end].split())
        found = Found("amount", SURE, told.passage, first, last)
        self.found.usage.append(amount.of(meant, found, printed))


def _same(one: Route, through: Mention) -> bool:
    return bool(set(one.through.entities) & set(through.entities))


def _after(text: str, things: Sequence[Mention], at: int) -> Mention | None:
    """What is named right after a number as the thing that is used so often."""
    first = next((m for m in things if m.start >= at), None)
    return first if first and THROUGH.fullmatch(text, at, first.start) else None


def _before(things: Sequence[Mention], at: int) -> Mention | None:
    """What is named last before a place: the product of a maker where both stand together."""
    before = [m for m in things if m.end <= at]
    products = [m for m in before if m.of("product")]
    if products and before[-1].start - products[-1].end < 20:  # noqa: PLR2004
        return products[-1]
    return before[-1] if before else None
