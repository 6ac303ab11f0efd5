"""What there is to use: vendors, products, and who bought whom."""

from typing import Annotated, Literal

from careatlas.graph.records import Record, Text, When, Words, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import (
    ORIGINAL,
    RESULTING,
    concept,
    link,
    slug,
    text,
    thing,
)

PRODUCT_CLASS = {
    "ai-system": "AISystem",
    "platform": "AIPlatform",
    "information-system": "InformationSystem",
    "data-tool": "DataTool",
    "other": "TechnologyProduct",
}


class Vendor(Record):
    """A company that supplies products."""

    table = "vendors"
    vendor: Text
    name: Text
    legal_name: str | None = None
    identifiers: Words = ()
    aliases: Words = ()
    parent: str | None = None
    country: str | None = None
    place: str | None = None
    domain: str | None = None
    state: str | None = None
    confidence: Annotated[str, coded("confidence")]
    also: Words = ()
    ref: str | None = None

    @property
    def row_key(self) -> str:
        """The vendor's key."""
        return self.vendor

    def describe(self, to: Statements) -> None:
        """State the company and the names it goes by."""
        path = f"org/slug/{self.vendor}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.add(claim, "confidence", concept("confidence", self.confidence))
        names = tuple(filter(None, (self.legal_name, *self.aliases)))
        iri = to.entity(path, "Company", self.name, names, claim)
        for term, value in (
            ("legalName", self.legal_name),
            ("parentStated", self.parent),
            ("country", self.country),
            ("town", self.place),
            ("stateStated", self.state),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "website", link(f"https://{self.domain}") if self.domain else None)
        for identifier in self.identifiers:
            scheme, _, value = identifier.partition(":")
            to.add(
                iri,
                "companiesHouseNumber" if scheme == "GB-COH" else "otherIdentifier",
                text(value.strip() if scheme == "GB-COH" else identifier),
            )


class Product(Record):
    """A product, service or system that can be deployed."""

    table = "products"
    product: Text
    vendor: str | None = None
    name: Text
    aliases: Words = ()
    kind: Literal["ai-system", "platform", "information-system", "data-tool", "other"]
    function: str | None = None
    capability: Annotated[Words, coded("use-case")] = ()
    modality: Annotated[Words, coded("modality")] = ()
    body_part: str | None = None
    domain: Annotated[str, coded("clinical-domain")] | None = None
    regulatory_class: str | None = None
    regulatory_source: str | None = None
    fda_submissions: str | None = None
    nice_guidance: str | None = None
    nice_position: str | None = None
    part_of: str | None = None
    confidence: Annotated[str, coded("confidence")]
    also: Words = ()
    ref: str | None = None

    @property
    def row_key(self) -> str:
        """The product's key."""
        return self.product

    def describe(self, to: Statements) -> None:
        """State the product, who supplies it, and what it is for."""
        path = f"product/{self.product}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.add(claim, "confidence", concept("confidence", self.confidence))
        iri = to.entity(path, PRODUCT_CLASS[self.kind], self.name, self.aliases, claim)
        if self.vendor:
            supplier = thing(f"org/slug/{self.vendor}")
            to.add(iri, "suppliedBy", supplier)
            to.add(supplier, "supplies", iri)
        to.add(iri, "useCase", *(concept("use-case", code) for code in self.capability))
        to.add(iri, "partOfSuite", thing(f"product/{self.part_of}") if self.part_of else None)
        to.add(
            iri, "clinicalDomain", concept("clinical-domain", self.domain) if self.domain else None
        )
        to.add(iri, "modality", *(concept("modality", code) for code in self.modality))
        for term, value in (
            ("function", self.function),
            ("bodyPart", self.body_part),
            ("regulatoryClass", self.regulatory_class),
            ("fdaSubmission", self.fda_submissions),
            ("niceGuidance", self.nice_guidance),
            ("nicePosition", self.nice_position),
        ):
            to.add(iri, term, text(value) if value else None)


class CompanyChange(Record):
    """An acquisition, a rename or the end of a company."""

    table = "acquisitions"
    key: Text
    acquirer: Words = ()
    target: Text
    kind: Annotated[str, coded("change-kind")]
    date: When | None = None
    state: str | None = None
    terms: str | None = None
    confidence: Annotated[str, coded("confidence")]
    also: Words = ()
    ref: str | None = None

    @property
    def row_key(self) -> str:
        """The change's own key."""
        return slug(self.key)

    def describe(self, to: Statements) -> None:
        """State the change with both sides, and the ownership where it is one."""
        path = f"change/{slug(self.key)}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.date)
        to.add(claim, "confidence", concept("confidence", self.confidence))
        change = to.entity(path, "OrganisationChange", evidence=claim)
        to.add(change, "changeKind", concept("change-kind", self.kind))
        if self.target.startswith("product/"):
            to.add(change, "concernsProduct", thing(self.target))
            to.add(change, ORIGINAL, *(thing(path) for path in self.acquirer))
        else:
            to.add(change, ORIGINAL, thing(self.target))
        to.add(change, RESULTING, *(thing(path) for path in self.acquirer))
        to.add(change, "validPeriod", to.period(self.date, None) if self.date else None)
        to.add(change, "stateStated", text(self.state) if self.state else None)
        to.add(change, "termsStated", text(self.terms) if self.terms else None)
