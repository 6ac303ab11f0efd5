"""Whose document it is, where it is a trust's own: its letterhead, its title or its signature."""

import re

from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.reading.model import Document

_FORMAL = re.compile(r"\b(?:NHS|Trust|Board|ICB|Network|Alliance|Collaborative)\b")
"""A letterhead writes the name out, as a headline does not."""
_SHORT = re.compile(r"\s*\(([A-Z][A-Za-z&]{1,9})\)")
_INITIALS = re.compile(r"(?!(?:ICB|ICS|DPS|NHS|FT)\b)[A-Z][A-Za-z&]*[A-Z&][A-Za-z]*")
"""A short name that is no word, and does not say only what kind of body it is."""
_BODIES = ("network", "icb", "programme", "organisation")
_WE = re.compile(r"\b(?:our|we)\b", re.IGNORECASE)
_QUOTED = re.compile('[\u201c"][^\u201d"]*[\u201d"]')
_PART_OF = re.compile(
    r"\b(?:teams?|news|departments?|services|staff|colleagues|work|wards|else) (?:at|from|across|in) (.+)$",
    re.IGNORECASE,
)
_FIRST, _LAST, _OPENING = 8, 6, 14
_LETTER = re.compile(
    r"\W*(?:Dear\b|(?:Subject|Re|Ref|Reference|Our ref(?:erence)?|Your ref(?:erence)?|FOI (?:ref|reference|request)|Request (?:number|reference))\b\.?\s?:)",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[|,;\u00a9\u2022\t]|\s[-\u2013\u2014]\s|\b(?:19|20)\d\d\b|\.\s|\.$")
"""What parts a name from the rest of a line at the head or the foot of a page."""
_LONGEST = 16
"""A line with more words than this is no letterhead."""


def house(document: Document, names: Gazetteer, *kinds: str) -> Mention | None:
    """The one organisation of these kinds that the head or the foot of a document names by itself."""
    if found := _around(document, names, kinds):
        return found
    lines = [document.title or ""]
    passages = [p for p in document.passages if p.kind in {"heading", "paragraph"}]
    lines += [line for p in passages[:_FIRST] for line in p.text.splitlines()]
    if found := _only(lines, names, kinds):
        return found
    if found := _only([p.text for p in passages[-_LAST:]], names, kinds):
        return found
    if found := _writer([p.text for p in passages[:_OPENING]], names, kinds):
        return found
    return _only(_ours(document), names, kinds) if _speaks(document) else None


def _speaks(document: Document) -> bool:
    """Whether a document speaks of itself as "we", outside what it quotes."""
    said = [_QUOTED.sub("", p.text) for p in document.passages if p.kind in {"paragraph", "item"}]
    return sum(bool(_WE.search(one)) for one in said) > 1


def _ours(document: Document) -> list[str]:
    """The headings of a document that say of whom its parts are."""
    return [
        m[1] for p in document.passages if p.kind == "heading" and (m := _PART_OF.search(p.text))
    ]


def _writer(lines: list[str], names: Gazetteer, kinds: tuple[str, ...]) -> Mention | None:
    """The one organisation that a letter names at all before it answers."""
    if not any(_LETTER.match(line) for line in lines):
        return None
    found = {m.of(*kinds): m for line in lines for m in names.mentions(line) if m.of(*kinds)}
    if len(found) != 1:
        return None
    known, mention = found.popitem()
    return Mention(0, 0, mention.text, known)


def _around(document: Document, names: Gazetteer, kinds: tuple[str, ...]) -> Mention | None:
    """The one organisation that a site, a letterhead or a footer has as its name."""
    parts = [part.strip() for line in document.around for part in _PARTED.split(line)]
    found = {known: part for part in parts if part and (known := names.find(part, *kinds))}
    one = next(iter(found.items())) if len(found) == 1 else None
    return Mention(0, 0, one[1], one[0]) if one else None


def _only(lines: list[str], names: Gazetteer, kinds: tuple[str, ...]) -> Mention | None:
    found: dict[tuple[Entity, ...], Mention] = {}
    for line in lines:
        mentions = list(names.mentions(line))
        if len(line.split()) > _LONGEST or any(m.of("vendor", "product") for m in mentions):
            continue
        if next(lifecycle.statements(line, 0, len(line)), None) is not None:
            continue
        for mention in mentions:
            if (
                not _FORMAL.search(mention.text)
                and len(line.split()) > len(mention.text.split()) + 1
            ):
                continue
            if known := mention.of(*kinds):
                found.setdefault(known, Mention(0, 0, mention.text, known))
    return next(iter(found.values())) if len(found) == 1 else None


def topic(document: Document, names: Gazetteer) -> Mention | None:
    """The one trust that the title of a document names."""
    found = {m.of("trust"): m for m in names.mentions(document.title or "") if m.of("trust")}
    return next(iter(found.values())) if len(found) == 1 else None


def sole(document: Document, names: Gazetteer) -> Mention | None:
    """The trust of a document that names no other."""
    found: dict[tuple[Entity, ...], Mention] = {}
    for passage in document.passages:
        for mention in names.mentions(passage.text):
            if known := mention.of("trust"):
                found.setdefault(known, Mention(0, 0, mention.text, known))
        if len(found) > 1:
            return None
    return next(iter(found.values()), None)


def with_short_names(document: Document, names: Gazetteer) -> Gazetteer:
    """The gazetteer with the short names that the running text puts in brackets after a body's own."""
    extra: list[tuple[str, Entity]] = []
    for passage in document.passages:
        if passage.kind != "paragraph":
            continue
        for mention in names.mentions(passage.text):
            match = _SHORT.match(passage.text, mention.end)
            if not match or names.find(match[1]):
                continue
            whose = mention.of("trust") or (
                mention.of(*_BODIES) if _INITIALS.fullmatch(match[1]) else ()
            )
            if len(whose) == 1:
                extra.append((match[1], whose[0]))
    return names.extended(extra) if extra else names
