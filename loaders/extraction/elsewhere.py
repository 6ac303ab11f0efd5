"""What is said of a thing away from where a document says that it is used: its way in, its numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from careatlas.loaders.extraction import lifecycle
from careatlas.loaders.extraction.apart import OF_MANY, OF_OTHERS, idle
from careatlas.loaders.extraction.candidates import Candidates, Deployment, Found, Route, Usage
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.parties import Told
from careatlas.loaders.extraction.routes import Way, done_by, ways
from careatlas.loaders.extraction.text import Span, trimmed
from careatlas.loaders.extraction.usage import Amount, amounts

SURE = 0.65
_THINGS = ("product", "vendor")


@dataclass
class Elsewhere:
    """Gives ways and numbers to the things that their own sentence names."""

    found: Candidates
    names: Gazetteer
    house: Mention | None = None
    network: Mention | None = None
    owners: Mapping[int, Mention] = field(default_factory=dict)
    """Whose paragraph it is, by the number of the passage."""

    def read(self, told: Sequence[Told]) -> None:
        """Go through all passages once more, now that all things are known."""
        for one in told:
            if one.passage.kind not in {"paragraph", "item"}:
                continue
            whose = self.owners.get(one.number) or self.house
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
            if thing is None or self._unsure(text, sentence.start, way.start):
                continue
            self._misplaced(told, way.start, things)
            self._give(told, way, self._known(whose, thing), way.through)
        for way, thing in done_by(text, sentence, self.names, self.network):
            targets = [m for m in self._trusts(text, thing.end, sentence.end)]
            for trust in targets or ([whose] if whose else []):
                self._give(told, way, self._known(trust, thing), way.through)
        for amount in amounts(text, sentence.start, sentence.end):
            thing = _before(things, amount.start)
            said = text[sentence.start : amount.start]
            if thing is None or lifecycle.planned(said) or OF_MANY.search(said):
                continue
            if len(self._trusts(text, sentence.start, sentence.end)) > 1 or OF_OTHERS.search(said):
                continue
            self._count(told, amount, self._known(whose, thing))

    def _unsure(self, text: str, start: int, at: int) -> bool:
        said = text[start:at]
        return lifecycle.planned(said[-60:]) or lifecycle.negated(said[-40:])

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
        for route in list(self.found.routes):
            own = {route.deployment.product, route.deployment.vendor} - {None}
            if own & here or not own or route.found.start != told.passage.start + at:
                continue
            self.found.routes.remove(route)
            if route in route.deployment.routes:
                route.deployment.routes.remove(route)

    def _give(self, told: Told, way: Way, meant: Deployment | None, through: Mention) -> None:
        if meant is None or set(through.entities) & set(meant.trust.entities):
            return
        if any((one.kind, one.involvement) == (way.kind, way.involvement) for one in meant.routes):
            return
        if any(_same(one, through) for one in meant.routes):
            return
        at = told.passage.start
        found = Found(
            f"route:{way.involvement}", SURE, told.passage, at + way.start, at + way.end
        )
        route = Route(meant, way.kind, way.involvement, through, False, found)  # noqa: FBT003
        meant.routes.append(route)
        self.found.routes.append(route)

    def _count(self, told: Told, amount: Amount, meant: Deployment | None) -> None:
        if meant is None or meant.status in {"exploring", "procured"}:
            return
        span = trimmed(told.text, amount.start, amount.end)
        first, last = told.passage.start + span.start, told.passage.start + span.end
        for one in self.found.usage:
            same = one.deployment is meant and (one.low, one.high) == (amount.low, amount.high)
            if same or (first <= one.found.start < last and one.found.passage == told.passage):
                return
        printed = " ".join(told.text[span.start : span.end].split())
        found = Found("amount", SURE, told.passage, first, last)
        self.found.usage.append(
            Usage(
                meant,
                amount.low,
                amount.high,
                amount.approximate,
                amount.unit,
                amount.per,
                amount.period,
                found,
                printed,
            )
        )


def _same(one: Route, through: Mention) -> bool:
    return bool(set(one.through.entities) & set(through.entities))


def _before(things: Sequence[Mention], at: int) -> Mention | None:
    """What is named last before a place: the product of a maker where both stand together."""
    before = [m for m in things if m.end <= at]
    products = [m for m in before if m.of("product")]
    if products and before[-1].start - products[-1].end < 20:  # noqa: PLR2004
        return products[-1]
    return before[-1] if before else None
