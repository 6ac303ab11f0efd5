"""Which clause of a sentence is about which name, for what no set phrase says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careatlas.loaders.extraction.gazetteer import Mention
from careatlas.loaders.extraction.wording.cues import NAME
from careatlas.loaders.extraction.wording.text import Span, depths

_APART = re.compile(
    r"[;]|[,\s]\s*(?:but|although|though|however|whereas|while|instead of|rather than|in place of|as opposed to)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r",?\s+and\s+(?=(?P<own>it|they|the (?:trust|hospital)|we|this|that)?\b)", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|went|goes|runs?|uses?|reads?|continues?|remains?|relies|will|began|started|stopped|"
    r"bought|put|sits|works|helps|\w{3,}(?:ed|ing))\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\s*,?\s*(?:which|that|whose)\b", re.IGNORECASE)
_JOINED = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:,\s*(?:and\s+)?|(?:and|&|as well as|along with|plus|together with)\s+)(?:also\s+|the\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """The names that a clause is about, what it says, and what is said of them by the way."""

    names: tuple[Mention, ...]
    span: Span
    said: str
    aside: str = ""
    rest: str = ""
    """All that the sentence says after the names, up to the next name."""


def clauses(text: str, sentence: Span, names: Sequence[Mention]) -> Iterator[Clause]:
    """The clauses of a sentence that are about one of its names; each name is in one at most."""
    for span in _cut(text, sentence, names):
        inside = [m for m in names if span.start <= m.start < span.end]
        if not inside:
            continue
        group = inside[:1]
        for mention in inside[1:]:
            if not _JOINED.fullmatch(text, group[-1].end, mention.start):
                break
            group.append(mention)
        after = inside[len(group)].start if len(group) < len(inside) else span.end
        start, end = group[-1].end, after
        rest = text[start : next((m.start for m in names if m.start >= start), sentence.end)]
        if relative := _WHICH.match(text, start, end):
            close = text.find(",", relative.end(), end)
            stop = close if close >= 0 else end
            said = text[span.start : group[0].start] + NAME + text[stop:end]
            yield Clause(tuple(group), span, said, f"{NAME} {text[relative.end() : stop]}", rest)
        else:
            said = text[span.start : group[0].start] + NAME + text[start:end]
            yield Clause(tuple(group), span, said, rest=rest)


def _cut(text: str, sentence: Span, names: Sequence[Mention]) -> Iterator[Span]:
    depth = depths(text[sentence.start : sentence.end])
    cuts = [
        m.start()
        for m in _APART.finditer(text, sentence.start, sentence.end)
        if not depth[m.start() - sentence.start]
    ]
    starts = {m.start for m in names}
    for match in _AND.finditer(text, sentence.start, sentence.end):
        begin = max([sentence.start, *(cut for cut in cuts if cut < match.start())])
        new = match["own"] or match.end() in starts
        named = [m.end for m in names if begin <= m.start and m.end <= match.start()]
        if new and _VERB.search(text, max([begin, *named]), match.start()):
            cuts.append(match.start())
    at = sentence.start
    for cut in sorted(cuts):
        yield Span(at, cut)
        at = cut
    yield Span(at, sentence.end)
