"""What a sentence says of known names by its cues, where no set phrase tells of them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from careatlas.loaders.extraction.deployments import facts
from careatlas.loaders.extraction.deployments.clauses import Clause, clauses
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.wording import apart, lifecycle
from careatlas.loaders.extraction.wording.cues import idle, judged, unbegun, unused
from careatlas.loaders.extraction.wording.lifecycle import Statement
from careatlas.loaders.extraction.wording.text import Span

if TYPE_CHECKING:
    from careatlas.loaders.extraction.deployments.reader import Reader

LESS_SURE = 0.15
"""So much less sure is what only cues tell."""
_FROM = re.compile(
    r",\s*(?:which (?:is|was) )?(?:(?:an? |the )?(?:[\w-]+ ){0,4}?)?(?:from|by|made by|built by|sold by|developed by|supplied by|provided by)\s+"
    r"(?:(?:the|an?) (?:[\w-]+ ){0,3}?(?:firm|company|supplier|start-?up|vendor|maker|developer|business)?\s*)?$",
    re.IGNORECASE,
)
_REPLACED = re.compile(
    r"\b(?:replaced|swapped|exchanged|(?:switched|moved|changed|migrated|gone|went|transferred) (?:over )?from)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BY = re.compile(r"\s+(?:[\w-]+ ){0,3}?(?:with|by|for|to)\s+", re.IGNORECASE)
_HAS_REPLACED = re.compile(
    r"\s+(?:(?:has|have) )?(?:since )?(?:replaced|superseded|taken over from|took over from|taken the place of)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\W*(it|(?:the|this|that) (?:same )?(?:ai )?(?:product|software|tool|system|technology|platform|algorithm|application|program|package|scribe))\s+"
    r"(?:(?:also|then|later|now) )?(?:is|was|has been|had been|went|runs|remains|came|stays|will be|continues)\b",
    re.IGNORECASE,
)
_HAS_IT = re.compile(
    r"\b(?:has|have|had|of|with|put|tried|trying|testing|piloting|trialling|bought|ordered|dropped|on|through) "
    r"(it|(?:the|this|that) same (?:product|software|tool|system|technology|platform|algorithm))\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"\W*(?:nationally|elsewhere|across the (?:nhs|country)|many|most|some|several|other|few|trusts|hospitals|experts|critics|vendors|suppliers|"
    r"the (?:company|firm|supplier|vendor|maker|study|market|government))\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_NOTED = re.compile(r"\s*\(")


def makers_aside(text: str, sentence: Span, names: Gazetteer) -> str:
    """The text with the maker that stands by the way after its known product blanked.

    "Lumo Scan, from Lumo, is in use" speaks of Lumo Scan alone.
    """
    known = _known(text, sentence, names)
    for product, maker in pairwise(known):
        if not (product.of("product") and maker.of("vendor")):
            continue
        if not _FROM.match(text[product.end : maker.start]):
            continue
        end = maker.end
        end += text[end : end + 1] == "," and not re.match(r",\s*and\b", text[end:])
        text = text[: product.end] + " " * (end - product.end) + text[end:]
    return text


def _known(text: str, sentence: Span, names: Gazetteer) -> list[Mention]:
    return [
        Mention(m.start + sentence.start, m.end + sentence.start, m.text, m.entities)
        for m in names.mentions(text[sentence.start : sentence.end])
    ]


def unsaid(
    reader: "Reader", text: str, sentence: Span, stated: Sequence[Statement], placed: list[Placed]
) -> list[Placed]:
    """Take in the known products of which a clause tells by its cues alone."""
    whole = text[sentence.start : sentence.end]
    if apart.OF_MANY.search(whole) or _GENERAL.match(whole) or lifecycle.shown(whole):
        return []
    known = _known(text, sentence, reader.names)
    things = [m for m in known if _is_thing(m, reader.names)] or _again(reader, text, sentence)
    others = [m for m in known if m.of("trust") and not _own(reader, m)]
    found = _swapped(reader, text, sentence, things) if not placed and not others else []
    # What stands in brackets is said of the name before them alone, and was read with it.
    bare = text[: sentence.start] + _BRACKETS.sub(lambda m: " " * len(m[0]), whole)
    for clause in clauses(bare + text[sentence.end :], sentence, things):
        if any(clause.span.start <= m.start < clause.span.end for m in others):
            continue
        status = _status(clause)
        if not status:
            continue
        for mention in clause.names:
            if _told(mention, stated, [*placed, *found], text):
                continue
            if status in {"trialling", "procured", "exploring"} and _used(reader, mention):
                continue
            found += _taken(reader, text, mention, status, clause)
    return found


def _again(reader: "Reader", text: str, sentence: Span) -> list[Mention]:
    """The product named last and known of the organisation, where a sentence begins with "it"."""
    last = reader.spoken_of
    if last is None or not last.of("product"):
        return []
    if it := _HAS_IT.search(text, sentence.start, sentence.end):
        return [Mention(it.start(1), it.end(1), last.text, last.entities)]
    match = _IT.match(text, sentence.start, sentence.end)
    if not match or not any(one.product in last.of("product") for one in reader.all if one.product):
        return []
    return [Mention(match.start(1), match.end(1), last.text, last.entities)]


def _swapped(
    reader: "Reader", text: str, sentence: Span, things: Sequence[Mention]
) -> list[Placed]:
    """Take in that one thing took the place of another: that ended, this is used."""
    found: list[Placed] = []
    for old, new in pairwise(things):
        before = text[sentence.start : old.start]
        between = text[old.end : new.start]
        if _REPLACED.search(before) and _BY.fullmatch(between):
            gone, come = old, new
        elif _HAS_REPLACED.fullmatch(between):
            gone, come = new, old
        else:
            continue
        if lifecycle.planned(before) or lifecycle.negated(before) or lifecycle.planned(between):
            continue
        clause = Clause((gone, come), sentence, "")
        found += _taken(reader, text, gone, "ended", clause)
        found += _taken(reader, text, come, "live", clause)
    return found


def _status(clause: Clause) -> str:
    # What was blanked left spaces and its commas, where the cues know one space.
    said = " ".join(re.sub(r",\s*,", " ", clause.said).split())
    if status := idle(clause.rest) or judged(said):
        unreal = {"live": unused, "trialling": unbegun}.get(status)
        return "" if unreal and unreal(clause.rest) else status
    if lifecycle.negated(clause.said) or lifecycle.planned(clause.said):
        return ""
    return judged(clause.aside) if clause.aside else ""


def _is_thing(mention: Mention, names: Gazetteer) -> bool:
    """Whether a name is a product's, or that of a maker who has no other name for what it makes."""
    makers = mention.of("vendor")
    return bool(mention.of("product")) or any(not names.products(v.iri) for v in makers)


def _used(reader: "Reader", mention: Mention) -> bool:
    """Whether set phrases said already that the organisation uses what is named."""
    meant = set(mention.of("product", "vendor"))
    return any(one.status == "live" and {one.product, one.vendor} & meant for one in reader.all)


def _own(reader: "Reader", mention: Mention) -> bool:
    return bool({*reader.owner.entities, *reader.peers} & set(mention.entities))


def _told(
    mention: Mention, stated: Sequence[Statement], placed: Sequence[Placed], text: str
) -> bool:
    """Whether something was said of a name already, if only that it is not so."""
    meant = set(mention.of("product", "vendor"))
    if any({one.product, one.vendor} & meant for _, _, one in placed):
        return True
    for one in stated:
        if one.start <= mention.start < one.end and (
            not one.status or _NOTED.match(text, mention.end)
        ):
            return True
    return False


def _taken(
    reader: "Reader", text: str, mention: Mention, status: str, clause: Clause
) -> Iterator[Placed]:
    sure, reader.sure = reader.sure, reader.sure - LESS_SURE
    named = reader.things(text, mention.start, mention.end, status, f"cue:{status}", known=True)
    reader.sure = sure
    for _, _, thing in named:
        facts.fill(thing, text[clause.span.start : clause.span.end], reader.names)
    yield from named
