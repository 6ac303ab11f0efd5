"""Every rule finds what it must, and nothing in a world that conforms; the engines agree."""

import random
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import shifty
from pyoxigraph import Quad, RdfFormat, Store, Triple
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH

from careatlas import ontology, shapes
from careatlas.build import ontology_quads
from careatlas.graph import shape_parts, validate
from careatlas.graph.checks import Check
from careatlas.graph.checks import checks as all_checks
from careatlas.graph.dataset import merged, stated
from careatlas.graph.derive import derive
from careatlas.graph.findings import SEVERITIES, Finding
from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS, GRAPHS, ID, RDF_TYPE

FIXTURES = Path(__file__).parent / "fixtures" / "shapes"
SHAPES = "https://w3id.org/careatlas/shapes#"
PREFIXES = {
    "atlas": ATLAS,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
HEAD = "BASE <https://w3id.org/careatlas/id/>\n" + "".join(
    f"PREFIX {prefix}: <{name}>\n" for prefix, name in PREFIXES.items()
)
BATCH = 64
"""So many examples together when the engines are compared, since one engine is slow to begin;
those that hide each other are compared again in smaller company."""
COMPANY = (16, 8, 1)
"""So many together when each must be found, and then of those that were not."""


@cache
def rules() -> Graph:
    graph = Graph()
    for path in shapes.paths():
        graph.parse(path, format="turtle")
    return graph


def name(shape: object) -> str:
    return str(shape).removeprefix(SHAPES)


@cache
def shape_rules() -> list[str]:
    """The shapes that a finding can name: those that are aimed at something, and their parts."""
    targets = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    own = (SH.closed, SH["or"], SH.xone, SH["and"], SH["not"], SH.pattern, SH.sparql)
    aimed = {shape for target in targets for shape in rules().subjects(target)}
    parts = {part for shape in aimed for part in rules().objects(shape, SH.property)}
    alone = {shape for shape in aimed if any((shape, term, None) in rules() for term in own)}
    return sorted(name(shape) for shape in parts | alone)


@cache
def checks() -> list[Check]:
    return all_checks()


def check_rules() -> list[str]:
    return [check.name for check in checks()]


def examples() -> list[tuple[str, str]]:
    """Updates that break the world in one way, each with the rule that it must trip."""
    found = []
    for path in sorted((FIXTURES / "invalid").glob("*.ru")):
        for block in re.split(r"^# expect: ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[
            1:
        ]:
            rule, _, update = block.partition("\n")
            found.append((rule.strip(), update))
    return found


@cache
def world() -> tuple[Quad, ...]:
    """The little world that conforms, with the ontology and all that follows from it."""
    store = Store()
    store.extend(ontology_quads())
    store.load(path=str(FIXTURES / "valid.trig"), format=RdfFormat.TRIG)
    derive(store, date(2025, 7, 31))
    store.load(path=str(FIXTURES / "derived.trig"), format=RdfFormat.TRIG)
    return tuple(stated(store))


def changed(*updates: str, strict: bool = True) -> Store:
    """The world after the updates; each of them must change it unless others come before."""
    store = Store()
    store.extend(world())
    for update in updates:
        store.update(HEAD + update)
        assert not strict or set(store) != set(world()), f"changes nothing: {update}"
    return store


@cache
def prepared() -> shifty.PreparedValidator:
    return shifty.PreparedValidator(rules())


def found_by_shapes(store: Store) -> set[Finding]:
    data = validate.triples(store)
    _, report, _ = prepared().validate(data, infer=False, on_unsupported="error")
    return set(validate.shape_findings(report))


def results(report: Graph) -> set[tuple[str, str, str]]:
    """Severity, shape and focus of each result, without the details below it."""
    return {
        (
            name(report.value(result, SH.resultSeverity)),
            name(report.value(result, SH.sourceShape)),
            str(report.value(result, SH.focusNode)),
        )
        for result in report.objects(None, SH.result)
    }


@pytest.mark.parametrize("engine", validate.ENGINES)
def test_the_valid_world_has_no_findings(engine: validate.Engine) -> None:
    store = Store()
    store.extend(world())
    assert validate.validate(store, engine) == []


def test_the_valid_world_has_every_property_that_a_shape_is_about() -> None:
    paths = {str(path) for path in rules().objects(None, SH.path) if isinstance(path, URIRef)}
    used = {quad.predicate.value for quad in world()}
    allowed_nowhere = {"http://www.w3.org/2002/07/owl#sameAs"}
    assert paths - used - allowed_nowhere == set()


def test_every_class_of_claims_and_things_has_a_shape() -> None:
    graph = ontology.load() + rules()
    query = """
    SELECT DISTINCT ?class WHERE {
      ?class rdfs:subClassOf* ?top . ?shape sh:targetClass ?top .
    }"""
    covered = {str(row[0]) for row in graph.query(query, initNs={"sh": SH})}  # type: ignore[index]
    used = {str(quad.object)[1:-1] for quad in world() if quad.predicate == RDF_TYPE}
    assert {one for one in used if one.startswith(ATLAS)} <= covered


@pytest.mark.parametrize("rule", [*shape_rules(), *check_rules()])
def test_a_rule_has_an_example(rule: str) -> None:
    assert rule in {expected for expected, _ in examples()}


Example = tuple[str, str]


def unfound(batch: list[Example]) -> list[Example]:
    """The examples whose rule does not find the thing that they alone of the batch change."""
    store = changed(*(update for _, update in batch), strict=len(batch) == 1)
    found = {(one.rule, one.focus) for one in found_by_shapes(store)}

    def own(focus: str, update: str) -> bool:
        name = f"<{focus.removeprefix(ID)}>"
        alone = len(batch) == 1
        return alone or (name in update and sum(name in other for _, other in batch) == 1)

    return [
        (rule, update)
        for rule, update in batch
        if not any(by == rule and own(focus, update) for by, focus in found)
    ]


def test_each_shape_finds_its_example() -> None:
    left = [(rule, update) for rule, update in examples() if rule in shape_rules()]
    for size in COMPANY:
        parts = max(1, len(left) // size)
        left = [one for part in range(parts) for one in unfound(left[part::parts])]
    assert left == []


@pytest.mark.parametrize(
    ("rule", "update"), [one for one in examples() if one[0] not in shape_rules()]
)
def test_a_check_finds_its_example(rule: str, update: str) -> None:
    store = changed(update)
    (check,) = (check for check in checks() if check.name == rule)
    assert list(check.findings(store))


def test_an_example_is_found_by_the_whole_of_validation() -> None:
    update = dict(examples())["StatusReport-status"]
    found = [one for one in validate.validate(changed(update)) if one.rule == "StatusReport-status"]
    assert [(one.severity, one.message) for one in found] == [
        ("Violation", "A status report has exactly one status, from the scheme status.")
    ]


def whole_and_in_parts(
    stated: Iterable[Triple], monkeypatch: pytest.MonkeyPatch, part: int
) -> tuple[set[Finding], set[Finding]]:
    store = Store()
    store.bulk_extend(merged(triple) for triple in stated)
    data = validate.triples(store)
    whole = validate.shape_findings(validate.shapes_report(data, "pyshifty"))
    monkeypatch.setattr(validate, "PART", part)
    return set(whole), in_parts(store)


def in_parts(store: Store) -> set[Finding]:
    found = set(validate.validate(store))
    return {one for one in found if one.rule not in set(check_rules())}


def test_the_examples_are_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    updates = [update for rule, update in examples() if rule in shape_rules()]
    for first in range(3):
        stated = {quad.triple for quad in changed(*updates[first::3], strict=False)}
        whole, parts = whole_and_in_parts(stated, monkeypatch, 2_000)
        assert whole == parts


def test_what_has_no_name_is_found_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    nameless = "INSERT DATA { <deployment/one> atlas:about _:it . _:it a atlas:Deployment }"
    stated = {quad.triple for quad in changed(nameless)}
    whole, parts = (
        {(one.severity, one.rule, one.message, one.focus.startswith(ID)) for one in found}
        for found in whole_and_in_parts(stated, monkeypatch, 2_000)
    )
    assert whole == parts
    assert ("Deployment-deployedBy", False) in {(one[1], one[3]) for one in parts}


def test_no_more_files_are_open_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store()
    store.bulk_extend(merged(quad.triple) for quad in world())
    assert len(list(shape_parts.parts(store, 100))) > 3
    monkeypatch.setattr(shape_parts, "FILES", 3)
    parts = list(shape_parts.parts(store, 100))
    assert len(parts) == 3
    assert {str(quad.subject).encode() for quad in world()} <= {
        thing for part in parts for thing in part.said
    }


@pytest.mark.long
def test_random_damage_is_found_in_parts(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a part of the things leads to stands in other parts."""
    chance = random.Random(7)  # noqa: S311 - no secret
    held = sorted({quad.triple for quad in release.store}, key=str)
    stated = set(held) - set(chance.sample(held, 400))
    for one, other in zip(chance.sample(held, 400), chance.sample(held, 400), strict=True):
        stated.discard(one)
        stated.add(Triple(one.subject, one.predicate, other.object))
    whole, parts = whole_and_in_parts(stated, monkeypatch, 15_000)
    assert len(whole) > 400
    assert whole == parts
    store = Store()
    store.bulk_extend(merged(triple) for triple in stated)
    monkeypatch.setattr(validate, "_cores", lambda: 1)
    assert in_parts(store) == whole


@pytest.mark.long
def test_the_engines_find_the_same() -> None:
    left = [(rule, update) for rule, update in examples() if rule in shape_rules()]
    size = BATCH
    while left:
        hidden = []
        for start in range(0, len(left), size):
            batch = left[start : start + size]
            data = validate.triples(changed(*(update for _, update in batch), strict=size == 1))
            reports = [validate.shapes_report(data, engine) for engine in validate.ENGINES]
            one, other = (results(report) for report in reports)
            assert one == other
            found = {rule for _, rule, _ in one}
            hidden += [(rule, update) for rule, update in batch if rule not in found]
        assert size > 1 or not hidden
        left, size = hidden, max(1, size // 4)


def as_shacl(graph: Graph) -> tuple[bool, str]:
    """Whether shapes are well formed by the shapes for shapes of W3C, which pySHACL ships."""
    own = (files("pyshacl") / "assets" / "shacl-shacl.ttl").read_bytes()
    written = graph.serialize(format="nt", encoding="utf-8")
    conforms, _, text = shifty.validate(written, own, infer=False, on_unsupported="error")
    return conforms, text


def test_the_shapes_are_shacl() -> None:
    conforms, text = as_shacl(rules())
    assert conforms, text


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "sh:property [ sh:path ex:p ; sh:minCount 1 ]",
            'sh:property [ sh:path ex:p ; sh:minCount "one" ]',
        ),
        ("sh:property [ sh:path ex:p ]", "sh:property [ sh:path ex:p, ex:q ]"),
        ("sh:property [ sh:path ex:p ; a sh:PropertyShape ]", "sh:property [ a sh:PropertyShape ]"),
        (
            "sh:property [ sh:path [ sh:inversePath ex:p ] ]",
            'sh:property [ sh:path [ sh:inversePath "x" ] ]',
        ),
        ("sh:in ( ex:a )", "sh:in ex:list"),
        ("sh:nodeKind sh:IRI", "sh:nodeKind ex:Odd"),
        ("sh:closed true", 'sh:closed "yes"'),
        ('sh:pattern "3"', "sh:pattern 3"),
    ],
)
def test_what_is_no_shacl_is_told(right: str, wrong: str) -> None:
    head = f"@prefix sh: <{SH}> . @prefix ex: <urn:example:> . ex:s a sh:NodeShape ; "
    for part, fits in ((right, True), (wrong, False)):
        graph = Graph().parse(data=f"{head}{part} .", format="turtle")
        assert as_shacl(graph)[0] == fits, part


def test_a_shape_says_in_english_what_holds_and_how_bad_it_is_otherwise() -> None:
    for kind in (SH.NodeShape, SH.PropertyShape):
        for shape in rules().subjects(RDF.type, kind):
            messages = list(rules().objects(shape, SH.message))
            assert isinstance(shape, URIRef)
            assert len(messages) == 1, shape
            assert messages[0].language == "en", shape  # type: ignore[attr-defined]
            assert re.fullmatch(r"[A-Z][^\n]+\.", str(messages[0])), messages[0]
            severity = rules().value(shape, SH.severity)
            assert name(severity).removeprefix(str(SH)) in SEVERITIES, shape


def test_a_part_of_a_shape_has_a_name() -> None:
    aimed = set(rules().subjects(SH.targetClass))
    parts = {part for shape in aimed for part in rules().objects(shape, SH.property)}
    assert all(isinstance(part, URIRef) and str(part).startswith(SHAPES) for part in parts)


def test_shapes_leave_queries_to_the_checks() -> None:
    assert list(rules().subject_objects(SH.sparql)) == []


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_a_check_is_named_and_says_what_it_found(check: Check) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", check.name)
    columns = set(re.findall(r"\{(\w+)\}", check.message))
    selected = re.search(r"SELECT (?:DISTINCT )?((?:\?\w+ )*\?\w+)\nWHERE", check.query)
    assert selected, "the columns stand on the first line"
    assert columns
    assert columns <= set(re.findall(r"\w+", selected[1]))


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_a_check_says_as_a_title_what_holds(check: Check) -> None:
    title = re.search(r'^#\+ title = "(.+)"$', check.query, flags=re.MULTILINE)
    assert title
    assert title[1][0].isupper()
    assert not title[1].endswith(".")


def test_the_graph_of_the_ontology_is_there_to_check_against() -> None:
    assert any(quad.graph_name == GRAPHS["ontology"] for quad in world())
