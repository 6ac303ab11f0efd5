"""From the passages of a document to candidate claims."""

import re
from collections.abc import Iterator

from careatlas.loaders.extraction.agreements import agreements
from careatlas.loaders.extraction.apart import Apart
from careatlas.loaders.extraction.asked import Asked
from careatlas.loaders.extraction.awards import awards
from careatlas.loaders.extraction.candidates import Candidates, Stated
from careatlas.loaders.extraction.columns_said import status
from careatlas.loaders.extraction.corrections import corrections, superseding, withdrawn
from careatlas.loaders.extraction.days import to_come
from careatlas.loaders.extraction.deployments import Reader
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.grid import Grid
from careatlas.loaders.extraction.house import house, topic, with_short_names
from careatlas.loaders.extraction.items import meant_again
from careatlas.loaders.extraction.parties import Last, Told
from careatlas.loaders.extraction.periods import period
from careatlas.loaders.extraction.projects import projects
from careatlas.loaders.extraction.prose import Prose
from careatlas.loaders.extraction.sections import (
    Owner,
    confirmed,
    day,
    disclosure,
    heads_entry,
    owner,
    runs_on,
    section,
)
from careatlas.loaders.extraction.settle import settled
from careatlas.loaders.extraction.studies import from_routes, studies
from careatlas.loaders.extraction.text import plain
from careatlas.loaders.reading.model import Document, Passage

_AUTHOR = re.compile(r"\W*author\s*:\s*(.+?)\s*$")
_NOTED = re.compile(
    r"\((?:now |currently |under |in |on |being )*(?:live|use|pilot\w*|trial\w*|evaluation|review|paused|procured|implement\w*)\b[^()]*\)",
    re.IGNORECASE,
)
"""How far along something is, in brackets after it: the list is one of products."""
_BARE = {"uses": "live", "ended": "ended"}
"""What a bare name means in a list of this kind."""
_LISTS = frozenset(("uses", "denies", "no-response", "refused", "unable", "ended"))
_WITH_NAME = 4
"""A heading that has so many words more than a trust's name is still its heading."""
_SEVERAL = 2
IN_LIST = 0.9
"""How sure a claim of a list entry is."""


def extract(document: Document, names: Gazetteer, source: str, reported: str = "") -> Candidates:
    """The candidate claims of a document; what each entry says depends on no other entry."""
    reading = _Reading(document, with_short_names(document, names), source, reported)
    for number, passage in enumerate(document.passages):
        reading.passage(number, passage)
    return reading.ended()


class _Reading:
    """The reading of one document, passage after passage."""

    def __init__(self, document: Document, names: Gazetteer, source: str, reported: str) -> None:
        self.found = Candidates(source)
        self._names = names
        self._published = reported or document.date or ""
        self._house = house(document, names, "trust")
        self._topic = self._house or topic(document, names)
        network = None if self._house else house(document, names, "network", "icb")
        self._prose = Prose(names, self._published, self._house, network=network)
        self._grid = Grid(names, self._published, self.found, self._house)
        self._apart, self._asked = Apart(), Asked()
        self._told: list[Told] = []
        self._headed_by: set[tuple[str, ...]] = set()
        self._under: tuple[str, ...] = ()
        self._led: Mention | None = None
        self._later: dict[tuple[str, ...], str] = {}

    def passage(self, number: int, passage: Passage) -> None:
        """Read one passage, unless it is none of the document's own statements."""
        text = plain(passage.text)
        kind = self._asked.kind(passage, text) or section(passage.headings)
        asked_here = self._asked.opening(text)
        text = " " * asked_here + text[asked_here:]
        if self._apart.holds(passage, text, kind) or kind == "skip":
            return
        self._told.append(Told(number, passage, text))
        if withdrawn(text) or (passage.kind == "row" and self._grid.row(passage, text, kind)):
            return
        if self._house and (
            answer := self._asked.answered(passage, text, self._house, self._published)
        ):
            self.found.disclosures.append(answer)
        own = self._headed(passage) or self._leads(passage, text)
        self._prose.house = own or self._house
        asked = self._asked.question
        named = passage.kind == "item" or (passage.kind == "paragraph" and bool(asked))
        self._prose.bare_status = _BARE.get(kind, "") if named else ""
        self._prose.counting = self._asked.counting
        self._prose.period = period(asked) if self._asked.counting else ("", "")
        if self._named_alone(passage, text, kind):
            return
        if own and kind and kind != "update" and passage.headings not in self._headed_by:
            self._headed_by.add(passage.headings)
            self._entry(passage, text, Owner(own, 0), kind)
            return
        whose = owner(passage.text, text, self._names)
        if whose and self._of_product(passage, text, whose, kind):
            return
        if passage.kind == "paragraph" and not (
            whose and kind in _LISTS and heads_entry(text, whose)
        ):
            if kind == "update" and (said := day(text)):
                self._later[passage.headings] = said
            self._prose.paragraph(number, passage, text)
            return
        if whose is not None and not (passage.kind == "item" and runs_on(text, whose, kind)):
            self._entry(passage, text, whose, kind)
        elif passage.kind == "item":
            self._prose.paragraph(number, passage, text)

    def _entry(self, passage: Passage, text: str, whose: Owner, kind: str) -> None:
        """An entry of a list that begins with an organisation is about that organisation."""
        body = text[whose.body :]
        listed = kind in _BARE or confirmed(body) or (not kind and bool(_NOTED.search(body)))
        reported = self._later.get(passage.headings, self._published)
        reader = Reader(passage, text, whose.name, self._names, reported, IN_LIST, listed=listed)
        reader.bare_status = _BARE.get(kind, "live")
        reader.body(whose.body, len(text))
        self._take(reader)
        statuses = [one.status for one in reader.deployments]
        if answer := disclosure(passage, whose, text, kind, reported, statuses):
            self.found.disclosures.append(answer)

    def _headed(self, passage: Passage) -> Mention | None:
        """The trust whose name alone stands above a passage."""
        heading = passage.headings[-1] if passage.headings else ""
        found = [m for m in self._names.mentions(heading) if m.of("trust")]
        if len(found) != 1 or len(heading.split()) > len(found[0].text.split()) + _WITH_NAME:
            return None
        return Mention(0, 0, found[0].text, found[0].of("trust"))

    def _of_product(self, passage: Passage, text: str, whose: Owner, kind: str) -> bool:
        """Read a trust of a list under a product's name; false where it is no such entry."""
        heading = passage.headings[-1] if passage.headings else ""
        product = next((m for m in self._names.mentions(heading) if m.of("product")), None)
        rest = text[whose.body :].strip(" .;,\n")
        note = re.fullmatch(r"\(([^()]*)\)", rest)
        if product is None or len(heading.split()) > _WITH_NAME or (rest and not note):
            return False
        above = _BARE.get(section(passage.headings[:-1]) or kind, "unspecified")
        state = above if note is None else status(note[1])
        own = (self._names, self._published, IN_LIST)
        reader = Reader(passage, text, whose.name, *own, listed=True)
        if (state or state is None) and not to_come(rest, self._published):
            item = meant_again(product, whose.name.start, whose.name.end, self._names)
            reader.take([item], state or above, "under-product")
        self._take(reader)
        return True

    def _leads(self, passage: Passage, text: str) -> Mention | None:
        """The trust that an entry before named and nothing else, whose entries those below are."""
        if passage.headings != self._under or passage.kind == "row":
            self._under, self._led = passage.headings, None
        found = [m for m in self._names.mentions(text) if m.of("trust")]
        if found and not text.strip(" .:;,-\u2013\n").removeprefix(found[0].text).strip():
            self._led = Mention(0, 0, found[0].text, found[0].of("trust"))
        elif found:
            self._led = None
        return None if found else self._led

    def _named_alone(self, passage: Passage, text: str, kind: str) -> bool:
        """Read a paragraph of nothing but trusts under a heading that says what they answered."""
        if passage.kind != "paragraph" or kind not in {"uses", "denies", "no-response"}:
            return False
        trusts = [m for m in self._names.mentions(text) if m.of("trust")]
        rest = text
        for mention in reversed(trusts):
            rest = rest[: mention.start] + rest[mention.end :]
        if len(trusts) < _SEVERAL or re.sub(
            r"\band\b|\bNHS\b|\bTrust\b|\bFoundation\b|[\s,;.&]", "", rest
        ):
            return False
        for mention in trusts:
            name = Mention(mention.start, mention.end, mention.text, mention.of("trust"))
            one = disclosure(passage, Owner(name, len(text)), text, kind, self._published, [])
            if one:
                self.found.disclosures.append(one)
        return True

    def _take(self, reader: Reader) -> None:
        self.found.deployments += reader.deployments
        self.found.usage += reader.usage
        self.found.routes += reader.routes

    def ended(self) -> Candidates:
        """All that was found, brought together."""
        for reader in self._prose.readers:
            self._take(reader)
        self.found.disclosures += self._prose.answers
        settled(self.found)
        self.found.stated += self._stated()
        return self.found

    def _stated(self) -> Iterator[Stated]:
        """What is not about one deployment; a study that two rules find is told once."""
        told, names = self._told, self._names
        author = next((m[1].strip() for one in told if (m := _AUTHOR.match(one.text))), "")
        yield from agreements(told, self._last(author), self._published)
        seen = set[tuple[str, str]]()
        for study in (*from_routes(self.found.deployments), *studies(told, names)):
            mark = (study.cells["study"], study.cells["organisation"])
            if mark not in seen:
                seen.add(mark)
                yield study
        yield from projects(told, names, self._house)
        yield from awards(told, self._last(author))
        yield from corrections(told, names)
        yield from superseding(self.found)

    def _last(self, author: str) -> Last:
        whose: Mention | None = self._house
        return Last(self._names, whose.text if whose else author, self._topic)
