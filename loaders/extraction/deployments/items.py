"""The things that a stretch of a sentence names: vendors, products, or descriptions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from careatlas.graph.labels import key
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.wording.columns_said import status
from careatlas.loaders.extraction.wording.text import Span, entries, trimmed
from careatlas.loaders.extraction.wording.words import (
    CLEVER,
    EMPTY,
    GENERIC,
    NOT_A_NAME,
    NOT_A_PRODUCT,
    TOKEN,
    TOOLS,
    proper,
)
from careatlas.loaders.extraction.wording.words import words as _words

_HEAD_END = re.compile(
    r"\s*[(\[]|\s+(?:for|in(?!-)|to|as|within|on|across|during|at|with|by|from|via|through|that|is|are|was|were|has|have|had|ended|"
    r"finished|concluded|began|started|under|"
    r"daily|weekly|monthly|approximately|around|about|over|between|only|\d[\d,]*(?:\s*[-\u2013]\s*\d+)?k?\s+"
    r"(?:times|uses))\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:(?:[\w-]+\s+){0,4}(?:tools?|systems?|software|products?|platform|app|algorithm|package|technology|assistant|scribe)\s+(?:called|named|known as)|the use of|use of|a number of|software from|products? from|tools? from|a|an|the|some|"
    r"both|their|our|its|also|now|currently|either|several|various)\s+)+",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:such as|including|like)\s+", re.IGNORECASE)
_TASK = re.compile(r"\b(?:for|in(?!-)|to|as|within)\s+(?:the\s+)?", re.IGNORECASE)
_PRONOUNS = _words(
    "all anybody anything both each everybody everything he it its nobody nothing one she something that there these they this those use usage we what whatever where which whichever who whom whose why how"
)
BRACKETS = re.compile(r"\(([^()]*)\)")
_PREPOSITIONS = _words(
    "across as at by confirms confirmed during for from here in last next now of on over says since then there this through until up to under via with within"
)
_SO_MANY = _words("two three four five six seven eight nine ten several")
_OWN_WORD = re.compile(
    r"(?<=\w)\s+(?:product|software|tool|system|platform|solution|application|algorithm)$"
)
_WHEN = re.compile(
    r"\b(?:on a (?:daily|weekly|regular) basis|daily|currently|approximately|around|about|"
    r"\d[\d,]*(?:\s*[-\u2013]\s*\d+)?k?\s+(?:times|uses)|since \d{4})\b.*$|"
    r"\b(?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?"
    r"(?:19|20)\d\d(?:/\d\d)?\b.*$",
    re.IGNORECASE | re.DOTALL,
)

_HOST = re.compile(
    r"(?:which (?:is|are) )?(?:integrated|embedded|connected|linked)\s+(?:in|into|with|to)\b",
    re.IGNORECASE,
)
"""What follows is where a thing is built in, not a thing of its own."""
_TREATMENT = re.compile(
    r"\b(?:\d[\d,]*|treatment|radiotherapy|care|dose) (?:[\w-]+ )?plans?\b", re.IGNORECASE
)
"""Plans that are a product's work say nothing of what is to come."""


@dataclass(frozen=True)
class Item:
    """One thing named, with its place."""

    span: Span
    comma: bool
    """Whether a comma, not a mere "and", parts it from the one before."""
    name: Mention | None = None
    vendor: Entity | None = None
    product: Entity | None = None
    new: str = ""
    description: str = ""
    noted: str | None = None
    """The status that stands in brackets after it: empty where they say that it is not in use."""


def items(text: str, start: int, end: int, names: Gazetteer) -> list[Item]:
    """The things that a stretch names, in order."""
    span = trimmed(text, start, end)
    known = [
        Span(m.start + span.start, m.end + span.start)
        for m in names.mentions(text[span.start : span.end])
    ]
    first = next(entries(text, span.start, span.end, known), None)
    if first is None:
        return []
    if _bare(text[first[0].start : _head_end(text, first[0])]):
        return list(_described(text, span, names))
    found: list[Item] = []
    for part, comma in entries(text, span.start, span.end, known):
        item = _item(text, part, comma, names, found[-1] if found else None)
        if item is None:
            if found:
                found[-1] = _widened(text, found[-1], part)
        else:
            found.append(item)
    return [replace(item, noted=_noted(text, item)) for item in _shared(text, found)]


def _noted(text: str, item: Item) -> str | None:
    begin = item.name.end if item.name else item.span.start
    match = BRACKETS.search(text, begin, item.span.end)
    return status(_TREATMENT.sub("", match[1])) if match else None


def meant_again(last: Mention, start: int, end: int, names: Gazetteer) -> Item:
    """What words such as "the product" mean where this was named last."""
    vendor, product = _meant([last], names)
    name = Mention(start, end, last.text, last.entities)
    return Item(Span(start, end), comma=True, name=name, vendor=vendor, product=product)


def _bare(head: str) -> bool:
    words = [word.casefold() for word in TOKEN.findall(head)]
    return bool(words) and all(word in EMPTY for word in words) and any(w in TOOLS for w in words)


def _head_end(text: str, part: Span) -> int:
    lead = _LEAD.match(text, part.start, part.end)
    begin = lead.end() if lead else part.start
    stop = _HEAD_END.search(text, begin, part.end)
    return stop.start() if stop else part.end


def _described(text: str, span: Span, names: Gazetteer) -> Iterator[Item]:
    """What unnamed tools are for, one item for each task."""
    match = _PURPOSE.search(text, span.start, span.end) or _TASK.search(text, span.start, span.end)
    if not match:
        return
    for part, comma in entries(text, match.end(), span.end):
        inside = [
            Mention(m.start + part.start, m.end + part.start, m.text, m.entities)
            for m in names.mentions(text[part.start : part.end])
            if m.of("vendor", "product")
        ]
        if inside:
            yield _named(text, part, comma, inside, inside[-1].end, names)
            continue
        words = _without_time(text[part.start : part.end])
        if words and not NOT_A_PRODUCT.search(words):
            yield Item(Span(part.start, part.start + len(words)), comma, description=words)


def _without_time(words: str) -> str:
    # A stretch of blanks is a route that was read already: what it hides goes with it.
    return _WHEN.sub("", re.split(r"\s{4,}", words)[0]).strip(" ,;.")


def _item(text: str, part: Span, comma: bool, names: Gazetteer, before: Item | None) -> Item | None:
    """The thing that an entry names; none if it only goes on with the entry before."""
    if _HOST.match(text, part.start, part.end):
        return None
    lead = _LEAD.match(text, part.start, part.end)
    begin = lead.end() if lead else part.start
    stop = _head_end(text, part)
    mentions = [
        Mention(m.start + begin, m.end + begin, m.text, m.entities)
        for m in names.mentions(text[begin : part.end])
        if m.start + begin < stop and m.of("vendor", "product")
    ]
    span = Span(begin, part.end)
    if mentions:
        return _named(text, span, comma, mentions, max(stop, mentions[-1].end), names)
    head = text[begin:stop].strip()
    words = [word.casefold() for word in TOKEN.findall(head)]
    empty = (
        not words
        or words[0] in _PRONOUNS
        or head.split()[0].casefold() in _PREPOSITIONS
        or all(word in EMPTY for word in words)
        or (words[0] in _SO_MANY and words[-1] in TOOLS)
    )
    # A trust, a network or a study is no product.
    if empty or NOT_A_PRODUCT.search(head) or next(names.mentions(head), None):
        return None
    goes_on = before is not None and not comma and _open(text, before)
    if any(word in CLEVER for word in words):
        return Item(span, comma, description=_whole(text, span))
    if goes_on or not proper(head, words) or NOT_A_NAME.search(head):
        return None
    if len(words) > 1 and (own := _OWN_WORD.sub("", head)) != head and proper(own, words[:-1]):
        stop, head = begin + len(text[begin:stop].rstrip()) - (len(head) - len(own)), own
    return Item(
        span,
        comma,
        name=Mention(begin, stop, head, (), names.nearest(head, "product", "vendor")),
        new=head,
        description=_purpose(text, Span(stop, part.end)),
    )


_STATE = re.compile(r"(?:live|used|in use|deployed|installed|bought|started|introduced)\b")
"""What begins with such a word says how far something is, and names nothing."""


def _open(text: str, item: Item) -> bool:
    """Whether an entry ends in a purpose or a place, which an "and" may go on with."""
    closed = text[item.span.end - 1] == ")"
    return not closed and bool(_HEAD_END.search(text, item.span.start, item.span.end))


def _whole(text: str, span: Span) -> str:
    """A description with its purpose, without where it is used."""
    words = text[span.start : span.end]
    stop = re.search(r"\s+(?:across|in(?!-)|on|at|within)\b|\s*\(", words)
    return _without_time(words[: stop.start()] if stop else words)


def _named(  # noqa: PLR0913 - what is known of one entry
    text: str, span: Span, comma: bool, mentions: list[Mention], stop: int, names: Gazetteer
) -> Item:
    vendor, product = _meant(mentions, names)
    rest = trimmed(text, mentions[-1].end, stop, " \t\r\n.,;:-\u2013/")
    said = re.sub(r"^['\u2019]s\s+", "", text[rest.start : rest.end])
    words = [word.casefold() for word in TOKEN.findall(said)]
    new = ""
    description = _purpose(text, Span(stop, span.end))
    inside = next((m for m in names.mentions(description) if m.of("vendor", "product")), None)
    if inside and inside.text == description:
        # What stands in brackets is who makes it, not what it is for.
        vendor = vendor or next(iter(inside.of("vendor")), None)
        description = ""
    if words and not all(word in TOOLS for word in words):
        if said.isdigit():
            said = ""
        elif product is None and said != said.lower() and not any(w in GENERIC for w in words):
            new = said
        else:
            description = description or said
    end = rest.end if words else mentions[-1].end
    entities = mentions[0].entities if len(mentions) == 1 else ()
    if len(mentions) > 1:
        entities = tuple(one for one in (vendor, product) if one)
    nearest = names.nearest(f"{vendor.label if vendor else ''} {new}", "product") if new else ()
    name = Mention(mentions[0].start, end, text[mentions[0].start : end], entities, nearest)
    return Item(span, comma, name, vendor, product, new, description)


def _meant(mentions: list[Mention], names: Gazetteer) -> tuple[Entity | None, Entity | None]:
    vendors = list(dict.fromkeys(v for m in mentions for v in m.of("vendor")))
    products = list(dict.fromkeys(p for m in mentions for p in m.of("product")))
    made = [product for product in products if product.vendor in {v.iri for v in vendors}]
    if len(mentions) == 1 and len(vendors) == 1 and vendors[0] in mentions[0].entities:
        # One word for both names the maker for sure; the product too only where that is its whole name.
        own = [one for one in made if key(one.label) == key(mentions[0].text)]
        alone = len(own) == 1 and key(vendors[0].label) != key(mentions[0].text)
        return vendors[0], own[0] if alone else None
    products = made or products
    product = products[0] if len(products) == 1 else None
    if product and product.vendor in names.by_iri:
        return names.by_iri[product.vendor], product
    return (vendors[0] if vendors else None), product


def _purpose(text: str, span: Span) -> str:
    """What it is said to be for: what stands in brackets, or after "for", "in" or "to"."""
    words = text[span.start : span.end].strip()
    if words.startswith("("):
        inside = words[1 : words.find(")")] if ")" in words else words[1:]
        return "" if re.search(r"\d{2,}|\bnot\b|\bpilot|\btrial", inside) else inside.strip()
    match = _TASK.match(words)
    if not match:
        return ""
    rest = words[match.end() :]
    bracket = rest.find("(")
    return _without_time(rest[:bracket] if bracket >= 0 else rest)


def _widened(text: str, item: Item, part: Span) -> Item:
    span = Span(item.span.start, part.end)
    if item.name is None:
        return replace(item, span=span)
    return replace(
        item,
        span=span,
        description=_purpose(text, Span(item.name.end, part.end)) or item.description,
    )


def _shared(text: str, found: list[Item]) -> list[Item]:
    """Of two things joined by "and", the first shares the purpose that stands after the second."""
    for at in range(len(found) - 1, 0, -1):
        before, after = found[at - 1], found[at]
        if (
            not after.comma
            and before.name
            and after.name
            and after.description
            and not before.description
        ):
            bracket = text[after.name.end : after.span.end].lstrip().startswith("(")
            if not bracket:
                found[at - 1] = replace(before, description=after.description)
    return found
