"""What a document takes back of what was said before, and what holds instead."""

import re
from collections.abc import Iterator, Sequence

from careatlas.loaders.extraction.candidates import Candidates, Stated
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.organisations.parties import Told, label
from careatlas.loaders.extraction.wording.text import Span

_OPENS = re.compile(
    r"\W*(?:corrections?|clarifications?|amend(?:ed|ment)|erratum|update)\b\s*(?:\([^)]*\)|(?:on |of |,)?[\w ,]{0,30})?\s*[:.\u2013\u2014-]",
    re.IGNORECASE,
)
_SAID = r"(?:said|stated|reported|listed|named|suggested|claimed|described|gave|included|showed|recorded)"
_WRONGLY = r"(?:in error|wrongly|incorrectly|mistakenly|erroneously)"
_EARLIER = re.compile(
    r"\b(?:an?|the|our)\s+(?:earlier|previous|original|first)\s+"
    r"(?:version|edition|draft|copy|answer|response|report|article|story|statement|list|table)"
    r"(?:\s+of\s+(?:this|the|our)\s+[\w -]{1,30}?)?\s+(?:(?:had|has|was|were)\s+)?"
    rf"(?:{_WRONGLY}\s+)?{_SAID}\s+(?:that\s+)?"
    r"|\b(?:we|it|this (?:article|report|story|page)|the (?:article|report|story|page))\s+(?:had\s+)?"
    rf"(?:{_WRONGLY}|originally|previously|first|earlier)\s+(?:{_WRONGLY}\s+)?{_SAID}\s+(?:that\s+)?"
    rf"|\bin (?:the|our|last) [\w ]{{3,25}} we (?:{_WRONGLY}\s+)?{_SAID}\s+(?:that\s+)?",
    re.IGNORECASE,
)
_OUR_OWN = re.compile(
    r"\b(?:(?:last|this|the previous|the earlier|our|the|an?)\s+(?:[\w\u2019'-]+\s+){0,3}?(?:['\u2019]s\s+)?"
    r"(?:version|edition|draft|reports?|articles?|stor(?:y|ies)|issues?|round-?ups?|papers?|minutes|surveys?|bulletins?|newsletters?|pages?|posts?|notes?|tables?|lists?|press release)|"
    r"we|it)(?:\s+of [^.;,]{2,40}?)?(?:,?\s+(?:which|that))?\s+(?:(?:had|has|have|also|then)\s+)*"
    r"(?:(?:said|stated|reported|wrote|suggested|claimed|told readers|implied|gave the impression)\s+(?P<that>that\s+)|"
    r"(?P<names>listed|named|described|recorded|gave|showed|included|credited)\s+)",
    re.IGNORECASE,
)
"""What the writer said before, which is taken back only where other words say so."""
_OWNS_UP = re.compile(
    r"\b(?:correct(?:ed|ion|ing|s)|put (?:this |that |it )?right|set the record straight|mistakes?|in error|errors?|we were wrong|(?:was|is) (?:wrong|incorrect|untrue|mistaken)|"
    r"wrongly|incorrectly|apolog\w+|sorry|amend(?:ed|ment|s)|retract\w*|erratum|clarif\w+|misreported|misstated|we regret|not so|not the case|(?:not|never) (?:true|correct))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\W*(?:it|they|the (?:trust|hospital)|this|that|not so)\b[^.;:]{0,30}\b(?:not|never|no|wrong|incorrect|so|untrue)\b|\W*(?:in fact|it (?:has|does|did|is|was)n['\u2019]t)\b",
    re.IGNORECASE,
)
"""What says, right after, that it is not so."""
_TURN = re.compile(
    r"\s*(?:[;.]\s*|,\s*(?:but|when|whereas|although|in fact)\s+|\s(?:but|when|whereas|in fact)\s+|\s[-\u2013\u2014]\s)",
    re.IGNORECASE,
)


def withdrawn(text: str) -> bool:
    """Whether a passage takes back what was said: what it repeats is no statement of its own."""
    return bool(_said_before(text)) or bool(
        _OPENS.match(text)
        and re.match(r"\W*(?:correction|clarification|erratum)", text, re.IGNORECASE)
    )


def _said_before(text: str) -> re.Match[str] | None:
    """Where a text begins to repeat what was said before and does not hold."""
    if match := _EARLIER.search(text):
        return match
    for match in _OUR_OWN.finditer(text):
        end = re.compile(r"[.;]\s|;").search(text, match.end())
        pluperfect = re.search(r"\bhad\b", match[0])
        if (match["that"] or _OWNS_UP.search(text)) and (
            _OWNS_UP.search(text) or (end and not pluperfect and _DENIED.match(text, end.end()))
        ):
            return match
    return None


def corrections(told: Sequence[Told], names: Gazetteer) -> Iterator[Stated]:
    """What was said of whom and what holds, one row for each trust that a correction names."""
    for one in told:
        if not withdrawn(one.text):
            continue
        text = one.text
        match = _said_before(text)
        opening = _OPENS.match(text)
        start = match.end() if match else opening.end() if opening else 0
        turn = _turn(text, start, names) if match else None
        said = Span(start, turn[0]) if turn else Span(start, start if not match else len(text))
        holds = Span(turn[1], len(text)) if turn else Span(len(text) if match else start, len(text))
        yield from _rows(one, said, holds, names)


def _turn(text: str, start: int, names: Gazetteer) -> tuple[int, int] | None:
    """Where what was said ends and what holds begins; never inside a name."""
    spans = [(m.start, m.end) for m in names.mentions(text)]
    for match in _TURN.finditer(text, start):
        at = match.start()
        if match[0].strip() and not any(first < at < last - 1 for first, last in spans):
            return at, match.end()
    return None


def _rows(one: Told, said: Span, holds: Span, names: Gazetteer) -> Iterator[Stated]:
    text = one.text
    mentions = list(names.mentions(text))
    trusts = {m.of("trust"): m for m in mentions if m.of("trust")}
    things = [m for m in mentions if m.of("vendor", "product") and not m.of("trust")]
    products = [p for m in things for p in m.of("product")]
    vendors = [v for m in things for v in m.of("vendor")]
    product = products[0] if products else None
    maker = names.by_iri.get(product.vendor) if product else None
    vendor = maker or (vendors[0] if vendors else None)
    first = said if said.end > said.start else holds
    for trust in trusts.values():
        cells = {
            "trust": label(trust),
            "vendor": vendor.label if vendor else "",
            "product": product.label if product else "",
            "said": " ".join(text[said.start : said.end].split()),
            "holds": " ".join(text[holds.start : holds.end].split()).rstrip("."),
        }
        sure = 0.8 if said.end > said.start < holds.end > holds.start else 0.6
        found = one.found("correction", Span(first.start, holds.end), sure)
        yield Stated("corrections", cells, found, (trust,))


def superseding(found: Candidates) -> Iterator[Stated]:
    """A later answer of a trust, with the place of the earlier one that it takes the place of.

    An answer that came late corrects nothing: before it there was none.
    """
    earlier: dict[str, int] = {}
    for at, answer in enumerate(found.disclosures):
        who = answer.trust.label
        if who in earlier and found.disclosures[earlier[who]].answer != "no-response":
            before = found.disclosures[earlier[who]]
            words = (before.answer, before.detail), (answer.answer, answer.detail)
            said, holds = (" ".join(filter(None, pair)) for pair in words)
            cells = {
                "trust": who,
                "said": said,
                "holds": holds,
                "supersedes": before.found.locator,
                "printed": answer.trust.text,
            }
            yield Stated("corrections", cells, answer.found, (answer.trust,))
        earlier[who] = at
