"""Who belongs to what: groups and mergers, networks, and the members of networks."""

import re
from typing import Annotated

from careatlas.graph.records import Record, Text, When, Words, coded
from careatlas.graph.statements import Statements
from careatlas.graph.terms import ORIGINAL, RDF_TYPE, RESULTING, atlas, concept, slug, text, thing

ODS_CODE = re.compile(r"[A-Z0-9]{3,6}")
NETWORK_CLASS = {
    "imaging_network": "ImagingNetwork",
    "isdn": "StrokeNetwork",
    "stroke_thrombectomy_network": "StrokeNetwork",
    "stroke_hosted_network": "StrokeNetwork",
    "stroke_network": "StrokeNetwork",
    "pathology_network": "PathologyNetwork",
    "pathology_network_2018": "PathologyNetwork",
}


class GroupMember(Record):
    """A trust in a group, or in a merger."""

    table = "groups"
    group: Text
    name: Text
    member: Text
    kind: Annotated[str, coded("group-kind")]
    effective: When | None = None
    note: str | None = None
    also: Words = ()

    @property
    def row_key(self) -> str:
        """The group, the member and its part."""
        return f"{slug(self.group)}-{self.member}-{self.kind}"

    def describe(self, to: Statements) -> None:
        """State the membership, or the side that the trust takes in the merger."""
        member = thing(f"org/ods/{self.member}")
        merger = self.kind in {"acquirer", "acquired"}
        path = f"change/{slug(self.group)}" if merger else f"org/slug/{slug(self.group)}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.effective)
        to.add(claim, "qualifier", text(self.note) if self.note else None)
        if merger:
            change = to.entity(path, "OrganisationChange", self.name, evidence=claim)
            to.add(change, "changeKind", concept("change-kind", "merger"))
            to.add(
                change, "validPeriod", to.period(self.effective, None) if self.effective else None
            )
            to.add(change, ORIGINAL, member)
            if self.kind == "acquirer":
                to.add(change, RESULTING, member)
            return
        group = to.entity(path, "ProviderGroup", self.name, evidence=claim)
        affiliation = to.entity(
            f"affiliation/{self.member}/{slug(self.group)}/{self.kind}",
            "Affiliation",
            evidence=claim,
        )
        to.add(affiliation, "memberOrganisation", member)
        to.add(affiliation, "affiliatedWith", group)
        role = {
            "group": "member",
            "planned-group": "planned",
            "shared-leadership": "shared-leadership",
        }
        to.add(affiliation, "affiliationRole", concept("affiliation-role", role[self.kind]))
        to.add(
            affiliation, "validPeriod", to.period(self.effective, None) if self.effective else None
        )


class Network(Record):
    """A clinical, diagnostic or data network."""

    table = "networks"
    network: Text
    kind: Annotated[str, coded("network-kind")]
    name: Text
    aliases: Words = ()
    code: str | None = None
    region: Words = ()
    stated_members: str | None = None
    as_of: str | None = None
    row_kind: str | None = None
    note: str | None = None
    also: Words = ()

    @property
    def row_key(self) -> str:
        """The network, and whether the row adds to another one."""
        return self.network + ("-enriches" if self.row_kind == "enriches" else "")

    def describe(self, to: Statements) -> None:
        """State the network; a row that enriches another adds names to it."""
        path = f"org/slug/{self.network}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.add(claim, "statedMembers", text(self.stated_members) if self.stated_members else None)
        to.add(claim, "qualifier", text(self.note) if self.note else None)
        kind = NETWORK_CLASS.get(self.kind.replace("-", "_"), "Network")
        first = self.row_kind != "enriches"
        names = self.aliases if first else (self.name, *self.aliases)
        iri = to.entity(path, kind, self.name if first else None, names, claim)
        to.add(iri, "networkKind", concept("network-kind", self.kind))
        if self.code:
            to.add(
                iri,
                "odsCode" if ODS_CODE.fullmatch(self.code) else "otherIdentifier",
                text(self.code),
            )
        to.add(iri, "inRegion", *(thing(f"org/ods/{code}") for code in self.region))


class Membership(Record):
    """A trust or board in a network, as one source gives it."""

    table = "memberships"
    member: Text
    network: Text
    role: Annotated[str, coded("affiliation-role")]
    role_stated: str | None = None
    status: Annotated[str, coded("membership-status")] = "unknown"
    valid_from: When | None = None
    valid_to: When | None = None
    as_of: When | None = None
    confidence: Annotated[str, coded("confidence")]
    also: Words = ()

    @property
    def row_key(self) -> str:
        """Member, network, role, and what the source calls the role."""
        stated = f"-{slug(self.role_stated)}" if self.role_stated else ""
        return f"{self.member}-{self.network}-{self.role}{stated}"

    def describe(self, to: Statements) -> None:
        """State the affiliation and when it is known to hold."""
        path = f"affiliation/{self.member}/{self.network}/{self.role}"
        claim = to.claim(
            "RelationStatement", self.claim_key, self.locator, thing(path), also=self.also
        )
        to.holds(claim, self.valid_from, self.valid_to, as_at=self.as_of)
        to.add(claim, "confidence", concept("confidence", self.confidence))
        to.add(claim, "roleAsStated", text(self.role_stated) if self.role_stated else None)
        to.add(claim, "membershipStatus", concept("membership-status", self.status))
        affiliation = to.entity(path, "Affiliation", evidence=claim)
        to.add(affiliation, RDF_TYPE, atlas("Affiliation"))
        to.add(affiliation, "memberOrganisation", thing(f"org/ods/{self.member}"))
        to.add(affiliation, "affiliatedWith", thing(f"org/slug/{self.network}"))
        to.add(affiliation, "affiliationRole", concept("affiliation-role", self.role))
        if self.valid_from or self.valid_to:
            to.add(affiliation, "validPeriod", to.period(self.valid_from, self.valid_to))
