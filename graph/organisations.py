"""Who there is: trusts, ICBs, regions, networks, groups, and who belongs to what."""

from typing import Annotated

from pydantic import Field

from careatlas.graph.records import Record, Text, When, Words, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import (
    ORIGINAL,
    RESULTING,
    concept,
    day,
    slug,
    text,
    thing,
)

ORGANISATION_CLASS = {
    "company": "Company",
    "research-organisation": "ResearchOrganisation",
    "health-board": "HealthBoard",
    "government-body": "PublicBody",
    "national-body": "PublicBody",
    "local-authority": "PublicBody",
    "charity": "Charity",
    "provider": "CareProvider",
    "primary-care": "CareProvider",
    "hospital-site": "HospitalSite",
    "group": "ProviderGroup",
    "collaboration": "Network",
}


class Region(Record):
    """A region of NHS England."""

    table = "regions"
    ods: Text
    name: Text
    ons_code: str | None = None

    @property
    def row_key(self) -> str:
        """The ODS code."""
        return self.ods

    def describe(self, to: Statements) -> None:
        """State the region."""
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(f"org/ods/{self.ods}")
        )
        iri = to.entity(f"org/ods/{self.ods}", "Region", self.name, evidence=claim)
        to.add(iri, "odsCode", text(self.ods))
        to.add(iri, "onsCode", text(self.ons_code) if self.ons_code else None)


class IntegratedCareBoard(Record):
    """An integrated care board, with the days between which it exists."""

    table = "icbs"
    ods: Text
    name: Text
    region: str | None = None
    ons_code: str | None = None
    valid_from: When | None = None
    valid_to: When | None = None
    cluster_2025: str | None = None
    also: Words = ()

    @property
    def row_key(self) -> str:
        """The ODS code."""
        return self.ods

    def describe(self, to: Statements) -> None:
        """State the board, its region and its life."""
        path = f"org/ods/{self.ods}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        iri = to.entity(path, "IntegratedCareBoard", self.name, evidence=claim)
        to.add(iri, "odsCode", text(self.ods))
        to.add(iri, "onsCode", text(self.ons_code) if self.ons_code else None)
        to.add(iri, "inRegion", thing(f"org/ods/{self.region}") if self.region else None)
        to.add(iri, "opened", day(self.valid_from.first) if self.valid_from else None)
        to.add(iri, "closed", day(self.valid_to.last) if self.valid_to else None)
        to.add(iri, "cluster", text(self.cluster_2025) if self.cluster_2025 else None)


class BoardSuccession(Record):
    """One board taking the place of another."""

    table = "icb-successions"
    predecessor: Text
    successor: Text
    kind: Annotated[str, coded("change-kind")]
    date: When | None = None

    @property
    def row_key(self) -> str:
        """Both codes."""
        return f"{self.predecessor}-{self.successor}"

    def describe(self, to: Statements) -> None:
        """State the change, and who follows whom."""
        before, after = thing(f"org/ods/{self.predecessor}"), thing(f"org/ods/{self.successor}")
        path = f"change/icb-{self.row_key}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        to.holds(claim, self.date)
        change = to.entity(path, "OrganisationChange", evidence=claim)
        to.add(change, "changeKind", concept("change-kind", self.kind))
        to.add(change, ORIGINAL, before)
        to.add(change, RESULTING, after)
        to.add(change, "validPeriod", to.period(self.date, None) if self.date else None)
        to.add(after, "successorOf", before)
        to.add(before, "predecessorOf", after)


class Trust(Record):
    """An NHS trust or foundation trust by its ODS record."""

    table = "trusts"
    ods: Text
    name: Text
    name_2024: str | None = None
    name_2025: str | None = None
    name_2026: str | None = None
    trust_type: Annotated[str, coded("trust-type")] | None = None
    postcode: str | None = None
    town: str | None = None
    region: str | None = None
    icb_2024: str | None = None
    icb_2026: str | None = None
    lead_icb_2024: str | None = None
    lead_icb_2026: str | None = None
    cancer_alliance: str | None = None
    epr_supplier: str | None = None
    opened: When | None = None
    closed: When | None = None
    nation: str | None = None
    also: Words = ()

    @property
    def row_key(self) -> str:
        """The ODS code."""
        return self.ods

    def describe(self, to: Statements) -> None:
        """State the trust, its names, its place and the boards it lies in."""
        path = f"org/ods/{self.ods}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        other = sorted({name for name in (self.name_2024, self.name_2025, self.name_2026) if name})
        iri = to.entity(path, "NHSTrust", self.name, tuple(other), claim)
        to.add(iri, "odsCode", text(self.ods))
        to.add(
            iri, "trustType", concept("trust-type", self.trust_type) if self.trust_type else None
        )
        to.add(iri, "inRegion", thing(f"org/ods/{self.region}") if self.region else None)
        for term, value in (
            ("postcode", self.postcode),
            ("town", self.town),
            ("nation", self.nation),
            ("eprSupplier", self.epr_supplier),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "opened", day(self.opened.first) if self.opened else None)
        to.add(iri, "closed", day(self.closed.last) if self.closed else None)
        for role, boards in (
            ("geographic", (self.icb_2024, self.icb_2026)),
            ("lead", (self.lead_icb_2024, self.lead_icb_2026)),
        ):
            for board in sorted({board for board in boards if board}):
                affiliation = to.entity(
                    f"affiliation/{self.ods}/{board}/{role}", "Affiliation", evidence=claim
                )
                to.add(affiliation, "memberOrganisation", iri)
                to.add(affiliation, "affiliatedWith", thing(f"org/ods/{board}"))
                to.add(affiliation, "affiliationRole", concept("affiliation-role", role))


class Organisation(Record):
    """Any other organisation that a claim names."""

    table = "organisations"
    key: Text
    kind: Annotated[str, coded("organisation-kind")]
    name: Text
    aliases: Words = ()
    ods: str | None = None
    region: str | None = None
    nation: str | None = None

    @property
    def row_key(self) -> str:
        """The organisation's own key."""
        return self.key.split("/")[-1]

    def describe(self, to: Statements) -> None:
        """State the organisation."""
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(self.key))
        iri = to.entity(
            self.key,
            ORGANISATION_CLASS.get(self.kind, "Organisation"),
            self.name,
            self.aliases,
            claim,
        )
        to.add(iri, "organisationKind", concept("organisation-kind", self.kind))
        to.add(iri, "odsCode", text(self.ods) if self.ods else None)
        to.add(iri, "inRegion", thing(f"org/ods/{self.region}") if self.region else None)
        to.add(iri, "nation", text(self.nation) if self.nation else None)


class OrganisationIdentifier(Record):
    """A number or code by which a register knows an organisation."""

    table = "identifiers"
    scheme: Annotated[str, Field(pattern=r"^[A-Z]{2,3}-[A-Z]+$")]
    id: Text
    key: Text

    @property
    def row_key(self) -> str:
        """The register and the value."""
        return f"{slug(self.scheme)}/{slug(self.id)}"

    def describe(self, to: Statements) -> None:
        """State the identifier, and whom it means."""
        path = f"identifier/{self.row_key}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        iri = to.entity(path, "Identifier", evidence=claim)
        to.add(iri, "identifierScheme", text(self.scheme))
        to.add(iri, "identifierValue", text(self.id))
        to.add(iri, "identifies", thing(self.key))
