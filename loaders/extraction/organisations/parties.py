"""Organisations that a stretch of a sentence names, known or new, and what a passage tells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careatlas.loaders.extraction.candidates import Found
from careatlas.loaders.extraction.gazetteer import KINDS, Entity, Gazetteer, Mention
from careatlas.loaders.extraction.wording.text import Span, entries, sentences, trimmed
from careatlas.loaders.extraction.wording.words import GENERIC, PREPOSITIONS, TOKEN, words
from careatlas.loaders.reading.model import Passage

SURE = 0.7
ORGANISATIONS = ("trust", "vendor", "network", "icb", "organisation")
_LEAD = re.compile(
    r"(?:(?:the|an?|both|its|their|our|several|some|with|between|by|from|also|meanwhile|today|"
    r"(?:a )?(?:number|group|range) of|companies|firms|vendors|trusts|suppliers|such as|like|including|and|but|that)\b\s*)+",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s(?:to|for|which|that|who|on|in|at|as|after|since|under|worth|has|have|is|are|will|was|were|said|using|"
    r"aimed|covering|where|so|over|during|following|because|bringing)\s|[;:.()]|,\s*(?:the|a|an|which|who|in|to|under|as|after|following|with)\s"
)
_BODIES = re.compile(
    r"\b(?:universit(?:y|ies)|networks?|trusts?|hospitals?|boards?|colleges?|bodies|alliances?|institutes?|councils?|"
    r"charit(?:y|ies)|consorti(?:um|a)|foundations?|authorit(?:y|ies))$",
    re.IGNORECASE,
)
_SO_MANY = re.compile(
    r"(?:(?:more than|over|up to|about|around|at least|nearly|almost|all|fewer than|the first)\s+)?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|some)\b|(?-i:[a-z]+ed)\b",
    re.IGNORECASE,
)
"""What counts bodies that are named beside it, or goes on about them."""
_PROPER = re.compile(r"[A-Z][a-z]+(?: (?!NHS\b|[A-Z][a-z]+s$)[A-Z][a-z]+)+")
"""A name that may begin with a number, such as that of an alliance of three counties."""
_KIND = words(
    "company firm vendor supplier developer start-up startup specialist giant maker provider"
)
"""What a firm is, before its name: "AI company Lumo"."""
_OF_NHS = re.compile(r"\s+[a-z]+s\b")
"""After "NHS" some of its trusts or hospitals are meant, not all of it."""
_MOST_WORDS = 9


@dataclass(frozen=True)
class Told:
    """A passage that is the document's own, with its text without markup."""

    number: int
    passage: Passage
    text: str

    def sentences(self) -> Iterator[Span]:
        """Its sentences by place."""
        return sentences(self.text, 0, len(self.text))

    def found(self, rule: str, span: Span, sure: float = SURE) -> Found:
        """Where in the document a stretch stands, and what found it."""
        at, own = self.passage.start, trimmed(self.text, span.start, span.end)
        return Found(rule, max(sure, 0.1), self.passage, at + own.start, at + own.end)


_MEANT = re.compile(
    r"\b(?:(?P<trust>(?:the|this) (?:trust|hospital))|(?P<vendor>the (?:company|firm|supplier|vendor|developer|manufacturer)|it(?= an?\b| the\b))|"
    r"(?P<both>the two (?:organisations|sides|parties)|both (?:organisations|parties))|(?P<body>(?:the|our) (?:network|alliance|ICB|board|partnership|collaborative|consortium))|(?P<we>we|our|us))\b",
    re.IGNORECASE,
)


@dataclass
class Last:
    """Whom "the trust" and "the company" mean: those named last, or whose document it is."""

    names: Gazetteer
    author: str = ""
    topic: Mention | None = None
    """The trust that the document is about."""
    trust: Mention | None = None
    vendor: Mention | None = None
    passage: int = -1
    body: Mention | None = None
    """The network or the board whose document it is."""

    def read(self, text: str, sentence: Span, passage: int) -> None:
        """Take note of whom a sentence names; another passage speaks of the topic again."""
        if passage != self.passage:
            self.passage, self.trust = passage, self.topic or self.trust
        for mention in self.names.mentions(text[sentence.start : sentence.end]):
            if mention.of("trust"):
                self.trust = Mention(0, 0, mention.text, mention.of("trust"))
            elif makers := mention.of("vendor") or self._makers(mention):
                self.vendor = Mention(0, 0, makers[0].label, makers)

    def _makers(self, mention: Mention) -> tuple[Entity, ...]:
        made = {p.vendor for p in mention.of("product")}
        return tuple(self.names.by_iri[iri] for iri in sorted(made) if iri in self.names.by_iri)

    def meant(self, told: "Told", start: int, end: int, named: Sequence[Mention]) -> list[Mention]:
        """The organisations that words of a stretch mean and that it does not name itself."""
        found: list[Mention] = []
        for match in _MEANT.finditer(told.text, start, end):
            trust = self.trust if told.number == self.passage else self.topic or self.trust
            who: list[Mention | None] = [trust] if match["trust"] else []
            who += [self.vendor] if match["vendor"] else []
            who += [trust, self.vendor] if match["both"] else []
            if match["body"] and self.body:
                who.append(self.body)
            if match["we"] and self.author:
                who.append(Mention(0, 0, self.author, self.names.find(self.author)))
            found += [
                Mention(match.start(), match.end(), one.text, one.entities)
                for one in who
                if one and one.entities not in {m.entities for m in (*named, *found)}
            ]
        return found


def parties(text: str, start: int, end: int, names: Gazetteer) -> list[Mention]:
    """The organisations of a list, in order: what is known by its name, what is not by its form."""
    known = [
        Mention(m.start + start, m.end + start, m.text, m.of(*ORGANISATIONS), m.nearest)
        for m in names.mentions(text[start:end])
        if m.of(*ORGANISATIONS) and not (m.text == "NHS" and _OF_NHS.match(text, m.end + start))
    ]
    found, at = list[Mention](), start
    for mention in known:
        found += _new(text, at, mention.start, names)
        found.append(mention)
        at = mention.end
    found += _new(text, at, end, names)
    return [one for one in found if one.entities or not _counts(one.text)]


def _counts(said: str) -> bool:
    return bool(_SO_MANY.match(said)) and not _PROPER.fullmatch(said)


def listed(text: str, start: int, end: int, names: Gazetteer) -> list[Mention]:
    """The organisations of a list that begins at a place and ends where the sentence goes on."""
    stop = end
    for match in _STOP.finditer(text, start, end):
        inside = any(
            m.start + start <= match.start() < m.end + start
            for m in names.mentions(text[start:end])
        )
        short = match[0] == "(" and re.match(r"\([A-Z][\w&-]*\)", text[match.start() : end])
        if (
            not inside
            and not short
            and not (match[0] == ")" and re.search(r"\([A-Z][\w&-]*$", text[start : match.start()]))
        ):
            stop = match.start()
            break
    return parties(text, start, stop, names)


def _new(text: str, start: int, end: int, names: Gazetteer) -> Iterator[Mention]:
    for part, _ in entries(text, start, end):
        lead = _LEAD.match(text, part.start, part.end)
        span = trimmed(text, lead.end() if lead else part.start, part.end, " \t\r\n.,;:()'\u2019")
        said = text[span.start : span.end]
        words = [word.casefold() for word in TOKEN.findall(said)]
        if (
            not words
            or len(words) > _MOST_WORDS
            or (re.fullmatch(r"[A-Z][\w&-]*", said) and _short(text, span))
        ):
            continue
        if names.find(said, "product"):
            continue
        if len(words) == 1 and _BODIES.search(said):
            continue
        if words[0] in PREPOSITIONS:
            continue
        if words[-1] in _KIND and all(word in GENERIC for word in words[:-1]):
            continue
        proper = said[:1].isupper() and not all(word in GENERIC for word in words)
        if (proper and not re.search(r"\b(?:said|is|are|was|has|have)\b", said)) or _BODIES.search(
            said
        ):
            yield Mention(
                span.start, span.end, said, (), names.nearest(said, "organisation", "vendor")
            )


def _short(text: str, span: Span) -> bool:
    """Whether a word is only the short form, in brackets, of the name before it."""
    return text[: span.start].rstrip()[-1:] == "(" and text[span.end : span.end + 1] == ")"


def one_of(mention: Mention, *kinds: str) -> Entity | None:
    """What a name means if that is sure, the kinds in the order of what counts first."""
    found = sorted(mention.entities, key=lambda entity: KINDS.index(entity.kind))
    found = [entity for entity in found if not kinds or entity.kind in kinds]
    return found[0] if found and len({entity.label for entity in found}) == 1 else None


def label(mention: Mention) -> str:
    """The name to write: the canonical one where it is sure, else as printed."""
    known = one_of(mention)
    return known.label if known else " ".join(mention.text.split())


def joined_names(names: list[str]) -> str:
    """Names as a sentence lists them.

    >>> joined_names(["Ash", "Elm", "Oak"])
    'Ash, Elm and Oak'
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
