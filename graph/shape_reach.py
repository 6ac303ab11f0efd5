"""What the shapes read: which things a change makes them judge anew, and what they need to see of each.

A shape looks at what is said of a thing, at the classes of what this leads to, and in places one
step further or at what leads to the thing. These places are read from the shapes themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from careatlas import shapes
from careatlas.graph.dataset import DEFAULT
from careatlas.graph.terms import RDF_TYPE
from careatlas.graph.touched import Change, Node

_SH = "http://www.w3.org/ns/shacl#"
_REST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest")
_FIRST = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#first")
_TARGET = NamedNode(_SH + "targetNode")
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")


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
def _shapes() -> Store:
    """The shapes that are shipped."""
    store = Store()
    for path in shapes.paths():
        store.bulk_load(path.read_bytes(), format=RdfFormat.TURTLE)
    return store


@lru_cache(maxsize=1)
def sight() -> Sight:
    """What the shapes that are shipped look at."""
    store = _shapes()
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


def around(store: Store, foci: Iterable[str]) -> Iterator[Quad]:
    """All that the shapes need to see of some things."""
    look = sight()
    near: set[NamedNode] = set()
    for iri in foci:
        focus = NamedNode(iri)
        for quad in store.quads_for_pattern(focus, None, None, DEFAULT):
            yield quad
            if isinstance(quad.object, NamedNode):
                near.add(quad.object)
        wanted = {*look.back, RDF_TYPE} if focus in look.named else look.back
        for term in wanted:
            for quad in store.quads_for_pattern(None, term, focus, DEFAULT):
                yield quad
                if isinstance(quad.subject, NamedNode):
                    near.add(quad.subject)
    for node in near:
        for term in (RDF_TYPE, *look.far):
            yield from store.quads_for_pattern(node, term, None, DEFAULT)
    yield from store.quads_for_pattern(None, _SUBCLASS, None, DEFAULT)


def aimed(store: Store, foci: Iterable[str]) -> bytes:
    """The shapes with those of some things as targets that they have in a store, as N-Triples.

    What stands near these things is seen only in part, and would be found wanting.
    """
    things = [NamedNode(iri) for iri in sorted(foci)]
    above = _above(store)
    of_class: dict[Node, list[NamedNode]] = defaultdict(list)
    for thing in things:
        classes = {
            one
            for quad in store.quads_for_pattern(thing, RDF_TYPE, None, DEFAULT)
            for one in above.get(quad.object, {quad.object})
        }
        for one in classes:
            of_class[one].append(thing)
    found: set[Triple] = set()
    for quad in _shapes():
        term = quad.predicate.value.removeprefix(_SH)
        if term == "targetClass":
            aims = of_class.get(quad.object, [])
        elif term == "targetNode":
            aims = [thing for thing in things if thing == quad.object]
        elif term == "targetSubjectsOf" and isinstance(quad.object, NamedNode):
            aims = [thing for thing in things if _says(store, thing, quad.object)]
        else:
            found.add(quad.triple)
            continue
        found |= {Triple(quad.subject, _TARGET, thing) for thing in aims}
    lines = BytesIO()
    serialize(found, lines, format=RdfFormat.N_TRIPLES)
    return lines.getvalue()


def _above(store: Store) -> dict[Node, set[Node]]:
    """Each class with all that are above it, and itself."""
    direct: dict[Node, set[Node]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None, DEFAULT):
        direct[quad.subject].add(quad.object)
    found: dict[Node, set[Node]] = {}
    for one in direct:
        reached, ahead = {one}, [one]
        while ahead:
            fresh = direct.get(ahead.pop(), set()) - reached
            reached |= fresh
            ahead += fresh
        found[one] = reached
    return found


def _says(store: Store, thing: NamedNode, term: NamedNode) -> bool:
    return any(True for _ in store.quads_for_pattern(thing, term, None, DEFAULT))
