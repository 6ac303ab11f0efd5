"""What one organisation says in one passage: what it has, how often it is used, how it came."""

import re
from dataclasses import dataclass, field

from careatlas.loaders.extraction import lifecycle
from careatlas.loaders.extraction.candidates import Deployment, Found, Route, Usage
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.items import Item, items
from careatlas.loaders.extraction.routes import Way, ways
from careatlas.loaders.extraction.sections import confirmed
from careatlas.loaders.extraction.text import Span, sentences, trimmed, unbracketed
from careatlas.loaders.extraction.usage import amounts
from careatlas.loaders.reading.model import Passage

_OTHERS = re.compile(
    r"\b(?:neighbouring|nearby|other|another|partner)\s+(?:\w+\s+)?(?:trusts?|hospitals?|organisations?|sites?)\b|\belsewhere\b",
    re.IGNORECASE,
)
Placed = tuple[int, bool, Deployment]
"""Where something is named, whether a comma stands before it, and what it is."""
_SPECIFIC = frozenset(("trialling", "paused", "ended", "research-only", "deployed-not-used"))
"""What a later sentence says more exactly than that something is used."""


def _names_alone(words: str) -> bool:
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

    def body(self, start: int, end: int) -> None:
        """Read all that stands between two places."""
        span = unbracketed(self.text, start, end)
        for at, sentence in enumerate(sentences(self.text, span.start, span.end)):
            self.sentence(sentence, bare=self.listed and at <= confirmed(self.text[start:end]))

    def sentence(self, sentence: Span, *, bare: bool = False, goes_on: bool = False) -> None:
        """Read one sentence; `bare` where names alone say that they are used.

        `goes_on` where it may name what the sentence before only described.
        """
        described = self.deployments[-1] if goes_on and self.deployments else None
        count = len(self.deployments)
        found = list(ways(self.text, sentence.start, sentence.end, self.names))
        blank = self.text
        for way in found:
            blank = blank[: way.start] + " " * (way.end - way.start) + blank[way.end :]
        placed: list[Placed] = []
        stated = list(lifecycle.statements(blank, sentence.start, sentence.end))
        for one in stated:
            if not one.status or self._of_others(blank, sentence.start, one.anchor):
                continue
            said = self.text[one.anchor : sentence.end]
            status = lifecycle.qualified(one.status, said) if len(stated) == 1 else one.status
            placed += self.things(blank, one.start, one.end, status, f"said:{one.status}")
        bought = [way.start for way in found if way.involvement == "procured"]
        if not stated and bought:
            placed += self.things(
                blank, sentence.start, bought[0], "procured", "bought-through", named=True
            )
        elif bare and not stated and _names_alone(blank[sentence.start : sentence.end]):
            placed += self.things(
                blank, sentence.start, sentence.end, "live", "named-in-list", named=True
            )
        if described and len(self.deployments) == count + 1:
            placed = self._specified(described, placed)
        self._amounts(sentence, placed)
        for way in found:
            self._way(way, sentence, placed)

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

    def _of_others(self, text: str, start: int, end: int) -> bool:
        """Whether the words before a place speak of somebody else."""
        said = text[start:end]
        others = [m for m in self.names.mentions(said) if m.of("trust")]
        mine = set(self.owner.entities)
        foreign = [
            m for m in others if not mine & set(m.entities) and m.text not in self.owner.text
        ]
        return bool(foreign or _OTHERS.search(said))

    def things(  # noqa: PLR0913 - a stretch and what is said of it
        self, text: str, start: int, end: int, status: str, rule: str, *, named: bool = False
    ) -> list[Placed]:
        """Take in what a stretch names, each thing once; `named` where a description is not enough."""
        placed: list[Placed] = []
        for item in items(text, start, end, self.names):
            if named and (item.name is None or (item.new and not item.vendor and not placed)):
                continue
            deployment = self._known(item)
            if deployment is None:
                deployment = self._new(
                    item, lifecycle.qualified(status, text[item.span.start : item.span.end]), rule
                )
                self.deployments.append(deployment)
            elif status in _SPECIFIC or deployment.status in {"procured", "exploring"}:
                deployment.status = status
            placed.append((item.span.start, item.comma, deployment))
        return placed

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
                one
                for one in self.deployments
                if one.name is None and one.description == item.description
            )
            return next(same, None)
        return self._meant(item.vendor, item.product, item.new, item.name.text)

    def _meant(self, vendor: object, product: object, new: str, printed: str) -> Deployment | None:
        for one in self.deployments:
            if product and one.product == product:
                return one
            if new and one.new == new and one.vendor == vendor:
                return one
        for one in self.deployments:
            if vendor and not new and one.vendor == vendor and not (product and one.product):
                return one
            if one.name and not (vendor or product) and one.name.text == printed:
                return one
        return None

    def _subject(self, start: int, end: int) -> Deployment | None:
        """The last thing named in a stretch that is known from this passage."""
        said = self.text[start:end]
        for mention in reversed(
            [m for m in self.names.mentions(said) if m.of("vendor", "product")]
        ):
            products = mention.of("product")
            vendors = mention.of("vendor")
            for product in products:
                if one := next((d for d in self.deployments if d.product == product), None):
                    return one
            for vendor in (*vendors, *(self.names.by_iri.get(p.vendor) for p in products)):
                if vendor and (one := self._meant(vendor, None, "", "")):
                    return one
        named = [
            (said.rfind(one.new), at)
            for at, one in enumerate(self.deployments)
            if one.new and one.new in said
        ]
        return self.deployments[max(named)[1]] if named else None

    def _near(self, sentence: Span, at: int, placed: list[Placed]) -> Deployment | None:
        before = [entry for entry in placed if entry[0] <= at]
        if subject := self._subject(max([sentence.start, *(e[0] for e in before)]), at):
            return subject
        if before:
            return max(before, key=lambda entry: entry[0])[2]
        return self._subject(sentence.start, at) or (
            self.deployments[-1] if self.deployments else None
        )

    def _amounts(self, sentence: Span, placed: list[Placed]) -> None:
        for amount in amounts(self.text, sentence.start, sentence.end):
            before = self.text[sentence.start : amount.start]
            meant = self._near(sentence, amount.start, placed)
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

    def _way(self, way: Way, sentence: Span, placed: list[Placed]) -> None:
        if set(way.through.entities) & set(self.owner.entities):
            return
        before = self.text[sentence.start : way.start]
        if lifecycle.planned(before[-60:]) or lifecycle.negated(before[-20:]):
            return
        meant = self._near(sentence, way.start, placed)
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
        self.routes.append(route)
