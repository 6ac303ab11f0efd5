"""What one organisation says in one passage: what it has, how often it is used, how it came."""

import re
from dataclasses import dataclass, field

from careatlas.loaders.extraction.candidates import Deployment, Found, Route, Usage
from careatlas.loaders.extraction.deployments import facts, ties
from careatlas.loaders.extraction.deployments.called import headed, named_now, unnamed
from careatlas.loaders.extraction.deployments.holding import Holding
from careatlas.loaders.extraction.deployments.items import meant_again
from careatlas.loaders.extraction.deployments.often import amounts_of
from careatlas.loaders.extraction.deployments.over import ended, once
from careatlas.loaders.extraction.deployments.routes import Way, ways
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.deployments.unsaid import makers_aside, unsaid
from careatlas.loaders.extraction.deployments.usage import amounts
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.extraction.organisations import strangers, topics
from careatlas.loaders.extraction.organisations.sections import confirmed
from careatlas.loaders.extraction.wording import apart, columns_said, lifecycle
from careatlas.loaders.extraction.wording.qualifying import qualified
from careatlas.loaders.extraction.wording.text import Span, sentences, unbracketed

_NEXT_DOOR = re.compile(
    r"\b(?:next door|down the road|elsewhere|(?:other|neighbouring|nearby|another) (?:trusts?|hospitals?)|(?:an?|some|one) (?:[\w-]+ )?(?:hospitals?|trusts?|clinics?)(?= (?:in|near)\b))\b",
    re.IGNORECASE,
)
_BUYS = re.compile(
    r"\b(?:procur|purchas|bought|buy|acquir|order|licen[cs]|contract|obtain|sourc|commission|call(?:ed)?[ -]?off|award|tender|secured|came|comes|supplied|provided|got)\w*",
    re.IGNORECASE,
)
"""What says that something was got, not only through whom it might be."""
_WHOSE = re.compile(r"\s*,?\s*whose\b", re.IGNORECASE)
_SO_MANY = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|following|these|\d{1,2})\s+(?:[\w-]+\s+){0,3}(?:products?|tools?|systems?|applications?|technologies|algorithms?|suppliers?)\W*$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?:'s)?(?: \([^()]*\))?\s*(?:$|[:,;(]|(?:in|on|at|for|across|from|since|within)\b|(?:and|plus|&)\s+(?-i:[A-Z]))",
    re.IGNORECASE,
)
"""What may follow a name that stands at the head of a sentence without a verb."""
_THERE = re.compile(r"\bthere\b(?! (?:is|are|was|were|has|have|will|may)\b)")
_LABEL = 3
"""No more words has what labels an entry."""
_BRACKETED = re.compile(r"\([^()]*\)")
_SAME = re.compile(
    r"\b(?:and|it|this|that|they|we|which|who|then|the (?:trust|hospital)|also|since|has|have)[\s,]*$",
    re.IGNORECASE,
)


def _names_alone(words: str) -> bool:
    words = _BRACKETED.sub("", words)
    unreal = (lifecycle.negated, lifecycle.planned, lifecycle.shown, lifecycle.formerly)
    return not any(says(words) for says in unreal)


@dataclass
class Reader(Holding):
    """Reads what is said about one organisation in one passage."""

    usage: list[Usage] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    peers: frozenset[Entity] = frozenset()
    """Of whom the same sentence says the same."""
    bare_status: str = "live"
    """What a bare name in the list means."""
    unnamed: tuple[str, str] = ("", "")
    """How far along something is that has no name so far, and the rule that says so."""
    label: str = ""
    """How far along the first words of an entry say that all in it is: "on trial."."""

    def body(self, start: int, end: int) -> None:
        """Read all that stands between two places."""
        span = unbracketed(self.text, start, end)
        at = 0
        every = list(sentences(self.text, span.start, span.end))
        for number, sentence in enumerate(every):
            if topics.taken_back(self.text, every, number, self.names):
                continue
            if not at and not self.label and (label := self._label(sentence)):
                self.label = self.bare_status = label
                continue
            before = self.text[span.start : sentence.start].rstrip()
            at += bool(before) and not before.endswith(";")
            first = at <= confirmed(self.text[start:end])
            self.sentence(sentence, bare=self.listed and (first or self._named_first(sentence)))

    def _label(self, sentence: Span) -> str:
        """The status that a few words without a name or a verb say of all that follows."""
        said = self.text[sentence.start : sentence.end]
        if len(said.split()) > _LABEL or next(self.names.mentions(said), None):
            return ""
        state = columns_said.status(said) or ""
        return "" if state == "live" else state

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
            if not self._counts(one, sentence, blank):
                continue
            said = self.text[one.anchor : sentence.end]
            status = qualified(one.status, said) if len(stated) == 1 else one.status
            status = self.label or status if status == "live" else status
            if status == "live" and topics.by_study(self.text[sentence.start : one.anchor]):
                status = "research-only"
            rule = f"said:{one.status}"
            named = self.things(blank, one.start, one.end, status, rule, known=one.known)
            named = named or self._again(sentence, one, status, rule)
            named = named or self._counted(sentence, one, status, rule)
            if not named and unnamed(self.text[one.start : one.end]):
                self.unnamed = (status, rule)
            first = one.anchor if number else sentence.start
            last = stated[number + 1].anchor if number + 1 < len(stated) else sentence.end
            for _, _, thing in named:
                facts.fill(thing, self.text[first:last], self.names)
            placed += named
        bought = [way.start for way in found if way.involvement == "procured"]
        if not (bare or self.listed or _BUYS.search(self.text, sentence.start, sentence.end)):
            bought = []
        # What the cues say of a thing says more than that it was bought.
        guessed = unsaid(self, blank, sentence, stated, placed)
        placed += guessed
        if not stated and bought:
            status = self.bare_status if bare else "procured"
            placed += self.things(
                blank, sentence.start, bought[0], status, "bought-through", named=True
            )
        placed += (named_now(self, sentence) or headed(self, sentence)) if not placed else []
        if bare and not (stated or bought or placed):
            placed += self._named_alone(blank, sentence)
        placed += ended(self, sentence, placed)
        if described and len(self.deployments) == count + 1:
            placed = self.specified(described, placed)
        amounts_of(self, sentence, placed)
        for way in found:
            self._way(way, sentence, placed)
        return placed

    def _named_alone(self, blank: str, sentence: Span) -> list[Placed]:
        """Take in what a sentence of a list merely names, unless it says that it is not so."""
        if not _names_alone(blank[sentence.start : sentence.end]):
            return []
        status, rule = self.bare_status, "named-in-list"
        return self.things(blank, sentence.start, sentence.end, status, rule, named=True)

    def _named_first(self, sentence: Span) -> bool:
        """Whether a sentence of a list of what is used begins with a known product and has no verb."""
        said = self.text[sentence.start : sentence.end]
        first = next(iter(self.names.mentions(said)), None)
        if first is None or first.start or not first.of("product", "vendor"):
            return False
        end = first.end
        if not first.of("product"):
            made = next(iter(self.names.mentions(said[end:])), None)
            if made is None or not made.of("product") or said[end : end + made.start].strip():
                return False
            end += made.end
        return self.bare_status == "live" and bool(_PLACED.match(said, end))

    def _counts(self, one: lifecycle.Statement, sentence: Span, blank: str) -> bool:
        """Whether something is said, now, of the organisation and not of many or of others."""
        many = apart.OF_MANY.search(self.text, one.anchor, sentence.end)
        ours = self.listed or self._names_trust(sentence) or self._ours(sentence)
        if (many or (one.known and not self._counted_here(sentence))) and not ours:
            return False
        if (one.passive and self._of_many(one, sentence)) or once(blank, one.anchor, sentence.end):
            return False
        said = self.text[: sentence.end]
        if not one.passive and strangers.acts(said, one.anchor, self.owner, self.names):
            return False
        return bool(one.status) and not self.of_others(blank, sentence.start, one.anchor)

    def specified(self, described: Deployment, placed: list[Placed]) -> list[Placed]:
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
        far = apart.OF_MANY.search(said) or _NEXT_DOOR.search(said)
        return bool(far) and not any(m.of("trust") for m in self.names.mentions(said))

    def _goes_on(self, one: lifecycle.Statement) -> bool:
        """Whether nothing but the organisation, or a word for it, stands before what is said."""
        before = self.text[one.start : one.anchor]
        last = [m for m in self.names.mentions(before) if m.of("trust")]
        return not before.strip(" ,") or bool(
            (last and not before[last[-1].end :].strip(" ,")) or _SAME.search(before)
        )

    def _again(
        self, sentence: Span, one: lifecycle.Statement, status: str, rule: str
    ) -> list[Placed]:
        """Take in what was named last, where what is said needs no name."""
        said = self.names.mentions(self.text[sentence.start : one.anchor])
        last = next((m for m in reversed(list(said)) if m.of("product")), self.spoken_of)
        if last is None or not (one.bare and self._goes_on(one)):
            return []
        meant = meant_again(last, one.anchor, sentence.end, self.names)
        return self.take([meant], status, rule)

    def _counted(
        self, sentence: Span, one: lifecycle.Statement, status: str, rule: str
    ) -> list[Placed]:
        """Take in what a colon names after a number of tools: "three tools are used: this, that"."""
        colon = self.text.find(": ", one.anchor, sentence.end)
        if colon < 0 or not one.passive or not _SO_MANY.search(self.text[one.start : one.anchor]):
            return []
        return self.things(self.text, colon + 1, sentence.end, status, rule)

    def _counted_here(self, sentence: Span) -> bool:
        """Whether a sentence of an entry says how often something is used, and names no other place."""
        said = self.text[sentence.start : sentence.end]
        counts = self.passage.kind == "item" and any(one.per for one in amounts(said, 0, len(said)))
        return counts and topics.goes_on(said, self.names)

    def _ours(self, sentence: Span) -> bool:
        """Whether a sentence says of whom it speaks by "our", or "there" without another place."""
        said = self.text[sentence.start : sentence.end]
        there = _THERE.search(said) and topics.goes_on(said, self.names)
        return bool(there or re.search(r"\b[Oo]ur\b", said))

    def _names_trust(self, span: Span) -> bool:
        return any(m.of("trust") for m in self.names.mentions(self.text[span.start : span.end]))

    def of_others(self, text: str, start: int, end: int) -> bool:
        """Whether the words before a place speak of somebody else."""
        said = text[start:end]
        others = [m for m in self.names.mentions(said) if m.of("trust")]
        mine = {*self.owner.entities, *self.peers}
        foreign = [
            m for m in others if not mine & set(m.entities) and m.text not in self.owner.text
        ]
        if any(m.of("vendor") and _WHOSE.match(said, m.end) for m in self.names.mentions(said)):
            return True
        far = apart.OF_OTHERS.search(said)
        named = far and any(mine & set(m.entities) and m.start > far.start() for m in others)
        return bool(foreign or (far and not named))

    def bare(self, span: Span, text: str) -> None:
        """Take in what a list names and says nothing of but when or for what."""
        if _names_alone(text[span.start : span.end]):
            rule = "named-in-list"
            self.things(text, span.start, span.end, self.bare_status, rule, named=True)

    def came(self, way: Way, meant: Deployment) -> None:
        """Take in how something came about."""
        self._route(way, meant, ambiguous=False)

    def _way(self, way: Way, sentence: Span, placed: list[Placed]) -> None:
        if set(way.through.entities) & set(self.owner.entities):
            return
        before = self.text[sentence.start : way.start]
        if lifecycle.planned(before[-60:]) or lifecycle.negated(before[-20:]):
            return
        meant = ties.near(self.text, sentence.start, way.start, placed, self.all, self.names)
        if placed and all(at > way.start for at, _, _ in placed):
            meant = placed[0][2]
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
