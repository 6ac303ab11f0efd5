"""Quads of one source: what it states goes into its own named graph, each row as one claim."""

import re
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad

from careatlas.graph.dates import PartialDate
from careatlas.graph.terms import (
    ALT_LABEL,
    LABEL,
    RDF_TYPE,
    atlas,
    concept,
    count,
    day,
    english,
    text,
    thing,
)

Term = NamedNode | Literal
CHARACTERS = re.compile(
    r"(?P<section>.+), (?:item|paragraph) \d+, characters (?P<start>\d+)-(?P<end>\d+)(?:;|$)"
)
"""A place in a document whose text was read: its heading, and the slice of its characters."""


@dataclass(frozen=True)
class Edition:
    """One source as it was read: its key, the version that names its graph, when it came out."""

    source: str
    version: str
    published: PartialDate | None = None

    @property
    def document(self) -> NamedNode:
        """The work."""
        return thing(f"doc/{self.source}")

    @property
    def iri(self) -> NamedNode:
        """The version read, which also names the graph of its statements."""
        return thing(f"docv/{self.source}/{self.version}")


@dataclass(frozen=True)
class Reference:
    """A name as a source prints it, and the thing that it was found to mean."""

    printed: str
    key: str | None
    """The path of the thing, or None where nobody can tell which thing is meant."""
    unresolved: str | None = None
    """The path of the unresolved reference that then stands in its place."""

    @property
    def iri(self) -> NamedNode:
        """The thing meant, or the unresolved reference."""
        return thing(self.key or self.unresolved or "")

    @property
    def short_key(self) -> str:
        """The key without its kind, for use inside other keys."""
        path = self.key or self.unresolved or ""
        return path.split("/", 1)[1]


@dataclass
class Statements:
    """Collects the quads of one edition."""

    edition: Edition
    editions: dict[str, Edition]
    quads: list[Quad] = field(default_factory=list)

    def add(self, subject: NamedNode, predicate: str | NamedNode, *values: Term | None) -> None:
        """State something of a subject; values that are None say nothing."""
        term = atlas(predicate) if isinstance(predicate, str) else predicate
        for value in values:
            if value is not None:
                self.quads.append(Quad(subject, term, value, self.edition.iri))

    def entity(
        self,
        path: str,
        kind: str,
        label: str | None = None,
        aliases: tuple[str, ...] = (),
        evidence: NamedNode | None = None,
    ) -> NamedNode:
        """State that a thing exists, of which class, by which names, and which claim says so."""
        iri = thing(path)
        self.add(iri, RDF_TYPE, atlas(kind))
        if label:
            self.add(iri, LABEL, english(label))
        self.add(iri, ALT_LABEL, *(english(alias) for alias in aliases if alias != label))
        self.add(iri, "supportedBy", evidence)
        return iri

    def claim(  # noqa: PLR0913 - what every claim has
        self,
        kind: str,
        key: str,
        locator: str,
        about: NamedNode | None,
        *,
        reported: PartialDate | None = None,
        also: tuple[str, ...] = (),
    ) -> NamedNode:
        """State that the source says something, and where in it."""
        iri = thing(f"claim/{self.edition.source}/{key}")
        self.add(iri, RDF_TYPE, atlas(kind))
        self.add(iri, "about", about)
        self.add(iri, "assertedIn", self.edition.iri)
        self.add(iri, "locator", text(locator))
        place = CHARACTERS.match(locator)
        if place:
            self.add(iri, "inSection", text(place["section"]))
            self.add(iri, "startOffset", count(int(place["start"])))
            self.add(iri, "endOffset", count(int(place["end"])))
        known = reported or self.edition.published
        if known:
            self.add(iri, "reportedOn", day(known.last))
        self.add(iri, "alsoReportedIn", *(self.editions[other].iri for other in also))
        return iri

    def holds(
        self,
        claim: NamedNode,
        start: PartialDate | None,
        end: PartialDate | None = None,
        *,
        as_at: PartialDate | None = None,
        precision: str | None = None,
    ) -> None:
        """State when a claim is true: in a stated period, or at least on the day it speaks of."""
        first = start or as_at
        if first:
            self.add(claim, "holdsFrom", day(first.first))
        if end:
            self.add(claim, "holdsTo", day(end.last))
        if as_at:
            self.add(claim, "asAt", day(as_at.first))
        if start or end or precision:
            self.add(claim, "validPeriod", self.period(start, end, precision))

    def period(
        self, start: PartialDate | None, end: PartialDate | None, precision: str | None = None
    ) -> NamedNode:
        """The period between two dates, each known as well as its source knows it."""
        bounds: list[date | None] = [
            start.first if start else None,
            start.last if start else None,
            end.first if end else None,
            end.last if end else None,
        ]
        dated = start or end
        known = precision or (dated.precision if dated else "undated")
        name = "_".join(bound.isoformat() if bound else "-" for bound in bounds)
        iri = thing(f"period/{name}_{known}")
        self.add(iri, RDF_TYPE, atlas("Period"))
        for term, bound in zip(
            ("earliestStart", "latestStart", "earliestEnd", "latestEnd"), bounds, strict=True
        ):
            self.add(iri, term, day(bound) if bound else None)
        self.add(iri, "precision", concept("precision", known))
        return iri

    def party(
        self, owner: NamedNode, key: str, player: NamedNode, role: str, lot: str | None = None
    ) -> None:
        """State that somebody plays a role in an agreement, study, project or procedure."""
        iri = thing(f"party/{key}")
        self.add(iri, RDF_TYPE, atlas("PartyRole"))
        self.add(owner, "hasParty", iri)
        self.add(iri, "playedBy", player)
        self.add(iri, "roleType", concept("party-role", role))
        self.add(iri, "lot", text(lot) if lot else None)
