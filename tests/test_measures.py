"""Measures: values worked out by hand on a small world, and the figures of the FOI report."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store
from rdflib import QB, URIRef

from careatlas import ontology
from careatlas.graph import centrality, cubes, measures
from careatlas.graph.answer import answer, bind, select
from careatlas.graph.derive import derive
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import DERIVED_FROM, ID, RDF_TYPE, XSD, atlas, cube, thing
from careatlas.graph.views import MEASURED, VIEWS, network

# Anna and Ben answered and named vendors, Cora did not answer, Dora says that she uses AI and names
# none, Emil denies, and nobody asked Finn, of whom a page reports. Anna, Ben and Cora lie in the
# north, the others in the south. Anna and Ben got something of Acme through the net, Finn something
# of Cobalt through the hub. In 2022 Acme bought Beta, of whom Anna has something.
WORLD = """
@prefix : <https://w3id.org/careatlas/id/org/slug/> .
@prefix atlas: <https://w3id.org/careatlas/def#> .
@prefix id: <https://w3id.org/careatlas/id/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix said: <https://w3id.org/careatlas/scheme/disclosure/> .
@prefix status: <https://w3id.org/careatlas/scheme/status/> .
@prefix route: <https://w3id.org/careatlas/scheme/route-type/> .
@prefix kind: <https://w3id.org/careatlas/scheme/change-kind/> .

status:live skos:notation "live" .
route:network skos:notation "network" .
kind:acquisition skos:notation "acquisition" .
id:survey atlas:sourceKey "survey" .
id:page atlas:sourceKey "page" .
id:survey-1 atlas:versionOf id:survey .
id:page-1 atlas:versionOf id:page .
id:asking a atlas:InformationRequest ; atlas:supportedBy id:asked .
id:asked atlas:assertedIn id:survey-1 .
:acme a atlas:Company ; rdfs:label "Acme"@en .
:beta a atlas:Company ; rdfs:label "Beta"@en .
:cobalt a atlas:Company ; rdfs:label "Cobalt"@en .
id:scan rdfs:label "Scan"@en ; atlas:suppliedBy :acme .
id:read rdfs:label "Read"@en ; atlas:suppliedBy :beta .
id:bought org:originalOrganization :beta ; org:resultingOrganization :acme ;
  atlas:changeKind kind:acquisition ; atlas:supportedBy id:buying .
id:buying atlas:holdsFrom "2022-01-01"^^xsd:date ; atlas:reportedOn "2022-02-01"^^xsd:date .
"""
TRUSTS = {
    "anna": ("north", "uses"),
    "ben": ("north", "uses"),
    "cora": ("north", "no-response"),
    "dora": ("south", "uses"),
    "emil": ("south", "denies"),
    "finn": ("south", ""),
}
HELD = [
    ("anna", "atlas:deploysProduct id:scan", "survey", "net"),
    ("anna", "atlas:deploysProduct id:read", "survey", ""),
    ("ben", "atlas:deploysProduct id:scan", "survey", "net"),
    ("finn", "atlas:deploymentSupplier :cobalt", "page", "hub"),
]
DAY = '"2020-01-01"^^xsd:date'


def turtle() -> Iterator[str]:
    yield WORLD
    for trust, (region, said) in TRUSTS.items():
        yield f':{trust} a atlas:NHSTrust ; rdfs:label "{trust}"@en ; atlas:inRegion :{region} .'
        yield f':{region} rdfs:label "{region}"@en .'
        if said:
            yield (
                f"id:reply-{trust} atlas:about :{trust} ; atlas:inResponseTo id:asking ;"
                f" atlas:disclosureType said:{said} ; atlas:reportedOn {DAY} ; atlas:asAt {DAY} ."
            )
    for place, (trust, what, source, through) in enumerate(HELD):
        yield (
            f"id:held-{place} atlas:deployedBy :{trust} ; {what} . id:claim-{place} a"
            f" atlas:StatusReport ; atlas:about id:held-{place} ; atlas:status status:live ;"
            f' atlas:locator "{place}" ; atlas:assertedIn id:{source}-1 ;'
            f" atlas:reportedOn {DAY} ; atlas:holdsFrom {DAY} ."
        )
        if through:
            yield (
                f'id:route-{place} a atlas:RouteStatement ; atlas:locator "r{place}" ;'
                f" atlas:about id:held-{place} ; atlas:ofReport id:claim-{place} ;"
                f" atlas:intermediary :{through} ; atlas:routeType route:network ;"
                f" atlas:assertedIn id:{source}-1 ; atlas:reportedOn {DAY} ."
            )


@pytest.fixture
def world() -> Store:
    store = Store()
    store.load("\n".join(turtle()), format=RdfFormat.TURTLE, to_graph=thing("graph/made"))
    derive(store, date(2024, 1, 1))
    return store


def ask(store: Store, name: str, **values: str) -> list[dict[str, str]]:
    query = bind(get(name), values, Labels({}))
    return [dict(zip(columns, row, strict=True)) for columns, row in select(store, query)]


def numbers(row: dict[str, str], *names: str) -> tuple[float, ...]:
    return tuple(float(row[name]) for name in names)


# Concentration


def test_the_shares_of_vendors_are_the_ones_worked_out_by_hand(world: Store) -> None:
    row, north, south = ask(world, "concentration")
    assert (row["by"], north["group"], south["group"]) == ("all", "north", "south")
    # Acme 2 trusts, Beta 1, Cobalt 1: (4 + 1 + 1) / 4² = 6 / 16; shares 2/4, 3/4, 4/4.
    found = numbers(row, "hhi", "top_1", "top_2", "top_3", "pairs", "vendors", "trusts")
    assert found == (0.375, 0.5, 0.75, 1, 4, 3, 3)
    assert (row["leader"], row["source"]) == ("Acme", "survey")
    # Acme 2, Beta 1: (4 + 1) / 3²; and Cobalt alone.
    assert numbers(north, "hhi", "top_1") == (0.5556, 0.6667)
    assert numbers(south, "hhi", "pairs") == (1, 1)


def test_what_silence_could_change_is_bounded_as_by_hand(world: Store) -> None:
    row, north, south = ask(world, "concentration")
    # Cora and Dora are silent; Anna has two vendors, so that each may have two.
    assert numbers(row, "cohort", "silent", "most_vendors") == (5, 2, 2)
    # Lowest: four more vendors with one trust each, (6 + 4) / (4 + 4)² = 0.15625.
    # Highest: both have Acme, (16 + 1 + 1) / 6² = 0.5; with Beta too (16 + 9 + 1) / 8² = 0.41.
    assert numbers(row, "hhi_lower", "hhi_upper") == (0.1563, 0.5)
    # Cora: (5 + 2) / 5²; (9 + 1) / 4².
    assert numbers(north, "cohort", "silent", "hhi_lower", "hhi_upper") == (3, 1, 0.28, 0.625)
    # Dora: (1 + 1) / 2²; 2² / 2².
    assert numbers(south, "cohort", "silent", "hhi_lower", "hhi_upper") == (2, 1, 0.5, 1)
    # With one vendor each: (6 + 2) / 6².
    (most,) = ask(world, "concentration", by="all", most="1")
    assert numbers(most, "hhi_lower", "hhi_upper") == (0.2222, 0.5)


def test_owners_are_rolled_up_from_the_day_that_they_own(world: Store) -> None:
    # Anna and Ben have something of Acme, Finn of Cobalt: (4 + 1) / 3².
    (later,) = ask(world, "concentration", by="all", owners="rolled-up", as_of="2022-01-01")
    assert numbers(later, "hhi", "pairs", "vendors") == (0.5556, 3, 2)
    (before,) = ask(world, "concentration", by="all", owners="rolled-up", as_of="2021-12-31")
    assert numbers(before, "hhi", "pairs", "vendors") == (0.375, 4, 3)


def test_no_choice_of_the_silent_lies_outside_the_bounds(world: Store) -> None:
    """Each of two silent trusts has any two or fewer of the vendors, or of others."""
    (row,) = ask(world, "concentration", by="all")
    lower, upper = numbers(row, "hhi_lower", "hhi_upper")
    offered = range(7)
    choices = [held for size in range(3) for held in combinations(offered, size)]
    for one in choices:
        for other in choices:
            sizes = [2, 1, 1, 0, 0, 0, 0]
            for vendor in (*one, *other):
                sizes[vendor] += 1
            index = sum(size * size for size in sizes) / sum(sizes) ** 2
            assert lower - 0.0001 <= index <= upper + 0.0001


def test_the_report_on_clinical_ai_has_its_figures(release: Release) -> None:
    labels = Labels(release.labels)

    def asked(name: str, **values: str) -> list[dict[str, str]]:
        values["source"] = "foi-report-2025"
        card = answer(release.store, labels, get(name), values, rows_alone=True)
        return [dict(zip(card.columns, row, strict=True)) for row in card.rows]

    (row,) = asked("concentration", by="all")
    assert numbers(row, "hhi", "pairs", "vendors", "cohort") == (0.0648, 115, 37, 149)
    first, second, *_ = (int(one["trusts"]) for one in asked("vendor-concentration"))
    assert round(100 * (first + second) / 115, 1) == 24.3
    assert float(row["top_2"]) == round((first + second) / 115, 4)
    assert row["leader"] == "Brainomix"
    regions = asked("concentration", by="region")
    for name in ("pairs", "cohort", "silent"):
        assert sum(int(one[name]) for one in regions) == int(row[name])
    pairs = {(one["vendor_a"], one["vendor_b"]): one["trusts"] for one in asked("vendor-pairs")}
    assert pairs["Brainomix", "HeartFlow"] == "6" == max(pairs.values())
    (rolled,) = asked("concentration", by="all", owners="rolled-up")
    assert rolled["hhi"] == asked("ownership-roll-up")[0]["hhi_owners"] > row["hhi"]
    assert asked("vendor-concentration")[0]["hhi"] == row["hhi"]


def test_products_that_meet_are_set_against_chance(world: Store) -> None:
    assert ask(world, "product-pairs") == []
    # Two trusts have Scan, one has Read, and two have a named product: 2 * 1 / 2.
    (row,) = ask(world, "product-pairs", least="1")
    assert (row["product_a"], row["product_b"], row["trust"]) == ("Read", "Scan", "anna")
    assert numbers(row, "trusts", "expected", "lift", "all_trusts") == (1, 1, 1, 2)
    # Cora did not answer, and Dora named nothing: both may have the two.
    assert numbers(row, "trusts_upper") == (3,)


# Networks


def said(store: Store, view: str, name: str, term: str) -> str:
    position = thing(f"position/{view}/org/slug/{name}")
    (quad,) = store.quads_for_pattern(position, atlas(term), None, None)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object.value.removeprefix(ID)


def test_who_lies_in_between_is_as_by_hand(world: Store) -> None:
    # Seven things, so 6 * 5 / 2 = 15 pairs of others. Anna, Ben and Acme meet in the net alone,
    # three pairs; Finn and Cobalt in the hub, one pair.
    assert said(world, "trust-route-vendor", "net", "betweenness") == "0.2"
    assert said(world, "trust-route-vendor", "hub", "betweenness") == "0.066667"
    assert said(world, "trust-route-vendor", "acme", "betweenness") == "0"
    rows = ask(world, "brokers")
    assert [(row["broker_iri"].rsplit("/")[-1], row["trust"]) for row in rows] == [
        ("net", "anna"),
        ("net", "ben"),
        ("hub", "finn"),
    ]
    assert numbers(rows[0], "trusts", "trusts_only", "vendors") == (2, 2, 1)


def test_reach_counts_trusts_two_ties_away(world: Store) -> None:
    found = {
        name: said(world, "trust-route-vendor", name, "reach")
        for name in ("acme", "net", "anna", "cobalt", "finn")
    }
    assert found == {"acme": "2", "net": "2", "anna": "1", "cobalt": "1", "finn": "0"}


def test_communities_are_as_by_hand(world: Store) -> None:
    view = "trust-route-vendor"
    for one in ("anna", "ben", "net", "acme"):
        assert said(world, view, one, "inCommunity") == f"community/{view}/1"
    for one in ("finn", "hub", "cobalt"):
        assert said(world, view, one, "inCommunity") == f"community/{view}/2"
    # Five ties: 3/5 - (6/10)² and 2/5 - (4/10)², 0.24 each.
    (quad,) = world.quads_for_pattern(thing(f"view/{view}"), atlas("modularity"), None, None)
    assert quad.object == Literal("0.48", datatype=NamedNode(f"{XSD}decimal"))
    rows = ask(world, "communities", view=view)
    assert [(row["community"], row["members"]) for row in rows] == [("1", "4")] * 4 + [
        ("2", "3")
    ] * 3
    assert {row["around"] for row in rows[:4]} == {rows[0]["around"]}


def test_without_its_claims_nobody_lies_in_between(world: Store) -> None:
    for claim in ("claim-3", "route-3"):
        for quad in list(world.quads_for_pattern(thing(claim), None, None, None)):
            world.remove(quad)
    left = {quad.subject for quad in measures.observe(world)}
    assert thing("position/trust-route-vendor/org/slug/net") in left
    assert thing("position/trust-route-vendor/org/slug/hub") not in left
    assert [row["trust"] for row in ask(world, "brokers")] == ["anna", "ben"]


def test_where_nothing_is_tied_nothing_is_measured() -> None:
    assert list(measures.observe(Store())) == []


def test_what_is_no_thing_is_left_to_validation(world: Store) -> None:
    route = thing("route-3")
    for value in (Literal("the hub"), NamedNode("https://example.org/hub")):
        world.remove(next(world.quads_for_pattern(route, atlas("intermediary"), None, None)))
        world.add(Quad(route, atlas("intermediary"), value, thing("graph/made")))
        left = {quad.subject for quad in measures.observe(world)}
        assert thing("position/trust-route-vendor/org/slug/net") in left
        assert thing("position/trust-route-vendor/org/slug/finn") not in left


WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(1, 4),
    min_size=1,
    max_size=30,
)


@given(WEIGHTS)
def test_no_two_communities_are_better_as_one(weights: dict[tuple[int, int], int]) -> None:
    parts = centrality.communities(12, weights)
    assert sorted(one for part in parts for one in part) == list(range(12))
    whole = centrality.modularity(parts, weights)
    for one, other in combinations(parts, 2):
        rest = [part for part in parts if part not in (one, other)]
        assert centrality.modularity([*rest, one + other], weights) <= whole + 1e-12
    backwards = dict(reversed(weights.items()))
    assert centrality.communities(12, backwards) == parts


@given(WEIGHTS)
def test_betweenness_is_that_of_networkx(weights: dict[tuple[int, int], int]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(12))
    graph.add_edges_from(weights)
    expected = nx.betweenness_centrality(graph)
    found = centrality.betweenness(12, weights)
    assert found == pytest.approx([expected[one] for one in range(12)])


@given(WEIGHTS)
def test_reach_is_what_paths_say(weights: dict[tuple[int, int], int]) -> None:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(12))
    graph.add_edges_from(weights)
    wanted = {0, 3, 6, 9}
    expected = [
        len(wanted & set(nx.single_source_shortest_path_length(graph, one, 2)) - {one})
        for one in range(12)
    ]
    assert centrality.reach(12, weights, wanted) == expected


# The release


@pytest.mark.parametrize("view", MEASURED)
def test_every_thing_in_an_export_has_its_measures(view: str, release: Release) -> None:
    with network(release.store, view) as net:
        for node in net.nodes():
            position = thing(f"position/{view}/{node.id}")
            of = {
                quad.predicate.value.rsplit("#")[-1]: quad.object
                for quad in release.store.quads_for_pattern(position, None, None, None)
                if isinstance(quad.object, Literal)
            }
            assert int(of["degree"].value) == node.degree
            assert (of["betweenness"].value, of["reach"].value) == (node.betweenness, node.reach)
            assert int(node.community) >= 1


@pytest.mark.parametrize("view", sorted(set(VIEWS) - set(MEASURED)))
def test_other_views_show_the_measures_of_the_first(view: str, release: Release) -> None:
    with network(release.store, MEASURED[0]) as net:
        first = {one.id: (one.community, one.betweenness, one.reach) for one in net.nodes()}
    with network(release.store, view) as net:
        found = {one.id: (one.community, one.betweenness, one.reach) for one in net.nodes()}
    assert found == {one: first.get(one, ("", "", "")) for one in found}
    assert found.keys() & first.keys()


def test_a_position_rests_on_the_claims_of_its_ties(release: Release) -> None:
    vendor = thing("org/slug/brainomix")
    position = thing("position/trust-vendor/org/slug/brainomix")
    claims = {
        quad.object.value
        for quad in release.store.quads_for_pattern(position, DERIVED_FROM, None, None)
        if isinstance(quad.object, NamedNode)
    }
    ties = {
        quad.subject.value
        for quad in release.store.quads_for_pattern(None, atlas("tie"), vendor, None)
        if isinstance(quad.subject, NamedNode)
    }
    reports = {
        claim
        for claim in claims
        if any(
            release.store.quads_for_pattern(NamedNode(claim), RDF_TYPE, atlas("StatusReport"), None)
        )
    }
    assert claims == reports
    assert ties <= claims


# Cubes: what the catalogue answers, kept as observations


def observations(store: Store, name: str) -> dict[str, dict[str, set[str]]]:
    """The values of each observation of a table, by its IRI."""
    found: dict[str, dict[str, set[str]]] = {}
    for row in store.quads_for_pattern(None, cube("dataSet"), thing(f"cube/{name}"), None):
        of = found.setdefault(row.subject.value, {})
        for quad in store.quads_for_pattern(row.subject, None, None, None):
            local = quad.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
            of.setdefault(local, set()).add(quad.object.value)
    return found


def test_a_small_world_keeps_the_concentration_that_was_worked_out_by_hand(world: Store) -> None:
    kept = observations(world, "concentration")
    assert len(kept) == 2 * 3
    whole = kept[thing("concentration/as-supplied/all").value]
    assert whole["herfindahlIndex"] == {"0.375"}
    assert (whole["herfindahlLower"], whole["herfindahlUpper"]) == ({"0.1563"}, {"0.5"})
    assert (whole["pairCount"], whole["silentCount"]) == ({"4"}, {"2"})
    assert whole["wasDerivedFrom"] == {thing(f"claim-{place}").value for place in range(4)}
    south = kept[thing("concentration/rolled-up/region/south").value]
    assert south["wasDerivedFrom"] == {thing("claim-3").value}
    assert south["ofGroup"] == {thing("org/slug/south").value}
    # Acme bought Beta: 3 of 4 pairs are Acme's; Anna's two vendors are one party.
    owned = kept[thing("concentration/rolled-up/all").value]
    assert (owned["vendorCount"], owned["leadingVendor"]) == ({"2"}, {thing("org/slug/acme").value})


def test_where_nothing_is_reported_no_table_is_kept() -> None:
    assert list(cubes.observe(Store())) == []


@pytest.mark.parametrize("owners", ["as-supplied", "rolled-up"])
def test_a_release_keeps_what_concentration_answers(owners: str, release: Release) -> None:
    kept = observations(release.store, "concentration")
    rows = ask(release.store, "concentration", owners=owners)
    assert rows
    found = {
        (next(iter(one["grouping"])), next(iter(one["groupName"]))): one
        for one in kept.values()
        if one["vendorsCounted"] == {owners}
    }
    assert found.keys() == {(row["by"], row["group"]) for row in rows}
    for row in rows:
        one = found[row["by"], row["group"]]
        for column, term in (cubes.INDEXES | cubes.COUNTS).items():
            assert {float(value) for value in one[term]} == {float(row[column])}, (row, term)
        assert row["claim"] in one["wasDerivedFrom"]


def test_a_concentration_rests_on_a_claim_of_each_of_its_pairs(release: Release) -> None:
    for name, one in observations(release.store, "concentration").items():
        if "as-supplied" not in name:
            continue
        pairs = set()
        for claim in one["wasDerivedFrom"]:
            subject = NamedNode(claim)
            (trust,) = {
                quad.object.value
                for quad in release.store.quads_for_pattern(subject, atlas("tiedTrust"), None, None)
            }
            pairs |= {
                (trust, quad.object.value)
                for quad in release.store.quads_for_pattern(subject, atlas("tie"), None, None)
            }
        assert {str(len(pairs))} == one["pairCount"], name


@pytest.mark.parametrize(
    ("name", "question", "ends", "figures"),
    [
        (
            "product-pairs",
            "product-pairs",
            ("a_iri", "b_iri"),
            {
                "trusts": "trustCount",
                "trusts_upper": "trustUpper",
                "expected": "expectedTrusts",
                "lift": "lift",
            },
        ),
        ("trust-peers", "trust-peers", ("", "peer_iri"), {"shared": "sharedCount"}),
    ],
)
def test_a_release_keeps_each_pair_once_with_all_its_claims(
    name: str, question: str, ends: tuple[str, str], figures: dict[str, str], release: Release
) -> None:
    kept = {
        frozenset((*one["oneOfPair"], *one["otherOfPair"])): one
        for one in observations(release.store, name).values()
    }
    assert len(kept) == len(observations(release.store, name)) > 0
    claims: dict[frozenset[str], set[str]] = {}
    for row in ask(release.store, question):
        first = row[ends[0]] if ends[0] else thing(f"org/ods/{row['ods']}").value
        pair = frozenset((first, row[ends[1]]))
        claims.setdefault(pair, set()).update(
            row[column] for column in ("claim", "claim_b", "own_claim") if row.get(column)
        )
        for column, term in figures.items():
            assert {float(value) for value in kept[pair][term]} == {float(row[column])}
    assert claims == {pair: one["wasDerivedFrom"] for pair, one in kept.items()}


@pytest.mark.parametrize("name", ["concentration", "product-pairs", "trust-peers"])
def test_each_observation_has_what_its_structure_says(name: str, release: Release) -> None:
    """The integrity constraints of the Data Cube: all dimensions and measures, and no two alike."""
    graph = ontology.load()
    structure = URIRef(f"https://w3id.org/careatlas/def/{name}")
    parts = {
        kind: {
            str(term).rsplit("#", maxsplit=1)[-1]
            for component in graph.objects(structure, QB.component)
            for term in graph.objects(component, QB[kind])
        }
        for kind in ("dimension", "measure")
    }
    assert parts["dimension"]
    assert parts["measure"]
    seen = set()
    for one in observations(release.store, name).values():
        assert all(len(one[term]) == 1 for term in parts["dimension"] | parts["measure"])
        key = tuple(next(iter(one[term])) for term in sorted(parts["dimension"]))
        assert key not in seen
        seen.add(key)
