"""Running text: a sentence is about the one trust that stands before, or right after, what is said."""

import re
from dataclasses import dataclass, field

from careatlas.loaders.extraction import lifecycle
from careatlas.loaders.extraction.deployments import Reader
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.text import Span, sentences
from careatlas.loaders.reading.model import Document, Passage

SURE = 0.7
"""How sure a claim of running text is."""
_PRONOUN = re.compile(
    r"\W*(?:it|they|the (?:trust|hospital|organisation|tool|system|software|product|technology)|its|we|this (?:initiative|tool|system|solution|product|technology|software|work)|as part of the [\w -]+, it)\b",
    re.IGNORECASE,
)
_AT = re.compile(r"(?:[\w\s-]{0,30}\s)?(?:at|by|in|within|across)\s+(?:the\s+)?$", re.IGNORECASE)
_WITH = re.compile(r"\b(?:trial|pilot|proof of concept)s?\s+(?:with|at)\s+$", re.IGNORECASE)
_OF_WHAT = re.compile(
    r"\s*(?:to (?:implement|deploy|test|trial|pilot|evaluate|introduce)|of|for|using)\s+"
)
_SHORT = re.compile(r"\s*\(([A-Z][A-Za-z&]{1,9})\)")


def with_short_names(document: Document, names: Gazetteer) -> Gazetteer:
    """The gazetteer with the short names that the running text puts in brackets after a trust's."""
    extra: list[tuple[str, Entity]] = []
    for passage in document.passages:
        if passage.kind != "paragraph":
            continue
        for mention in names.mentions(passage.text):
            match = _SHORT.match(passage.text, mention.end)
            if match and len(mention.of("trust")) == 1 and not names.find(match[1]):
                extra.append((match[1], mention.of("trust")[0]))
    return names.extended(extra) if extra else names


@dataclass
class Prose:
    """Reads paragraph after paragraph, and knows whom the last one spoke of."""

    names: Gazetteer
    reported: str
    readers: list[Reader] = field(default_factory=list)
    last: tuple[int, Mention, Reader | None] | None = None
    """The number of the last paragraph with a trust, the trust, and what was read of it."""

    def paragraph(self, at: int, passage: Passage, text: str) -> None:
        """Read one paragraph; "it" may mean the trust of the one before."""
        if self.last and self.last[0] < at - 1:
            self.last = None
        own: dict[tuple[Entity, ...], Reader] = {}
        for sentence in sentences(text, 0, len(text)):
            self._sentence(at, passage, text, sentence, own)

    def _sentence(
        self,
        at: int,
        passage: Passage,
        text: str,
        sentence: Span,
        own: dict[tuple[Entity, ...], Reader],
    ) -> None:
        said = text[sentence.start : sentence.end]
        trusts = [m for m in self.names.mentions(said) if m.of("trust")]
        different = {m.of("trust") for m in trusts}
        stated = next(lifecycle.statements(text, sentence.start, sentence.end), None)
        anchor = stated.anchor - sentence.start if stated else len(said)
        leading = [m for m in trusts if m.end <= anchor]
        partner = next((m for m in trusts if _WITH.search(said[: m.start])), None)
        reader = None
        if leading or partner or (trusts and stated):
            whose = partner or (leading or trusts)[0]
            of_one = len({m.of("trust") for m in leading or trusts}) == 1
            after = bool(stated and _AT.search(said[anchor : whose.start]))
            if of_one and (leading or partner or after):
                reader = own.setdefault(whose.of("trust"), self._reader(passage, text, whose))
                if partner:
                    self._partnered(reader, sentence, whose)
                else:
                    reader.sentence(sentence)
        elif self.last and _PRONOUN.match(said) and not trusts:
            whose, reader = self.last[1], self.last[2]
            reader = reader or own.setdefault(whose.of("trust"), self._reader(passage, text, whose))
            reader.passage, reader.text = passage, text
            reader.sentence(sentence, goes_on=True)
        if len(different) == 1:
            self.last = (at, trusts[0], reader)
        elif different:
            self.last = None
        elif self.last:
            self.last = (at, self.last[1], reader or self.last[2])

    def _reader(self, passage: Passage, text: str, whose: Mention) -> Reader:
        meant = Mention(whose.start, whose.end, whose.text, whose.of("trust"))
        reader = Reader(passage, text, meant, self.names, self.reported, SURE, listed=False)
        self.readers.append(reader)
        return reader

    def _partnered(self, reader: Reader, sentence: Span, whose: Mention) -> None:
        """A company that tries something with a trust: who supplies it stands before the trust."""
        start = sentence.start + whose.end
        before = reader.text[sentence.start : sentence.start + whose.start]
        makers = [v for m in self.names.mentions(before) for v in m.of("vendor")]
        match = _OF_WHAT.match(reader.text, start, sentence.end)
        if not match or lifecycle.planned(before) or lifecycle.negated(before):
            return
        for _, _, one in reader.things(
            reader.text, match.end(), sentence.end, "trialling", "trial-with"
        ):
            if one.vendor is None and len(set(makers)) == 1:
                one.vendor = makers[0]
