"""The competency questions: answers read in the documents, and what each query must heed.

`golden/cq` holds answers worked out by reading the five documents, not by running a loader;
`calls.csv` there says which question with which values gives each: the cells of `columns` in the
rows that hold one of the values of `where`. In mode `within` the answer may have further rows.
What happens to an answer when the graph lacks a part of it, and whether a second engine gives the
same rows, is asked of every question of the catalogue.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from engines import Engines
from goldens import LOADED
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas.build import build
from careatlas.graph.answer import Row, bind, select
from careatlas.graph.labels import Labels
from careatlas.graph.questions import Question, get, names
from careatlas.graph.release import Release, Releases
from careatlas.graph.terms import SCHEME, atlas

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own, of itself

GOLDEN = Path(__file__).parent / "golden" / "cq"
SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
SLOW = {
    "adoption",
    "adoption-by-group",
    "adoption-matrix",
    "announcement-against-reality",
    "assurance-against-use",
    "blast-radius",
    "communities",
    "concentration",
    "confirmed-without-vendor",
    "document-claims",
    "document-dates",
    "domain-coverage",
    "engagements",
    "footprint-by",
    "footprint-over-time",
    "gaps",
    "had-under-instrument",
    "instrument-clock",
    "instrument-terms",
    "like-with-like",
    "near-organisations",
    "network-links",
    "network-product-routes",
    "notices",
    "open-instruments",
    "organisations-on-date",
    "ownership-roll-up",
    "product-facts",
    "product-pairs",
    "products",
    "regulatory-facts",
    "research-only-users",
    "route-precedents",
    "source-contributions",
    "sources",
    "stated-figures",
    "successors",
    "trust-facts",
    "trust-peers",
    "trust-timeline",
    "trusts",
    "vendor-facts",
    "vendor-footprint",
    "vendor-pairs",
    "vendors",
}
"""Questions that take rdflib long on the real data; on the small world they are compared too."""

SLOWEST = {"route-precedents", "successors", "trust-timeline"}
"""Questions that take rdflib so long on the small world that it is asked them once."""

BEYOND = {"conflict-types"}
"""Questions that rdflib does not answer in minutes even on the small world."""

OF_THE_UNKNOWN = {
    "adoption",
    "adoption-by-group",
    "domain-coverage",
    "domain-gaps",
    "products",
    "trusts",
    "vendors",
    "what-is-known",
}
"""Questions that have rows for those of whom nothing is known."""

PARTS: dict[str, tuple[str, ...]] = {
    "adoption-by-group": ("disclosure/denies", "disclosureDetail", "sentOn"),
    "adoption-matrix": ("deploysProduct", "deploymentSupplier", "NHSTrust"),
    "agreement-terms": ("targetDate", "agreementKind"),
    "announcement-against-reality": (
        "affiliatedWith",
        "disclosure/denies",
        "evidence-grade/self-reported",
        "intermediary",
    ),
    "answer-changes": ("supersedes", "describedAs"),
    "assurance-against-use": ("nicePosition", "status/live", "useCase"),
    "blast-radius": ("change-kind/acquisition", "underInstrument", "routeType", "minValue"),
    "brokers": ("betweenness", "intermediary", "deploymentSupplier"),
    "built-in-house": ("nameAsPrinted", "status/live"),
    "buyers-for-members": ("involvement/procured", "party-role/buyer", "procurementMethod"),
    "cohort-outcome": ("supersedes", "sampled", "disclosureDetail"),
    "communities": ("inCommunity", "reach", "viewName"),
    "community-denials": ("trustType", "disclosure/denies"),
    "concentration": ("tie", "inRegion", "disclosure/denies", "inResponseTo"),
    "confirmed-without-vendor": ("deploymentSupplier", "disclosure/uses", "exemption"),
    "confirming-but-pre-live": ("status/live", "status/research-only", "disclosure/uses"),
    "conflict-sides": ("computedValue", "reportedOn", "foundBy"),
    "conflict-types": ("conflict-type/identity", "conflict-resolution/open"),
    "deployment-claims": ("routeType", "minValue", "holdsFrom"),
    "document-claims": ("startOffset", "statementKind", "rowStated", "statedBy"),
    "document-dates": ("publishedOn", "reportedOn"),
    "domain-coverage": ("capability", "inRegion", "status/live"),
    "domain-gaps": ("clinicalDomain", "inRegion", "useCase"),
    "engagements": ("stateStated", "procurement-method/market-engagement"),
    "evidence-base": ("value", "governanceState"),
    "expiring-instruments": ("endsOn", "instrument-kind/open-framework"),
    "framework-purchases": ("routeType", "route-type/framework"),
    "framework-suppliers": ("party-role/supplier", "lot"),
    "funded-networks": ("networkKind", "affiliatedWith", "awardedTo"),
    "gaps": (
        "routeType",
        "minValue",
        "deploymentSupplier",
        "disclosureDetail",
        "inResponseTo",
        "conflict-resolution/open",
        "UnresolvedReference",
        "NHSTrust",
    ),
    "had-under-instrument": ("underInstrument", "party-role/buyer", "intermediary"),
    "independent-evidence": ("derivedFrom",),
    "instrument-clock": ("holdsTo", "instrument-kind/open-framework", "underInstrument"),
    "instrument-terms": ("operatorStated", "procurementMethod", "callOffMethod"),
    "integrations": ("integratedWith", "derivedFrom"),
    "largest-usage": ("measure-kind/count", "precision"),
    "like-with-like": ("ratePer", "earliestStart", "precision/relative", "status/live"),
    "name-variants": ("matchedTo", "matchMethod"),
    "near-organisations": ("tiedTrust", "ProviderGroup", "deployedBy"),
    "network-deals": ("agreement-kind/deal-announcement", "networkKind", "forProduct"),
    "network-links": ("suppliedBy", "affiliatedWith", "intermediary", "deployedBy"),
    "network-product-routes": ("route-type/network", "memberOrganisation"),
    "open-instruments": ("party-role/supplier", "intermediary", "underInstrument", "endsOn"),
    "ownership-exposure": ("change-kind/acquisition", "confidence"),
    "ownership-roll-up": ("change-kind/transaction", "change-kind/acquisition"),
    "procured-by-intermediary": ("involvement", "involvement/procured"),
    "product-pairs": ("deploysProduct", "inResponseTo"),
    "products": ("suppliedBy", "status/live", "useCase"),
    "programme-awards": ("amount", "awardRole", "inProgramme"),
    "project-milestones": ("milestoneState", "plannedFor", "supersedes"),
    "purchase-methods": ("procurementMethod", "underInstrument", "party-role/supplier"),
    "qualified-denials": ("qualifier", "disclosure/denies"),
    "research-only-users": ("status/research-only", "route-type/study"),
    "route-precedents": ("routeType", "ofReport", "forProduct", "party-role/site", "derivedFrom"),
    "routes-not-stated": ("routeType",),
    "routes-stated": ("routeType", "involvement", "ambiguousScope"),
    "same-product-different-routes": ("intermediary", "involvement"),
    "silent-with-evidence": ("disclosure/no-response", "intermediary", "evidenceGrade"),
    "source-contributions": ("assertedIn",),
    "sources": ("alsoReportedIn", "derivedFrom", "publishedOn"),
    "stated-figures": ("disclosure/denies", "deploymentSupplier", "value"),
    "stroke-imaging-trusts": ("use-case/stroke-imaging", "status/live"),
    "study-facts": ("registryId", "sitesStated"),
    "trust-products": ("modality", "deploysProduct"),
    "trusts": ("disclosure/denies", "closed", "status/live", "affiliationRole"),
    "trusts-by-vendor-count": ("status/live", "deploymentSupplier"),
    "usage-count": ("minValue", "measure-kind/rate", "derivedFrom"),
    "usage-ranges": ("maxValue", "ratePer"),
    "use-on-date": ("holdsFrom", "asAt", "disclosureDetail"),
    "use-through-research": ("route-type/study", "status/research-only"),
    "use-via-network": ("route-type/network", "ambiguousScope", "affiliatedWith"),
    "vendor-by-status": ("deploymentSupplier", "suppliedBy", "status/trialling"),
    "vendor-concentration": ("status/live", "inResponseTo", "suppliedBy"),
    "vendor-failures": ("change-kind/insolvency", "originalOrganization"),
    "vendor-footprint": ("status/live", "deploymentSupplier"),
    "vendor-pairs": ("deploymentSupplier", "inResponseTo"),
    "vendors": ("suppliedBy", "status/live", "NHSTrust"),
    "what-is-known": ("supersedes", "opened", "disclosureDetail", "cohort"),
    "who-uses-what": ("routeType", "status", "suppliedBy"),
}
"""What a question must heed: a property of ours, or a concept; without it the answer is another."""


def calls() -> list[dict[str, str]]:
    with (GOLDEN / "calls.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(text: str) -> dict[str, str]:
    """The cells `a=b;c=d` of the table of calls."""
    return dict(part.split("=", 1) for part in text.split(";") if part)


def ask(store: Store, labels: Labels, question: Question, values: Mapping[str, str]) -> list[Row]:
    return [row for _, row in select(store, bind(question, values, labels))]


@pytest.fixture(scope="module")
def labels(release: Release) -> Labels:
    return Labels(release.labels)


@pytest.fixture(scope="module")
def world(release: Release) -> Store:
    """The release in memory, where a test may take quads out; it puts them back."""
    store = Store()
    store.bulk_extend(release.store)
    return store


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(SMALL_WORLD, Releases(tmp_path_factory.mktemp("small"))).release


@pytest.fixture(scope="module")
def engines(small: Release) -> Engines:
    return Engines(small)


@pytest.mark.parametrize("call", calls(), ids=lambda call: call["cq"])
def test_the_answer_is_the_one_read_in_the_documents(
    call: dict[str, str], release: Release, labels: Labels
) -> None:
    question = get(call["question"])
    columns = call["columns"].split(";")
    with (GOLDEN / f"{call['cq']}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        expected = {tuple(row[column] for column in columns) for row in reader}
        assert reader.fieldnames == columns
    where = {column: held.split("|") for column, held in pairs(call["where"]).items()}
    found = set()
    for cells in ask(release.store, labels, question, pairs(call["parameters"])):
        row = dict(zip(question.columns, cells, strict=True))
        if all(row[column] in held for column, held in where.items()):
            found.add(tuple(row[column] for column in columns))
    if call["mode"] == "within":
        assert sorted(expected - found) == []
    else:
        assert sorted(found) == sorted(expected)


def test_each_golden_answer_has_its_call() -> None:
    assert {path.stem for path in GOLDEN.glob("*.csv")} - {"calls"} == {
        call["cq"] for call in calls()
    }


def test_each_competency_question_with_a_golden_answer_has_a_question_that_claims_it() -> None:
    claimed: dict[int, set[str]] = {}
    for call in calls():
        claimed.setdefault(int(call["cq"][2:4]), set()).update(get(call["question"]).answers)
    assert [number for number, answers in claimed.items() if f"CQ{number}" not in answers] == []


def cited(store: Store, question: Question, row: Row) -> list[NamedNode]:
    """The claims at the place that a row names first."""
    cells = dict(zip(question.columns, row, strict=True))
    source = cells.get("source") or cells["source_a"]
    place = cells.get("locator") or cells["locator_a"]
    document = NamedNode(f"https://w3id.org/careatlas/id/doc/{source}")
    found = []
    for quad in store.quads_for_pattern(None, atlas("locator"), Literal(place)):
        claim = quad.subject
        assert isinstance(claim, NamedNode)
        versions = [q.object for q in store.quads_for_pattern(claim, atlas("assertedIn"), None)]
        for version in versions:
            assert isinstance(version, NamedNode)
            if any(store.quads_for_pattern(version, atlas("versionOf"), document)):
                found.append(claim)
    return found


def touching(store: Store, node: NamedNode) -> Iterator[Quad]:
    """All quads in which the node stands, at any place."""
    yield from store.quads_for_pattern(node, None, None)
    yield from store.quads_for_pattern(None, node, None)
    yield from store.quads_for_pattern(None, None, node)


@pytest.fixture(scope="module")
def whole(world: Store, labels: Labels) -> Callable[[str], list[Row]]:
    """The sorted answer to a question on everything; each is asked once."""

    @cache
    def answers(name: str) -> list[Row]:
        return sorted(ask(world, labels, get(name), {}))

    return answers


def without(store: Store, labels: Labels, question: Question, gone: Iterable[Quad]) -> list[Row]:
    """The sorted answer when these quads are taken out; they are put back."""
    quads = list(gone)
    for quad in quads:
        store.remove(quad)
    try:
        return sorted(ask(store, labels, question, {}))
    finally:
        store.extend(quads)


@pytest.mark.parametrize("name", sorted(set(names()) - LOADED))
def test_an_answer_without_a_claim_that_it_cites_is_another(
    name: str, world: Store, labels: Labels, whole: Callable[[str], list[Row]]
) -> None:
    question, rows = get(name), whole(name)
    assert rows, f"{name} answers nothing on the shipped data"
    claims = cited(world, question, rows[0])
    assert claims, f"{name} cites no claim of the graph: {rows[0]}"
    gone = {quad for claim in claims for quad in touching(world, claim)}
    assert without(world, labels, question, gone) != rows


@pytest.mark.parametrize(("name", "part"), [(n, part) for n in PARTS for part in PARTS[n]])
def test_a_question_heeds_each_part_of_what_it_asks(
    name: str, part: str, world: Store, labels: Labels, whole: Callable[[str], list[Row]]
) -> None:
    node = NamedNode(SCHEME + part) if "/" in part else atlas(part)
    if part == "originalOrganization":
        node = NamedNode("http://www.w3.org/ns/org#originalOrganization")
    gone = list(touching(world, node))
    assert gone, f"{part} stands nowhere"
    assert without(world, labels, get(name), gone) != whole(name)


@pytest.mark.parametrize("name", names())
def test_nothing_is_known_of_a_day_before_all_reports(
    name: str, release: Release, labels: Labels
) -> None:
    question = get(name)
    rows = ask(release.store, labels, question, {"known_by": "1990-01-01"})
    assert bool(rows) == (name in OF_THE_UNKNOWN)
    if "reported" in question.columns:
        at = list(question.columns).index("reported")
        assert not any(row[at] for row in rows)


def on_days() -> Iterator[tuple[str, dict[str, str]]]:
    """Each question as it is and on a day of each kind; what is slow gets both days at once."""
    as_of, known_by = {"as_of": "2024-12-31"}, {"known_by": "2025-05-08"}
    for name in names():
        days = [as_of | known_by] if name in SLOW else [as_of, known_by]
        days = [] if name in SLOWEST else days
        yield from ((name, values) for values in [{}, *days] if name not in BEYOND)


@pytest.mark.no_cover
@pytest.mark.parametrize(("name", "values"), list(on_days()), ids=str)
def test_rdflib_answers_the_same_on_the_small_world(
    name: str, values: dict[str, str], engines: Engines
) -> None:
    ours, theirs = engines.answers(get(name), values)
    assert theirs == ours


@pytest.mark.long
@pytest.mark.no_cover
def test_rdflib_answers_the_same_on_the_shipped_data(release: Release) -> None:
    """One test for all, since a worker would spend longer on reading the release than on most questions."""
    engines, different = Engines(release), []
    for name in sorted(set(names()) - SLOW - BEYOND):
        ours, theirs = engines.answers(get(name), {})
        if theirs != ours:
            different.append(name)
    assert different == []
