"""How things are bought, funded and studied: instruments, awards, notices, studies."""

from decimal import Decimal
from typing import Annotated

from pyoxigraph import NamedNode

from careatlas.graph.records import Record, Text, When, Words, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import concept, day, flag, number, slug, text, thing

INSTRUMENT_CLASS = {
    "framework": "FrameworkAgreement",
    "open-framework": "FrameworkAgreement",
    "dynamic-purchasing-system": "FrameworkAgreement",
    "governance-framework": "GovernanceInstrument",
    "policy": "GovernanceInstrument",
    "procurement-process": "ProcurementProcedure",
    "market-engagement": "ProcurementProcedure",
    "notice": "ProcurementProcedure",
    "direct-award": "ProcurementProcedure",
}


class Instrument(Record):
    """A framework, purchasing system, fund, registry or mandate by which things are got."""

    table = "instruments"
    instrument: Text
    name: Text
    kind: Annotated[str, coded("instrument-kind")]
    operator: str | None = None
    operator_name: str | None = None
    reference: str | None = None
    regime: str | None = None
    ocid: str | None = None
    announced: When | None = None
    starts: When | None = None
    ends: When | None = None
    max_value_gbp: Decimal | None = None
    lots: str | None = None
    suppliers_stated: str | None = None
    who_may_use: str | None = None
    call_off: str | None = None
    state: str | None = None
    as_of: When | None = None
    confidence: Annotated[str, coded("confidence")]
    note: str | None = None
    also: Words = ()
    ref: str | None = None

    @property
    def row_key(self) -> str:
        """The instrument's key."""
        return self.instrument

    def describe(self, to: Statements) -> None:
        """State the instrument, who runs it and until when."""
        path = f"instrument/{self.instrument}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.starts, self.ends, as_at=self.as_of)
        to.add(claim, "confidence", concept("confidence", self.confidence))
        to.add(claim, "qualifier", text(self.note) if self.note else None)
        iri = to.entity(
            path, INSTRUMENT_CLASS.get(self.kind, "Programme"), self.name, evidence=claim
        )
        to.add(iri, "instrumentKind", concept("instrument-kind", self.kind))
        to.add(iri, "operatedBy", thing(self.operator) if self.operator else None)
        for term, value in (
            ("operatorStated", self.operator_name),
            ("reference", self.reference),
            ("legalRegime", self.regime),
            ("ocid", self.ocid),
            ("lots", self.lots),
            ("suppliersStated", self.suppliers_stated),
            ("openTo", self.who_may_use),
            ("callOffMethod", self.call_off),
            ("stateStated", self.state),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "startsOn", day(self.starts.first) if self.starts else None)
        to.add(iri, "endsOn", day(self.ends.last) if self.ends else None)
        to.add(iri, "maxValue", number(self.max_value_gbp) if self.max_value_gbp else None)


class FrameworkSupplier(Record):
    """A supplier's place on a framework; a place is not a call-off."""

    table = "framework-suppliers"
    instrument: Text
    lot: str | None = None
    supplier: str | None = None
    supplier_name: Text
    as_of: When | None = None
    basis: str | None = None
    confidence: Annotated[str, coded("confidence")]

    @property
    def row_key(self) -> str:
        """The instrument, the supplier and the lot."""
        lot = f"-{slug(self.lot)}" if self.lot else ""
        return f"{self.instrument}-{slug(self.supplier_name)}{lot}"

    def describe(self, to: Statements) -> None:
        """State the place."""
        instrument = thing(f"instrument/{self.instrument}")
        about = thing(f"party/{self.row_key}") if self.supplier else instrument
        claim = to.claim("RelationStatement", self.claim_key, self.locator, about)
        to.holds(claim, None, as_at=self.as_of)
        to.add(claim, "confidence", concept("confidence", self.confidence))
        to.add(claim, "qualifier", text(self.basis) if self.basis else None)
        to.add(claim, "nameAsPrinted", text(self.supplier_name))
        if self.supplier:
            to.party(instrument, self.row_key, thing(self.supplier), "supplier", self.lot)
            to.add(thing(f"party/{self.row_key}"), "supportedBy", claim)


class Study(Record):
    """A research study of a product."""

    table = "studies"
    study: Text
    name: Text
    registry_ids: Words = ()
    sponsor: Words = ()
    product: Words = ()
    product_name: str | None = None
    sites: Words = ()
    site_names: str | None = None
    start: When | None = None
    end: When | None = None
    dates_stated: str | None = None
    state: str | None = None
    also: Words = ()
    ref: str | None = None

    @property
    def row_key(self) -> str:
        """The study's key."""
        return self.study

    def describe(self, to: Statements) -> None:
        """State the study, what it studies and at which sites."""
        path = f"study/{self.study}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.start, self.end)
        iri = to.entity(path, "ResearchStudy", self.name, evidence=claim)
        to.add(iri, "registryId", *(text(value) for value in self.registry_ids))
        to.add(iri, "studies", *(thing(f"product/{path}") for path in self.product))
        for term, value in (
            ("productStated", self.product_name),
            ("sitesStated", self.site_names),
            ("datesStated", self.dates_stated),
            ("stateStated", self.state),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(
            iri, "validPeriod", to.period(self.start, self.end) if self.start or self.end else None
        )
        for role, players in (("site", self.sites), ("sponsor", self.sponsor)):
            for player in players:
                key = f"{self.study}-{role}-{slug(player)}"
                to.party(iri, key, thing(player), role)
                to.add(thing(f"party/{key}"), "supportedBy", claim)


class Award(Record):
    """Money or a place that a programme gave to somebody; an award is not use."""

    table = "awards"
    award: Text
    programme: Text
    programme_name: Text
    round: str | None = None
    recipient: str | None = None
    recipient_name: str | None = None
    product: str | None = None
    description: str | None = None
    site: str | None = None
    site_name: str | None = None
    amount_gbp: Decimal | None = None
    amount_approximate: bool = False
    date: When | None = None
    role: Annotated[str, coded("award-role")]
    confidence: Annotated[str, coded("confidence")]
    also: Words = ()

    @property
    def row_key(self) -> str:
        """The award's key."""
        return self.award

    def describe(self, to: Statements) -> None:
        """State the award and its programme."""
        path = f"award/{self.award}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.date)
        to.add(claim, "confidence", concept("confidence", self.confidence))
        programme = to.entity(
            self.programme,
            "Programme",
            None if self.programme.startswith("instrument/") else self.programme_name,
            evidence=claim,
        )
        iri = to.entity(path, "ProgrammeAward", evidence=claim)
        to.add(iri, "inProgramme", programme)
        to.add(iri, "awardedTo", thing(self.recipient) if self.recipient else None)
        to.add(iri, "awardSite", thing(self.site) if self.site else None)
        to.add(iri, "forProduct", thing(f"product/{self.product}") if self.product else None)
        for term, value in (
            ("round", self.round),
            ("recipientStated", self.recipient_name),
            ("describedAs", self.description),
            ("sitesStated", self.site_name),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "awardRole", concept("award-role", self.role))
        if self.amount_gbp is not None:
            to.add(iri, "amount", number(self.amount_gbp))
            to.add(iri, "approximate", flag(self.amount_approximate))


class Notice(Record):
    """A procurement notice by its OCID."""

    table = "notices"
    notice: Text
    ocid: str | None = None
    notice_ids: str | None = None
    notice_type: str | None = None
    buyer: str | None = None
    buyer_name: Text
    buyer_ids: str | None = None
    also_buyers: Words = ()
    supplier: Words = ()
    supplier_name: str | None = None
    supplier_ids: str | None = None
    title: str | None = None
    method: str | None = None
    method_kind: Annotated[str, coded("procurement-method")]
    state: str | None = None
    value_gbp: Decimal | None = None
    value_stated: str | None = None
    start: When | None = None
    end: When | None = None
    dates_stated: str | None = None
    instrument: str | None = None
    as_of: When | None = None

    @property
    def row_key(self) -> str:
        """The notice's key."""
        return slug(self.notice)

    def describe(self, to: Statements) -> None:
        """State the procedure, its parties, its method and its value."""
        path = f"procedure/{self.row_key}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), reported=self.as_of
        )
        to.holds(claim, self.start, self.end, as_at=self.as_of)
        iri = to.entity(path, "ProcurementProcedure", self.title or self.notice, evidence=claim)
        for term, value in (
            ("ocid", self.ocid),
            ("reference", self.notice_ids),
            ("noticeType", self.notice_type),
            ("methodStated", self.method),
            ("stateStated", self.state),
            ("valueStated", self.value_stated),
            ("datesStated", self.dates_stated),
            ("buyerStated", self.buyer_name),
            ("supplierStated", self.supplier_name),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "otherIdentifier", *(text(v) for v in (self.buyer_ids, self.supplier_ids) if v))
        to.add(iri, "procurementMethod", concept("procurement-method", self.method_kind))
        to.add(iri, "maxValue", number(self.value_gbp) if self.value_gbp is not None else None)
        to.add(
            iri,
            "underInstrument",
            thing(f"instrument/{self.instrument}") if self.instrument else None,
        )
        parties: list[tuple[str, str]] = [("buyer", path) for path in self.also_buyers]
        parties += [("buyer", self.buyer)] if self.buyer else []
        parties += [("supplier", path) for path in self.supplier]
        for role, player in parties:
            self._party(to, iri, claim, role, player)

    def _party(
        self, to: Statements, iri: NamedNode, claim: NamedNode, role: str, player: str
    ) -> None:
        key = f"{self.row_key}-{role}-{slug(player)}"
        to.party(iri, key, thing(player), role)
        to.add(thing(f"party/{key}"), "supportedBy", claim)
