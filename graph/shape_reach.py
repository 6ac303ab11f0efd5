"""What the shapes read of a thing, and which things a change makes them judge anew.

A shape looks at what is said of a thing, at the classes of what this leads to, and in places one
step further or at what leads to the thing. These places are read from the shapes themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store

from careatlas import shapes
from careatlas.graph.dataset import DEFAULT
from careatlas.graph.terms import RDF_TYPE
from careatlas.graph.touched import Change, Node

_SH = "http://www.w3.org/ns/shacl#"
_REST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
_FIRST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")


@dataclass(frozen=True)
class Sight:
    """What the shapes look at beside what is said of a thing."""

    back: frozenset[NamedNode]
    """Properties of which they ask what leads to a thing."""
    far: frozenset[NamedNode]
    """Properties of what a thing leads to, beside its classes."""
    named: frozenset[NamedNode]
    """Things that a shape judges by name."""


@lru_cache(maxsize=1)
def shape_store() -> Store:
    """The shapes that are shipped."""
    store = Store()
    for path in shapes.paths():
        store.bulk_load(path.read_bytes(), format=RdfFormat.TURTLE)
    return store


@lru_cache(maxsize=1)
def sight() -> Sight:
    """What the shapes that are shipped look at."""
    store = shape_store()
    back = _ends(store, "inversePath")
    nested: set[Node] = {*_ends(store, "node"), *_ends(store, "qualifiedValueShape")}
    paths: set[Node] = set()
    seen: set[Node] = set()
    while nested:
        shape = nested.pop()
        seen.add(shape)
        if not isinstance(shape, NamedNode | BlankNode):
            continue
        for quad in store.quads_for_pattern(shape, None, None):
            if quad.predicate.value == _SH + "path":
                paths.add(quad.object)
            elif quad.object not in seen and not quad.predicate.value.endswith("severity"):
                nested.add(quad.object)
    for quad in store.quads_for_pattern(None, NamedNode(_SH + "path"), None):
        if isinstance(quad.object, BlankNode):
            for rest in store.quads_for_pattern(quad.object, _REST, None):
                paths |= set(_members(store, rest.object))
    return Sight(
        frozenset(node for node in back if isinstance(node, NamedNode) and node != RDF_TYPE),
        frozenset(node for node in paths if isinstance(node, NamedNode)),
        frozenset(node for node in _ends(store, "targetNode") if isinstance(node, NamedNode)),
    )


def _ends(store: Store, term: str) -> set[Node]:
    return {quad.object for quad in store.quads_for_pattern(None, NamedNode(_SH + term), None)}


def _members(store: Store, at: Node) -> Iterator[Node]:
    if not isinstance(at, BlankNode):
        return
    for quad in store.quads_for_pattern(at, _FIRST, None):
        yield quad.object
    for quad in store.quads_for_pattern(at, _REST, None):
        yield from _members(store, quad.object)


def shape_foci(change: Change) -> set[str]:
    """The IRIs of all things that a shape may judge otherwise after a change."""
    look = sight()
    found: set[Node] = set()
    seen_from_afar = set()
    for triple in change.triples:
        found.add(triple.subject)
        if triple.predicate in look.back or triple.object in look.named:
            found.add(triple.object)
        if triple.predicate == RDF_TYPE or triple.predicate in look.far:
            seen_from_afar.add(triple.subject)
    for node in seen_from_afar:
        for store in (change.before, change.after):
            found |= {quad.subject for quad in store.quads_for_pattern(None, None, node, DEFAULT)}
            for quad in store.quads_for_pattern(node, None, None, DEFAULT):
                if quad.predicate in look.back:
                    found.add(quad.object)
    return {node.value for node in found if isinstance(node, NamedNode)}
