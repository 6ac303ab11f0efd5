"""What else sources print: public reports, conflicts, figures, governance, agreements, projects."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, ValidationInfo, model_validator
from pyoxigraph import NamedNode

from careatlas.graph.claims import Keyed, deployment_path, describe_deployment, joined
from careatlas.graph.dates import PartialDate
from careatlas.graph.records import Text, When, Words, coded, find, named, split
from careatlas.graph.statements import Reference, Statements
from careatlas.graph.terms import concept, day, flag, number, slug, text, thing

Organisation = Annotated[Reference, named("organisation")]
AGREEMENT_CLASS = {
    "memorandum": "MemorandumOfUnderstanding",
    "supply-contract": "SupplyContract",
}


def subject(value: object, info: ValidationInfo) -> object:
    """The thing that a figure is about where it is a vendor or an organisation, else its name."""
    kind = info.data.get("subject_kind", "")
    return find(kind, value, info) if kind in {"vendor", "organisation"} else value


def figure(value: object, info: ValidationInfo) -> object:
    """A date where the unit says so, else the number as it stands."""
    dated = isinstance(value, str) and info.data.get("unit") in {"date", "target-date"}
    return PartialDate.parse(str(value)) if dated else value


class Report(Keyed):
    """A public report of use, plan, funding or study, never stronger than its source."""

    table: ClassVar[str] = "reports"
    subject: Annotated[Reference, named("subject")]
    subject_kind: str | None = None
    subject_key: str | None = None
    claim: Annotated[str, coded("statement-kind", "deployment")]
    vendor: Annotated[Reference, named("vendor")] | None = None
    product: Annotated[Reference, named("product")] | None = None
    description: str | None = None
    use_case: Annotated[str, coded("use-case")] | None = None
    status: Annotated[str, coded("status")] | None = None
    route_type: Annotated[str, coded("route-type")] | None = None
    involvement: Annotated[str, coded("involvement")] | None = None
    route: str | None = None
    route_key: str | None = None
    date_from: When | None = None
    date_to: When | None = None
    precision: Annotated[str, coded("precision")] | None = None
    reported: When | None = None
    quantity: str | None = None
    grade: Annotated[str, coded("evidence-grade")]
    relation_stated: str | None = None
    status_stated: str | None = None
    also: Words = ()

    @model_validator(mode="after")
    def _deployment_has_status(self) -> Self:
        if (self.claim == "deployment") != (self.status is not None):
            raise ValueError("a report of a deployment has a status, and no other report has one")
        if self.claim == "deployment" and not (self.vendor or self.product or self.description):
            raise ValueError("a deployment names a product or a vendor, or describes what it is")
        return self

    def describe(self, to: Statements) -> None:
        """State the report: a status of a deployment, or a statement of another kind."""
        if self.claim == "deployment":
            about = thing(
                deployment_path(self.subject, self.product, self.vendor, self.description)
            )
            kind = "StatusReport"
        else:
            about, kind = self.subject.iri, "MarketStatement"
        claim = to.claim(
            kind, self.claim_key, self.locator, about, reported=self.reported, also=self.also
        )
        to.holds(claim, self.date_from, self.date_to, precision=self.precision)
        to.add(claim, "evidenceGrade", concept("evidence-grade", self.grade))
        to.add(claim, "organisationAsPrinted", text(self.subject.printed))
        to.add(claim, "vendorAsPrinted", text(self.vendor.printed) if self.vendor else None)
        to.add(claim, "nameAsPrinted", text(self.product.printed) if self.product else None)
        for term, value in (
            ("quantityStated", self.quantity),
            ("relationStated", self.relation_stated),
            ("statusStated", self.status_stated),
        ):
            to.add(claim, term, text(value) if value else None)
        if self.status:
            to.add(claim, "status", concept("status", self.status))
            describe_deployment(
                to, claim, self.subject, self.product, self.vendor, self.description, self.use_case
            )
            self._route(to, claim)
            return
        to.add(claim, "statementKind", concept("statement-kind", self.claim))
        to.add(claim, "concernsProduct", self.product.iri if self.product else None)
        to.add(claim, "concernsSupplier", self.vendor.iri if self.vendor else None)
        to.add(claim, "describedAs", text(self.description) if self.description else None)
        to.add(claim, "useCase", concept("use-case", self.use_case) if self.use_case else None)
        to.add(claim, "intermediary", thing(self.route_key) if self.route_key else None)
        to.add(claim, "intermediaryAsPrinted", text(self.route) if self.route else None)

    def _route(self, to: Statements, report: NamedNode) -> None:
        if self.route_type in {None, "not-stated"}:
            return
        path = deployment_path(self.subject, self.product, self.vendor, self.description)
        claim = to.claim(
            "RouteStatement",
            f"{self.claim_key}/route",
            self.locator,
            thing(path),
            reported=self.reported,
            also=self.also,
        )
        to.add(claim, "ofReport", report)
        to.add(claim, "routeType", concept("route-type", self.route_type or ""))
        to.add(
            claim,
            "involvement",
            concept("involvement", self.involvement) if self.involvement else None,
        )
        to.add(claim, "intermediary", thing(self.route_key) if self.route_key else None)
        to.add(claim, "intermediaryAsPrinted", text(self.route) if self.route else None)
        to.add(claim, "evidenceGrade", concept("evidence-grade", self.grade))


class Conflict(Keyed):
    """A place where two sources, or two parts of one, disagree."""

    table: ClassVar[str] = "conflicts"
    topic: Text
    subject: Text
    subject_key: str | None = None
    type: Annotated[str, coded("conflict-type")]
    resolution: Annotated[str, coded("conflict-resolution")]
    claim_a: Text
    ref_a: Words = ()
    source_a: Text
    claim_b: Text
    ref_b: Words = ()
    source_b: Text
    reason: Text
    severity: Annotated[str, coded("severity")]

    def describe(self, to: Statements) -> None:
        """State the conflict with both sides; a side that no row of ours states becomes a claim."""
        path = f"conflict/{slug(self.key)}"
        about = thing(self.subject_key) if self.subject_key else None
        row = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        conflict = to.entity(path, "ClaimConflict", self.topic, evidence=row)
        to.add(conflict, "about", about)
        to.add(conflict, "subjectStated", text(self.subject))
        to.add(conflict, "conflictType", concept("conflict-type", self.type))
        to.add(conflict, "resolution", concept("conflict-resolution", self.resolution))
        to.add(conflict, "reason", text(self.reason))
        to.add(conflict, "severity", concept("severity", self.severity))
        for side, value, source, rows in (
            ("a", self.claim_a, self.source_a, self.ref_a),
            ("b", self.claim_b, self.source_b, self.ref_b),
        ):
            other = Statements(to.editions[source], to.editions, to.quads)
            claim = other.claim(
                "ReportedStatement", f"{self.claim_key}/{side}", self.locator, about or conflict
            )
            other.add(claim, "statedValue", text(value))
            other.add(claim, "side", text(side))
            other.add(claim, "rowStated", *(text(row) for row in rows))
            to.add(conflict, "conflictingClaim", claim)


class Aggregate(Keyed):
    """A figure that a source prints over many organisations or things."""

    table: ClassVar[str] = "aggregates"
    measure: Text
    subject_kind: Text
    subject: Annotated[Reference | str, BeforeValidator(subject)]
    unit: str | None = None
    value: Annotated[Decimal | PartialDate, BeforeValidator(figure)]
    approximate: bool = False
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the figure, or the day."""
        claim = to.claim("AggregateStatement", self.claim_key, self.locator, to.edition.document)
        to.add(claim, "measure", text(self.measure))
        to.add(claim, "subjectKind", text(self.subject_kind))
        if isinstance(self.subject, Reference):
            to.add(claim, "subjectStated", text(self.subject.printed))
            term = "concernsSupplier" if self.subject_kind == "vendor" else "concernsOrganisation"
            to.add(claim, term, self.subject.iri)
        else:
            to.add(claim, "subjectStated", text(self.subject))
        if isinstance(self.value, PartialDate):
            to.add(claim, "dateValue", day(self.value.first))
        else:
            to.add(claim, "value", number(self.value))
        to.add(claim, "unitText", text(self.unit) if self.unit else None)
        to.add(claim, "approximate", flag(self.approximate))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)


class Governance(Keyed):
    """A policy, framework or group that somebody has, lacks, drafts or follows."""

    table: ClassVar[str] = "governance"
    organisation: Organisation
    instrument: Text
    kind: Annotated[str, coded("governance-kind")]
    state: Annotated[str, coded("governance-state")]
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the instrument and how far it has come."""
        claim = to.claim("GovernanceStatement", self.claim_key, self.locator, self.organisation.iri)
        instrument = to.entity(
            f"governance/{slug(self.instrument)}",
            "GovernanceInstrument",
            self.instrument,
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
        if self.planned_start or self.planned_end:
            to.add(step, "plannedFor", to.period(self.planned_start, self.planned_end))
        to.add(step, "occurredIn", to.period(self.actual, None) if self.actual else None)
        if self.supersedes:
            to.add(step, "supersedes", thing(f"milestone/{joined(self.supersedes)}"))


class Mention(Keyed):
    """Something that a source mentions in passing, such as a teaser beside the article."""

    table: ClassVar[str] = "mentions"
    kind: Annotated[str, coded("statement-kind")]
    subject: Organisation
    object: str | None = None
    product: str | None = None
    section: Text
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the mention, marked with the part of the page where it stands."""
        claim = to.claim("MarketStatement", self.claim_key, self.locator, self.subject.iri)
        to.add(claim, "statementKind", concept("statement-kind", self.kind))
        to.add(claim, "organisationAsPrinted", text(self.subject.printed))
        described = " ".join(filter(None, (self.object, self.product)))
        to.add(claim, "describedAs", text(described) if described else None)
        to.add(claim, "section", text(self.section))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        to.add(claim, "evidenceGrade", concept("evidence-grade", "third-party"))


class Workflow(Keyed):
    """A clinical workflow that a source ties a vendor or product to."""

    table: ClassVar[str] = "workflows"
    vendor: Annotated[Reference, named("vendor")] | None = None
    product: Annotated[Reference, named("product")] | None = None
    use_case: Annotated[str, coded("use-case")] | None = None
    domain: Annotated[str, coded("clinical-domain")] | None = None
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State what the vendor or product is for, in this source's words."""
        about = self.product or self.vendor
        if about is None:
            raise ValueError("a workflow belongs to a vendor or a product")
        claim = to.claim("RelationStatement", self.claim_key, self.locator, about.iri)
        to.add(claim, "useCase", concept("use-case", self.use_case) if self.use_case else None)
        to.add(
            claim,
            "clinicalDomain",
            concept("clinical-domain", self.domain) if self.domain else None,
        )
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        if self.vendor:
            to.add(
                self.vendor.iri,
                "usualUseCase",
                concept("use-case", self.use_case) if self.use_case else None,
            )
        to.add(about.iri, "supportedBy", claim)
