"""Exports of a release in the formats of RDF, sorted, so that the same release gives the same bytes."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import IO, Literal, Protocol, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple, serialize

from careatlas.graph.dataset import stated

PREFIXES = {
    "atlas": "https://w3id.org/careatlas/def#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "org": "http://www.w3.org/ns/org#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
Format = Literal["turtle", "trig", "nquads", "jsonld"]


class Output(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""


def export(store: Store, kind: Format, path: Path, subjects: Iterable[str] | None = None) -> None:
    """Write the quads of a release to a file."""
    with path.open("wb") as file:
        write(store, kind, file, subjects)


def write(
    store: Store, kind: Format, output: Output, subjects: Iterable[str] | None = None
) -> None:
    """Write the quads of a release, or those of some subjects; Turtle holds the union of graphs."""
    chosen = stated(store)
    if subjects is not None:
        about = (store.quads_for_pattern(NamedNode(iri), None, None) for iri in subjects)
        chosen = (quad for quad in chain.from_iterable(about) if quad.graph_name != DefaultGraph())
    quads = sorted(chosen, key=lambda quad: (str(quad.graph_name), str(quad)))
    file = cast("IO[bytes]", output)  # the engine calls nothing of it but write
    if kind == "turtle":
        union = {Triple(quad.subject, quad.predicate, quad.object) for quad in quads}
        serialize(sorted(union, key=str), file, FORMATS[kind], prefixes=PREFIXES)
    elif kind == "trig":
        serialize(quads, file, FORMATS[kind], prefixes=PREFIXES)
    else:
        serialize(quads, file, FORMATS[kind])
