"""Writes the Turtle files in one fixed order, so that a change shows as a small diff.

Run `python -m careatlas.ontology.canonical` after an edit. The order: prefixes by name; the ontology
or scheme; every other subject by IRI; axioms without a name last. A comment is kept only at the
head of a file: reasons belong into `skos:editorialNote`, where they are data.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef

if TYPE_CHECKING:
    from rdflib.term import Node

PREFIXES = {
    "atlas": "https://w3id.org/careatlas/def#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "id": "https://w3id.org/careatlas/id/",
    "module": "https://w3id.org/careatlas/def/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "scheme": "https://w3id.org/careatlas/scheme/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "time": "http://www.w3.org/2006/time#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FIRST: list[Node] = [
    RDF.type,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.propertyChainAxiom,
    OWL.inverseOf,
    RDFS.domain,
    RDFS.range,
    RDFS.label,
    SKOS.prefLabel,
    SKOS.altLabel,
    SKOS.notation,
    SKOS.definition,
    SKOS.example,
]


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.used: dict[str, str] = {}

    def iri(self, node: URIRef) -> str:
        concept = re.fullmatch(PREFIXES["scheme"] + r"([a-z-]+)/([A-Za-z0-9-]+)", node)
        if concept:
            self.used[concept[1]] = f"{PREFIXES['scheme']}{concept[1]}/"
            return f"{concept[1]}:{concept[2]}"
        for prefix, base in PREFIXES.items():
            local = node.removeprefix(base)
            if local != node and re.fullmatch(r"[A-Za-z][\w-]*", local):
                self.used[prefix] = base
                return f"{prefix}:{local}"
        return f"<{node}>"

    def term(self, node: Node, depth: int) -> str:
        if isinstance(node, URIRef):
            return self.iri(node)
        if isinstance(node, Literal):
            bare = Literal(str(node), lang=node.language).n3()
            return f"{bare}^^{self.iri(node.datatype)}" if node.datatype else bare
        if (node, RDF.first, None) in self.graph:
            items = [self.term(item, depth + 1) for item in self.graph.items(node)]
            pad = "\n" + "    " * (depth + 1)
            return f"({pad}{pad.join(items)}\n{'    ' * depth})"
        return f"[\n{self.properties(node, depth + 1)}\n{'    ' * depth}]"

    def properties(self, subject: Node, depth: int) -> str:
        lines = []
        for predicate in sorted(set(self.graph.predicates(subject)), key=_rank):
            verb = "a" if predicate == RDF.type else self.term(predicate, depth)
            values = sorted(self.term(o, depth) for o in self.graph.objects(subject, predicate))
            pad = " ,\n" + "    " * (depth + 1)
            lines.append(f"{'    ' * depth}{verb} {pad.join(values)}")
        return " ;\n".join(lines)

    def block(self, subject: Node) -> str:
        name = self.term(subject, 0) if isinstance(subject, URIRef) else "[]"
        return f"{name}\n{self.properties(subject, 1)} .\n"


def _rank(predicate: Node) -> tuple[int, str]:
    return (FIRST.index(predicate) if predicate in FIRST else len(FIRST), str(predicate))


def canonical(text: str) -> str:
    """The same Turtle in the fixed order; its head comment stays."""
    graph = Graph()
    graph.parse(data=text, format="turtle")
    writer = _Writer(graph)
    inner = {node for node in graph.objects() if isinstance(node, BNode)}
    heads = {
        node
        for kind in (OWL.Ontology, SKOS.ConceptScheme)
        for node in graph.subjects(RDF.type, kind)
    }
    subjects = set(graph.subjects()) - inner
    named = sorted(
        (s for s in subjects if isinstance(s, URIRef)), key=lambda s: (s not in heads, s)
    )
    blocks = [writer.block(subject) for subject in named]
    blocks += sorted(writer.block(s) for s in subjects if isinstance(s, BNode))
    comment = re.match(r"(?:#.*\n)*", text)
    prefixes = [f"@prefix {name}: <{base}> .\n" for name, base in sorted(writer.used.items())]
    return (comment[0] if comment else "") + "".join(prefixes) + "\n" + "\n".join(blocks)


def main() -> None:
    """Rewrites every Turtle file of the ontology that is not in the fixed order."""
    for path in sorted(Path(__file__).parent.rglob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        path.write_text(canonical(text), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
