"""Of whom a sentence speaks: one trust, or several joined, and where each one's part of it ends."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.qualifying import qualified
from careatlas.loaders.extraction.wording.text import Span

_JOINT = re.compile(
    r"\s*(?:,\s+(?=,))?(?:,\s+and,\s+(?:since|from|in|as of|for)\s+[^,.;]{2,30}(?=,))?(?:\([^()]{1,20}\)|['\u2019]s?)?\s*(?:(?:since|in|from|on)\s(?:\d{1,2}(?:st|nd|rd|th)?\s)?(?:(?-i:[A-Z])[a-z]+\s?)?(?:\d{4}\s*)?)?(?:,|;|and|&|as well as|along with|together with|alongside|plus|,\s*and|,\s*along with)"
    r"\s*(?:also\s+)?(?:(?:at|by|across)\s+)?(?:both\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s*(?:which|who|whose|where|unlike|like|formerly|part of|following|an? (?:\w+ )?(?:partner|neighbour|member|customer|user|client)|near|working|acting|operating|joining|serving|covering|based|supported by|backed by|together with|alongside)\b[^,]*,",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"\W*(?:unlike|like|as well as|in addition to|besides|alongside|following|as with|compared (?:with|to)|in contrast to|in common with|after|before|building on|having)\b[^,]*,",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?:[,;]\s*)?\b(?:while|whereas|but|although|though|and|with|meanwhile)\s+(?:the\s+|that\s+)?$|;\s*$|,\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_STATES = {
    "trialling": r"piloted|trialled|tested|in pilot|on trial|under trial|a pilot|a trial",
    "exploring": r"evaluated|under (?:evaluation|review|consideration)|considered|assessed",
    "implementing": r"implemented|set up|installed|rolled out",
    "live": r"live|in (?:\w+ )?use|used|deployed",
    "paused": r"paused|suspended|on hold",
}
_SHORTLY = re.compile(
    r"(?:,|;)?\s*(?:and|while|but|with)\s+(?:(?:it\s+)?is\s+)?(?:(?:now|still|currently|also|being)\s+)*"
    rf"(?P<word>{'|'.join(_STATES.values())})\s+(?:at|by|in|with)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_AS = re.compile(
    r",?\s*(?:and|but|also),?\s+(?:also |now |only )*(?P<how>(?:for|in|as) [\w -]{3,30}?|on (?:a )?(?:trial|test|pilot)(?: basis)?|experimentally),?\s*(?:also |only )*(?:at|by|in)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
"""How the next of several trusts has it: "at Ash and, for research only, at Elm"."""
_AS_DOES = re.compile(
    r",?\s*(?:as|and so)\s+(?:does|do|has|have|is|are|did)\s+(?:the\s+)?$", re.IGNORECASE
)
SAME = "same"
"""The status of the part before is meant here too."""
_VERB = re.compile(
    r"\s+(?:is|are|was|has|have|had|relies|runs|remains|went|put|took|dropped|gave|gives|continues|keeps|tried)\b"
)
_NEAR = 60
"""How many letters may stand between a trust and what is said of it where a new part begins."""

_LISTED = re.compile(
    r"(?::|\b(?:are|include|includes|including|namely|such as|being)),?\s*(?:the\s+)?$",
    re.IGNORECASE,
)
TRUSTS = re.compile(
    r"\b(?:trusts?|users?|adopters?|hospitals?|sites?|organisations?|members?|(?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?=\s*:))\b",
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(?:after|when|while|whose?|because|colleagues)\b", re.IGNORECASE)
"""Words after which a sentence speaks of something else."""
_AT = re.compile(
    r"(?:[\w\s-]{0,30}\s)?(?:at|by|in|within|across)\s+(?:the\s+|(?:one|two|three|four|five|six|\d+)(?: \w+)?\s*\(\s*|(?:one|two|three|four|five|six|some|all|most|both|several|\d+)(?: \w+)? of\s+(?:the\s+)?)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """A stretch of a sentence with the trusts that stand in it, by place in the whole text."""

    span: Span
    trusts: tuple[Mention, ...]
    status: str = ""
    """What a short form says of the things named before: "used at Ash and piloted at Elm"."""
    gapped: bool = False
    """Whether the verb of the part before is meant here too: "Ash uses this, Elm that"."""


def parts(text: str, sentence: Span, names: Gazetteer) -> Iterator[Part]:
    """The parts of a sentence, each with a subject of its own."""
    found = [
        Mention(m.start + sentence.start, m.end + sentence.start, m.text, m.of("trust"), m.nearest)
        for m in names.mentions(text[sentence.start : sentence.end])
        if m.of("trust")
    ]
    start, kept, gapped = sentence.start, list[Mention](), False
    for at, trust in enumerate(found):
        if (
            kept
            and (gapped or _says(text, start, trust))
            and _gap(text, start, trust, names, sentence.end)
        ):
            yield Part(Span(start, trust.start), tuple(kept), gapped=gapped)
            start, kept, gapped = trust.start, [trust], True
            continue
        if kept and (short := _SHORTLY.search(text[start : trust.start])):
            yield Part(Span(start, start + short.start()), tuple(kept), gapped=gapped)
            status = next(
                k
                for k, words in _STATES.items()
                if re.fullmatch(words, short["word"], re.IGNORECASE)
            )
            yield Part(Span(start + short.start(), trust.end), (trust,), status=status)
            start, kept, gapped = trust.end, [], False
            continue
        if kept and (how := _AS.search(text[start : trust.start])) and _state(how["how"]):
            yield Part(Span(start, start + how.start()), tuple(kept), gapped=gapped)
            yield Part(Span(start + how.start(), trust.end), (trust,), status=_state(how["how"]))
            start, kept, gapped = trust.end, [], False
            continue
        if kept and (as_does := _AS_DOES.search(text[start : trust.start])):
            yield Part(Span(start, start + as_does.start()), tuple(kept), gapped=gapped)
            yield Part(Span(start + as_does.start(), trust.end), (trust,), status=SAME)
            start, kept, gapped = trust.end, [], False
            continue
        joint = _BREAK.search(text[start : trust.start])
        if kept and joint and _begins(text, found, at, sentence.end) and _says(text, start, trust):
            end = start + joint.start()
            yield Part(Span(start, end), tuple(kept), gapped=gapped)
            start, kept, gapped = trust.start, [], False
        kept.append(trust)
    yield Part(Span(start, sentence.end), tuple(kept), gapped=gapped)


def _state(how: str) -> str:
    """The status that words such as "for research only" give."""
    status = qualified("live", f" {how} ")
    return "" if status == "live" else status


def _gap(text: str, start: int, trust: Mention, names: Gazetteer, end: int) -> bool:
    """Whether a product stands right after a trust, and a verb is said of the trust before."""
    if not re.search(r"(?:,|\band)\s*(?:and\s+)?$", text[start : trust.start]):
        return False
    rest = text[trust.end : end]
    first = next(iter(names.mentions(rest)), None)
    close = (
        first is not None and not rest[: first.start].strip(" ,") and first.of("product", "vendor")
    )
    return bool(close)


def _says(text: str, start: int, trust: Mention) -> bool:
    return next(lifecycle.statements(text, start, trust.start), None) is not None


def _begins(text: str, found: Sequence[Mention], at: int, end: int) -> bool:
    """Whether something is said right after a trust, or after those joined to it."""
    group = joined(text, found[at:])
    last = group[-1].end
    if re.search(r"[,;]\s*\w*\s*(?:the\s+)?$", text[: found[at].start]) and _VERB.match(text, last):
        return True
    stated = next(lifecycle.statements(text, last, end), None)
    return stated is not None and not stated.passive and stated.anchor - last <= _NEAR


def joined(text: str, trusts: Sequence[Mention]) -> list[Mention]:
    """The trusts at the beginning of a row of them that nothing but commas and "and" part."""
    group = list(trusts[:1])
    for trust in trusts[1:]:
        if not _JOINT.fullmatch(text, group[-1].end, trust.start):
            break
        group.append(trust)
    return group


def without_asides(text: str, start: int, end: int) -> str:
    """The text with what is said by the way in a stretch turned into spaces."""
    blank = (
        _OPENING.sub(lambda m: " " * len(m[0]), text[start:end], count=1)
        if _OPENING.match(text, start, end)
        else text[start:end]
    )
    blank = _ASIDE.sub(lambda m: "," + " " * (len(m[0]) - 2) + ",", blank)
    return text[:start] + blank + text[end:]


def reaches(before: str, lead: str) -> bool:
    """Whether the trusts are where it is so: words right before them, and all before them in the sentence, say so."""
    at = _AT.search(before) and not _TURNS.search(before)
    return bool(at or (_LISTED.search(before) and TRUSTS.search(lead)))
