"""Running text: a sentence is about the trusts that stand before, or right after, what is said."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from careatlas.loaders.extraction.candidates import Deployment, Disclosure
from careatlas.loaders.extraction.deployments.often import amounts_of
from careatlas.loaders.extraction.deployments.over import about_end
from careatlas.loaders.extraction.deployments.partners import FOR, WITH, bought_for, partnered
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.letters.asked import named_alone
from careatlas.loaders.extraction.organisations import topics
from careatlas.loaders.extraction.organisations.replies import answered
from careatlas.loaders.extraction.organisations.subjects import (
    SAME,
    TRUSTS,
    Part,
    joined,
    parts,
    reaches,
)
from careatlas.loaders.extraction.organisations.subjects import without_asides as cleaned
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import idle
from careatlas.loaders.extraction.wording.columns_said import status
from careatlas.loaders.extraction.wording.text import Span, sentences
from careatlas.loaders.reading.model import Passage

SURE = 0.7
"""How sure a claim of running text is."""
_NEXT = 10
"""No more letters stand between a paragraph and the next one."""
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_OURS = re.compile(r"\W*(?:we|our|the Trust)\b")


@dataclass
class Prose:
    """Reads paragraph after paragraph, and knows whom the last one spoke of."""

    names: Gazetteer
    reported: str
    house: Mention | None = None
    """Whose document it is, where it is a trust's own."""
    topic: Mention | None = None
    """The one trust that its title names."""
    sole: Mention | None = None
    """The one trust that it names at all, if it names no other."""
    network: Mention | None = None
    """Whose document it is, where it is a network's or a board's."""
    studied: set[Entity] = field(default_factory=set)
    """The products that a study works with, as the document says."""
    readers: list[Reader] = field(default_factory=list)
    known: dict[tuple[Entity, ...], list[Deployment]] = field(default_factory=dict)
    """What earlier passages said of each trust."""
    before: dict[tuple[Entity, ...], Reader] = field(default_factory=dict)
    """Who read of it last."""
    answers: list[Disclosure] = field(default_factory=list)
    spoken_of: Mention | None = None
    """The product that was named last."""
    makers: set[str] = field(default_factory=set)
    """The makers of all that was named so far: of several, another paragraph may mean any."""
    said: str = ""
    """The status that the last part of a sentence stated."""
    stretch: tuple[int, int] | None = None
    """Where the last part of a sentence names things."""
    bare_status: str = ""
    """What a bare name of the list that is read means, if anything."""
    group: list[Mention] = field(default_factory=list)
    """The trusts that "both" or "all three" mean."""
    own: dict[tuple[Entity, ...], Reader] = field(default_factory=dict)
    """Who reads of each trust in the paragraph."""
    last: tuple[int, Mention, Reader | None] | None = None
    """The number of the last paragraph with a trust, the trust, and what was read of it."""

    def paragraph(self, at: int, passage: Passage, text: str) -> None:
        """Read one paragraph; "it" may mean the trust of the one before."""
        if self.last and (self.last[0] < at - 1 or (self.house and self.last[0] != at)):
            self.last = None
        self.own = {}
        if len(self.makers) > 1:
            self.spoken_of = None
        if self.last is None and self.topic and not self.house:
            self.last = (at, self.topic, None)
        if self._of_product(passage, text):
            return
        self.group, self.stretch = [], None
        every = list(sentences(text, 0, len(text)))
        for number, sentence in enumerate(every):
            if idle(text, sentence) or topics.taken_back(text, every, number, self.names):
                continue
            if trusts := topics.lead(text, sentence, self.names):
                self.group = trusts
                self.last = (at, trusts[0], None) if len(trusts) == 1 else None
                continue
            whole = list(parts(text, sentence, self.names))
            firm = topics.speaks_for_firm(text[sentence.start : sentence.end], self.names)
            if firm and not any(part.trusts for part in whole):
                self.last = None
            for part in whole:
                self._part(at, passage, text, part)
            self.spoken_of = topics.last_thing(text, sentence, self.names, self.spoken_of)
            self.studied |= topics.studied(text[sentence.start : sentence.end], self.names)
            if self.spoken_of:
                self.makers |= {one.vendor or one.iri for one in self.spoken_of.entities}

    def _of_product(self, passage: Passage, text: str) -> bool:
        """Read "Product: this trust (live), that trust (pilot)"; false where it is no such line."""
        found = list(self.names.mentions(text))
        trusts = [m for m in found[1:] if m.of("trust")]
        if not (found and trusts and found[0].of("product", "vendor")):
            return False
        if text[: found[0].start].strip() or topics.says_more(text, found[0], trusts):
            return False
        for trust in trusts:
            note = _BRACKET.match(text, trust.end)
            state = status(note[1]) if note else self.bare_status or "unspecified"
            if state:
                reader = self._own(passage, text, trust)
                reader.things(text, found[0].start, found[0].end, state, "listed", named=True)
        return True

    def _part(self, at: int, passage: Passage, text: str, part: Part) -> None:
        trusts, span = part.trusts, part.span
        self.answers += answered(passage, text, part, self.reported, SURE) if trusts else ()
        if trusts and self._of_another(at, text, part):
            trusts = ()
        of_trust = topics.OF_TRUST.match(text, span.start, span.end)
        self.last = self.last or ((at, self.sole, None) if self.sole and of_trust else None)
        goes_on = not trusts and (self._meant(text, span) or self._same_topic(at, text, span))
        if trusts:
            reader = self._shortly(passage, text, part) or self._named(passage, text, part)
        elif self.house and (_OURS.match(text, span.start) or not self._meant(text, span)):
            reader = self._of_house(passage, text, span, self.house)
        elif len(self.group) > 1 and topics.of_all(text[span.start : span.end]):
            self._of_all(passage, text, span)
            return
        elif self.last and goes_on:
            reader = self.last[2] or self._own(passage, text, self.last[1])
            reader.passage, reader.text = passage, text
            reader.known_only = not self._meant(text, span)
            reader.sentence(span, goes_on=True)
            reader.known_only = False
        else:
            reader = None
        clean = cleaned(text, span.start, span.end)
        if len(trusts) > 1 and len(joined(clean, trusts)) == len(trusts):
            self.group = list(trusts)
        if len({m.entities for m in trusts}) == 1:
            self.last = (at, trusts[0], reader)
        elif trusts:
            self.last = None
        elif self.last:
            self.last = (at, self.last[1], reader or self.last[2])

    def _shortly(self, passage: Passage, text: str, part: Part) -> Reader | None:
        """Read a part that leaves out what the part before said; none where it is no such part."""
        trusts, span = part.trusts, part.span
        partner = next((m for m in trusts if WITH.search(text[span.start : m.start])), None)
        if partner:
            reader = self._own(passage, text, partner)
            return reader if partnered(reader, span, partner) else None
        how = self.said if part.status == SAME else part.status
        if part.status and self.stretch:
            place, rule = self.stretch, "said-shortly"
        elif self.stretch and self.said and topics.so_do(text[span.start : span.end]):
            place, rule, how = self.stretch, "said-shortly", self.said
        elif part.gapped and self.said:
            place, rule, how = (trusts[0].end, span.end), "said-before", self.said
        else:
            return None
        for whose in trusts[:1] if part.gapped else joined(text, trusts):
            reader = self._own(passage, text, whose)
            reader.text = text
            reader.things(text, *place, how, rule)
            if not (part.status or part.gapped):
                amounts_of(reader, span, [])
        return reader

    def _named(self, passage: Passage, text: str, part: Part) -> Reader | None:
        """Read a part about the trusts that it names."""
        reader, span = None, part.span
        paired = "respectively" in text[span.start : span.end].casefold()
        for at_group, (whose, text_of, peers) in enumerate(self._subjects(text, part)):
            reader = self._own(passage, text_of, whose)
            reader.text, reader.peers = text_of, peers
            placed = reader.sentence(span)
            bought_for(reader, span, part.trusts[0], placed, self.network)
            if paired and at_group < len(placed):
                mine = placed[at_group][2]
                reader.deployments = [
                    one
                    for one in reader.deployments
                    if one is mine or all(one is not other for _, _, other in placed)
                ]
        return reader

    def _of_house(self, passage: Passage, text: str, span: Span, house: Mention) -> Reader:
        """Read a part about whose document it is."""
        reader = self._own(passage, text, house)
        reader.bare_status = self.bare_status
        bare = named_alone(text, span, self.names) if self.bare_status else None
        if not reader.sentence(bare or span, bare=bare is not None) and bare:
            reader.bare(bare, text)
        return reader

    def _of_all(self, passage: Passage, text: str, span: Span) -> None:
        """Read a part about all the trusts that were named before."""
        peers = frozenset(entity for m in self.group for entity in m.entities)
        for whose in self.group:
            reader = self._own(passage, text, whose)
            reader.text, reader.peers = text, peers
            reader.sentence(span)

    def _meant(self, text: str, span: Span) -> bool:
        """Whether a sentence goes on about the trust that was named last."""
        begins = (topics.PRONOUN, topics.OF_TRUST)
        means = any(one.match(text, span.start, span.end) for one in begins)
        return bool(self.last and (means or self._of_its_product(text, span)))

    def _of_another(self, at: int, text: str, part: Part) -> bool:
        """Whether a part is about whom the text is about, and names trusts only by the way."""
        lead = text[part.span.start : part.trusts[0].start]
        house = self.house.entities if self.house else ()
        reader = self.before.get(house)
        mine = reader.all if reader else self.known.get(house, [])
        stated = topics.held(lead, mine, self.names) or any(
            lifecycle.statements(lead, 0, len(lead))
        )
        if about_end(lead) or not (stated and topics.by_the_way(text, part.span, part.trusts)):
            return about_end(lead) and self.last is not None
        about = self._meant(text, part.span) or self._same_topic(at, lead, Span(0, len(lead)))
        return bool(self.house or (self.last and about))

    def _same_topic(self, at: int, text: str, span: Span) -> bool:
        """Whether a sentence without a trust is about the one that its paragraph is about."""
        here = self.last is not None and self.last[0] == at
        return here and topics.goes_on(text[span.start : span.end], self.names)

    def _of_its_product(self, text: str, span: Span) -> bool:
        """Whether a sentence begins with a product that the trust named last is known to have."""
        reader = self.last[2] if self.last else None
        first = next(iter(self.names.mentions(text[span.start : span.end])), None)
        if reader is None or first is None or first.start > 0:
            return False
        goes_on = text[: span.start].rstrip().endswith(";") and first.of("product", "vendor")
        return bool(goes_on) or topics.held(text[span.start : span.end], reader.all, self.names)

    def _subjects(self, text: str, part: Part) -> Iterator[tuple[Mention, str, frozenset[Entity]]]:
        """The trusts that a part speaks of, each with the text without asides and those beside it."""
        stated = next(lifecycle.statements(text, part.span.start, part.span.end), None)
        self.said = stated.status if stated else ""
        self.stretch = (stated.start, stated.end) if stated and stated.status else None
        anchor = stated.anchor if stated else part.span.end
        clean = cleaned(text, part.span.start, anchor)
        leading = [m for m in part.trusts if m.end <= anchor and clean[m.start : m.end].strip()]
        after = [m for m in part.trusts if m.start >= anchor]
        group = joined(clean, leading or after)
        if leading and {m.entities for m in leading} != {m.entities for m in group}:
            return
        colon = text.rfind(":", anchor, part.trusts[-1].start) if not leading else -1
        if colon >= 0 and TRUSTS.search(text[part.span.start : colon]):
            group = joined(clean, [m for m in after if m.start > colon])
        before = text[anchor : group[0].start] if group else ""
        bought = stated and stated.status == "procured" and FOR.search(before)
        lead = text[part.span.start : group[0].start] if group else ""
        reached = bought or reaches(before, lead)
        if stated and stated.status == "ended":
            before = before.replace("no longer", "")
        if not leading and (not group or not reached or lifecycle.negated(before)):
            return
        peers = frozenset(entity for m in group for entity in m.entities)
        seen = set[tuple[Entity, ...]]()
        for mention in group:
            if mention.entities not in seen:
                seen.add(mention.entities)
                yield mention, clean, peers

    def _own(self, passage: Passage, text: str, whose: Mention) -> Reader:
        if whose.entities not in self.own:
            self.own[whose.entities] = self._reader(passage, text, whose)
        reader = self.own[whose.entities]
        reader.spoken_of = self.spoken_of or reader.spoken_of
        reader.studied = frozenset(self.studied)
        return reader

    def _reader(self, passage: Passage, text: str, whose: Mention) -> Reader:
        meant = Mention(whose.start, whose.end, whose.text, whose.of("trust"))
        reader = Reader(passage, text, meant, self.names, self.reported, SURE, listed=False)
        reader.spoken_of = self.spoken_of
        reader.earlier = self.known.setdefault(meant.entities, [])
        if before := self.before.get(meant.entities):
            reader.earlier += before.deployments
            if passage.start - before.passage.end <= _NEXT:
                reader.unnamed = before.unnamed
        self.before[meant.entities] = reader
        self.readers.append(reader)
        return reader
