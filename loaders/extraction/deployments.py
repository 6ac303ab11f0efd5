"""What one organisation says in one passage: what it has, how often it is used, how it came."""

import re
from dataclasses import dataclass, field, replace

from careatlas.loaders.extraction import apart, facts, lifecycle, ties
from careatlas.loaders.extraction.candidates import Deployment, Found, Route, Usage
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.items import Item, items, meant_again
from careatlas.loaders.extraction.routes import Way, ways
from careatlas.loaders.extraction.sections import confirmed
from careatlas.loaders.extraction.text import Span, sentences, trimmed, unbracketed
from careatlas.loaders.extraction.ties import Placed
from careatlas.loaders.extraction.unsaid import makers_aside, unsaid
from careatlas.loaders.extraction.usage import amounts
from careatlas.loaders.reading.model import Passage

_BRACKETED = re.compile(r"\([^()]*\)")
_GAPPED = re.compile(r"[^.;]*?(?:,|\band\b)\s*(?:and\s+)?(?=[A-Z])")
_SPECIFIC = frozenset(("trialling", "paused", "ended", "research-only", "deployed-not-used"))
"""What a later sentence says more exactly than that something is used."""


def _names_alone(words: str) -> bool:
    words = _BRACKETED.sub("", words)
    return not (lifecycle.negated(words) or lifecycle.planned(words))


@dataclass
class Reader:
    """Reads what is said about one organisation in one passage."""

    passage: Passage
    text: str
    owner: Mention
    names: Gazetteer
    reported: str
    sure: float
    listed: bool
    """Whether a bare name is enough, because the list says what it is a list of."""
    deployments: list[Deployment] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    peers: frozenset[Entity] = frozenset()
    """Of whom the same sentence says the same."""
    earlier: list[Deployment] = field(default_factory=list)
    """What other passages of the document said of the same organisation before."""
    bare_status: str = "live"
    """What a bare name in the list means."""
    spoken_of: Mention | None = None
    """The product that was named last, which "it" or "the tool" may mean."""

    @property
    def all(self) -> list[Deployment]:
        """What is known of the organisation so far."""
        return [*self.earlier, *self.deployments]

    def body(self, start: int, end: int) -> None:
        """Read all that stands between two places."""
        span = unbracketed(self.text, start, end)
        for at, sentence in enumerate(sentences(self.text, span.start, span.end)):
            self.sentence(sentence, bare=self.listed and at <= confirmed(self.text[start:end]))

    def sentence(
        self, sentence: Span, *, bare: bool = False, goes_on: bool = False
    ) -> list[Placed]:
        """Read one sentence; `bare` where names alone say that they are used.

        `goes_on` where it may name what the sentence before only described.
        """
        if apart.idle(self.text, sentence):
            return []
        described = self.deployments[-1] if goes_on and self.deployments else None
        count = len(self.deployments)
        found = list(ways(self.text, sentence.start, sentence.end, self.names))
        blank = makers_aside(self.text, sentence, self.names)
        for way in found:
            blank = blank[: way.start] + " " * (way.end - way.start) + blank[way.end :]
        placed: list[Placed] = []
        stated = list(lifecycle.statements(blank, sentence.start, sentence.end))
        for number, one in enumerate(stated):
            if (
                one.known or apart.OF_MANY.search(said := self.text[one.anchor : sentence.end])
            ) and not (self.listed or self._names_trust(sentence)):
                continue
            if one.passive and self._of_many(one, sentence):
                continue
            if not one.status or self._of_others(blank, sentence.start, one.anchor):
                continue
            said = self.text[one.anchor : sentence.end]
            status = lifecycle.qualified(one.status, said) if len(stated) == 1 else one.status
            rule = f"said:{one.status}"
            named = self.things(blank, one.start, one.end, status, rule, known=one.known)
            first = one.anchor if number else sentence.start
            last = stated[number + 1].anchor if number + 1 < len(stated) else sentence.end
            for _, _, thing in named:
                facts.fill(thing, self.text[first:last], self.names)
            placed += named
        bought = [way.start for way in found if way.involvement == "procured"]
        if not stated and bought and not (bare and self.bare_status == "live"):
            status = self.bare_status if bare else "procured"
            placed += self.things(
                blank, sentence.start, bought[0], status, "bought-through", named=True
            )
        guessed = unsaid(self, blank, sentence, stated, placed)
        placed += guessed
        if bare and not (stated or bought or guessed) and _names_alone(blank[sentence.start : sentence.end]):
            placed += self.things(
                blank, sentence.start, sentence.end, self.bare_status, "named-in-list", named=True
            )
        if described and len(self.deployments) == count + 1:
            placed = self._specified(described, placed)
        self._amounts(sentence, placed)
        for way in found:
            self._way(way, sentence, placed)
        return placed

    def _specified(self, described: Deployment, placed: list[Placed]) -> list[Placed]:
        """What was described first and is named next is one thing, not two."""
        named = self.deployments[-1]
        if described.name or named.name is None or described.status != named.status:
            return placed
        self.deployments.pop()
        described.name, described.new = named.name, named.new
        described.vendor, described.product = named.vendor, named.product
        described.found = named.found
        return [(at, comma, described if one is named else one) for at, comma, one in placed]

    def _of_many(self, one: lifecycle.Statement, sentence: Span) -> bool:
        """Whether a product is said to be with many, and no trust is named there."""
        said = self.text[one.anchor : sentence.end]
        return bool(apart.OF_MANY.search(said)) and not any(
            m.of("trust") for m in self.names.mentions(said)
        )

    def _names_trust(self, sentence: Span) -> bool:
        said = self.text[sentence.start : sentence.end]
        return any(m.of("trust") for m in self.names.mentions(said))

    def _of_others(self, text: str, start: int, end: int) -> bool:
        """Whether the words before a place speak of somebody else."""
        said = text[start:end]
        others = [m for m in self.names.mentions(said) if m.of("trust")]
        mine = {*self.owner.entities, *self.peers}
        foreign = [
            m for m in others if not mine & set(m.entities) and m.text not in self.owner.text
        ]
        return bool(foreign or apart.OF_OTHERS.search(said))

    def things(  # noqa: PLR0913 - a stretch and what is said of it
        self,
        text: str,
        start: int,
        end: int,
        status: str,
        rule: str,
        *,
        named: bool = False,
        known: bool = False,
    ) -> list[Placed]:
        """Take in what a stretch names, each thing once.

        `named` where a description is not enough, `known` where a name that is new is not either.
        """
        placed: list[Placed] = []
        again = ties.AGAIN.match(text, start, end)
        found = [] if again else items(text, start, end, self.names)
        if again:
            before = self.names.mentions(self.text[max(0, start - ties.BEFORE) : start])
            named_last = [m for m in before if m.of("product", "vendor")]
            last = next((m for m in reversed(named_last) if m.of("product")), self.spoken_of)
            last = last or (named_last[-1] if named_last else None)
            if last:
                found = [meant_again(last, again.start(), again.end(), self.names)]
        for item in found:
            if known and not (item.vendor or item.product):
                continue
            if any(m.of("trust", "network") for m in self.names.mentions(item.description)):
                if item.name is None:
                    continue
                item = replace(item, description="")  # noqa: PLW2901 - what names a trust is no purpose
            if named and (item.name is None or (item.new and not item.vendor and not placed)):
                continue
            said = lifecycle.qualified(status, text[item.span.start : item.span.end])
            if said == "live" and item.noted is not None:
                said = item.noted
            if not said:
                continue
            deployment = self._known(item)
            if deployment is None:
                deployment = self._new(item, said, rule)
                self.deployments.append(deployment)
            elif status in _SPECIFIC or deployment.status in {"procured", "exploring"}:
                deployment.status = status
            placed.append((item.span.start, item.comma, deployment))
            self.spoken_of = item.name if item.name and item.name.entities else self.spoken_of
        return placed

    def whole(self, span: Span, status: str, rule: str) -> list[Placed]:
        """Take in a stretch that is nothing but a name, whatever its words."""
        said = " ".join(self.text[span.start : span.end].split())
        name = Mention(span.start, span.end, said, (), self.names.nearest(said, "product"))
        deployment = self._new(Item(span, comma=True, name=name, new=said), status, rule)
        self.deployments.append(deployment)
        return [(span.start, True, deployment)]

    def came(self, way: Way, meant: Deployment) -> None:
        """Take in how something came about."""
        self._route(way, meant, ambiguous=False)

    def _new(self, item: Item, status: str, rule: str) -> Deployment:
        span = trimmed(self.text, item.span.start, item.span.end)
        sure = self.sure - 0.25 * bool(item.new) - 0.1 * (item.name is None)
        sure -= 0.15 * (len(self.owner.entities) != 1)
        at = self.passage.start
        found = Found(rule, max(sure, 0.1), self.passage, at + span.start, at + span.end)
        return Deployment(
            self.owner,
            item.name,
            item.vendor,
            item.product,
            item.new,
            item.description,
            status,
            self.reported,
            found,
        )

    def _known(self, item: Item) -> Deployment | None:
        """What was named before in this passage and is meant again."""
        if item.name is None:
            same = (
                one for one in self.all if one.name is None and one.description == item.description
            )
            return next(same, None)
        return ties.meant(self.all, item.vendor, item.product, item.new, item.name.text)

    def _amounts(self, sentence: Span, placed: list[Placed]) -> None:
        last = sentence.end
        for amount in amounts(self.text, sentence.start, sentence.end):
            before = self.text[sentence.start : amount.start]
            placed += self._gapped(last, amount.start, placed)
            last = amount.end
            meant = ties.near(self.text, sentence.start, amount.start, placed, self.all, self.names)
            if (
                meant is None
                or lifecycle.planned(before)
                or self._of_others(self.text, sentence.start, amount.start)
            ):
                continue
            at = self.passage.start
            span = trimmed(self.text, amount.start, amount.end)
            found = Found(
                "amount",
                self.sure - 0.1 * (not placed),
                self.passage,
                at + span.start,
                at + span.end,
            )
            printed = self.text[span.start : span.end]
            self.usage.append(
                Usage(
                    meant,
                    amount.low,
                    amount.high,
                    amount.approximate,
                    amount.unit,
                    amount.per,
                    amount.period,
                    found,
                    " ".join(printed.split()),
                )
            )

    def _gapped(self, start: int, end: int, placed: list[Placed]) -> list[Placed]:
        """What is named between two numbers: "used on 30 scans, and that one on 40"."""
        match = _GAPPED.match(self.text, start, end)
        if not (placed and match):
            return []
        first = next(iter(self.names.mentions(self.text[match.end() : end])), None)
        if first is None or first.start or not first.of("product", "vendor"):
            return []
        at, status = match.end(), placed[-1][2].status
        return self.things(self.text, at, at + first.end, status, "said-before", known=True)

    def _way(self, way: Way, sentence: Span, placed: list[Placed]) -> None:
        if set(way.through.entities) & set(self.owner.entities):
            return
        before = self.text[sentence.start : way.start]
        if lifecycle.planned(before[-60:]) or lifecycle.negated(before[-20:]):
            return
        meant = ties.near(self.text, sentence.start, way.start, placed, self.all, self.names)
        if meant is None:
            return
        self._route(way, meant, ambiguous=False)
        order = [entry for entry in placed if entry[0] <= way.start]
        if len(order) > 1 and order[-1][2] is meant and not order[-1][1]:
            self._route(way, order[-2][2], ambiguous=True)

    def _route(self, way: Way, meant: Deployment, *, ambiguous: bool) -> None:
        if any((one.kind, one.involvement) == (way.kind, way.involvement) for one in meant.routes):
            return
        at = self.passage.start
        sure = self.sure - 0.2 * ambiguous - 0.1 * (not way.through.entities)
        found = Found(f"route:{way.involvement}", sure, self.passage, at + way.start, at + way.end)
        route = Route(meant, way.kind, way.involvement, way.through, ambiguous, found)
        meant.routes.append(route)
        if way.kind == "study":
            meant.study = meant.study or way.through.label
        self.routes.append(route)
