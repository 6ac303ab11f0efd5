"""From the passages of a document to candidate claims."""

from careatlas.loaders.extraction.candidates import Candidates
from careatlas.loaders.extraction.deployments import Reader
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.prose import Prose, with_short_names
from careatlas.loaders.extraction.sections import Owner, confirmed, day, disclosure, owner, section
from careatlas.loaders.extraction.text import plain
from careatlas.loaders.reading.model import Document, Passage

IN_LIST = 0.9
"""How sure a claim of a list entry is."""


def extract(document: Document, names: Gazetteer, source: str, reported: str = "") -> Candidates:
    """The candidate claims of a document; what each entry says depends on no other entry."""
    found = Candidates(source)
    published = reported or document.date or ""
    later: dict[tuple[str, ...], str] = {}
    names = with_short_names(document, names)
    prose = Prose(names, published)
    for at, passage in enumerate(document.passages):
        if passage.kind == "heading":
            continue
        kind = section(passage.headings)
        if kind == "skip":
            continue
        text = plain(passage.text)
        if passage.kind == "paragraph":
            if kind == "update" and (said := day(text)):
                later[passage.headings] = said
            prose.paragraph(at, passage, text)
            continue
        whose = owner(passage.text, text, names)
        if whose is None:
            continue
        _entry(passage, text, whose, names, found, later.get(passage.headings, published))
    for reader in prose.readers:
        _take(reader, found)
    return found


def _entry(  # noqa: PLR0913 - an entry and what is known of it
    passage: Passage, text: str, whose: Owner, names: Gazetteer, found: Candidates, reported: str
) -> None:
    """An entry of a list that begins with an organisation is about that organisation."""
    kind = section(passage.headings)
    listed = kind == "uses" or confirmed(text[whose.body :])
    reader = Reader(passage, text, whose.name, names, reported, IN_LIST, listed=listed)
    reader.body(whose.body, len(text))
    _take(reader, found)
    statuses = [one.status for one in reader.deployments]
    if answer := disclosure(passage, whose, text, kind, reported, statuses):
        found.disclosures.append(answer)


def _take(reader: Reader, found: Candidates) -> None:
    found.deployments += reader.deployments
    found.usage += reader.usage
    found.routes += reader.routes
