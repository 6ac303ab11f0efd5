"""What goes on about a thing and says that it came to an end: a trial that was not continued."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from careatlas.loaders.extraction.deployments.items import meant_again
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span

if TYPE_CHECKING:
    from careatlas.loaders.extraction.deployments.reader import Reader

_TRIAL = r"(?:trial|pilot|evaluation|test|experiment|study period|proof of concept|contract|licen[cs]e|subscription|arrangement|loan)s?"
_CLOSED = (
    r"(?:ended|closed|finished|concluded|stopped|lapsed|expired|(?:been |was )?(?:abandoned|dropped|discontinued|wound up|halted|cancelled|called off|"
    r"brought to an end|cut short)|run out|ran out|came to (?:an end|nothing|a close)|come to (?:an end|nothing|a close)|run its course|ran its course|"
    r"over(?= *(?:$|[.,;:]|and\b|but\b|now\b|since\b))|at an end|complete(?= *(?:$|[.,;:]|and\b|but\b)))"
)
_LATER = r"(?:(?:has|have|had|was|were|is|are|since|now|then|already|later|soon|been|also) )*"
_LET_GO = (
    r"(?:(?:did|does|has|have|had|was|were|is) (?:not|never) (?:(?:then|since|later|in the end|been) )*(?:proceed(?:ed)?|continued?|go(?:ne)? (?:on|ahead|any further)|"
    r"(?:take|taken) (?:it |this )?(?:up|further|forward|on)|pursued?|extend(?:ed)?|renew(?:ed)?|follow(?:ed)? up|adopt(?:ed)?|ke(?:ep|pt)(?: it)?|repeated)|"
    r"(?:has|have|had)? ?(?:(?:since|then|later) )*(?:decided|chose|opted|chosen) (?:against|not to (?:proceed|continue|go (?:on|ahead)|buy|keep|adopt|renew|extend|take))|"
    r"(?:(?:was|were|has been|have been|had been|being) (?:(?:then|later|since|soon|again|quietly) )*)?(?:switched off|turned off|withdrawn|removed|decommissioned|stopped|discontinued|abandoned|dropped|"
    r"scrapped|uninstalled|taken out(?: of (?:use|service))?|stood down)(?! (?:for|until|while|during|pending|at night))|(?:switched|turned) (?:it|them) off|(?:stopped|ceased) using (?:it|them)\b|(?:withdrew|dropped|removed|returned|retired) (?:it|them)\b|"
    r"gave (?:it|them) up|took (?:it|them) out|let (?:the|its|their|our) (?:contract|licen[cs]e) (?:lapse|expire|run out|end)|"
    r"went no further|(?:was|were) (?:then |later |since )*(?:sent|given|handed) back)"
)
_OF_ELSE = (
    r"(?!\s+(?:with|its|their|the|our|using|any|a)\s+(?!(?:[\w-]+ )?(?:trial|pilot|evaluation|use|test|contract|licen[cs]e|subscription)s?"
    r"\s*(?:$|[,.;]|and\b|but\b|after\b|when\b|because\b|in\b|at\b|as\b)))"
)
"""What was not continued is something else."""
_NOW = re.compile(
    r"\b(?:it|which|this|the (?:tool|software|product|system)) (?:is|has been|was|went|became) (?:(?:now|since|then|ever since|later|fully|being) )*"
    r"(?:used|in (?:\w+ )?use|live|part of|routine|adopted|embedded|in place|rolled out|bought|introduced|switched on)\b|\bused (?:it )?(?:ever )?since\b",
    re.IGNORECASE,
)
"""A trial that ended because what was tried is used now."""
_AFTER = re.compile(
    rf"[^.;:]*?\b{_TRIAL},? (?:which|that|and|but) {_LATER}{_CLOSED}\b|[^.;:]*?(?:,|\band|\bbut|\bthen|\bthough|\balthough)\s+(?:(?:then|in the end|the (?:trust|hospital)|it|they|we|which|that|has|have|since) )*(?:{_LET_GO}\b{_OF_ELSE}|(?:(?:that|the|this|its) )?{_TRIAL} {_LATER}{_CLOSED}\b)",
    re.IGNORECASE,
)
"""What a sentence says further on of a thing that it said was tried or used."""
_ABOUT_IT = re.compile(
    rf"\W*(?:(?:however|but|in the end|sadly),? )?(?:(?:that|this|the|its|their|our) (?:[\w-]+ )?{_TRIAL} {_LATER}(?:{_CLOSED}\b|{_LET_GO}\b{_OF_ELSE})|"
    rf"(?:it|they|the (?:trust|hospital)|we) {_LATER}{_LET_GO}\b{_OF_ELSE})",
    re.IGNORECASE,
)
"""How a sentence begins that says of what was named before that it is over."""
_THEN = re.compile(
    r"[^.;]*\b(?:when (?:we|it was) (?:last|first|previously) (?:asked|surveyed|wrote|looked)|at the time of (?:our|the) (?:last|first|previous|earlier)|"
    r"(?:a|one|two|three) years? ago|last year|in (?:our|the) (?:last|first|previous|earlier) (?:report|survey|edition))\b",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|had been)\s+(?:\w+ )?$", re.IGNORECASE)
_OPEN = frozenset(("live", "trialling", "procured", "implementing", "exploring"))


def once(text: str, anchor: int, end: int) -> bool:
    """Whether a word speaks only of how things were when somebody asked before."""
    return bool(_WAS.search(text[:anchor]) and _THEN.match(text, anchor, end))


def about_end(said: str) -> bool:
    """Whether words begin by saying that the trial or contract of what was named last is over."""
    return bool(_ABOUT_IT.match(said)) and not _NOW.search(said)


def ended(reader: "Reader", sentence: Span, placed: Sequence[Placed]) -> list[Placed]:
    """Set right what a sentence says is over; gives what is named in it for the first time so."""
    text = reader.text
    for at, _, one in placed:
        after = _next(reader, at, sentence)
        match = _AFTER.match(text, at, after) if one.status in _OPEN else None
        if match and not lifecycle.planned(match[0][-60:]):
            one.status = "ended"
    said, named = _as_it(reader, sentence)
    return [] if placed or named or not about_end(said) else _before(reader, sentence)


def _as_it(reader: "Reader", sentence: Span) -> tuple[str, bool]:
    """A sentence with "it" for what was named last before it, and whether it names anything else."""
    said = reader.text[sentence.start : sentence.end]
    before = [m for m in reader.names.mentions(reader.text[: sentence.start]) if m.of("product")]
    other = False
    for mention in reversed([m for m in reader.names.mentions(said) if m.of("product", "vendor")]):
        if before and mention.of("product") == before[-1].of("product"):
            said = f"{said[: mention.start]}it{said[mention.end :]}"
        else:
            other = True
    return said, other


def _before(reader: "Reader", sentence: Span) -> list[Placed]:
    """What was named last in the passage, whose end a sentence tells."""
    before = reader.text[: sentence.start]
    things = [m for m in reader.names.mentions(before) if m.of("product", "vendor")]
    if not things:
        return []
    last = things[-1]
    held = [one for one in reader.all if {one.product, one.vendor} & {*last.entities}]
    for one in held:
        one.status = "ended" if one.status in _OPEN else one.status
    if held or lifecycle.planned(before[last.end - 120 if last.end > 120 else 0 :]):  # noqa: PLR2004
        return []
    item = meant_again(last, sentence.start, sentence.end, reader.names)
    return reader.take([item], "ended", "said:ended")


def _next(reader: "Reader", at: int, sentence: Span) -> int:
    """Where the thing after the one at a place is named, else where the sentence ends."""
    later = [
        m.start + at
        for m in reader.names.mentions(reader.text[at : sentence.end])
        if m.of("product", "vendor", "trust")
    ]
    return later[-1] if len(later) > 1 and later[-1] - at > 40 else sentence.end  # noqa: PLR2004
