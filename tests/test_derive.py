"""Derivation adds what follows from the claims, in order, and never changes a claim."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from careatlas import queries
from careatlas.build import assemble
from careatlas.graph import labels, validate
from careatlas.graph.answer import select
from careatlas.graph.checks import Check
from careatlas.graph.derive import derive
from careatlas.graph.findings import Finding, count
from careatlas.graph.release import Release
from careatlas.graph.terms import GRAPHS, LABEL, RDF_TYPE, atlas, concept, english, thing
from careatlas.graph.validate import EngineError, InvalidGraphError
from careatlas.loaders.tables import Harvest, harvest

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
DAY = date(2025, 7, 30)


@pytest.fixture(scope="module")
def found() -> Harvest:
    return harvest(SMALL_WORLD)


@pytest.fixture
def store(found: Harvest) -> Store:
    made = Store()
    made.extend(assemble(found))
    return made


def stated(store: Store, subject: str, term: str) -> set[str]:
    return {
        quad.object.value.rsplit("/id/")[-1].rsplit("/scheme/")[-1]
        for quad in store.quads_for_pattern(thing(subject), atlas(term), None)
        if isinstance(quad.object, NamedNode | Literal)
    }


def test_claims_stay_as_they_are(store: Store) -> None:
    before = set(store)
    counts = derive(store, DAY)
    added = set(store) - before
    assert before <= set(store)
    assert {quad.graph_name for quad in added} == {GRAPHS["derived"]}
    assert sum(counts.values()) == len(added)
    assert list(counts) == sorted(counts)


def test_what_is_derived_twice_is_derived_once(store: Store) -> None:
    derive(store, DAY)
    once = set(store)
    assert set(derive(store, DAY).values()) == {0}
    assert set(store) == once


@pytest.mark.parametrize(
    ("day", "deployment", "status"),
    [
        (date(2024, 9, 18), "ods/RAA/acme/scan", {"status/live"}),
        (date(2024, 9, 17), "ods/RAA/acme/scan", set()),
        (date(2025, 2, 28), "ods/RAA/beta/bone", {"status/trialling"}),
        (date(2025, 3, 1), "ods/RAA/beta/bone", {"status/live"}),
        (date(2022, 1, 1), "ods/RCC/acme/scan", {"status/live"}),
    ],
)
def test_the_current_status_is_that_of_the_day(
    store: Store, day: date, deployment: str, status: set[str]
) -> None:
    derive(store, day)
    assert stated(store, f"deployment/{deployment}", "currentStatus") == status


def test_only_live_reports_are_use_but_every_report_is_a_mention(store: Store) -> None:
    derive(store, DAY)
    assert stated(store, "org/ods/RFF", "uses") == set()
    assert stated(store, "org/ods/RFF", "usesSupplier") == {"org/slug/gone", "org/slug/acme"}
    assert stated(store, "org/slug/img-north", "uses") == set()
    assert stated(store, "org/slug/img-north", "mentions") == {"org/slug/acme"}
    assert "product/acme/hub" not in stated(store, "org/ods/RCC", "uses")
    assert "product/acme/scan" in stated(store, "org/ods/RCC", "uses")


BY_RULE = """
PREFIX atlas: <https://w3id.org/careatlas/def#>
SELECT ?rule (COUNT(DISTINCT ?conflict) AS ?conflicts) (COUNT(?claim) AS ?claims) {
  ?conflict atlas:foundBy ?rule ; atlas:conflictingClaim ?claim .
  ?claim atlas:locator ?place .
} GROUP BY ?rule
"""


def test_conflicts_found_by_rule_lead_back_to_their_claims(store: Store) -> None:
    """Of the figures one is a claim, and the other is computed."""
    derive(store, DAY)
    rules = {row[0]: (int(row[1]), int(row[2])) for _, row in select(store, BY_RULE)}
    assert rules["vendor-count"] == rules["document-date"] == (1, 1)
    conflicts, claims = rules["answer-against-report"]
    assert claims == 2 * conflicts > 0


def test_each_rule_finds_its_conflict_in_the_shipped_data(release: Release) -> None:
    rules = {row[0]: (int(row[1]), int(row[2])) for _, row in select(release.store, BY_RULE)}
    assert set(rules) == {"answer-against-report", "vendor-count", "document-date", "name-variant"}
    conflicts, claims = rules["name-variant"]
    assert claims == 2 * conflicts > 0


def test_what_is_copied_is_derived_from_what_it_copies(store: Store) -> None:
    derive(store, DAY)
    copy = "claim/copy/deployments/rbb/scan"
    assert stated(store, copy, "derivedFromClaim") == {"claim/news/deployments/rbb/scan"}


def test_a_rule_that_is_no_construct_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "99-rule.rq").write_text("SELECT * {}", encoding="utf-8")
    monkeypatch.setattr(queries, "folder", lambda _: tmp_path)
    with pytest.raises(TypeError, match=r"99-rule\.rq is no CONSTRUCT"):
        derive(Store(), DAY)


# ---- checks and engines


def test_a_check_fills_its_message_and_names_its_focus(tmp_path: Path) -> None:
    path = tmp_path / "odd-label.rq"
    head = '#+ severity = "Warning"\n#+ message = "{s} is called {name}"\n'
    path.write_text(f"{head}SELECT ?s ?name {{ ?s ?p ?name }}", encoding="utf-8")
    store = Store()
    store.add(Quad(NamedNode("i:1"), LABEL, english("x"), GRAPHS["meta"]))
    found = list(Check.read(path).findings(store))
    assert found == [Finding("Warning", "odd-label", "i:1", "i:1 is called x")]
    assert str(found[0]) == "Warning odd-label i:1: i:1 is called x"


def test_a_check_of_no_known_severity_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    path.write_text('#+ severity = "Dire"\n#+ message = "m"\nSELECT * {}', encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.rq: 'Dire' is no severity"):
        Check.read(path)


@pytest.mark.parametrize("engine", validate.ENGINES)
def test_an_engine_without_a_report_is_an_error(
    engine: validate.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> tuple[bool, str, str]:
        return False, "no graph", "out of order\nand more"

    monkeypatch.setattr(f"{engine.replace('pyshifty', 'shifty')}.validate", broken)
    with pytest.raises(EngineError) as caught:
        validate.shapes_report(b"", engine)
    assert str(caught.value) == f"the SHACL engine {engine} failed: out of order"
    assert (caught.value.engine, caught.value.problem) == (engine, "out of order")


def test_findings_are_counted_worst_first() -> None:
    some = [Finding(severity, "r", "f", "m") for severity in ("Info", "Violation", "Info")]
    assert count(some) == {"Violation": 1, "Warning": 0, "Info": 2}
    assert str(InvalidGraphError(some)) == "1 violations; nothing was published"


def test_triples_are_sorted_and_each_stands_once() -> None:
    node = NamedNode("i:1")
    quads = [Quad(node, LABEL, Literal(v), GRAPHS[g]) for v in "ba" for g in ("meta", "derived")]
    lines = validate.triples(quads).decode().splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 2
    assert all(line.endswith(" .") for line in lines)


def test_names_of_what_is_no_thing_are_left_out() -> None:
    store = Store()
    for thing_, name in ((BlankNode("b"), english("x")), (concept("status", "live"), english("y"))):
        for term in ("inScheme", "prefLabel"):
            skos = NamedNode(f"http://www.w3.org/2004/02/skos/core#{term}")
            value = name if term == "prefLabel" else NamedNode("https://e.org/scheme/status")
            store.add(Quad(thing_, skos, value, GRAPHS["meta"]))
    store.add(Quad(concept("status", "live"), RDF_TYPE, atlas("Concept"), GRAPHS["meta"]))
    assert [row[2] for row in labels.index(store)["status"]] == ["y"]


def test_the_index_is_made_by_a_select(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "_QUERY", "ASK {}")
    with pytest.raises(TypeError, match="no SELECT"):
        labels.index(Store())
