"""The things that a stretch of a sentence names: vendors, products, or descriptions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from careatlas.graph.labels import key
from careatlas.loaders.extraction.deployments.described import (
    OF_MAKER,
    PURPOSE,
    TASK,
    THAT_DOES,
    bare,
    noted,
    purpose,
    whole,
    without_time,
    worded,
)
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.wording.text import Span, entries, trimmed
from careatlas.loaders.extraction.wording.words import (
    CLEVER,
    EMPTY,
    GENERIC,
    NOT_A_NAME,
    NOT_A_PRODUCT,
    PRONOUNS,
    SO_MANY,
    TOKEN,
    TOOLS,
    WHEN_OR_WHERE,
    proper,
)

_HEAD_END = re.compile(
    r"\s*[(\[]|\s+(?:for|in(?!-)|into|to|as|within|on|across|during|at|with|by|from|via|through|that|is|are|was|were|has|have|had|ended|"
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
_OWN_WORD = re.compile(
    r"(?<=\w)\s+(?:product|software|tool|system|platform|solution|application|algorithm)$"
)
_SAID = re.compile(
    r",\s+(?:[A-Z][\w'\u2019.-]*\s+){1,4}(?:sa(?:id|ys)|told|add(?:ed|s)|continu(?:ed|es)|explain(?:ed|s)|not(?:ed|es)|comment(?:ed|s)|conclud(?:ed|es))\b"
)
"""Who says so: what follows is another saying."""
_HOST = re.compile(
    r"(?:which (?:is|are) )?(?:integrated|embedded|connected|linked)\s+(?:in|into|with|to)\b",
    re.IGNORECASE,
)
"""What follows is where a thing is built in, not a thing of its own."""


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
    told = _SAID.search(text, start, end)
    span = trimmed(text, start, told.start() if told else end)
    known = [
        Span(m.start + span.start, m.end + span.start)
        for m in names.mentions(text[span.start : span.end])
    ]
    first = next(entries(text, span.start, span.end, known), None)
    if first is None:
        return []
    if does := THAT_DOES.match(text, span.start, span.end):
        words = without_time(text[does.start("kind") : does.end()])
        kind = Span(does.start("kind"), does.start("kind") + len(words))
        rest = items(text, does.end(), span.end, names)
        none = NOT_A_PRODUCT.search(words)
        return rest if none else [Item(kind, comma=True, description=words), *rest]
    if bare(text[first[0].start : _head_end(text, first[0])]):
        return list(_described(text, span, names))
    found: list[Item] = []
    for part, comma in entries(text, span.start, span.end, known):
        item = _item(text, part, comma, names, found[-1] if found else None)
        if item is None:
            if found:
                found[-1] = _widened(text, found[-1], part)
        elif found and _names_it(text, found[-1], item):
            found[-1] = replace(item, span=Span(found[-1].span.start, item.span.end))
        else:
            found.append(item)
    return [replace(item, noted=_noted(text, item)) for item in _shared(text, found)]


def _names_it(text: str, before: Item, item: Item) -> bool:
    """Whether an entry is the name of what the one before only calls its maker's: "Lumo's tool, Lumo Scan"."""
    mine = item.product and before.vendor and item.product.vendor == before.vendor.iri
    between = text[before.span.end : item.span.start]
    return bool(mine and before.product is None and not before.new and between.strip() == ",")


def _noted(text: str, item: Item) -> str | None:
    return noted(text, item.name.end if item.name else item.span.start, item.span.end)


def meant_again(last: Mention, start: int, end: int, names: Gazetteer) -> Item:
    """What words such as "the product" mean where this was named last."""
    vendor, product = _meant([last], names)
    name = Mention(start, end, last.text, last.entities)
    return Item(Span(start, end), comma=True, name=name, vendor=vendor, product=product)


def _head_end(text: str, part: Span) -> int:
    lead = _LEAD.match(text, part.start, part.end)
    begin = lead.end() if lead else part.start
    stop = _HEAD_END.search(text, begin, part.end)
    return stop.start() if stop else part.end


def _described(text: str, span: Span, names: Gazetteer) -> Iterator[Item]:
    """What unnamed tools are for, one item for each task."""
    match = PURPOSE.search(text, span.start, span.end) or TASK.search(text, span.start, span.end)
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
        words = without_time(text[part.start : part.end])
        if words and not NOT_A_PRODUCT.search(words):
            yield Item(Span(part.start, part.start + len(words)), comma, description=words)


def _of_maker(text: str, part: Span, comma: bool, names: Gazetteer) -> Item | None:
    """What has no name but a maker: "contouring software from Lumo"."""
    made = OF_MAKER.match(text, part.start, part.end)
    maker = next(iter(names.mentions(text[made.end() : part.end])), None) if made else None
    if made is None or maker is None or maker.start or not maker.of("vendor"):
        return None
    first = made["kind"].split()[0]
    if first != first.lower() and first.casefold() not in GENERIC:
        return None
    at = Mention(made.end(), made.end() + maker.end, maker.text, maker.entities)
    item = _named(text, Span(part.start, part.end), comma, [at], at.end, names)
    return replace(item, description=worded(made["kind"]) or item.description)


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
    return _of_maker(text, part, comma, names) or _new(text, part, comma, names, before)


def _new(text: str, part: Span, comma: bool, names: Gazetteer, before: Item | None) -> Item | None:
    """The thing that an entry names or describes in words that no catalogue knows."""
    lead = _LEAD.match(text, part.start, part.end)
    begin, stop = lead.end() if lead else part.start, _head_end(text, part)
    span = Span(begin, part.end)
    head = text[begin:stop].strip()
    words = [word.casefold() for word in TOKEN.findall(head)]
    empty = (
        not words
        or words[0] in PRONOUNS
        or head.split()[0].casefold() in WHEN_OR_WHERE
        or all(word in EMPTY for word in words)
        or (words[0] in SO_MANY and words[-1] in TOOLS)
    )
    # A trust, a network or a study is no product.
    if empty or NOT_A_PRODUCT.search(head) or next(names.mentions(head), None):
        return None
    goes_on = before is not None and not comma and _open(text, before)
    if any(word in CLEVER for word in words):
        return Item(span, comma, description=whole(text, span))
    if goes_on or not proper(head, words) or NOT_A_NAME.search(head):
        return None
    if len(words) > 1 and (own := _OWN_WORD.sub("", head)) != head and proper(own, words[:-1]):
        stop, head = begin + len(text[begin:stop].rstrip()) - (len(head) - len(own)), own
    return Item(
        span,
        comma,
        name=Mention(begin, stop, head, (), names.nearest(head, "product", "vendor")),
        new=head,
        description=purpose(text, Span(stop, part.end)),
    )


_STATE = re.compile(r"(?:live|used|in use|deployed|installed|bought|started|introduced)\b")
"""What begins with such a word says how far something is, and names nothing."""


def _open(text: str, item: Item) -> bool:
    """Whether an entry ends in a purpose or a place, which an "and" may go on with."""
    closed = text[item.span.end - 1] == ")"
    return not closed and bool(_HEAD_END.search(text, item.span.start, item.span.end))


def _named(  # noqa: PLR0913 - what is known of one entry
    text: str, span: Span, comma: bool, mentions: list[Mention], stop: int, names: Gazetteer
) -> Item:
    vendor, product = _meant(mentions, names)
    rest = trimmed(text, mentions[-1].end, stop, " \t\r\n.,;:-\u2013/")
    said = re.sub(r"^['\u2019]s\s+", "", text[rest.start : rest.end])
    words = [word.casefold() for word in TOKEN.findall(said)]
    new = ""
    description = purpose(text, Span(stop, span.end))
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
            description = description or without_time(said)
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


def _widened(text: str, item: Item, part: Span) -> Item:
    span = Span(item.span.start, part.end)
    if item.name is None:
        return replace(item, span=span)
    return replace(
        item,
        span=span,
        description=purpose(text, Span(item.name.end, part.end)) or item.description,
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
