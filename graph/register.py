"""What a register of organisations says: entries, roles, ties, and who follows whom."""

from datetime import date
from typing import Annotated

from pyoxigraph import NamedNode

from careatlas.graph.dates import PartialDate
from careatlas.graph.organisations import ORGANISATION_CLASS
from careatlas.graph.records import Record, Text, When, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import ORIGINAL, RESULTING, concept, day, text, thing

EARLIEST, LATEST = date(1946, 1, 1), date(2075, 12, 31)
"""Periods outside of these are not the health service's, and are told in words alone."""


def within(value: date | None) -> PartialDate | None:
    """A day as a date of the graph, where the graph takes it."""
    if value is None or not EARLIEST <= value <= LATEST:
        return None
    return PartialDate(value, value, "day")


class Registered(Record):
    """A statement of a register about one of its organisations."""

    key: Text
    """What tells it from the other statements of its kind in the source."""
    path: Text
    """The key of the organisation."""
    as_at: When | None = None

    @property
    def row_key(self) -> str:
        """The code, with a number where the source has it more than once."""
        return self.key


class RegisterEntry(Registered):
    """An organisation as one edition of a register has it."""

    table = "register"
    new: str | None = None
    """Its class, where no table describes the organisation."""
    code: Text
    name: Text
    status: str | None = None
    role: str | None = None
    opened: date | None = None
    closed: date | None = None
    legal_from: date | None = None
    legal_to: date | None = None
    town: str | None = None
    postcode: str | None = None
    country: str | None = None
    region: str | None = None
    board: str | None = None
    """The key of the board in whose area its postcode lies."""
    member: bool = False
    """Whether it lies there as a trust that is open."""
    unresolved: tuple[str, ...] = ()

    def describe(self, to: Statements) -> None:
        """State the entry, and the organisation where no table does."""
        iri = thing(self.path)
        claim = to.claim("RegisterEntry", self.claim_key, self.locator, iri)
        to.holds(claim, None, as_at=self.as_at)
        to.add(claim, "nameAsPrinted", text(self.name))
        for term, value in (
            ("entryStatus", self.status),
            ("entryRole", self.role),
            ("entryTown", self.town),
            ("entryPostcode", self.postcode),
            ("entryCountry", self.country),
        ):
            to.add(claim, term, text(value) if value else None)
        for term, on in (
            ("entryOpened", self.opened),
            ("entryClosed", self.closed),
            ("legalFrom", self.legal_from),
            ("legalTo", self.legal_to),
        ):
            to.add(claim, term, day(on) if on else None)
        to.add(claim, "entryRegion", thing(self.region) if self.region else None)
        to.add(claim, "entryUnresolved", *(text(words) for words in self.unresolved))
        if self.new:
            kind = ORGANISATION_CLASS.get(self.new, self.new)
            to.entity(self.path, kind, evidence=claim)
            to.add(iri, "odsCode", text(self.code))
            if kind != self.new:
                to.add(iri, "organisationKind", concept("organisation-kind", self.new))
        to.add(claim, "entryBoard", thing(self.board) if self.board else None)
        if self.board and self.member:
            to_board = f"affiliation/{_last(self.path)}/{_last(self.board)}/geographic"
            affiliation = to.entity(to_board, "Affiliation", evidence=claim)
            to.add(affiliation, "memberOrganisation", iri)
            to.add(affiliation, "affiliatedWith", thing(self.board))
            to.add(affiliation, "affiliationRole", concept("affiliation-role", "geographic"))


class RegisterRole(Registered):
    """A role of an organisation, with the days between which it has it."""

    table = "register-roles"
    role: Text
    start: date | None = None
    end: date | None = None

    def describe(self, to: Statements) -> None:
        """State the role."""
        claim = to.claim("RegisterRole", self.claim_key, self.locator, thing(self.path))
        to.add(claim, "entryRole", text(self.role))
        _lasts(to, claim, self)


class RegisterTie(Registered):
    """A relation of an organisation to another, with the days between which it holds."""

    table = "register-ties"
    relation: Annotated[str, coded("register-relation")]
    other: Text
    start: date | None = None
    end: date | None = None

    def describe(self, to: Statements) -> None:
        """State the tie."""
        claim = to.claim("RegisterTie", self.claim_key, self.locator, thing(self.path))
        to.add(claim, "registerRelation", concept("register-relation", self.relation))
        to.add(claim, "tiedOrganisation", thing(self.other))
        _lasts(to, claim, self)


class RegisterSuccession(Record):
    """One organisation following another."""

    table = "register-successions"
    key: Text
    change: Text
    """The key of the change, which is that of a table where one tells of it."""
    kind: Annotated[str, coded("change-kind")] = "succession"
    before: Text
    after: Text
    on: date | None = None

    @property
    def row_key(self) -> str:
        """The code whose entry tells of it, and its number there; or both codes."""
        return self.key

    def describe(self, to: Statements) -> None:
        """State the change, and who follows whom."""
        before, after = thing(self.before), thing(self.after)
        claim = to.claim("RelationStatement", self.claim_key, self.locator, thing(self.change))
        when = within(self.on)
        to.holds(claim, when)
        change = to.entity(self.change, "OrganisationChange", evidence=claim)
        to.add(change, "changeKind", concept("change-kind", self.kind))
        to.add(change, ORIGINAL, before)
        to.add(change, RESULTING, after)
        to.add(change, "validPeriod", to.period(when, None) if when else None)
        to.add(after, "successorOf", before)
        to.add(before, "predecessorOf", after)


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _lasts(to: Statements, claim: NamedNode, said: RegisterRole | RegisterTie) -> None:
    """State when a role or tie lasts; in words where the days make no period."""
    start, end = within(said.start), within(said.end)
    sound = not (said.start and said.end and said.end < said.start)
    if sound and (start, end) != (None, None):
        spoken = said.as_at if start or not end else None
        to.holds(claim, start, end, as_at=spoken)
    elif said.as_at:
        to.holds(claim, None, as_at=said.as_at)
    told = [f"from {said.start}" if said.start and (not sound or not start) else ""]
    told += [f"to {said.end}" if said.end and (not sound or not end) else ""]
    if any(told):
        to.add(claim, "qualifier", text(" ".join(filter(None, told))))
