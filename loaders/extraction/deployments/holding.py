"""What an organisation has, as one passage names it, each thing once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from careatlas.loaders.extraction.candidates import COUNTED, Deployment, Found
from careatlas.loaders.extraction.deployments import ties
from careatlas.loaders.extraction.deployments.described import BRACKETS
from careatlas.loaders.extraction.deployments.items import Item, items, meant_again
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.wording.days import to_come
from careatlas.loaders.extraction.wording.qualifying import qualified
from careatlas.loaders.extraction.wording.text import Span, trimmed
from careatlas.loaders.reading.model import Passage

_NO_THING = re.compile(
    r"\A(?:following|with(?:held|holds|holding)|refus(?:ed|es|ing)|declin(?:ed|es|ing)|gave|said|kept|cited|relied|claimed)\b|\b(?:is|are|was|were|be|been|will|would|shall|should|could|might)\b",
    re.IGNORECASE,
)
"""A description says nothing of a thing, nor that a list follows."""
_RIVAL = re.compile(
    r"['\u2019]s?\s+(?:[a-z-]+ ){0,2}(?:rivals?|competitors?|successors?|predecessors?|equivalents?|makers?|parent|sister|alternatives?|brochures?|prices?|website|"
    r"data|sandbox|(?:test|demo|development|training) (?:environment|site|system)|sales\w*|representatives?|staff|engineers?|offices?|founders?|shares?|claims?|pitch|offer)\b"
)
"""What belongs to a thing and is not the thing."""
DESCRIBED = re.compile(
    r"(?P<what>(?:an?|some|another) (?=[a-z])[^()]*?\b(?:tools?|systems?|software|products?|packages?|programs?|apps?|applications?|algorithms?|aids?|assistants?)\b[^()]*?)\s*(?:\([^()]*\))?"
)
"""What is no name but says what a thing is."""
_NEAR = 25
_SPECIFIC = frozenset(("trialling", "paused", "ended", "research-only", "deployed-not-used"))
"""What a later sentence says more exactly than that something is used."""


@dataclass
class Holding:
    """Takes in what is said that one organisation has."""

    passage: Passage
    text: str
    owner: Mention
    names: Gazetteer
    reported: str
    sure: float
    listed: bool
    """Whether a bare name is enough, because the list says what it is a list of."""
    deployments: list[Deployment] = field(default_factory=list)
    earlier: list[Deployment] = field(default_factory=list)
    """What other passages of the document said of the same organisation before."""
    known_only: bool = False
    """Whether nothing counts but names that the catalogue knows, as it is not sure who is meant."""
    studied: frozenset[Entity] = frozenset()
    """The products that a study of the document works with."""
    spoken_of: Mention | None = None
    """The product that was named last, which "it" or "the tool" may mean."""

    @property
    def all(self) -> list[Deployment]:
        """What is known of the organisation so far."""
        return [*self.earlier, *self.deployments]

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
        again = ties.AGAIN.match(text, start, end)
        found = [] if again else items(text, start, end, self.names)
        if again:
            before = self.names.mentions(self.text[max(0, start - ties.BEFORE) : start])
            named_last = [m for m in before if m.of("product", "vendor")]
            last = next((m for m in reversed(named_last) if m.of("product")), self.spoken_of)
            last = last or (named_last[-1] if named_last else None)
            if last:
                found = [meant_again(last, again.start(), again.end(), self.names)]
                mine = found[0].product
                live = any(one.product == mine and one.status == "live" for one in self.all)
                if status == "live" and mine in self.studied and not live:
                    status = "research-only"
        known = known or self.known_only
        found = [item for item in found if not known or item.vendor or item.product]
        return self.take(found, status, rule, text=text, named=named)

    def take(
        self, found: Sequence[Item], status: str, rule: str, *, text: str = "", named: bool = False
    ) -> list[Placed]:
        """Take in things that are named, each once."""
        text = text or self.text
        placed: list[Placed] = []
        for item in found:
            if item.name is None and _NO_THING.search(item.description):
                continue
            if item.name and _RIVAL.search(text, item.name.start, item.name.end + _NEAR):
                continue
            if any(m.of("trust", "network") for m in self.names.mentions(item.description)):
                if item.name is None:
                    continue
                item = replace(item, description="")  # noqa: PLW2901 - what names a trust is no purpose
            if named and (item.name is None or (item.new and not item.vendor and not placed)):
                continue
            note = BRACKETS.search(text, item.span.start, item.span.end)
            if note and to_come(note[1], self.reported):
                continue
            said = qualified(status, text[item.span.start : item.span.end])
            if said == "live" and item.noted is not None:
                said = item.noted
            if not said:
                continue
            deployment = self._known(item)
            if deployment is None:
                deployment = self._new(item, said, rule)
                self.deployments.append(deployment)
            else:
                self._better(deployment, item, said, rule)
            placed.append((item.span.start, item.comma, deployment))
            self.spoken_of = item.name if item.name and item.name.entities else self.spoken_of
        return placed

    def _better(self, known: Deployment, item: Item, status: str, rule: str) -> None:
        """Let what is said of a thing that was named before take the place of what says less."""
        if known.found.rule == COUNTED:
            known.status, known.found = status, self._found(item, rule)
        elif (known.status, status) != ("ended", "paused") and (
            status in _SPECIFIC or known.status in {"procured", "exploring"}
        ):
            known.status = status

    def whole(self, span: Span, status: str, rule: str) -> list[Placed]:
        """Take in a stretch that is nothing but a name, whatever its words."""
        said = " ".join(self.text[span.start : span.end].split())
        if what := DESCRIBED.fullmatch(said):
            item = Item(span, comma=True, description=what["what"].partition(" ")[2])
            self.deployments.append(self._new(item, status, rule))
            return [(span.start, True, self.deployments[-1])]
        name = Mention(span.start, span.end, said, (), self.names.nearest(said, "product"))
        deployment = self._new(Item(span, comma=True, name=name, new=said), status, rule)
        self.deployments.append(deployment)
        return [(span.start, True, deployment)]

    def _new(self, item: Item, status: str, rule: str) -> Deployment:
        return Deployment(
            self.owner,
            item.name,
            item.vendor,
            item.product,
            item.new,
            item.description,
            status,
            self.reported,
            self._found(item, rule),
        )

    def _found(self, item: Item, rule: str) -> Found:
        """Where a thing is named, and how sure it is that this is said of it."""
        span = trimmed(self.text, item.span.start, item.span.end)
        sure = self.sure - 0.25 * bool(item.new) - 0.1 * (item.name is None)
        sure -= 0.15 * (len(self.owner.entities) != 1)
        at = self.passage.start
        return Found(rule, max(sure, 0.1), self.passage, at + span.start, at + span.end)

    def _known(self, item: Item) -> Deployment | None:
        """What was named before in this passage and is meant again."""
        if item.name is None:
            same = (
                one for one in self.all if one.name is None and one.description == item.description
            )
            return next(same, None)
        return ties.meant(self.all, item.vendor, item.product, item.new, item.name.text)
