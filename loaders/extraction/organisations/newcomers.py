"""Trusts that a document names and no catalogue knows, so that what it says of them is read too."""

import re
from dataclasses import replace

from careatlas.graph.labels import key
from careatlas.loaders.extraction.candidates import Candidates, Deployment, Found
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.reading.model import Document

NEW_TRUST = re.compile(
    r"\b(?:[A-Z][\w'\u2019&-]+\s+(?:(?:and|&|of)\s+(?:the\s+)?)?){1,6}NHS\s+(?:Foundation\s+)?Trust\b"
)
_LEAD = re.compile(
    r"^(?:The|And|At|By|For|From|In|Of|To|With|While|When|But|Both|Only|That|Dear|Re|Trust|Meanwhile)\s+"
)
_MARK = "new:"
_LESS_SURE = 0.15


def with_newcomers(document: Document, names: Gazetteer) -> Gazetteer:
    """The gazetteer with the trusts that the document writes out in full and that it does not know."""
    extra: dict[str, tuple[str, Entity]] = {}
    for passage in document.passages:
        text = " ".join(passage.text.replace("*", " ").split())
        known = list(names.mentions(text)) if NEW_TRUST.search(text) else []
        for one in (one for one in known if one.of("trust")):
            text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
        for match in NEW_TRUST.finditer(text):
            printed = _LEAD.sub("", match[0])
            form = key(printed)
            if not names.find(printed, "trust"):
                extra.setdefault(form, (printed, Entity("trust", f"{_MARK}{form}", printed)))
    return names.extended(extra.values()) if extra else names


def as_new(found: Candidates, names: Gazetteer) -> None:
    """Give what is said of such trusts as of names that nobody knows, with those nearest to them."""
    for one in found.deployments:
        if _is_new(one.trust):
            one.trust, one.found = _unknown(one.trust, names), _doubted(one.found)
    found.disclosures = [
        replace(one, trust=_unknown(one.trust, names), found=_doubted(one.found))
        if _is_new(one.trust)
        else one
        for one in found.disclosures
    ]
    for route in found.routes:
        _of_route(route.deployment, names)
    found.routes = [replace(one, through=_unknown(one.through, names)) for one in found.routes]
    found.stated = [
        replace(
            one,
            names=tuple(_unknown(name, names) for name in one.names),
            cells={k: "" if cell.startswith(_MARK) else cell for k, cell in one.cells.items()},
        )
        for one in found.stated
    ]


def _of_route(one: Deployment, names: Gazetteer) -> None:
    one.routes = [replace(route, through=_unknown(route.through, names)) for route in one.routes]


def _is_new(mention: Mention) -> bool:
    return any(entity.iri.startswith(_MARK) for entity in mention.entities)


def _unknown(mention: Mention, names: Gazetteer) -> Mention:
    if not _is_new(mention):
        return mention
    nearest = names.nearest(mention.text, "trust")
    return replace(mention, text=mention.label, entities=(), nearest=nearest)


def _doubted(found: Found) -> Found:
    return replace(found, confidence=max(found.confidence - _LESS_SURE, 0.1))
