"""Sources, and the decisions on what the names in them mean."""

from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pyoxigraph import NamedNode, Quad

from careatlas.graph.records import Record, Text, When, Words, coded
from careatlas.graph.statements import Edition, Reference, Statements, Term
from careatlas.graph.terms import (
    GRAPHS,
    LABEL,
    RDF_TYPE,
    atlas,
    concept,
    day,
    english,
    link,
    slug,
    text,
    thing,
)


class Source(BaseModel):
    """A document, page or data set that something was taken from."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: Text
    kind: Annotated[str, coded("source-kind")]
    title: Text
    publisher: str | None = None
    url: str | None = None
    published: When | None = None
    accessed: When | None = None
    sha256: str | None = None
    file: str | None = None
    derived_from: str | None = None
    licence: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _has_an_iri(self) -> Self:
        _ = self.edition.iri
        return self

    @property
    def edition(self) -> Edition:
        """The version that was read: by its bytes, else by its date."""
        version = self.sha256[:12] if self.sha256 else None
        if version is None and self.published:
            digits = {"year": 4, "month": 7}.get(self.published.precision)
            version = self.published.last.isoformat()[:digits]
        return Edition(self.id, version or "undated", self.published)

    @property
    def told(self) -> dict[str, str | None]:
        """What the manifest of a release says of it."""
        published = self.edition.published
        return {
            "title": self.title,
            "url": self.url,
            "published": published.last.isoformat() if published else None,
            "sha256": self.sha256,
            "licence": self.licence,
        }

    def quads(self, editions: dict[str, Edition]) -> list[Quad]:
        """What the release says of the source itself, in the graph of metadata."""
        document, version, meta = self.edition.document, self.edition.iri, GRAPHS["meta"]
        pairs: list[tuple[NamedNode, NamedNode, Term | None]] = [
            (document, RDF_TYPE, atlas("SourceDocument")),
            (document, LABEL, english(self.title)),
            (document, atlas("sourceKey"), text(self.id)),
            (document, atlas("sourceKind"), concept("source-kind", self.kind)),
            (document, atlas("publishedBy"), text(self.publisher) if self.publisher else None),
            (document, atlas("sourceUrl"), link(self.url) if self.url else None),
            (document, atlas("publishedOn"), day(self.published.last) if self.published else None),
            (document, atlas("licence"), text(self.licence) if self.licence else None),
            (version, RDF_TYPE, atlas("DocumentVersion")),
            (version, atlas("versionOf"), document),
            (version, atlas("sha256"), text(self.sha256) if self.sha256 else None),
        ]
        if self.derived_from:
            pairs.append((version, atlas("derivedFrom"), editions[self.derived_from].iri))
        return [Quad(s, p, o, meta) for s, p, o in pairs if o is not None]


class NameMatch(Record):
    """What a printed name was decided to mean, by which method and why."""

    table = "crosswalk"

    kind: Literal[
        "organisation", "product", "vendor", "network", "programme", "study", "instrument"
    ]
    printed: Text
    key: str | None = None
    method: Annotated[str, coded("match-method")]
    reason: Text
    candidates: Words = ()
    only_in: str | None = None

    @model_validator(mode="after")
    def _decided(self) -> Self:
        if (self.key is None) != (self.method == "unresolved"):
            raise ValueError("a match has a key, or its method is unresolved")
        if self.key and not all(self.key.partition("/")):
            raise ValueError(f"{self.key!r} is no key: write its kind first, as in org/ods/RWE")
        return self

    @property
    def row_key(self) -> str:
        """The kind and the name, and the source where the match holds for one alone."""
        spelling = sha256(self.printed.encode()).hexdigest()[:6]
        return "/".join(filter(None, (self.kind, f"{slug(self.printed)}-{spelling}", self.only_in)))

    @property
    def reference(self) -> Reference:
        """What the name means, for a claim that prints it."""
        gap = None if self.key else f"unresolved/{self.kind}/{slug(self.printed)}"
        return Reference(self.printed, self.key, gap)

    def describe(self, to: Statements) -> None:
        """State the match, and the gap where the name means nothing certain."""
        claim = to.claim("NameMatch", self.claim_key, self.locator, None)
        to.add(claim, "nameAsPrinted", text(self.printed))
        to.add(claim, "matchMethod", concept("match-method", self.method))
        to.add(claim, "reason", text(self.reason))
        to.add(claim, "expectedKind", text(self.kind))
        if self.key:
            to.add(claim, "matchedTo", thing(self.key))
            return
        gap = to.entity(
            f"{self.reference.unresolved}", "UnresolvedReference", self.printed, evidence=claim
        )
        to.add(gap, "nameAsPrinted", text(self.printed))
        to.add(gap, "expectedKind", text(self.kind))
        to.add(gap, "reason", text(self.reason))
        to.add(gap, "candidate", *(thing(path) for path in self.candidates))
        to.add(claim, "matchedTo", gap)


class LeftOut(Record):
    """A row of the evidence that was deliberately not taken in, with the reason."""

    table = "left-out"
    row: Text
    of: Annotated[Text, Field(alias="table")]
    reason: Text

    @property
    def row_key(self) -> str:
        """The table and its row."""
        return f"{self.of}/{slug(self.row)}"

    def describe(self, to: Statements) -> None:
        """State nothing: the row stands in the report alone."""


class Review(Record):
    """What a person decided on something that was found in a document."""

    table = "reviews"
    key: Text
    """The proposal that was decided on."""
    verdict: Literal["accept", "change", "reject", "split", "postpone"]
    of: Text
    """The table that it belongs to."""
    row: str | None = None
    """The key of the row that came of it; none where nothing did."""
    by: Text
    on: When
    why: str | None = None
    confidence: str | None = None
    rule: str | None = None
    cells: str | None = None
    """What was changed, as a JSON object of cells by column."""

    @property
    def row_key(self) -> str:
        """The proposal."""
        return self.key

    def describe(self, to: Statements) -> None:
        """State nothing: what was accepted is stated by its own row."""
