"""The SHACL engines report the same of all that the shapes are made of, and on values of every kind.

What they may differ in is said here: pyshifty reports a path that is no single property as a node
without a name, and values that have no order among each other as out of order, as SHACL asks;
pySHACL gives some of these an order, and gives up on others.
"""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import rdflib
from pyoxigraph import RdfFormat, parse, serialize
from rdflib import BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from careatlas import shapes
from careatlas.build import ontology_quads
from careatlas.graph import validate

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib"),
    pytest.mark.filterwarnings("ignore::UserWarning:rdflib"),
]

FEATURES = Path(__file__).parent / "fixtures" / "shapes" / "features.txt"
EX = "urn:example:"
HEAD = f"""
@prefix ex: <{EX}> .
@prefix sh: <{SH}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CLASSES = "ex:Sub rdfs:subClassOf ex:Top . ex:SubSub rdfs:subClassOf ex:Sub .\n"
BESIDE = {SH.path, SH.message, SH.severity}
"""What a shape says that no case need be named for."""
VALUES = FEATURES.with_name("values.txt")
"""Values of every kind, those that nothing here would write among them: one on each line, in Turtle."""
SAMPLED = 7


@pytest.fixture(autouse=True)
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib would write some values anew, and only pySHACL reads with it."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


class Result(NamedTuple):
    """A result of a report."""

    focus: str
    shape: str
    severity: str
    component: str
    path: str
    value: str


def results(report: Graph) -> Counter[Result]:
    def told(result: Node, name: str) -> str:
        node = report.value(result, SH[name])
        return "" if node is None else "_:" if isinstance(node, BNode) else node.n3()

    names = ("focusNode", "sourceShape", "resultSeverity", "sourceConstraintComponent")
    more = ("resultPath", "value")
    return Counter(
        Result(*(told(one, name) for name in (*names, *more)))
        for one in report.objects(None, SH.result)
    )


def findings(report: Graph) -> set[tuple[str, str, str]]:
    """What a finding takes from a result, but for its message."""
    return {one[:3] for one in results(report)}


def shipped() -> bytes:
    return b"".join(path.read_bytes() for path in shapes.paths())


def both(data: str, rules: bytes | None = None) -> tuple[Graph, Graph]:
    """The reports of pyshifty and of pySHACL on Turtle; what the first quickly says to fail is what it reports."""
    stated = serialize({one.triple for one in parse(HEAD + data, RdfFormat.TURTLE)}, format=NT)
    assert stated is not None
    report = validate.shapes_report(stated, "pyshifty", rules)
    reported = {focus.n3() for focus in report.objects(None, SH.focusNode)}
    failing = {one.decode() for one in validate.failing(stated, rules or shipped())}
    assert named(failing) == named(reported)
    assert len(failing) == len(reported)
    return report, validate.shapes_report(stated, "pyshacl", rules)


NT = RdfFormat.N_TRIPLES


def named(nodes: set[str]) -> set[str]:
    return {node for node in nodes if not node.startswith("_:")}


def cases() -> Iterator[tuple[str, str, str]]:
    """Each feature with its shape and its data."""
    for block in FEATURES.read_text(encoding="utf-8").split("\nfeature: ")[1:]:
        feature, _, text = block.partition("\n")
        shape, data = (text + "\n").split("\n", 1)
        yield feature, shape, data


@pytest.mark.parametrize(
    ("feature", "shape", "data"), list(cases()), ids=[one[0] for one in cases()]
)
def test_the_engines_report_the_same_of_a_feature(feature: str, shape: str, data: str) -> None:
    rules = HEAD + shape.replace("ex:s ", "ex:s a sh:NodeShape ; ", 1)
    rules = rules.replace("ex:part sh:path", "ex:part a sh:PropertyShape ; sh:path")
    one, other = map(results, both(CLASSES + data, rules.encode()))
    assert one == other
    named = set(re.findall(r"\bex:(good\d|bad\d)", shape + data))
    found = {result.focus.strip("<>").removeprefix(EX) for result in one}
    assert found - {"_:"} == {name for name in named if name.startswith("bad")}
    assert found, f"nothing is found of {feature}"


@cache
def rules() -> Graph:
    graph = Graph()
    for path in shapes.paths():
        graph.parse(path, format="turtle")
    return graph


def path_kind(graph: Graph, path: Node) -> str:
    if isinstance(path, URIRef):
        return "predicate"
    if (path, RDF.first, None) in graph:
        return f"sequence({','.join(sorted({path_kind(graph, one) for one in Collection(graph, path)}))})"
    ((kind, inner),) = list(graph.predicate_objects(path))
    if kind == SH.alternativePath:
        parts = {path_kind(graph, one) for one in Collection(graph, inner)}
        return f"alternativePath({','.join(sorted(parts))})"
    inside = path_kind(graph, inner)
    return str(kind).removeprefix(str(SH)) + ("" if inside == "predicate" else f"({inside})")


def features(graph: Graph) -> set[str]:
    """The parameters in a graph of shapes, each of nodes or of values, and its kinds of paths."""
    found = {f"path {path_kind(graph, path)}" for path in graph.objects(None, SH.path)}
    for shape, term, _ in graph:
        if str(term).startswith(str(SH)) and term not in {
            *BESIDE,
            SH.inversePath,
            SH.alternativePath,
        }:
            of = "values" if (shape, SH.path, None) in graph else "nodes"
            found.add(f"{str(term).removeprefix(str(SH))} of {of}")
    return found


def test_all_that_the_shapes_are_made_of_has_a_case() -> None:
    shown = set()
    for _, shape, _ in cases():
        shown |= features(Graph().parse(data=HEAD + shape, format="turtle"))
    assert features(rules()) - shown == set()


def test_no_shape_counts_from_and_to_with_a_quality() -> None:
    """pyshifty reports too few as too many where a shape says both."""
    both_said = set(rules().subjects(SH.qualifiedMinCount)) & set(
        rules().subjects(SH.qualifiedMaxCount)
    )
    assert both_said == set()


def things(values: list[str]) -> Iterator[str]:
    """Of each class that shapes are aimed at a thing for each value, which is that of all its properties."""
    paths: dict[Node, set[str]] = defaultdict(set)
    for shape, aim in rules().subject_objects(SH.targetClass):
        for part in rules().objects(shape, SH.property):
            for path in rules().objects(part, SH.path):
                if isinstance(path, URIRef) and path != RDF.type:
                    paths[aim].add(path.n3())
    for number, aim in enumerate(sorted(paths, key=str)):
        for place, value in enumerate(values):
            said = "".join(f" ; {path} {value}" for path in sorted(paths[aim]))
            yield f"<urn:thing:{number}:{place}> a {aim.n3()}{said} .\n"


@pytest.mark.long
def test_the_engines_find_the_same_in_values_of_every_kind() -> None:
    """Each shape on values that nothing here would write."""
    held = VALUES.read_text(encoding="utf-8").splitlines()
    values = random.Random(11).sample(held, SAMPLED)  # noqa: S311 - no secret
    known = serialize({quad.triple for quad in ontology_quads()}, format=NT)
    assert known is not None
    one, other = map(findings, both(known.decode() + "".join(things(values))))
    assert len(one) > 3_000
    assert other - one == set()
    orders = {shape.n3() for shape in rules().subjects(SH.lessThanOrEquals)}
    assert {shape for _, shape, _ in one - other} <= orders


@pytest.mark.parametrize(
    ("part", "value"),
    [("sh:lessThanOrEquals ex:q", "[ ]"), ("sh:minInclusive 0.0", '"NaN"^^xsd:double')],
)
def test_an_engine_that_gives_up_says_so(part: str, value: str) -> None:
    rules = HEAD + f"ex:s sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {part} ] ."
    with pytest.raises(validate.EngineError, match=r"^the SHACL engine pyshacl failed: "):
        both(f"ex:x ex:p {value} ; ex:q 1 .", rules.encode())
