"""Who stands between a trust and what it has: a body that bought it, a firm that tries it."""

import re

from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.deployments.routes import Way
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Mention
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span

FOR = re.compile(
    r"\b(?:for|on behalf of)\s+(?:(?:its|their|all|the)\s+)*(?:(?:\w+\s+){0,2}(?:members?|trusts?|hospitals?)[,:]?\s*(?:including|such as|namely)?\s*)?$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\W*(?:the|our) (?:network|alliance|collaborative|board|ICB|partnership)\b", re.IGNORECASE
)
WITH = re.compile(r"\b(?:trial|pilot|proof of concept)s?\s+(?:with|at)\s+$", re.IGNORECASE)
_OF_WHAT = re.compile(
    r"\s*(?:to (?:implement|deploy|test|trial|pilot|evaluate|introduce)|of|for|using)\s+"
)


def bought_for(
    reader: Reader, span: Span, whose: Mention, placed: list[Placed], network: Mention | None
) -> None:
    """What a network or a board bought for a trust came through it."""
    said = reader.text[span.start : whose.start]
    stated = next(lifecycle.statements(reader.text, span.start, span.end), None)
    if not (placed and FOR.search(said) and stated and stated.status == "procured"):
        return
    bodies = [m for m in reader.names.mentions(said) if m.of("network", "icb")]
    body = bodies[-1] if bodies else network if _BODY.match(said) else None
    if body is None:
        return
    known = body.of("network", "icb")
    through = Mention(span.start, span.start + len(body.text), body.text, known)
    for at, _, one in placed:
        reader.came(
            Way(span.start, max(at, span.start + 1), known[0].kind, "procured", through), one
        )


def partnered(reader: Reader, sentence: Span, whose: Mention) -> bool:
    """Read of a company that tries something with a trust; false where a sentence tells of no such thing.

    Who supplies it stands before the trust.
    """
    start = whose.end
    before = reader.text[sentence.start : whose.start]
    makers = [v for m in reader.names.mentions(before) for v in m.of("vendor")]
    match = _OF_WHAT.match(reader.text, start, sentence.end)
    if not match:
        return False
    if lifecycle.planned(before) or lifecycle.negated(before):
        return True
    for _, _, one in reader.things(
        reader.text, match.end(), sentence.end, "trialling", "trial-with"
    ):
        if one.vendor is None and len(set(makers)) == 1:
            one.vendor = makers[0]
    return True
