"""What registers of medical devices say: an entry is a fact of regulation on a product."""

from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from careatlas.graph.records import Record, Text, When
from careatlas.graph.statements import Statements
from careatlas.graph.terms import concept, link, slug, text, thing


class UnknownDevice(BaseModel):
    """A device that no product of the catalogue stands for: a proposal of a new one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    printed: Text
    maker: Text
    """The company in a form for keys."""
    reason: Text
    candidates: tuple[str, ...] = ()
    """The keys of products that may be meant."""

    @property
    def key(self) -> str:
        """The company and the device in this spelling: another spelling may mean another thing."""
        spelling = sha256(self.printed.encode()).hexdigest()[:6]
        return f"{self.maker}/{slug(self.printed)}-{spelling}"


class Listing(Record):
    """An entry of a register of medical devices."""

    table = "devices"
    registry: Text
    identifier: Text
    device: Text
    company: Text
    vendor: str | None = None
    """The company's key in the catalogue."""
    products: tuple[str, ...] = ()
    """The keys of the products that are listed."""
    unknown: tuple[UnknownDevice, ...] = ()
    decision: str | None = None
    decided: When | None = None
    device_class: str | None = None
    panel: str | None = None
    product_code: str | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")] | None = None
    matched: str | None = None
    """How company and product were found."""

    @property
    def row_key(self) -> str:
        """The register and the number in it."""
        return f"{slug(self.registry)}/{slug(self.identifier)}"

    def describe(self, to: Statements) -> None:
        """State the entry, the products that it lists, and those that it may list."""
        # An edition of a register may say otherwise than the one before: each speaks for itself.
        path = f"listing/{self.source}/{self.row_key}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        to.holds(claim, self.decided)
        to.add(claim, "confidence", concept("confidence", "high"))
        to.add(claim, "nameAsPrinted", text(self.device))
        to.add(claim, "organisationAsPrinted", text(self.company))
        to.add(claim, "qualifier", text(self.matched) if self.matched else None)
        iri = to.entity(path, "RegulatoryListing", evidence=claim)
        for term, value in (
            ("register", self.registry),
            ("reference", self.identifier),
            ("decisionStated", self.decision),
            ("deviceClassStated", self.device_class),
            ("reviewPanel", self.panel),
            ("productCode", self.product_code),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "listingUrl", link(self.url) if self.url else None)
        to.add(iri, "listedFor", thing(f"org/slug/{self.vendor}") if self.vendor else None)
        to.add(iri, "validPeriod", to.period(self.decided, None) if self.decided else None)
        to.add(iri, "listsProduct", *(thing(f"product/{key}") for key in self.products))
        for one in self.unknown:
            name = f"unresolved/product/{self.source}/{one.key}"
            gap = to.entity(name, "UnresolvedReference", one.printed, evidence=claim)
            to.add(gap, "nameAsPrinted", text(one.printed))
            to.add(gap, "expectedKind", text("product"))
            to.add(gap, "reason", text(one.reason))
            to.add(gap, "candidate", *(thing(f"product/{key}") for key in one.candidates))
            to.add(iri, "listsProduct", gap)
