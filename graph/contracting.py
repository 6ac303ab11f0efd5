"""Contracting processes as feeds of notices tell them: notices, lots, awards and contracts."""

from decimal import Decimal
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pyoxigraph import NamedNode

from careatlas.graph.dates import PartialDate
from careatlas.graph.records import Record, Text, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import concept, day, flag, link, number, slug, text, thing


def part_key(value: str) -> str:
    """An id of a feed as it can stand in an IRI; a digest tells apart what would look the same."""
    plain = slug(value)
    return plain if plain == value else f"{plain[:60]}-{sha256(value.encode()).hexdigest()[:6]}"


_BUYERS = ("buyer", "procuring-entity")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Party(_Value):
    """Somebody in a role, and how it was found who that is."""

    role: Annotated[str, coded("party-role")]
    player: Text
    """The path of the organisation, or of the unresolved reference in its place."""
    printed: Text
    identifiers: tuple[str, ...] = ()
    found: str = ""
    """How it was found, or who decided it; empty where nobody knows yet."""
    reason: str = ""
    candidates: tuple[str, ...] = ()

    def key(self, owner: str) -> str:
        """The key of the role in a thing."""
        return f"{owner}-{self.role}-{slug(self.player)}"


class Money(_Value):
    """A sum in the currency that the notice states."""

    amount: Decimal | None = None
    gross: Decimal | None = None
    currency: str | None = None

    def describe(self, to: Statements, iri: NamedNode) -> None:
        """State it of a thing."""
        to.add(iri, "valueAmount", number(self.amount) if self.amount is not None else None)
        to.add(iri, "valueAmountGross", number(self.gross) if self.gross is not None else None)
        to.add(iri, "valueCurrency", text(self.currency) if self.currency else None)


class Span(_Value):
    """From when to when something runs, and the words for it where that cannot be."""

    start: PartialDate | None = None
    end: PartialDate | None = None
    stated: str | None = None

    def describe(self, to: Statements, iri: NamedNode, claim: NamedNode) -> None:
        """State it of a thing and of the claim that supports it."""
        if self.start or self.end:
            to.holds(claim, self.start, self.end)
            to.add(iri, "validPeriod", to.period(self.start, self.end))
        to.add(iri, "datesStated", text(self.stated) if self.stated else None)


class Piece(_Value):
    """A lot, award or contract of a process."""

    id: Text
    title: str | None = None
    status: str | None = None
    value: Money = Money()
    span: Span = Span()
    dated: PartialDate | None = None
    """When it was awarded, or signed."""
    lots: tuple[str, ...] = ()
    award: str | None = None
    """The id of the award that a contract follows."""
    suppliers: tuple[Party, ...] = ()
    releases: tuple[str, ...] = ()
    """The releases that speak of it."""


class Notice(Record):
    """One release of a feed: a step of a contracting process that was published as a notice."""

    table = "releases"
    process: Text
    """The key of the procedure that it is a step of."""
    release: Text
    published: PartialDate | None = None
    tags: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    """The notices that were published with it, by their ids."""
    types: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()

    @property
    def row_key(self) -> str:
        """The procedure and the release."""
        return f"{self.process}/{part_key(self.release)}"

    def describe(self, to: Statements) -> None:
        """State the notice, and of which procedure it is a step."""
        path = f"notice/{self.row_key}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), reported=self.published
        )
        iri = to.entity(path, "ProcurementNotice", f"Release {self.release}", evidence=claim)
        to.add(iri, "ofProcedure", thing(f"procedure/{self.process}"))
        to.add(iri, "releaseTag", *(text(tag) for tag in self.tags))
        to.add(iri, "reference", *(text(one) for one in self.ids))
        to.add(iri, "noticeType", *(text(one) for one in self.types))
        to.add(iri, "noticeUrl", *(link(url) for url in self.urls))


class ContractingProcess(Record):
    """A contracting process as all its releases together tell it."""

    table = "procedures"
    process: Text
    ocid: Text
    title: Text
    buyer: Text
    suppliers: str | None = None
    method: Annotated[str, coded("procurement-method")]
    method_stated: str | None = None
    types: tuple[str, ...] = ()
    regime: str | None = None
    state: str | None = None
    value: Money = Money()
    span: Span = Span()
    latest: PartialDate | None = None
    """When the last release came out."""
    classification: tuple[str, ...] = ()
    techniques: tuple[tuple[str, bool | str], ...] = ()
    related: tuple[str, ...] = ()
    instrument: str | None = None
    because: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    lots: tuple[Piece, ...] = ()
    awards: tuple[Piece, ...] = ()
    contracts: tuple[Piece, ...] = ()

    @property
    def row_key(self) -> str:
        """The key of the procedure."""
        return self.process

    @property
    def buyers(self) -> tuple[Party, ...]:
        """Who buys: where nobody is called buyer, who procures."""
        found = {role: [one for one in self.parties if one.role == role] for role in _BUYERS}
        return tuple(next(filter(None, found.values()), ()))

    def describe(self, to: Statements) -> None:
        """State the procedure, who takes part, its lots, awards and contracts."""
        path = f"procedure/{self.process}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), reported=self.latest
        )
        to.holds(claim, self.span.start, self.span.end)
        iri = to.entity(path, "ProcurementProcedure", evidence=claim)
        for term, value in (
            ("title", self.title),
            ("ocid", self.ocid),
            ("methodStated", self.method_stated),
            ("legalRegime", self.regime),
            ("stateStated", self.state),
            ("datesStated", self.span.stated),
            ("buyerStated", self.buyer),
            ("supplierStated", self.suppliers),
        ):
            to.add(iri, term, text(value) if value else None)
        to.add(iri, "procurementMethod", concept("procurement-method", self.method))
        self.value.describe(to, iri)
        for name, said in self.techniques:
            to.add(iri, name, flag(said) if isinstance(said, bool) else text(said))
        for term, values in (
            ("noticeType", self.types),
            ("classification", self.classification),
            ("relatedProcess", self.related),
            ("selectedBecause", self.because),
        ):
            to.add(iri, term, *(text(value) for value in values))
        to.add(
            iri,
            "underInstrument",
            thing(f"instrument/{self.instrument}") if self.instrument else None,
        )
        for party in self.parties:
            _take_part(to, iri, claim, party, self.process)
        for lot in self.lots:
            self._lot(to, lot)
        for award in self.awards:
            self._award(to, award)
        for contract in self.contracts:
            self._contract(to, contract)

    def _piece(
        self, to: Statements, kind: tuple[str, str], piece: Piece
    ) -> tuple[NamedNode, NamedNode]:
        """State what lots, awards and contracts have in common; the thing and its claim."""
        segment, name = kind
        path = f"{segment}/{self.process}/{part_key(piece.id)}"
        told = ", ".join(piece.releases) or self.locator
        claim = to.claim(
            "RelationStatement",
            f"procedure-{segment}s/{self.process}/{part_key(piece.id)}",
            f"{self.ocid}, {segment} {piece.id}; release {told}",
            thing(path),
            reported=self.latest,
        )
        iri = to.entity(
            path, name, f"{segment.capitalize()} {piece.id} of {self.ocid}", evidence=claim
        )
        to.add(iri, "ofProcedure", thing(f"procedure/{self.process}"))
        to.add(iri, "title", text(piece.title) if piece.title else None)
        to.add(iri, "stateStated", text(piece.status) if piece.status else None)
        piece.value.describe(to, iri)
        piece.span.describe(to, iri, claim)
        known = {lot.id for lot in self.lots}
        to.add(
            iri,
            "relatedLot",
            *(thing(f"lot/{self.process}/{part_key(lot)}") for lot in piece.lots if lot in known),
        )
        return iri, claim

    def _lot(self, to: Statements, lot: Piece) -> None:
        self._piece(to, ("lot", "Lot"), lot)

    def _award(self, to: Statements, award: Piece) -> None:
        iri, _claim = self._piece(to, ("award", "Award"), award)
        to.add(iri, "awardedOn", day(award.dated.first) if award.dated else None)
        to.add(iri, "awardSupplier", *(thing(one.player) for one in award.suppliers))

    def _contract(self, to: Statements, contract: Piece) -> None:
        iri, claim = self._piece(to, ("contract", "SupplyContract"), contract)
        to.add(iri, "agreementKind", concept("agreement-kind", "supply-contract"))
        to.add(iri, "signedOn", day(contract.dated.first) if contract.dated else None)
        if contract.award is not None and contract.award in {award.id for award in self.awards}:
            award = thing(f"award/{self.process}/{part_key(contract.award)}")
            to.add(iri, "ofAward", award)
        owner = f"{self.process}-{part_key(contract.id)}"
        for party in (*self.buyers, *contract.suppliers):
            _take_part(to, iri, claim, party, owner)


def _take_part(to: Statements, iri: NamedNode, claim: NamedNode, party: Party, owner: str) -> None:
    """State who plays a role, how that was found, and the gap where nobody knows."""
    key = party.key(owner)
    role = thing(f"party/{key}")
    if party.reason:
        _gap(to, party, claim)
    to.party(iri, key, thing(party.player), party.role)
    to.add(role, "supportedBy", claim)
    to.add(role, "nameAsPrinted", text(party.printed))
    to.add(role, "otherIdentifier", *(text(one) for one in party.identifiers))
    how = party.found if party.found.startswith("decided") else f"found {party.found}"
    to.add(role, "reason", text(how) if party.found else None)


def _gap(to: Statements, party: Party, claim: NamedNode) -> None:
    kind = party.player.split("/")[1]
    gap = to.entity(party.player, "UnresolvedReference", party.printed, evidence=claim)
    to.add(gap, "nameAsPrinted", text(party.printed))
    to.add(gap, "expectedKind", text(kind))
    to.add(gap, "reason", text(party.reason))
    to.add(gap, "candidate", *(thing(path) for path in party.candidates))
