"""What else sources print: public reports, conflicts, figures, mentions, workflows."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import BeforeValidator, ValidationInfo, model_validator
from pyoxigraph import NamedNode

from careatlas.graph.claims import Keyed, deployment_path, describe_deployment
from careatlas.graph.dates import PartialDate
from careatlas.graph.records import Text, When, Words, coded, find, named
from careatlas.graph.statements import Reference, Statements
from careatlas.graph.terms import concept, day, flag, number, slug, text, thing

Organisation = Annotated[Reference, named("organisation")]


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
    locator_a: str | None = None
    """The place of the side in its source, where that is known better than by the row."""
    claim_b: Text
    ref_b: Words = ()
    source_b: Text
    locator_b: str | None = None
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
        for side, value, source, place, rows in (
            ("a", self.claim_a, self.source_a, self.locator_a, self.ref_a),
            ("b", self.claim_b, self.source_b, self.locator_b, self.ref_b),
        ):
            other = Statements(to.editions[source], to.editions, to.quads)
            claim = other.claim(
                "ReportedStatement",
                f"{self.claim_key}/{side}",
                place or self.locator,
                about or conflict,
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
    section: str | None = None
    printed: str | None = None

    def describe(self, to: Statements) -> None:
        """State the figure, or the day, marked with the part of the page where it stands."""
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
        to.add(claim, "section", text(self.section) if self.section else None)
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)


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
