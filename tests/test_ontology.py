"""The ontology is well made, in OWL 2 DL, and says what it should when it is reasoned over."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import shutil
import warnings
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from types import ModuleType

import pytest
from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from careatlas import ontology
from careatlas.graph.release import Release
from careatlas.ontology.canonical import canonical

ATLAS = Namespace(ontology.NAMESPACE)
DCT = Namespace("http://purl.org/dc/terms/")
VANN = Namespace("http://purl.org/vocab/vann/")
HEADER = URIRef("https://w3id.org/careatlas/def")
ID = Namespace("https://w3id.org/careatlas/id/")
ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "fixtures" / "ontology"
EVERYTHING = ontology.load()
SCHEMES = sorted(
    s for s in EVERYTHING.subjects(RDF.type, SKOS.ConceptScheme) if isinstance(s, URIRef)
)
TERM_KINDS = [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty]
TERMS = sorted(
    {t for kind in TERM_KINDS for t in EVERYTHING.subjects(RDF.type, kind) if isinstance(t, URIRef)}
)
OURS = [term for term in TERMS if term in ATLAS]
PROPERTIES = [t for t in OURS if (t, RDF.type, OWL.Class) not in EVERYTHING]
CLOSED_LISTS = [
    "affiliation-role",
    "agreement-kind",
    "award-role",
    "barrier",
    "change-kind",
    "clinical-domain",
    "confidence",
    "conflict-resolution",
    "conflict-type",
    "disclosure",
    "disclosure-detail",
    "evidence-grade",
    "exemption",
    "governance-kind",
    "governance-state",
    "group-kind",
    "instrument-kind",
    "involvement",
    "match-method",
    "measure-kind",
    "membership-status",
    "milestone-kind",
    "milestone-state",
    "modality",
    "network-kind",
    "organisation-kind",
    "party-role",
    "precision",
    "procurement-method",
    "project-kind",
    "rate-period",
    "register-relation",
    "route-type",
    "severity",
    "source-kind",
    "statement-kind",
    "status",
    "trust-type",
    "unit",
    "use-case",
]
STATUS = [
    "deployed-not-used",
    "ended",
    "exploring",
    "implementing",
    "live",
    "paused",
    "procured",
    "research-only",
    "trialling",
    "unspecified",
]
REASONABLE = {
    XSD.string,
    RDF.langString,
    XSD.boolean,
    XSD.decimal,
    XSD.integer,
    XSD.nonNegativeInteger,
    XSD.dateTime,
    XSD.anyURI,
}

Rectangle = tuple[float, float, float, float]

needs_java = pytest.mark.skipif(
    shutil.which("java") is None and not os.environ.get("CI"),
    reason="HermiT runs on Java, which is not installed here; CI runs it always",
)


def local(term: Node | None) -> str:
    return re.split(r"[#/]", str(term))[-1]


def ours(node: Node) -> bool:
    return isinstance(node, URIRef) and node in ATLAS


def logical(graph: Graph) -> Graph:
    """The triples a reasoner is to see: no notes, no addresses, no literal it cannot take."""
    notes = {*graph.subjects(RDF.type, OWL.AnnotationProperty), RDFS.label, RDFS.isDefinedBy}
    notes |= {SKOS.memberList, OWL.versionIRI, OWL.versionInfo, OWL.imports}
    listed = {n for start in graph.objects(None, SKOS.memberList) for n in cells(graph, start)}
    kept = Graph()
    for triple in graph:
        subject, predicate, value = triple
        unfit = isinstance(value, Literal) and (
            (value.datatype or (RDF.langString if value.language else XSD.string)) not in REASONABLE
        )
        if predicate not in notes and subject not in listed and value != OWL.Ontology and not unfit:
            kept.add(triple)
    return kept


def cells(graph: Graph, start: Node) -> set[Node]:
    rest = graph.transitive_objects(start, RDF.rest)
    return {start} | {node for node in rest if node is not None and node != RDF.nil}


def hermit(graph: Graph) -> tuple[bool, set[str], dict[str, set[str]]]:
    """Whether the graph is consistent, its unsatisfiable classes, and the classes of each thing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import owlready2 as owl

    triples = logical(graph)
    for thing in {s for s in triples.subjects() if isinstance(s, URIRef)} - set(TERMS):
        triples.add((thing, RDF.type, OWL.NamedIndividual))
    triples.add((HEADER, RDF.type, OWL.Ontology))
    world = owl.World()
    # owlready2 reads Turtle as nothing without a word: N-Triples only, and count the classes.
    world.get_ontology(str(HEADER)).load(
        fileobj=io.BytesIO(triples.serialize(format="nt", encoding="utf-8")), format="ntriples"
    )
    assert len(list(world.classes())) > 40
    try:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            # The machine of Java would spend more on making the reasoner quick than that saves.
            patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            warnings.simplefilter("ignore")
            owl.sync_reasoner_hermit(world, debug=0)
    except owl.OwlReadyInconsistentOntologyError:
        return False, set(), {}
    kinds = {
        i.iri: {c.iri for c in i.INDIRECT_is_a if hasattr(c, "iri")} for i in world.individuals()
    }
    unsatisfiable = {c.iri for c in world.inconsistent_classes()} - {str(OWL.Nothing)}
    return True, unsatisfiable, kinds


def closure(graph: Graph) -> Graph:
    """What an OWL RL closure makes of the graph."""
    import owlrl

    closed = Graph(store="SimpleMemory")  # several times quicker than one that knows contexts
    closed += logical(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    return closed


def faults(closed: Graph, graph: Graph) -> list[str]:
    """What the closure of the graph adds that must not be: equal things, impossible things."""
    before = set(graph.subject_objects(OWL.sameAs))
    same = {
        (one, other)
        for one, other in closed.subject_objects(OWL.sameAs)
        if one != other and isinstance(one, URIRef) and isinstance(other, URIRef)
    }
    error = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
    errors = closed.subjects(RDF.type, error)
    texts = {o for e in errors for o in closed.objects(e) if isinstance(o, Literal)}
    return sorted(
        [f"{one} sameAs {other}" for one, other in same - before]
        + [f"{thing} is Nothing" for thing in closed.subjects(RDF.type, OWL.Nothing)]
        + [f"contradiction: {text}" for text in texts]
    )


def cyclic(graph: Graph, predicate: URIRef) -> set[Node]:
    above: dict[Node, set[Node]] = defaultdict(set)
    for one, other in graph.subject_objects(predicate):
        above[one].add(other)
    return {node for node in above if node in reach(above, above[node])}


def reach(above: dict[Node, set[Node]], start: set[Node]) -> set[Node]:
    seen: set[Node] = set()
    ahead = set(start)
    while ahead:
        seen |= ahead
        ahead = {far for node in ahead for far in above.get(node, set())} - seen
    return seen


# Files


def test_every_file_is_shipped_and_loaded() -> None:
    there = {path.name for path in (ROOT / "ontology").rglob("*.ttl")}
    assert {file.name for file in ontology.files(alignments=True)} == there
    assert {file.name for file in ontology.files()} == there - {"alignments.ttl"}


@pytest.mark.parametrize("path", sorted((ROOT / "ontology").rglob("*.ttl")), ids=lambda p: p.stem)
def test_files_are_in_the_fixed_order(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert canonical(text) == text, "run python -m careatlas.ontology.canonical"


def test_alignments_stay_apart_and_are_only_close() -> None:
    (path,) = set(ontology.files(alignments=True)) - set(ontology.files())
    extra = Graph().parse(data=path.read_text(encoding="utf-8"), format="turtle")
    added = [t for t in extra if ours(t[0])]
    assert added
    assert {predicate for _, predicate, _ in added} == {SKOS.closeMatch}
    assert {subject for subject, _, _ in added} <= set(OURS)
    assert not [t for t in EVERYTHING if t[1] == SKOS.closeMatch]


# Hygiene


def test_the_header_is_complete() -> None:
    wanted = [DCT.title, DCT.description, DCT.license, DCT.creator, OWL.versionIRI, OWL.versionInfo]
    wanted += [VANN.preferredNamespacePrefix, VANN.preferredNamespaceUri]
    assert [p for p in wanted if (HEADER, p, None) not in EVERYTHING] == []
    assert isinstance(EVERYTHING.value(HEADER, DCT.license), URIRef)
    version = EVERYTHING.value(HEADER, OWL.versionInfo)
    assert EVERYTHING.value(HEADER, OWL.versionIRI) == URIRef(f"{HEADER}/{version}")
    prior = EVERYTHING.value(HEADER, OWL.priorVersion)
    assert isinstance(prior, URIRef) or str(version) == "0.1.0"
    modules = set(EVERYTHING.subjects(RDF.type, OWL.Ontology)) - {HEADER}
    assert modules == set(EVERYTHING.objects(HEADER, DCT.hasPart))
    assert not list(EVERYTHING.subject_objects(OWL.imports))


@pytest.mark.parametrize("term", TERMS, ids=local)
def test_every_term_has_one_label_and_one_definition(term: URIRef) -> None:
    for predicate in (RDFS.label, SKOS.definition):
        values = list(EVERYTHING.objects(term, predicate))
        assert len(values) == 1, predicate
        text = values[0]
        assert isinstance(text, Literal)
        assert text.language == "en"
        assert str(text) == " ".join(str(text).split()), "spaces"
    assert EVERYTHING.value(term, RDFS.label) != EVERYTHING.value(term, SKOS.definition)
    home = EVERYTHING.value(term, RDFS.isDefinedBy)
    assert isinstance(home, URIRef)


@pytest.mark.parametrize("term", OURS, ids=local)
def test_our_terms_have_a_home_an_example_and_a_name_in_style(term: URIRef) -> None:
    home = EVERYTHING.value(term, RDFS.isDefinedBy)
    assert (home, RDF.type, OWL.Ontology) in EVERYTHING
    text = (ROOT / "ontology" / f"{local(home)}.ttl").read_text(encoding="utf-8")
    assert f"\natlas:{local(term)}\n" in text
    assert len(list(EVERYTHING.objects(term, SKOS.example))) == 1
    is_class = (term, RDF.type, OWL.Class) in EVERYTHING
    assert re.fullmatch(r"[A-Z]\w+" if is_class else r"[a-z]\w+", local(term))


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition], ids=local)
def test_no_two_terms_share_a_text(predicate: URIRef) -> None:
    texts = Counter(str(EVERYTHING.value(term, predicate)).casefold().strip(".") for term in TERMS)
    assert [text for text, count in texts.items() if count > 1] == []


def test_texts_are_in_british_spelling() -> None:
    american = re.compile(r"organiz|center|behavior|\bprogram\b|\bcolor|license\b", re.IGNORECASE)
    found = [
        (local(s), str(o))
        for s, p, o in EVERYTHING
        if p in (RDFS.label, SKOS.definition, SKOS.prefLabel, SKOS.example)
        and (ours(s) or str(s).startswith(ontology.SCHEMES))
        and american.search(str(o))
    ]
    assert found == []


@pytest.mark.parametrize("term", PROPERTIES, ids=local)
def test_a_property_has_domain_and_range_or_says_why_not(term: URIRef) -> None:
    notes = [str(note) for note in EVERYTHING.objects(term, SKOS.editorialNote)]
    for predicate, word in ((RDFS.domain, "domain"), (RDFS.range, "range")):
        given = list(EVERYTHING.objects(term, predicate))
        reasons = [note for note in notes if note.startswith(f"No {word}:")]
        assert (len(given), len(reasons)) in {(1, 0), (0, 1)}


def test_inverses_are_declared_both_ways() -> None:
    pairs = set(EVERYTHING.subject_objects(OWL.inverseOf))
    assert pairs
    assert {(other, one) for one, other in pairs} == pairs
    for one, other in pairs:
        assert shown(EVERYTHING.value(one, RDFS.domain)) == shown(
            EVERYTHING.value(other, RDFS.range)
        )


def shown(thing: Node | None) -> list[str]:
    if isinstance(thing, BNode):
        (members,) = EVERYTHING.objects(thing, OWL.unionOf)
        return sorted(map(str, EVERYTHING.items(members)))
    return [str(thing)]


@pytest.mark.parametrize("predicate", [RDFS.subClassOf, RDFS.subPropertyOf], ids=local)
def test_nothing_is_above_itself(predicate: URIRef) -> None:
    assert cyclic(EVERYTHING, predicate) == set()


def test_no_term_is_used_without_being_declared() -> None:
    language = re.compile(r"http://www\.w3\.org/(1999/02/22-rdf|2000/01/rdf-schema|2002/07/owl)")
    used = {p for _, p, _ in EVERYTHING}
    used |= {node for triple in EVERYTHING for node in triple if ours(node)}
    used |= {
        o for p in (RDF.type, RDFS.subClassOf, RDFS.domain) for o in EVERYTHING.objects(None, p)
    }
    loose = {t for t in used if isinstance(t, URIRef) and not language.match(t)}
    assert loose - set(TERMS) == set()


def test_every_term_is_used() -> None:
    """By a record, a rule, a question or a derivation; the rest says here what it is for."""
    elsewhere = {
        "Claim": "the top of the kinds of claim; a row states one of those",
        "UseCase": "the class of the concepts of one scheme",
        "Vendor": "inferred from atlas:supplies",
        "hasDeployment": "the inverse that the chain runs through",
        "hasAnyDeploymentOf": "inferred through the chain",
        "developedBy": "for products that a trust built; no table states it yet",
        "derivedFromClaim": "for repeats; documents are tied by atlas:derivedFrom so far",
    }
    places = [("graph", "*.py"), ("queries", "**/*.rq"), ("shapes", "*.ttl"), ("careatlas", "*.py")]
    files = [file for folder, glob in places for file in (ROOT / folder).glob(glob)]
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"atlas:(\w+)|\"(\w+)\"", texts))
    words = {word for pair in used for word in pair if word}
    assert sorted({local(term) for term in OURS} - words - set(elsewhere)) == []


# OWL 2 DL


def test_a_term_is_of_one_kind() -> None:
    kinds = {t: [k for k in TERM_KINDS if (t, RDF.type, k) in EVERYTHING] for t in TERMS}
    assert {t: k for t, k in kinds.items() if len(k) != 1} == {}


def test_data_properties_have_ranges_that_the_reasoner_takes() -> None:
    ranges = {
        term: EVERYTHING.value(term, RDFS.range)
        for term in OURS
        if (term, RDF.type, OWL.DatatypeProperty) in EVERYTHING
    }
    assert set(ranges.values()) - {None} <= REASONABLE


def test_properties_that_follow_from_others_are_not_restricted() -> None:
    complex_ones = set(EVERYTHING.subjects(RDF.type, OWL.TransitiveProperty))
    complex_ones |= set(EVERYTHING.subjects(OWL.propertyChainAxiom))
    assert complex_ones
    above = {p: set(EVERYTHING.objects(p, RDFS.subPropertyOf)) for p in EVERYTHING.subjects()}
    complex_ones |= reach(above, complex_ones)
    restricting = [OWL.AsymmetricProperty, OWL.IrreflexiveProperty]
    assert [p for p in complex_ones for k in restricting if (p, RDF.type, k) in EVERYTHING] == []


def test_nothing_can_make_two_things_one() -> None:
    """A count or a key would do it, for names are not unique to a reasoner; shapes count."""
    banned = {
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.hasKey,
        OWL.sameAs,
        OWL.equivalentClass,
        OWL.cardinality,
        OWL.maxCardinality,
        OWL.qualifiedCardinality,
        OWL.maxQualifiedCardinality,
    }
    assert banned & {node for triple in EVERYTHING for node in triple} == set()


def test_the_top_categories_are_disjoint() -> None:
    groups = [set(EVERYTHING.items(m)) for m in EVERYTHING.objects(None, OWL.members)]
    top = max(groups, key=len)
    foreign = {  # roles, and classes that lie below one of the others
        c
        for c in OURS
        if (c, RDF.type, OWL.Class) in EVERYTHING
        and not top & {c, *EVERYTHING.transitive_objects(c, RDFS.subClassOf)}
    }
    assert foreign == set()
    assert not any(ATLAS.Vendor in group for group in groups)


# Schemes


def test_the_closed_lists_are_all_there() -> None:
    assert [local(scheme) for scheme in SCHEMES] == CLOSED_LISTS
    assert sorted(map(local, concepts(URIRef(ontology.SCHEMES + "status")))) == STATUS


def concepts(scheme: Node) -> list[Node]:
    return sorted(EVERYTHING.subjects(SKOS.inScheme, scheme), key=str)


@pytest.mark.parametrize("scheme", SCHEMES, ids=local)
def test_a_scheme_is_whole(scheme: URIRef) -> None:
    found = concepts(scheme)
    assert found
    assert {
        c for c in EVERYTHING.subjects(RDF.type, SKOS.Concept) if str(c).startswith(f"{scheme}/")
    } == {*found}
    tops = set(EVERYTHING.objects(scheme, SKOS.hasTopConcept))
    assert tops == set(EVERYTHING.subjects(SKOS.topConceptOf, scheme))
    names: list[str] = []
    for concept in found:
        assert str(concept) == f"{scheme}/{EVERYTHING.value(concept, SKOS.notation)}"
        assert len(list(EVERYTHING.objects(concept, SKOS.notation))) == 1
        broader = set(EVERYTHING.objects(concept, SKOS.broader))
        assert broader <= set(found)
        assert bool(broader) != (concept in tops)
        labels = list(EVERYTHING.objects(concept, SKOS.prefLabel))
        labels += EVERYTHING.objects(concept, SKOS.altLabel)
        assert all(isinstance(label, Literal) and label.language == "en" for label in labels)
        assert len(list(EVERYTHING.objects(concept, SKOS.prefLabel))) == 1
        assert len(list(EVERYTHING.objects(concept, SKOS.definition))) == 1
        names += [str(label) for label in labels]
    definitions = [str(EVERYTHING.value(c, SKOS.definition)) for c in found]
    for texts in (names, definitions):
        assert [text for text, count in Counter(texts).items() if count > 1] == []
        assert [text for text in texts if text != " ".join(text.split())] == []


def test_broader_has_no_cycle() -> None:
    assert cyclic(EVERYTHING, SKOS.broader) == set()


def test_the_stages_of_adoption_have_an_order() -> None:
    (start,) = EVERYTHING.objects(URIRef(ontology.SCHEMES + "status/in-order"), SKOS.memberList)
    stages = [local(stage) for stage in EVERYTHING.items(start)]
    assert stages == ["exploring", "procured", "implementing", "trialling", "live"]


def test_every_use_case_has_a_clinical_domain() -> None:
    domains = concepts(URIRef(ontology.SCHEMES + "clinical-domain"))
    cases = concepts(URIRef(ontology.SCHEMES + "use-case"))
    given = [list(EVERYTHING.objects(case, ATLAS.clinicalDomain)) for case in cases]
    assert {len(found) for found in given} == {1}
    assert {domain for found in given for domain in found} <= set(domains)
    assert set(cases) == set(EVERYTHING.subjects(RDF.type, ATLAS.UseCase))


def test_a_modality_is_of_dicom_or_says_that_it_is_ours() -> None:
    dicom = "http://dicom.nema.org/resources/ontology/DCM/"
    for concept in concepts(URIRef(ontology.SCHEMES + "modality")):
        matches = list(EVERYTHING.objects(concept, SKOS.exactMatch))
        notes = list(EVERYTHING.objects(concept, SKOS.scopeNote))
        assert bool(matches) != bool(notes)
        assert matches in ([], [URIRef(dicom + local(concept))])


# Reasoning


def example(name: str) -> Graph:
    return EVERYTHING + Graph().parse(FIXTURES / name, format="turtle")


@needs_java
def test_hermit_finds_the_ontology_sound_and_a_trust_to_be_a_vendor() -> None:
    consistent, unsatisfiable, kinds = hermit(example("consistent/trust_as_vendor.ttl"))
    assert consistent
    assert unsatisfiable == set()
    kings = kinds[str(ID["org/ods/RJZ"])]
    assert {str(ATLAS.NHSTrust), str(ATLAS.Vendor), str(ATLAS.Organisation)} <= kings
    unnamed = kinds[str(ID["unresolved/foi-report-2025/icb"])]
    assert str(ATLAS.Organisation) not in unnamed


@needs_java
@pytest.mark.parametrize(
    "path", sorted((FIXTURES / "inconsistent").glob("*.ttl")), ids=lambda p: p.stem
)
def test_hermit_finds_each_wrong_data_set_inconsistent(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# Violates ")
    consistent, _, _ = hermit(EVERYTHING + Graph().parse(path, format="turtle"))
    assert not consistent


def test_there_are_wrong_data_sets() -> None:
    assert len(list((FIXTURES / "inconsistent").glob("*.ttl"))) >= 7


def test_the_rl_closure_of_a_small_world_is_sound_and_follows_the_chain() -> None:
    world = example("consistent/trust_as_vendor.ttl")
    closed = closure(world)
    assert faults(closed, world) == []
    kings, tool = ID["org/ods/RJZ"], ID["product/kings-college-hospital/language-tool"]
    assert (kings, ATLAS.hasAnyDeploymentOf, tool) in closed
    assert (kings, RDF.type, ATLAS.Vendor) in closed
    assert (ID["org/ods/RVR"], RDF.type, ATLAS.Vendor) not in closed


def test_the_rl_closure_shows_a_fault_where_there_is_one() -> None:
    wrong = example("inconsistent/trust_is_board.ttl")
    assert faults(closure(wrong), wrong) != []
    one, other = ID["org/ods/RJZ"], ID["org/ods/RVR"]
    world = example("consistent/trust_as_vendor.ttl")
    world.add((ATLAS.odsCode, RDF.type, OWL.InverseFunctionalProperty))
    for trust in (one, other):
        world.add((trust, ATLAS.odsCode, Literal("RJZ")))
    assert any("sameAs" in fault for fault in faults(closure(world), world))


def test_examples_are_written_in_terms_of_the_ontology() -> None:
    for path in FIXTURES.rglob("*.ttl"):
        graph = Graph().parse(path, format="turtle")
        terms = {n for triple in graph for n in triple if ours(n)}
        assert terms <= set(OURS), path
        assert not [n for triple in graph for n in triple if isinstance(n, BNode)], path


# The page and the picture


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "make"), [("build_model_picture", "picture"), ("build_ontology_page", "page")]
)
def test_what_is_generated_is_up_to_date(name: str, make: str) -> None:
    module = script(name)
    committed = module.TARGET.read_text(encoding="utf-8")
    assert getattr(module, make)(EVERYTHING) == committed, "run make docs"


def test_the_page_is_whole_and_fetches_nothing() -> None:
    html = (ROOT / "ontology" / "ontology.html").read_text(encoding="utf-8")
    anchors = re.findall(r'\bid="([^"]+)"', html)
    assert [anchor for anchor, count in Counter(anchors).items() if count > 1] == []
    assert {local(term) for term in OURS} <= set(anchors)
    assert {f"scheme-{local(scheme)}" for scheme in SCHEMES} <= set(anchors)
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)
    assert re.findall(r'(?:src|href)="(?!#|data:,)[^"]*"|url\((?!#)|@import|<script', html) == []


def test_no_text_of_the_picture_meets_another_or_a_line() -> None:
    module = script("build_model_picture")
    texts = [(text.words, text.rectangle()) for text in module.texts()]
    for (one, a), (other, b) in combinations(texts, 2):
        assert apart(a, b), f"{one} and {other}"
    boxes = [(box.term, (box.x, box.y, box.x + box.w, box.y + box.h)) for box in module.BOXES]
    for box in module.BOXES:
        for text in module.named(box):
            left, top, right, bottom = text.rectangle()
            assert box.x < left, text
            assert right < box.x + box.w, text
            assert box.y < top, text
            assert bottom < box.y + box.h, text
    outside = [arrow.label for arrow in module.ARROWS] + module.NOTES + module.titles()
    lines = [
        (min(x, u), min(y, v), max(x, u), max(y, v))
        for arrow in module.ARROWS
        for (x, y), (u, v) in pairwise(arrow.points)
    ]
    for text in outside:
        found = text.rectangle()
        assert found[0] > 0, text
        assert found[2] < module.WIDTH, text
        for other, box in boxes:
            assert apart(found, box), f"{text.words} on {other}"
        for line in lines:
            assert apart(found, line), f"{text.words} on a line"


def apart(a: Rectangle, b: Rectangle) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def world(release: Release) -> Graph:
    """The ontology with the things of a release and what ties them; a reasoner needs no words."""
    graph = ontology.load()
    for quad in release.store:
        if isinstance(quad.object, NamedNode):
            s, p, o = (URIRef(part.value) for part in (quad.subject, quad.predicate, quad.object))
            graph.add((s, p, o))
    return graph


@needs_java
def test_hermit_finds_the_real_data_consistent(release: Release) -> None:
    consistent, unsatisfiable, kinds = hermit(world(release))
    assert consistent
    assert unsatisfiable == set()
    vendor = str(ID["org/slug/brainomix"])
    assert str(ATLAS.Vendor) in kinds[vendor]


def test_no_two_things_of_the_real_data_become_one(release: Release) -> None:
    """No axiom says so of any, and no statement: a reasoner then finds all that is wrong by finding it inconsistent."""
    merging = {
        OWL.FunctionalProperty,
        OWL.InverseFunctionalProperty,
        OWL.hasKey,
        OWL.sameAs,
        OWL.oneOf,
        OWL.maxCardinality,
        OWL.maxQualifiedCardinality,
        OWL.cardinality,
        OWL.qualifiedCardinality,
    }
    graph = world(release)
    assert {*graph.predicates(), *graph.objects(None, RDF.type)} & merging == set()
