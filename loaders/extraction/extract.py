"""From the passages of a document to candidate claims."""

import re
from collections.abc import Iterator

from careatlas.loaders.extraction.candidates import Candidates, Stated
from careatlas.loaders.extraction.deployments.bodies import resolve
from careatlas.loaders.extraction.deployments.elsewhere import Elsewhere
from careatlas.loaders.extraction.deployments.periods_above import dated
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.events.agreements import agreements
from careatlas.loaders.extraction.events.awards import awards
from careatlas.loaders.extraction.events.corrections import corrections, superseding, withdrawn
from careatlas.loaders.extraction.events.projects import projects
from careatlas.loaders.extraction.events.studies import from_routes, studies
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.letters.answers import Answers
from careatlas.loaders.extraction.letters.asked import Asked, answer_cell
from careatlas.loaders.extraction.organisations.above import Above
from careatlas.loaders.extraction.organisations.asked_of import settled_answers
from careatlas.loaders.extraction.organisations.house import house, sole, topic, with_short_names
from careatlas.loaders.extraction.organisations.newcomers import as_new, with_newcomers
from careatlas.loaders.extraction.organisations.parties import Last, Told
from careatlas.loaders.extraction.organisations.sections import (
    Owner,
    day,
    disclosure,
    heads_entry,
    of_products,
    owner,
    runs_on,
    section,
)
from careatlas.loaders.extraction.prose import Prose
from careatlas.loaders.extraction.settle import settled
from careatlas.loaders.extraction.tables.grid import Grid
from careatlas.loaders.extraction.tables.under import BARE, means, under_product
from careatlas.loaders.extraction.wording.apart import Apart
from careatlas.loaders.extraction.wording.text import plain, unwrapped
from careatlas.loaders.reading.model import Document, Passage

_AUTHOR = re.compile(r"\W*author\s*:\s*(.+?)\s*$")
_ANSWERS = frozenset(("uses", "refused", "unable", "denies", "no-response"))
"""Kinds of list that say what those answered who stand in it."""
_SEVERAL = 2
IN_LIST = 0.9
"""How sure a claim of a list entry is."""


def extract(document: Document, names: Gazetteer, source: str, reported: str = "") -> Candidates:
    """The candidate claims of a document; what each entry says depends on no other entry."""
    wider = with_short_names(document, with_newcomers(document, names))
    reading = _Reading(document, wider, source, reported)
    for number, passage in enumerate(document.passages):
        reading.passage(number, passage)
    found = reading.ended()
    as_new(found, names)
    return found


class _Reading:
    """The reading of one document, passage after passage."""

    def __init__(self, document: Document, names: Gazetteer, source: str, reported: str) -> None:
        self.found = Candidates(source)
        self._names = names
        self._published = reported or document.date or ""
        self._title = document.title or ""
        self._house = house(document, names, "trust")
        self._topic = self._house or topic(document, names)
        network = None if self._house else house(document, names, "network", "icb")
        self._network = network
        self._owners: dict[int, Mention] = {}
        self._questions: dict[int, str] = {}
        self._prose = Prose(
            names, self._published, self._house, self._topic, sole(document, names), network
        )
        said = (document.passages, self._prose.known, self._title)
        self._grid = Grid(names, self._published, self.found, self._house, *said)
        self._apart, self._asked = Apart(), Asked()
        self._told: list[Told] = []
        self._above = Above(names)
        self._later: dict[tuple[str, ...], str] = {}

    def passage(self, number: int, passage: Passage) -> None:
        """Read one passage, unless it is none of the document's own statements."""
        passage = (
            answer_cell(passage) if self._house and not self._grid.holds(passage) else None
        ) or passage
        text = plain(passage.text)
        text = text if passage.kind == "row" else unwrapped(text)
        kind = self._asked.kind(passage, text) or section(passage.headings)
        if self._apart.holds(passage, text, kind) or kind == "skip":
            return
        text = " " * self._asked.begins + text[self._asked.begins :]
        if not text.strip():
            return
        self._told.append(Told(number, passage, text))
        self._questions[number] = self._asked.question
        asked = bool(self._asked.question)
        if withdrawn(text) or (passage.kind == "row" and self._grid.row(passage, text, kind)):
            return
        if self._house and (
            answer := self._asked.answered(passage, text, self._house, self._published)
        ):
            self.found.disclosures.append(answer)
        own = self._above.whose(passage, text)
        self._prose.house = own or self._house
        if own:
            self._owners[number] = own
        listed = BARE.get(kind, "") if passage.kind == "item" and not self._asked.question else ""
        self._prose.bare_status = listed or self._asked.bare
        if self._named_alone(passage, text, kind) or self._answers_alone(passage, text, kind):
            return
        if own and kind and kind != "update" and not asked and self._above.begins(passage, own):
            self._entry(passage, text, Owner(own, 0), kind)
            return
        self._rest(number, passage, text, kind, asked=asked)

    def _rest(self, number: int, passage: Passage, text: str, kind: str, *, asked: bool) -> None:
        """Read a passage that may begin with whose it is."""
        whose = None if asked and self._house else owner(passage.text, text, self._names)
        if whose and passage.kind == "item" and self._of_product(passage, text, whose):
            return
        heads = whose and (kind in _ANSWERS or kind in BARE) and heads_entry(text, whose)
        if passage.kind == "paragraph" and not heads:
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
        meant = means(kind, passage.headings)
        listed = bool(meant) or of_products(kind, body)
        reported = self._later.get(passage.headings, self._published)
        reader = Reader(passage, text, whose.name, self._names, reported, IN_LIST, listed=listed)
        reader.bare_status = meant or "live"
        reader.body(whose.body, len(text))
        self._take(reader)
        if self._above.leads(whose.name):
            return
        statuses = [one.status for one in reader.deployments]
        if answer := disclosure(passage, whose, text, kind, reported, statuses):
            self.found.disclosures.append(answer)

    def _of_product(self, passage: Passage, text: str, whose: Owner) -> bool:
        """Read a trust of a list under a product's name; false where it is no such entry."""
        entry = under_product(passage, text, whose, self._published, self._names)
        if entry and entry[1]:
            own = (self._names, self._published, IN_LIST)
            reader = Reader(passage, text, whose.name, *own, listed=True)
            reader.take([entry[0]], entry[1], "under-product")
            self._take(reader)
        return entry is not None

    def _answers_alone(self, passage: Passage, text: str, kind: str) -> bool:
        """Read a paragraph that begins with a trust, under a heading that says what it answered."""
        if passage.kind != "paragraph" or kind not in _ANSWERS or self._asked.question:
            return False
        trusts = [m for m in self._names.mentions(text) if m.of("trust")]
        if not trusts or text[: trusts[0].start].strip(" *\n") or len({*trusts}) > 1:
            return False
        alone = not text[trusts[0].end :].strip(" .:;,*\n")
        if kind == "uses" and not alone:
            return False
        whose = Mention(trusts[0].start, trusts[0].end, trusts[0].text, trusts[0].of("trust"))
        if one := disclosure(passage, Owner(whose, whose.end), text, kind, self._published, []):
            self.found.disclosures.append(one)
        return alone

    def _named_alone(self, passage: Passage, text: str, kind: str) -> bool:
        """Read a paragraph of nothing but trusts under a heading that says what they answered."""
        colon = text.find(":")
        if colon > 0 and not next(self._names.mentions(text[:colon]), None):
            kind = section((text[:colon],)) or kind
        if passage.kind not in {"paragraph", "item"} or kind not in _ANSWERS:
            return False
        trusts = [m for m in self._names.mentions(text) if m.of("trust")]
        if trusts and trusts[0].start > colon > 0:
            text = " " * (colon + 1) + text[colon + 1 :]
        elif passage.kind == "item":
            return False
        rest = text
        for mention in reversed(trusts):
            rest = rest[: mention.start] + rest[mention.end :]
        if len(trusts) < (1 if text[: colon + 1].isspace() else _SEVERAL) or re.sub(
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
        said = {(one.trust.entities, one.found.passage.start) for one in self.found.disclosures}
        self.found.disclosures += [
            one
            for one in self._prose.answers
            if (one.trust.entities, one.found.passage.start) not in said
        ]
        settled(self.found)
        meant = [one for one in self._told if not withdrawn(one.text)]
        dated(self.found, self._told)
        if self._house:
            Answers(self.found, self._names, self._house, self._questions).read(meant)
        Elsewhere(
            self.found, self._names, self._house, self._network, self._published, self._owners
        ).read(meant)
        resolve(self.found, meant, self._names, self._network)
        self.found.usage.sort(key=lambda one: one.found.start)
        if self._house:
            self._asked.concluded(self.found, self._house, self._published)
        else:
            settled_answers(self.found, self._told, self._title)
        self.found.stated += self._stated()
        return self.found

    def _stated(self) -> Iterator[Stated]:
        """What is not about one deployment; a study that two rules find is told once."""
        told, names = self._told, self._names
        author = next((m[1].strip() for one in told if (m := _AUTHOR.match(one.text))), "")
        yield from agreements(told, self._last(author), self._published)
        seen = set[tuple[str, str]]()
        for study in (*from_routes(self.found.deployments), *studies(told, names, self._house)):
            mark = (study.cells["study"], study.cells["organisation"])
            if mark not in seen:
                seen.add(mark)
                yield study
        yield from projects(told, names, self._house or self._network)
        yield from awards(told, self._last(author))
        yield from corrections(told, names)
        yield from superseding(self.found)

    def _last(self, author: str) -> Last:
        whose: Mention | None = self._house
        body = self._network
        author = whose.text if whose else author or (body.text if body else "")
        return Last(self._names, author, self._topic, body=body)
