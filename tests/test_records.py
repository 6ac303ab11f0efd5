"""Records: what each row of each table states, and of whom."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError
from pyoxigraph import Literal, NamedNode

from careatlas.graph import (
    agreements,
    catalogue,
    claims,
    memberships,
    organisations,
    procurement,
    records,
    reports,
    sources,
)
from careatlas.graph.dataset import kept
from careatlas.graph.dates import PartialDate
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.statements import Edition, Reference, Statements
from careatlas.graph.terms import ID, LABEL, SCHEME, atlas, number, thing
from careatlas.loaders.tables import CLAIMS, REFERENCE, Harvest, harvest

EDITIONS = {
    "paper": Edition("paper", "2025-05-07", PartialDate.parse("2025-05-07")),
    "page": Edition("page", "undated"),
}
KNOWN = {
    "Leeds": "org/ods/RR8",
    "York": "org/ods/RCB",
    "Acme": "org/slug/acme",
    "Scan": "product/acme/scan",
    "RIS": "product/acme/ris",
    "Trial": "study/trial",
    "North": "org/slug/north",
    "The Guide": "instrument/guide",
}


class Names:
    """A crosswalk of a few names; all others are gaps."""

    def find(self, kind: str, printed: str, source: str) -> Reference:
        """The thing that goes by the name, else a gap."""
        assert source == "paper"
        gap = None if printed in KNOWN else f"unresolved/{kind}/{printed.replace(' ', '-')}"
        return Reference(printed, KNOWN.get(printed), gap)


def row(model: type[Record], **cells: str) -> Record:
    whole = {"source": "paper", "locator": "row 1"} | cells
    known = {("paper", "rr8/scan"): DeploymentRow("deployment/ods/RR8/x", "deployments/rr8/scan")}
    return model.model_validate(whole, context={"names": Names(), "deployments": known})


class Said:
    """What a record states, by subject and term."""

    def __init__(self, model: type[Record], **cells: str) -> None:
        self.record = row(model, **cells)
        self.to = Statements(EDITIONS["paper"], EDITIONS)
        self.record.describe(self.to)
        self.claim = f"claim/paper/{self.record.claim_key}"

    def of(self, path: str, term: str | NamedNode) -> list[str]:
        """The values of a term, without the namespaces of ids and schemes."""
        predicate = atlas(term) if isinstance(term, str) else term
        return [
            quad.object.value.removeprefix(ID).removeprefix(SCHEME)
            for quad in self.to.quads
            if (quad.subject, quad.predicate) == (thing(path), predicate)
            and isinstance(quad.object, NamedNode | Literal)
        ]

    def one(self, path: str, term: str | NamedNode) -> str | None:
        """The only value of a term, or nothing."""
        values = self.of(path, term)
        assert len(values) <= 1
        return values[0] if values else None

    def kinds(self, path: str) -> set[str]:
        """The classes of a thing."""
        types = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        return {value.rsplit("#", 1)[-1] for value in self.of(path, types)}


DEPLOYMENT = {"key": "rr8/scan", "trust": "Leeds", "status": "live"}
REPORT = {"key": "N1", "subject": "Leeds", "grade": "third-party"}
SMALL = harvest(Path(__file__).parent / "fixtures" / "small_world")


# ---- every table


@pytest.mark.parametrize("model", sorted({*REFERENCE.values(), *CLAIMS.values()}, key=repr))
def test_each_record_has_a_key_of_its_own_and_one_claim(model: type[Record]) -> None:
    found = [record for record in SMALL.records if type(record) is model]
    assert found
    for record in found:
        to = Statements(SMALL.editions[record.source], SMALL.editions)
        record.describe(to)
        key = thing(f"claim/{record.source}/{record.claim_key}")
        claimed = {quad.subject for quad in to.quads if quad.predicate == atlas("assertedIn")}
        assert record.claim_key == f"{model.table}/{record.row_key}"
        assert key in claimed or model is sources.LeftOut
    assert len({(record.source, record.claim_key) for record in found}) == len(found)


def test_no_two_statements_become_one_in_a_store() -> None:
    """Sources are compared as they were written, so a value must be written in one way."""
    assert len(kept(SMALL.quads)) == len(set(SMALL.quads))
    for one in ("391600.0", "391600.00", "391600", "3.916E+5"):
        assert number(Decimal(one)) == number(391600)


def test_every_entity_that_a_row_describes_has_a_claim_behind_it() -> None:
    supported = {quad.subject for quad in SMALL.quads if quad.predicate == atlas("supportedBy")}
    labelled = {quad.subject for quad in SMALL.quads if quad.predicate == LABEL}
    assert labelled <= supported


def test_statements_lie_in_the_graph_of_their_source() -> None:
    graphs = {edition.iri for edition in SMALL.editions.values()}
    assert {quad.graph_name for quad in SMALL.quads} <= graphs
    assert isinstance(SMALL, Harvest)


# ---- cells


def test_a_cell_is_stripped_and_a_list_split() -> None:
    made = row(
        catalogue.Vendor, vendor="acme", name=" Acme ", aliases=" a ;; b;", confidence="high"
    )
    assert isinstance(made, catalogue.Vendor)
    assert made.name == "Acme"
    assert made.aliases == ("a", "b")


def test_names_and_dates_are_found_whatever_blanks_surround_them() -> None:
    made = row(claims.Disclosure, key="x", trust=" Leeds ", answer="uses", as_at=" 2024-02 ")
    assert isinstance(made, claims.Disclosure)
    assert made.trust == Reference("Leeds", "org/ods/RR8")
    assert made.as_at == PartialDate.parse("2024-02")


def test_values_that_are_read_already_are_taken_as_they_are() -> None:
    leeds = Reference("Leeds", "org/ods/RR8")
    made = claims.Disclosure(
        source="paper",
        locator="row 1",
        key="x",
        trust=leeds,
        answer="uses",
        as_at=PartialDate.parse("2024"),
    )
    assert made.trust == leeds
    again = claims.Usage.model_validate(
        {
            "source": "paper",
            "locator": "row 1",
            "key": "x",
            "deployment": DeploymentRow("a/b", "c"),
            "min": 1,
            "max": 2,
            "approximate": False,
            "unit": "scan",
            "measure": "count",
        }
    )
    assert again.deployment.claim_key == "c"
    assert records.split(("a", "b")) == ("a", "b")


def test_a_name_without_a_crosswalk_is_refused() -> None:
    cells = {"source": "paper", "locator": "r", "key": "x", "trust": "Leeds", "answer": "uses"}
    with pytest.raises(ValueError, match="the source of the row is not known"):
        claims.Disclosure.model_validate(cells)


# ---- sources and names


def test_a_source_states_what_is_known_of_it() -> None:
    source = sources.Source.model_validate(
        {
            "id": "copy",
            "kind": "news",
            "title": "A copy",
            "url": "https://example.org/",
            "published": "2025-07",
            "derived_from": "paper",
            "licence": "OGL",
            "publisher": "P",
        }
    )
    stated = {
        quad.predicate.value.rsplit("#", 1)[-1]: quad.object for quad in source.quads(EDITIONS)
    }
    assert source.edition.version == "2025-07"
    assert stated["publishedOn"] == Literal(
        "2025-07-31", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")
    )
    assert stated["derivedFrom"] == EDITIONS["paper"].iri
    assert stated["versionOf"] == thing("doc/copy")
    assert len({quad.graph_name for quad in source.quads(EDITIONS)}) == 1


def test_a_match_states_what_the_name_means_and_why() -> None:
    said = Said(
        sources.NameMatch,
        kind="vendor",
        printed="ACME",
        key="org/slug/acme",
        method="normalised",
        reason="case",
    )
    assert said.one(said.claim, "matchedTo") == "org/slug/acme"
    assert said.one(said.claim, "nameAsPrinted") == "ACME"
    assert said.one(said.claim, "matchMethod") == "match-method/normalised"
    assert isinstance(said.record, sources.NameMatch)
    assert said.record.reference == Reference("ACME", "org/slug/acme", None)


def test_an_undecided_name_is_a_gap_with_its_candidates() -> None:
    said = Said(
        sources.NameMatch,
        kind="organisation",
        printed="a trust",
        method="unresolved",
        reason="two fit",
        candidates="org/ods/RR8;org/ods/RCB",
        only_in="paper",
    )
    gap = "unresolved/organisation/a-trust"
    assert said.kinds(gap) == {"UnresolvedReference"}
    assert said.one(said.claim, "matchedTo") == gap
    assert said.of(gap, "candidate") == ["org/ods/RR8", "org/ods/RCB"]
    assert said.record.row_key.endswith("/paper")


def test_names_that_differ_in_a_sign_alone_have_keys_of_their_own() -> None:
    cells = {"kind": "vendor", "key": "org/slug/x", "method": "exact", "reason": "r"}
    keys = {
        row(sources.NameMatch, printed=name, **cells).row_key for name in ("e-Stroke", "e Stroke")
    }
    assert len(keys) == 2


def test_a_row_left_out_states_nothing() -> None:
    said = Said(sources.LeftOut, row="N 1", table="announcements", reason="twice")
    assert said.to.quads == []
    assert said.record.claim_key == "left-out/announcements/n-1"


# ---- organisations


def test_a_trust_lies_in_its_boards_and_goes_by_its_names() -> None:
    said = Said(
        organisations.Trust,
        ods="RR8",
        name="Leeds",
        name_2024="Leeds",
        name_2026="Leeds and York",
        icb_2024="QWO",
        icb_2026="QWO",
        lead_icb_2024="QOQ",
        trust_type="acute",
        region="Y63",
        opened="2001-04",
        closed="2026",
    )
    path = "org/ods/RR8"
    alt = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
    assert said.of(path, alt) == ["Leeds and York"]
    assert (said.one(path, "opened"), said.one(path, "closed")) == ("2001-04-01", "2026-12-31")
    assert said.one("affiliation/RR8/QWO/geographic", "affiliatedWith") == "org/ods/QWO"
    assert said.one("affiliation/RR8/QOQ/lead", "affiliationRole") == "affiliation-role/lead"
    assert said.one(path, "trustType") == "trust-type/acute"


def test_a_board_succeeds_another() -> None:
    said = Said(
        organisations.BoardSuccession,
        predecessor="QAA",
        successor="QCC",
        kind="merger",
        date="2026-04-01",
    )
    assert said.one("org/ods/QCC", "successorOf") == "org/ods/QAA"
    assert said.one("org/ods/QAA", "predecessorOf") == "org/ods/QCC"
    assert said.one(said.claim, "holdsFrom") == "2026-04-01"
    undated = Said(organisations.BoardSuccession, predecessor="QAA", successor="QCC", kind="merger")
    assert undated.one("change/icb-QAA-QCC", "validPeriod") is None


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("group", "member"),
        ("planned-group", "planned"),
        ("shared-leadership", "shared-leadership"),
    ],
)
def test_a_member_of_a_group_has_a_role_in_it(kind: str, role: str) -> None:
    said = Said(memberships.GroupMember, group="GRP X", name="X", member="RR8", kind=kind)
    path = f"affiliation/RR8/grp-x/{kind}"
    assert said.kinds("org/slug/grp-x") == {"ProviderGroup"}
    assert said.one(path, "affiliationRole") == f"affiliation-role/{role}"
    assert said.one(path, "validPeriod") is None


@pytest.mark.parametrize(("kind", "resulting"), [("acquirer", ["org/ods/RR8"]), ("acquired", [])])
def test_a_side_of_a_merger_is_no_member_of_a_group(kind: str, resulting: list[str]) -> None:
    said = Said(
        memberships.GroupMember,
        group="MRG-1",
        name="X",
        member="RR8",
        kind=kind,
        effective="2026",
        note="by order",
    )
    path = "change/mrg-1"
    org = "http://www.w3.org/ns/org#"
    assert said.kinds(path) == {"OrganisationChange"}
    assert said.of(path, NamedNode(f"{org}originalOrganization")) == ["org/ods/RR8"]
    assert said.of(path, NamedNode(f"{org}resultingOrganization")) == resulting
    assert said.one(said.claim, "qualifier") == "by order"
    assert not any("affiliation" in quad.subject.value for quad in said.to.quads)  # type: ignore[union-attr]


def test_a_row_that_enriches_a_network_only_adds_names() -> None:
    cells = {"network": "north", "kind": "imaging-network", "name": "North", "aliases": "N"}
    alt = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
    first = Said(memberships.Network, **cells)
    more = Said(memberships.Network, row_kind="enriches", **cells)
    path = "org/slug/north"
    assert (first.of(path, LABEL), first.of(path, alt)) == (["North"], ["N"])
    assert (more.of(path, LABEL), more.of(path, alt)) == ([], ["North", "N"])
    assert first.kinds(path) == more.kinds(path) == {"ImagingNetwork"}
    assert first.record.row_key != more.record.row_key


@pytest.mark.parametrize(
    ("kind", "made"),
    [("company", "Company"), ("hospital-site", "HospitalSite"), ("other", "Organisation")],
)
def test_an_organisation_has_the_class_of_its_kind(kind: str, made: str) -> None:
    said = Said(organisations.Organisation, key="org/slug/x", kind=kind, name="X")
    assert said.kinds("org/slug/x") == {made}


def test_a_membership_keeps_what_the_source_calls_the_role() -> None:
    cells = {"member": "RR8", "network": "north", "role": "member", "confidence": "high"}
    plain = Said(memberships.Membership, **cells)
    said = Said(
        memberships.Membership, role_stated="Lead Unit", valid_from="2020", as_of="2024", **cells
    )
    path = "affiliation/RR8/north/member"
    assert said.record.row_key == "RR8-north-member-lead-unit"
    assert said.one(said.claim, "roleAsStated") == "Lead Unit"
    assert said.one(said.claim, "membershipStatus") == "membership-status/unknown"
    assert said.one(path, "validPeriod") is not None
    assert plain.one(path, "validPeriod") is None


# ---- vendors, products, changes


def test_a_vendor_goes_by_its_numbers() -> None:
    said = Said(
        catalogue.Vendor,
        vendor="acme",
        name="Acme",
        legal_name="Acme Ltd",
        identifiers="GB-COH:01234567;XI-EIN:9",
        domain="acme.example",
        confidence="high",
    )
    path = "org/slug/acme"
    assert said.one(path, "companiesHouseNumber") == "01234567"
    assert said.one(path, "otherIdentifier") == "XI-EIN:9"
    assert said.one(path, "website") == "https://acme.example"


@pytest.mark.parametrize(("kind", "made"), catalogue.PRODUCT_CLASS.items())
def test_a_product_has_the_class_of_its_kind(kind: str, made: str) -> None:
    said = Said(
        catalogue.Product,
        product="acme/scan",
        vendor="acme",
        name="Scan",
        kind=kind,
        capability="stroke-imaging;head-ct-triage",
        modality="CT",
        part_of="acme/suite",
        confidence="high",
    )
    path = "product/acme/scan"
    assert said.kinds(path) == {made}
    assert said.of(path, "useCase") == ["use-case/stroke-imaging", "use-case/head-ct-triage"]
    assert said.one(path, "suppliedBy") == "org/slug/acme"
    assert said.one("org/slug/acme", "supplies") == path
    assert said.one(path, "partOfSuite") == "product/acme/suite"


def test_a_product_of_no_known_vendor_is_supplied_by_nobody() -> None:
    cells = {"product": "unnamed/x", "name": "X", "kind": "other", "confidence": "low"}
    assert Said(catalogue.Product, **cells).of("product/unnamed/x", "suppliedBy") == []


def test_a_change_of_companies_has_its_sides_and_its_day() -> None:
    cells = {"key": "A 1", "target": "org/slug/b", "kind": "acquisition", "confidence": "low"}
    said = Said(catalogue.CompanyChange, acquirer="org/slug/a;org/slug/c", date="2025", **cells)
    org = "http://www.w3.org/ns/org#resultingOrganization"
    assert said.of("change/a-1", NamedNode(org)) == ["org/slug/a", "org/slug/c"]
    assert said.one(said.claim, "holdsFrom") == "2025-01-01"
    assert Said(catalogue.CompanyChange, **cells).one("change/a-1", "validPeriod") is None


# ---- answers, deployments, usage, routes


def test_silence_is_stated_by_nobody() -> None:
    day = {"as_at": "2024-09-18", "reported": "2025-05-07", "trust": "Leeds"}
    silent = Said(claims.Disclosure, key="a", answer="no-response", **day)
    denied = Said(claims.Disclosure, key="b", answer="denies", supersedes="a", **day)
    assert silent.of(silent.claim, "statedBy") == []
    assert denied.one(denied.claim, "statedBy") == "org/ods/RR8"
    assert denied.one(denied.claim, "supersedes") == "claim/paper/disclosures/a"
    assert denied.one(denied.claim, "holdsFrom") == "2024-09-18"
    assert denied.one("cohort/paper", "sampled") == "org/ods/RR8"
    assert denied.one(denied.claim, "inResponseTo") == "request/paper"


def test_a_refusal_keeps_its_exemption() -> None:
    said = Said(
        claims.Disclosure,
        key="a",
        trust="Leeds",
        answer="uses",
        detail="refused",
        exemption="s31",
        qualifier="in part",
        as_at="2024-09-18",
        reported="2025-05-07",
    )
    assert said.one(said.claim, "disclosureDetail") == "disclosure-detail/refused"
    assert said.one(said.claim, "exemption") == "exemption/s31"
    assert said.one(said.claim, "qualifier") == "in part"


@pytest.mark.parametrize(
    ("cells", "path"),
    [
        ({"product": "Scan", "vendor": "Acme"}, "deployment/ods/RR8/acme/scan"),
        ({"vendor": "Acme"}, "deployment/ods/RR8/supplier/acme"),
        ({"description": "Stroke CT"}, "deployment/ods/RR8/described/stroke-ct"),
        ({"product": "Own Tool", "vendor": "Acme"}, "deployment/ods/RR8/described/own-tool"),
        ({"vendor": "Some Firm"}, "deployment/ods/RR8/described/some-firm"),
    ],
)
def test_a_deployment_is_named_by_the_best_that_is_known(cells: dict[str, str], path: str) -> None:
    said = Said(claims.Deployment, **DEPLOYMENT, **cells)
    assert said.one(said.claim, "about") == path
    assert said.kinds(path) == {"Deployment"}
    assert said.one(path, "deployedBy") == "org/ods/RR8"


def test_a_product_that_nobody_knows_is_kept_as_a_description() -> None:
    said = Said(claims.Deployment, product="Own Tool", **DEPLOYMENT)
    path = "deployment/ods/RR8/described/own-tool"
    assert said.of(path, "deploysProduct") == []
    assert said.one(path, "describedAs") == "Own Tool"


def test_a_deployment_states_all_that_its_row_says() -> None:
    said = Said(
        claims.Deployment,
        **DEPLOYMENT,
        vendor="Acme",
        product="Scan",
        description="stroke CT",
        use_case="stroke-imaging",
        printed="Acme Scan",
        site="St James",
        integrated_with="RIS",
        hosted_by="York",
        study="Trial",
        valid_from="2024-02",
        as_at="2024-09-18",
        reported="2025-05-07",
        supersedes="rr8/old",
        stated_by="York",
    )
    path = "deployment/ods/RR8/acme/scan"
    assert said.one(path, "deploysProduct") == "product/acme/scan"
    assert said.one(path, "deploymentSupplier") == "org/slug/acme"
    assert said.one(path, "deploymentSite") == "St James"
    assert said.one(path, "integratedWith") == "product/acme/ris"
    assert said.one(path, "hostedBy") == "org/ods/RCB"
    assert said.one(path, "withinStudy") == "study/trial"
    assert said.one(said.claim, "statedBy") == "org/ods/RCB"
    assert said.one(said.claim, "supersedes") == "claim/paper/deployments/rr8/old"
    assert said.one(said.claim, "status") == "status/live"
    assert said.one(said.claim, "holdsFrom") == "2024-02-01"
    assert said.one(said.claim, "asAt") == "2024-09-18"


def test_a_figure_of_use_keeps_its_range_and_unit() -> None:
    said = Said(
        claims.Usage,
        key="rr8/scan/1",
        deployment="rr8/scan",
        min="10",
        max="15.5",
        approximate="true",
        unit="scan",
        per="week",
        measure="rate",
        precision="relative",
    )
    assert said.one(said.claim, "about") == "deployment/ods/RR8/x"
    assert said.one(said.claim, "ofReport") == "claim/paper/deployments/rr8/scan"
    assert (said.one(said.claim, "minValue"), said.one(said.claim, "maxValue")) == ("10", "15.5")
    assert said.one(said.claim, "approximate") == "true"
    assert said.one(said.claim, "ratePer") == "rate-period/week"


@pytest.mark.parametrize(
    ("kind", "looked_up"),
    [
        ("trust", "organisation"),
        ("icb", "organisation"),
        ("framework", "instrument"),
        ("network", "network"),
    ],
)
def test_an_intermediary_is_looked_up_by_its_kind(kind: str, looked_up: str) -> None:
    said = Said(
        claims.Route,
        key="rr8/scan",
        deployment="rr8/scan",
        route_type="network",
        involvement="procured",
        intermediary_kind=kind,
        intermediary="somebody",
    )
    assert said.one(said.claim, "intermediary") == f"unresolved/{looked_up}/somebody"
    assert said.one(said.claim, "intermediaryAsPrinted") == "somebody"
    assert said.one(said.claim, "ambiguousScope") == "false"


@pytest.mark.parametrize(
    ("speaker", "stated", "grade"),
    [
        ({"stated_by": "Leeds"}, ["org/ods/RR8"], "self-reported"),
        ({"stated_by": "York"}, ["org/ods/RCB"], "third-party"),
        ({}, [], "third-party"),
    ],
)
def test_nobody_speaks_for_a_trust_but_itself(
    speaker: dict[str, str], stated: list[str], grade: str
) -> None:
    row = {"key": "rr8/scan", "trust": "Leeds", "product": "Scan", "status": "live"}
    said = Said(claims.Deployment, **row, **speaker)
    assert said.of(said.claim, "statedBy") == stated
    assert said.one(said.claim, "evidenceGrade") == f"evidence-grade/{grade}"


def test_a_route_says_no_more_than_its_source_does() -> None:
    said = Said(claims.Route, key="rr8/scan", deployment="rr8/scan", route_type="direct")
    assert said.one(said.claim, "routeType") == "route-type/direct"
    for term in ("intermediary", "involvement", "ambiguousScope", "nameAsPrinted", "evidenceGrade"):
        assert said.of(said.claim, term) == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"route_type": "not-stated"}, "is no row"),
        ({"route_type": "network", "involvement": "procured"}, "needs the intermediary"),
        ({"route_type": "network", "intermediary_kind": "network"}, "needs the intermediary"),
        ({"route_type": "network", "printed": "through them"}, "how the intermediary was involved"),
    ],
)
def test_a_route_that_says_too_little_is_none(cells: dict[str, str], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Said(claims.Route, key="rr8/scan", deployment="rr8/scan", **cells)


def test_a_contract_has_its_last_day() -> None:
    said = Said(
        agreements.Agreement,
        key="c/customer",
        agreement="c",
        name="Contract",
        kind="supply-contract",
        party="Leeds",
        role="customer",
        ends="2027-03",
    )
    assert said.one("agreement/c", "endsOn") == "2027-03-31"


def test_a_request_has_a_cohort() -> None:
    said = Said(claims.Request, key="r", name="Request", sent_on="2024-09-18", scope="AI")
    assert said.one("request/paper", "cohort") == "cohort/paper"
    assert said.one("request/paper", "sentOn") == "2024-09-18"


# ---- what else is printed


def test_a_report_of_use_is_about_the_deployment() -> None:
    said = Said(
        reports.Report,
        **REPORT,
        claim="deployment",
        vendor="Acme",
        product="Scan",
        status="live",
        route_type="framework",
        involvement="funded",
        route="A fund",
        route_key="instrument/fund",
        quantity="3 sites",
    )
    route = f"{said.claim}/route"
    assert said.kinds(said.claim) == {"StatusReport"}
    assert said.one(said.claim, "about") == "deployment/ods/RR8/acme/scan"
    assert said.one(said.claim, "evidenceGrade") == "evidence-grade/third-party"
    assert said.kinds(route) == {"RouteStatement"}
    assert said.one(route, "ofReport") == said.claim
    assert said.one(route, "intermediary") == "instrument/fund"
    assert said.one(route, "involvement") == "involvement/funded"


@pytest.mark.parametrize("route_type", ["", "not-stated"])
def test_a_route_that_is_not_stated_is_no_statement(route_type: str) -> None:
    cells = {"route_type": route_type} if route_type else {}
    said = Said(
        reports.Report, **REPORT, claim="deployment", description="AI", status="live", **cells
    )
    assert said.kinds(f"{said.claim}/route") == set()


def test_a_route_without_a_part_or_a_name_says_only_its_kind() -> None:
    said = Said(
        reports.Report,
        **REPORT,
        claim="deployment",
        description="AI",
        status="live",
        route_type="direct",
    )
    route = f"{said.claim}/route"
    assert said.one(route, "routeType") == "route-type/direct"
    assert said.of(route, "involvement") == said.of(route, "intermediary") == []


def test_a_report_of_anything_else_is_no_use() -> None:
    said = Said(
        reports.Report,
        **REPORT,
        claim="funding",
        vendor="Acme",
        product="Scan",
        use_case="stroke-imaging",
        route="A fund",
        route_key="instrument/fund",
        description="money",
    )
    assert said.kinds(said.claim) == {"MarketStatement"}
    assert said.one(said.claim, "about") == "org/ods/RR8"
    assert said.one(said.claim, "statementKind") == "statement-kind/funding"
    assert said.one(said.claim, "concernsProduct") == "product/acme/scan"
    assert not any("deployment/" in quad.subject.value for quad in said.to.quads)  # type: ignore[union-attr]


def test_a_conflict_keeps_both_sides_each_in_its_source() -> None:
    said = Said(
        reports.Conflict,
        key="C01",
        topic="Value",
        subject="Leeds",
        subject_key="org/ods/RR8",
        type="value-mismatch",
        resolution="open",
        claim_a="36",
        ref_a="r1;r2",
        source_a="paper",
        claim_b="37",
        source_b="page",
        locator_b="Article, paragraph 2, characters 10-12; row 1",
        reason="they differ",
        severity="low",
    )
    sides = [
        f"claim/{source}/conflicts/c01/{side}" for source, side in (("paper", "a"), ("page", "b"))
    ]
    assert said.of("conflict/c01", "conflictingClaim") == sides
    assert [said.one(side, "statedValue") for side in sides] == ["36", "37"]
    assert said.of(sides[0], "rowStated") == ["r1", "r2"]
    assert [said.one(side, "locator") for side in sides] == [
        "row 1",
        "Article, paragraph 2, characters 10-12; row 1",
    ]
    assert [said.one(side, "startOffset") for side in sides] == [None, "10"]
    assert said.one(sides[1], "assertedIn") == "docv/page/undated"
    graphs = {quad.graph_name for quad in said.to.quads if quad.subject == thing(sides[1])}
    assert EDITIONS["page"].iri in graphs
    assert said.one("conflict/c01", "about") == "org/ods/RR8"


@pytest.mark.parametrize(
    ("kind", "subject", "term"),
    [
        ("vendor", "Acme", "concernsSupplier"),
        ("organisation", "Leeds", "concernsOrganisation"),
        ("cohort", "foi", None),
    ],
)
def test_a_figure_is_about_whom_it_names(kind: str, subject: str, term: str | None) -> None:
    said = Said(
        reports.Aggregate,
        key="x",
        measure="count",
        subject=subject,
        subject_kind=kind,
        value="50",
        unit="percent",
        section="related-news",
        printed="half",
    )
    assert said.one(said.claim, "section") == "related-news"
    assert said.one(said.claim, "value") == "50"
    assert said.one(said.claim, "subjectStated") == subject
    assert said.one(said.claim, "about") == "doc/paper"
    tied = {"concernsSupplier", "concernsOrganisation"}
    assert {one for one in tied if said.of(said.claim, one)} == ({term} if term else set())


@pytest.mark.parametrize("unit", ["date", "target-date"])
def test_a_figure_that_is_a_day_is_a_day(unit: str) -> None:
    said = Said(
        reports.Aggregate,
        key="x",
        measure="sent",
        subject="foi",
        subject_kind="cohort",
        value="2025-05-09",
        unit=unit,
    )
    assert said.one(said.claim, "dateValue") == "2025-05-09"
    assert said.of(said.claim, "value") == []


def test_governance_and_barriers_say_who_says_so() -> None:
    rule = Said(
        agreements.Governance,
        key="x",
        organisation="Leeds",
        instrument="AI policy",
        kind="policy",
        state="drafting",
    )
    assert rule.one(rule.claim, "refersToInstrument") == "governance/ai-policy"
    assert rule.one(rule.claim, "governanceState") == "governance-state/drafting"
    assert rule.one("governance/ai-policy", LABEL) == "AI policy"
    block = Said(
        agreements.Barrier,
        key="x",
        barrier="unclear-liability",
        stated_by="Leeds;York",
        printed="p",
    )
    assert block.of(block.claim, "statedBy") == ["org/ods/RR8", "org/ods/RCB"]
    nobody = Said(agreements.Barrier, key="x", barrier="unclear-liability")
    assert nobody.of(nobody.claim, "statedBy") == []


def test_a_named_instrument_of_governance_is_the_one_of_the_catalogue() -> None:
    rule = Said(
        agreements.Governance,
        key="x",
        organisation="Leeds",
        instrument="The Guide",
        kind="guide",
        state="follows",
    )
    assert rule.one(rule.claim, "refersToInstrument") == "instrument/guide"
    assert rule.kinds("instrument/guide") == {"GovernanceInstrument"}
    assert rule.one("instrument/guide", "governanceKind") == "governance-kind/guide"
    assert rule.one("instrument/guide", "supportedBy") == rule.claim
    assert rule.one("instrument/guide", LABEL) is None


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("memorandum", "MemorandumOfUnderstanding"),
        ("supply-contract", "SupplyContract"),
        ("partnership", "Agreement"),
    ],
)
def test_an_agreement_has_the_class_of_its_kind(kind: str, made: str) -> None:
    said = Said(
        agreements.Agreement,
        key="x",
        agreement="A and B",
        name="A with B",
        kind=kind,
        party="Leeds",
        role="signatory",
        announced="2025-07",
        target_date="2027",
        section="article",
    )
    path = "agreement/a-and-b"
    assert said.kinds(path) == {made}
    assert said.one(path, "announcedOn") == "2025-07-31"
    assert said.one(path, "targetDate") == "2027-12-31"
    assert said.one("party/a-and-b-ods-rr8", "playedBy") == "org/ods/RR8"


def test_a_site_of_a_study_names_product_and_system() -> None:
    said = Said(
        agreements.StudySite,
        key="x",
        study="Trial",
        organisation="Leeds",
        role="participant",
        product="Scan",
        integrated_with="RIS",
        period_start="2024-02",
        precision="month",
    )
    party = "party/trial-ods-rr8-paper"
    assert said.one(party, "concernsProduct") == "product/acme/scan"
    assert said.one(party, "integratedWith") == "product/acme/ris"
    assert said.one("study/trial", "hasParty") == party


def test_a_project_of_nobody_named_is_owned_as_far_as_can_be_told() -> None:
    cells = {
        "key": "x/signed",
        "project": "X",
        "name": "Project X",
        "kind": "integration",
        "place": "Leeds",
        "organisation": "officials",
        "milestone": "signed",
        "milestone_kind": "contract",
    }
    open_ = Said(agreements.Milestone, **cells, state="planned")
    known = Said(
        agreements.Milestone,
        **cells,
        state="reached",
        resolved="org/ods/RR8",
        planned_start="2025-10",
        actual="2026",
        supersedes="x/planned",
    )
    party = "party/x-officials"
    assert open_.one(party, "playedBy") == "unresolved/organisation/officials"
    assert open_.one(open_.claim, "evidenceGrade") is None
    assert open_.one("milestone/x/signed", "plannedFor") is None
    assert open_.one("milestone/x/signed", "milestoneState") == "milestone-state/planned"
    assert known.one("milestone/x/signed", "milestoneState") == "milestone-state/reached"
    assert known.one(party, "playedBy") == "org/ods/RR8"
    assert known.one(known.claim, "evidenceGrade") == "evidence-grade/inferred"
    assert known.one("milestone/x/signed", "occurredIn") is not None
    assert known.one("milestone/x/signed", "supersedes") == "milestone/x/planned"


def test_a_mention_is_marked_with_its_section() -> None:
    said = Said(
        reports.Mention,
        key="x",
        kind="plan",
        subject="Leeds",
        object="a viewer",
        product="Scan",
        section="related-news",
    )
    assert said.one(said.claim, "section") == "related-news"
    assert said.one(said.claim, "describedAs") == "a viewer Scan"
    bare = Said(reports.Mention, key="x", kind="plan", subject="Leeds", section="report")
    assert bare.one(bare.claim, "describedAs") is None


def test_a_workflow_ties_a_vendor_to_its_usual_use() -> None:
    said = Said(reports.Workflow, key="x", vendor="Acme", use_case="stroke-imaging")
    assert said.one("org/slug/acme", "usualUseCase") == "use-case/stroke-imaging"
    both = Said(reports.Workflow, key="x", vendor="Acme", product="Scan", domain="neurology")
    assert both.one(both.claim, "about") == "product/acme/scan"
    assert both.one(both.claim, "clinicalDomain") == "clinical-domain/neurology"
    assert both.of("org/slug/acme", "usualUseCase") == []
    alone = Said(reports.Workflow, key="x", product="Scan", use_case="stroke-imaging")
    assert alone.one(alone.claim, "useCase") == "use-case/stroke-imaging"


# ---- procurement


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("framework", "FrameworkAgreement"),
        ("policy", "GovernanceInstrument"),
        ("notice", "ProcurementProcedure"),
        ("funding-programme", "Programme"),
    ],
)
def test_an_instrument_has_the_class_of_its_kind(kind: str, made: str) -> None:
    said = Said(
        procurement.Instrument,
        instrument="f",
        name="F",
        kind=kind,
        operator="org/slug/hub",
        starts="2024",
        ends="2026-03",
        max_value_gbp="1E6",
        confidence="high",
        note="n",
    )
    path = "instrument/f"
    assert said.kinds(path) == {made}
    assert said.one(path, "maxValue") == "1000000"
    assert (said.one(path, "startsOn"), said.one(path, "endsOn")) == ("2024-01-01", "2026-03-31")
    assert said.one(path, "operatedBy") == "org/slug/hub"


def test_a_supplier_that_nobody_knows_has_no_place_but_a_name() -> None:
    cells = {"instrument": "f", "supplier_name": "Acme Ltd", "confidence": "high"}
    unknown = Said(procurement.FrameworkSupplier, **cells)
    known = Said(procurement.FrameworkSupplier, supplier="org/slug/acme", lot="Lot 1", **cells)
    assert unknown.one(unknown.claim, "nameAsPrinted") == "Acme Ltd"
    assert unknown.of("instrument/f", "hasParty") == []
    assert known.one("instrument/f", "hasParty") == "party/f-acme-ltd-lot-1"
    assert known.one("party/f-acme-ltd-lot-1", "lot") == "Lot 1"


def test_a_study_has_sites_and_sponsors() -> None:
    said = Said(
        procurement.Study,
        study="s",
        name="S",
        product="acme/scan",
        sites="org/ods/RR8;org/ods/RCB",
        sponsor="org/slug/acme",
        registry_ids="NCT1;IRAS2",
    )
    assert said.of("study/s", "registryId") == ["NCT1", "IRAS2"]
    assert said.one("study/s", "studies") == "product/acme/scan"
    assert len(said.of("study/s", "hasParty")) == 3
    assert said.one("party/s-sponsor-org-slug-acme", "roleType") == "party-role/sponsor"
    assert said.one("study/s", "validPeriod") is None


@pytest.mark.parametrize(
    ("programme", "labels"), [("instrument/fund", []), ("programme/fund", ["The Fund"])]
)
def test_an_award_belongs_to_a_programme(programme: str, labels: list[str]) -> None:
    said = Said(
        procurement.Award,
        award="a1",
        programme=programme,
        programme_name="The Fund",
        recipient="org/ods/RR8",
        product="acme/scan",
        amount_gbp="0",
        amount_approximate="true",
        role="recipient",
        confidence="high",
    )
    assert said.one("award/a1", "inProgramme") == programme
    assert said.of(programme, LABEL) == labels
    assert said.one("award/a1", "amount") == "0"
    assert said.one("award/a1", "approximate") == "true"


def test_an_award_without_a_sum_is_not_approximate() -> None:
    cells = {"award": "a", "programme": "programme/f", "programme_name": "F", "role": "recipient"}
    said = Said(procurement.Award, confidence="low", **cells)
    assert said.of("award/a", "amount") == said.of("award/a", "approximate") == []


def test_a_notice_names_its_parties() -> None:
    cells = {"notice": "OCDS 1", "buyer_name": "Leeds", "method_kind": "direct-award"}
    said = Said(
        procurement.Notice,
        **cells,
        buyer="org/ods/RR8",
        also_buyers="org/ods/RCB",
        supplier="org/slug/acme",
        buyer_ids="GB-1",
        value_gbp="90000",
        instrument="f",
        title="Stroke AI",
        as_of="2024-01",
    )
    path = "procedure/ocds-1"
    assert len(said.of(path, "hasParty")) == 3
    assert said.one(path, "underInstrument") == "instrument/f"
    assert said.one(path, "otherIdentifier") == "GB-1"
    assert said.of(path, LABEL) == ["Stroke AI"]
    assert said.one(said.claim, "reportedOn") == "2024-01-31"
    bare = Said(procurement.Notice, **cells)
    assert bare.of(path, LABEL) == ["OCDS 1"]
    assert bare.of(path, "hasParty") == []
