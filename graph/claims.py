"""What sources say about use: answers, deployments, usage, routes, and what else they print."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pyoxigraph import NamedNode

from careatlas.graph.records import DeploymentCell, Record, Text, When, coded, named, named_by
from careatlas.graph.statements import Reference, Statements
from careatlas.graph.terms import concept, day, flag, number, slug, text, thing

Organisation = Annotated[Reference, named("organisation")]
ProductName = Annotated[Reference, named("product")]
VendorName = Annotated[Reference, named("vendor")]


def joined(key: str) -> str:
    """A key of several parts, each fit for an IRI.

    >>> joined("rf4/Stroke CT")
    'rf4/stroke-ct'
    """
    return "/".join(slug(part) for part in key.split("/"))


class Keyed(Record):
    """A row with a key of its own."""

    key: Text

    @property
    def row_key(self) -> str:
        """The row's own key."""
        return joined(self.key)


def deployment_path(
    trust: Reference, product: Reference | None, vendor: Reference | None, description: str | None
) -> str:
    """The key of a deployment: one organisation has one thing, however well that thing is named."""
    if product:
        tail = product.short_key if product.key else f"described/{slug(product.printed)}"
    elif vendor and vendor.key:
        tail = f"supplier/{vendor.short_key.split('/', 1)[-1]}"
    else:
        tail = f"described/{slug(description or (vendor.printed if vendor else ''))}"
    return f"deployment/{trust.short_key}/{tail}"


class Request(Keyed):
    """A request for information that was sent to a closed list of organisations."""

    table: ClassVar[str] = "requests"
    name: Text
    sent_on: When
    scope: Text

    def describe(self, to: Statements) -> None:
        """State the request and its cohort; the members are those that disclosures speak of."""
        path = f"request/{self.source}"
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(path))
        request = to.entity(path, "InformationRequest", self.name, evidence=claim)
        to.add(request, "sentOn", day(self.sent_on.first))
        to.add(request, "scope", text(self.scope))
        cohort = to.entity(
            f"cohort/{self.source}", "Cohort", f"Cohort of: {self.name}", evidence=claim
        )
        to.add(request, "cohort", cohort)


class Disclosure(Keyed):
    """What an organisation answered when asked, refused to say, or did not say."""

    table: ClassVar[str] = "disclosures"
    trust: Organisation
    answer: Annotated[str, coded("disclosure")]
    detail: Annotated[str, coded("disclosure-detail")] | None = None
    exemption: Annotated[str, coded("exemption")] | None = None
    qualifier: str | None = None
    supersedes: str | None = None
    request: str | None = None
    """The source that holds the request, where that is another one."""
    as_at: When
    reported: When | None = None

    def describe(self, to: Statements) -> None:
        """State the answer as a claim about the organisation."""
        asked = self.request or self.source
        claim = to.claim(
            "DisclosureStatement",
            self.claim_key,
            self.locator,
            self.trust.iri,
            reported=self.reported,
        )
        to.holds(claim, None, as_at=self.as_at)
        to.add(claim, "nameAsPrinted", text(self.trust.printed))
        to.add(claim, "statedBy", self.trust.iri if self.answer != "no-response" else None)
        to.add(claim, "disclosureType", concept("disclosure", self.answer))
        to.add(
            claim,
            "disclosureDetail",
            concept("disclosure-detail", self.detail) if self.detail else None,
        )
        to.add(claim, "exemption", concept("exemption", self.exemption) if self.exemption else None)
        to.add(claim, "qualifier", text(self.qualifier) if self.qualifier else None)
        to.add(claim, "inResponseTo", thing(f"request/{asked}"))
        to.add(thing(f"cohort/{asked}"), "sampled", self.trust.iri)
        if self.supersedes:
            to.add(
                claim,
                "supersedes",
                thing(f"claim/{self.source}/disclosures/{joined(self.supersedes)}"),
            )


class Deployment(Keyed):
    """One product or service of one organisation, with the status that the source gives it."""

    table: ClassVar[str] = "deployments"
    trust: Organisation
    vendor: VendorName | None = None
    product: ProductName | None = None
    description: str | None = None
    use_case: Annotated[str, coded("use-case")] | None = None
    status: Annotated[str, coded("status")]
    printed: str | None = None
    site: str | None = None
    integrated_with: Annotated[Reference, named("product")] | None = None
    hosted_by: Organisation | None = None
    study: Annotated[Reference, named("study")] | None = None
    valid_from: When | None = None
    valid_to: When | None = None
    as_at: When | None = None
    reported: When | None = None
    supersedes: str | None = None
    stated_by: Organisation | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if not (self.vendor or self.product or self.description):
            raise ValueError("a deployment names a product or a vendor, or describes what it is")
        return self

    @property
    def path(self) -> str:
        """The key of the deployment that the row reports on."""
        return deployment_path(self.trust, self.product, self.vendor, self.description)

    def describe(self, to: Statements) -> None:
        """State the deployment, and its status as a claim about it."""
        claim = to.claim(
            "StatusReport", self.claim_key, self.locator, thing(self.path), reported=self.reported
        )
        to.holds(claim, self.valid_from, self.valid_to, as_at=self.as_at)
        to.add(claim, "status", concept("status", self.status))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        to.add(claim, "organisationAsPrinted", text(self.trust.printed))
        to.add(claim, "vendorAsPrinted", text(self.vendor.printed) if self.vendor else None)
        own = self.stated_by is not None and self.stated_by.iri == self.trust.iri
        to.add(
            claim,
            "evidenceGrade",
            concept("evidence-grade", "self-reported" if own else "third-party"),
        )
        to.add(claim, "statedBy", self.stated_by.iri if self.stated_by else None)
        if self.supersedes:
            to.add(
                claim,
                "supersedes",
                thing(f"claim/{self.source}/deployments/{joined(self.supersedes)}"),
            )
        describe_deployment(
            to, claim, self.trust, self.product, self.vendor, self.description, self.use_case
        )
        iri = thing(self.path)
        to.add(iri, "deploymentSite", text(self.site) if self.site else None)
        to.add(iri, "integratedWith", self.integrated_with.iri if self.integrated_with else None)
        to.add(iri, "hostedBy", self.hosted_by.iri if self.hosted_by else None)
        to.add(iri, "withinStudy", self.study.iri if self.study else None)


def describe_deployment(  # noqa: PLR0913 - the parts of a deployment's identity
    to: Statements,
    claim: NamedNode,
    trust: Reference,
    product: Reference | None,
    vendor: Reference | None,
    description: str | None,
    use_case: str | None,
) -> None:
    """State who has what, as far as the source names it."""
    iri = to.entity(
        deployment_path(trust, product, vendor, description), "Deployment", evidence=claim
    )
    to.add(iri, "deployedBy", trust.iri)
    to.add(iri, "deploysProduct", product.iri if product and product.key else None)
    to.add(iri, "deploymentSupplier", vendor.iri if vendor and vendor.key else None)
    open_name = product or vendor
    described = description or (open_name.printed if open_name and not open_name.key else None)
    to.add(iri, "describedAs", text(described) if described else None)
    to.add(claim, "describedAs", text(described) if described else None)
    to.add(iri, "useCase", concept("use-case", use_case) if use_case else None)


class Usage(Keyed):
    """A figure of how much a deployment was used."""

    table: ClassVar[str] = "usage"
    deployment: DeploymentCell
    printed: str | None = None
    min: Decimal
    max: Decimal
    approximate: bool
    unit: Annotated[str, coded("unit")]
    per: Annotated[str, coded("rate-period")] | None = None
    measure: Annotated[str, coded("measure-kind")]
    period_start: When | None = None
    period_end: When | None = None
    precision: Annotated[str, coded("precision")] | None = None
    reported: When | None = None

    def describe(self, to: Statements) -> None:
        """State the figure, with unit and period as given."""
        claim = to.claim(
            "UsageObservation",
            self.claim_key,
            self.locator,
            thing(self.deployment.path),
            reported=self.reported,
        )
        to.holds(claim, self.period_start, self.period_end, precision=self.precision)
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        to.add(claim, "ofReport", thing(f"claim/{self.source}/{self.deployment.claim_key}"))
        to.add(claim, "minValue", number(self.min))
        to.add(claim, "maxValue", number(self.max))
        to.add(claim, "approximate", flag(self.approximate))
        to.add(claim, "unitOfUse", concept("unit", self.unit))
        to.add(claim, "measureKind", concept("measure-kind", self.measure))
        to.add(claim, "ratePer", concept("rate-period", self.per) if self.per else None)


class Route(Keyed):
    """How a deployment came about: who was involved, and how."""

    table: ClassVar[str] = "routes"
    deployment: DeploymentCell
    route_type: Annotated[str, coded("route-type")]
    involvement: Annotated[str, coded("involvement")] | None = None
    intermediary_kind: str | None = None
    intermediary: Annotated[Reference, named_by("intermediary_kind")] | None = None
    printed: str | None = None
    ambiguous_scope: bool = False
    reported: When | None = None

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if self.route_type == "not-stated":
            raise ValueError("a route that is not stated is no row")
        if self.intermediary is None and (self.involvement or self.intermediary_kind):
            raise ValueError("an involvement, or a kind of intermediary, needs the intermediary")
        if self.printed and not self.involvement:
            raise ValueError("words that are kept say how the intermediary was involved")
        return self

    def describe(self, to: Statements) -> None:
        """State the route, its intermediary and the part that it took, as far as they are said."""
        claim = to.claim(
            "RouteStatement",
            self.claim_key,
            self.locator,
            thing(self.deployment.path),
            reported=self.reported,
        )
        to.add(claim, "ofReport", thing(f"claim/{self.source}/{self.deployment.claim_key}"))
        to.add(claim, "routeType", concept("route-type", self.route_type))
        if self.intermediary:
            to.add(claim, "intermediary", self.intermediary.iri)
            to.add(claim, "intermediaryAsPrinted", text(self.intermediary.printed))
        to.add(claim, "nameAsPrinted", text(self.printed) if self.printed else None)
        if self.involvement:
            to.add(claim, "involvement", concept("involvement", self.involvement))
            to.add(claim, "ambiguousScope", flag(self.ambiguous_scope))
