"""What sources state of the ways people work: governance, barriers, agreements, studies, projects."""

from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from careatlas.graph.claims import Keyed, joined
from careatlas.graph.records import Text, When, coded, named, split
from careatlas.graph.statements import Reference, Statements
from careatlas.graph.terms import concept, day, slug, text, thing

Organisation = Annotated[Reference, named("organisation")]
Instrument = Annotated[Reference, named("instrument")]
AGREEMENT_CLASS = {
    "memorandum": "MemorandumOfUnderstanding",
    "supply-contract": "SupplyContract",
}


class Governance(Keyed):
    """A policy, framework or group that somebody has, lacks, drafts or follows."""

    table: ClassVar[str] = "governance"
    organisation: Organisation
    instrument: Instrument
    kind: Annotated[str, coded("governance-kind")]
    state: Annotated[str, coded("governance-state")]
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the instrument and how far it has come; one that has no name is known by its words."""
        claim = to.claim("GovernanceStatement", self.claim_key, self.locator, self.organisation.iri)
        known = self.instrument.key
        instrument = to.entity(
            known or f"governance/{slug(self.instrument.printed)}",
            "GovernanceInstrument",
            None if known else self.instrument.printed,
            evidence=claim,
        )
        to.add(instrument, "governanceKind", concept("governance-kind", self.kind))
        to.add(claim, "refersToInstrument", instrument)
        to.add(claim, "governanceState", concept("governance-state", self.state))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)


class Barrier(Keyed):
    """Something that a source says blocks adoption, and who says so."""

    table: ClassVar[str] = "barriers"
    barrier: Annotated[str, coded("barrier")]
    stated_by: Annotated[tuple[Organisation, ...], BeforeValidator(split)] = ()
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the barrier with those who say so."""
        claim = to.claim("BarrierStatement", self.claim_key, self.locator, to.edition.document)
        to.add(claim, "barrier", concept("barrier", self.barrier))
        to.add(claim, "statedBy", *(speaker.iri for speaker in self.stated_by))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)


class Agreement(Keyed):
    """A party to an agreement; a memorandum is no evidence of use."""

    table: ClassVar[str] = "agreements"
    agreement: Text
    name: Text
    kind: Annotated[str, coded("agreement-kind")]
    party: Organisation
    role: Annotated[str, coded("party-role")]
    announced: When | None = None
    target_date: When | None = None
    ends: When | None = None
    section: str | None = None

    def describe(self, to: Statements) -> None:
        """State the agreement and one party to it."""
        path = f"agreement/{slug(self.agreement)}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        to.holds(claim, self.announced)
        to.add(claim, "organisationAsPrinted", text(self.party.printed))
        to.add(claim, "section", text(self.section) if self.section else None)
        iri = to.entity(
            path, AGREEMENT_CLASS.get(self.kind, "Agreement"), self.name, evidence=claim
        )
        to.add(iri, "agreementKind", concept("agreement-kind", self.kind))
        to.add(iri, "announcedOn", day(self.announced.last) if self.announced else None)
        to.add(iri, "targetDate", day(self.target_date.last) if self.target_date else None)
        to.add(iri, "endsOn", day(self.ends.last) if self.ends else None)
        key = f"{slug(self.agreement)}-{slug(self.party.short_key)}"
        to.party(iri, key, self.party.iri, self.role)
        to.add(thing(f"party/{key}"), "supportedBy", claim)


class StudySite(Keyed):
    """An organisation that takes part in a study; taking part is not buying."""

    table: ClassVar[str] = "studies"
    study: Annotated[Reference, named("study")]
    organisation: Organisation
    role: Annotated[str, coded("party-role")]
    product: Annotated[Reference, named("product")] | None = None
    integrated_with: Annotated[Reference, named("product")] | None = None
    period_start: When | None = None
    period_end: When | None = None
    precision: Annotated[str, coded("precision")] | None = None

    def describe(self, to: Statements) -> None:
        """State the part that the organisation takes."""
        claim = to.claim("RelationStatement", self.claim_key, self.locator, self.study.iri)
        to.holds(claim, self.period_start, self.period_end, precision=self.precision)
        key = f"{slug(self.study.short_key)}-{slug(self.organisation.short_key)}-{self.source}"
        to.party(self.study.iri, key, self.organisation.iri, self.role)
        party = thing(f"party/{key}")
        to.add(party, "supportedBy", claim)
        to.add(party, "concernsProduct", self.product.iri if self.product else None)
        to.add(party, "integratedWith", self.integrated_with.iri if self.integrated_with else None)


class Milestone(Keyed):
    """A planned or reached point of an infrastructure project."""

    table: ClassVar[str] = "projects"
    project: Text
    name: Text
    kind: Annotated[str, coded("project-kind")]
    place: Text
    organisation: Organisation
    resolved: str | None = None
    """The key of the one body that can be meant, where the source names none."""
    milestone: Text
    milestone_kind: Annotated[str, coded("milestone-kind")]
    state: Annotated[str, coded("milestone-state")]
    planned_start: When | None = None
    planned_end: When | None = None
    actual: When | None = None
    supersedes: str | None = None
    value_stated: str | None = None
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the project, whose it is as far as anybody says, and one milestone."""
        path = f"project/{slug(self.project)}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        to.add(claim, "organisationAsPrinted", text(self.organisation.printed))
        if self.resolved:
            to.add(claim, "evidenceGrade", concept("evidence-grade", "inferred"))
        iri = to.entity(path, "InfrastructureProject", self.name, evidence=claim)
        to.add(iri, "projectKind", concept("project-kind", self.kind))
        to.add(iri, "place", text(self.place))
        to.add(iri, "valueStated", text(self.value_stated) if self.value_stated else None)
        owner = thing(self.resolved) if self.resolved else self.organisation.iri
        key = f"{slug(self.project)}-{slug(self.organisation.printed)}"
        to.party(iri, key, owner, "project-owner")
        to.add(thing(f"party/{key}"), "supportedBy", claim)
        step = to.entity(f"milestone/{self.row_key}", "Milestone", self.milestone, evidence=claim)
        to.add(iri, "hasMilestone", step)
        to.add(step, "milestoneKind", concept("milestone-kind", self.milestone_kind))
        to.add(step, "milestoneState", concept("milestone-state", self.state))
        if self.planned_start or self.planned_end:
            to.add(step, "plannedFor", to.period(self.planned_start, self.planned_end))
        to.add(step, "occurredIn", to.period(self.actual, None) if self.actual else None)
        if self.supersedes:
            to.add(step, "supersedes", thing(f"milestone/{joined(self.supersedes)}"))
