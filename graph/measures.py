"""Measures of networks: communities, who lies in between, and reach, worked out when a release is made.

Each thing in a measured view gets a position in it, as an observation of the RDF Data Cube that
leads back to the claims of its ties. Nothing rests on chance or on the order of reading:
communities are found in whole numbers, and of two choices that are as good the first by name is taken.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from careatlas import queries
from careatlas.graph import dataset
from careatlas.graph.centrality import Pair, betweenness, communities, modularity, reach
from careatlas.graph.query_reading import read
from careatlas.graph.terms import (
    DERIVED_FROM,
    GRAPHS,
    ID,
    LABEL,
    RDF_TYPE,
    atlas,
    count,
    cube,
    english,
    number,
    structure,
    text,
    thing,
)
from careatlas.graph.touched import Change
from careatlas.graph.views import MEASURED, VIEWS

DIGITS = Decimal("0.000001")
Said = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass
class Ties:
    """A view as a graph: things by name, and the pairs of them that are tied."""

    names: list[str]
    weights: dict[Pair, int]
    """Of each pair, the smaller first, the independent claims that tie the two, for each kind of tie."""
    edges: Counter[int]
    """How many edges of the exported view end at each thing."""
    claims: list[set[str]]
    """The claims that the ties of each thing rest on."""


def observe(store: Store) -> Iterator[Quad]:
    """What follows for each measured view: its communities, and the position of each thing in it."""
    for name in MEASURED:
        yield from _measured(store, name, ties(store, name))


def told(store: Store) -> set[Quad]:
    """The statements of the measures that a release holds."""
    return {quad for name in MEASURED for one in _kept(store, name) for quad in one}


def moved(change: Change) -> tuple[set[Quad], set[Quad]]:
    """The statements of the measures that a change takes away, and those that it brings."""
    gone: set[Quad] = set()
    come: set[Quad] = set()
    for name in MEASURED:
        found = _moved_ties(change, name)
        if found is not None:
            was = {quad for one in _kept(change.before, name) for quad in one}
            now = dataset.kept(_measured(change.after, name, found))
            gone |= was - now
            come |= now - was
    return gone, come


def _moved_ties(change: Change, name: str) -> Ties | None:
    """The ties of a view after a change; None if it touches neither them nor what is said of their ends."""
    texts = [_relation(relation) for relation in VIEWS[name].relations]
    if not (any(change.touches(read(text)) for text in texts) or _renamed(change, name)):
        return None
    return ties(change.after, name)


def _renamed(change: Change, name: str) -> bool:
    """Whether something in a view has another name, or is a trust now that was none."""
    return any(
        triple.predicate in (LABEL, RDF_TYPE)
        and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(ID)
        and _stands(change.before, _position(name, triple.subject.value))
        for triple in change.triples
    )


def _stands(store: Store, node: NamedNode) -> bool:
    return any(True for _ in store.quads_for_pattern(node, None, None, GRAPHS["derived"]))


def _measured(store: Store, name: str, found: Ties) -> Iterator[Quad]:
    if not found.names:
        return
    trusts = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, RDF_TYPE, atlas("NHSTrust"), None)
        if isinstance(quad.subject, NamedNode)
    }
    parts = communities(len(found.names), found.weights)
    said = _view(name, modularity(parts, found.weights))
    said += _communities(store, name, found, parts)
    said += _positions(name, found, trusts)
    for subject, predicate, value in said:
        yield Quad(subject, predicate, value, GRAPHS["derived"])


def _kept(store: Store, name: str) -> Iterator[Iterable[Quad]]:
    """What a release holds of a view: the view, its communities and its positions."""
    view, derived = thing(f"view/{name}"), GRAPHS["derived"]
    yield store.quads_for_pattern(view, None, None, derived)
    for term in (cube("dataSet"), atlas("inView")):
        for quad in store.quads_for_pattern(None, term, view, derived):
            yield store.quads_for_pattern(quad.subject, None, None, derived)


def _relation(name: str) -> str:
    return (queries.folder("views") / "relations" / f"{name}.rq").read_text(encoding="utf-8")


def ties(store: Store, view: str) -> Ties:
    """The ties of a view, from the same relations that its export is made of."""
    origins: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    claims: dict[str, set[str]] = defaultdict(set)
    for relation in VIEWS[view].relations:
        found = dataset.query(store, _relation(relation))
        if not isinstance(found, QuerySolutions):
            raise TypeError(f"{relation}.rq is no SELECT")
        for row in found:
            source, target, claim = (_name(row[part]) for part in ("source", "target", "claim"))
            if source and target and claim and source != target:
                origins[source, target, row["kind"].value].add(row["origin"].value)
                claims[source].add(claim)
                claims[target].add(claim)
    names = sorted(claims)
    at = {name: place for place, name in enumerate(names)}
    weights: Counter[Pair] = Counter()
    edges: Counter[int] = Counter()
    for (source, target, _), documents in origins.items():
        ends = sorted((at[source], at[target]))
        weights[ends[0], ends[1]] += len(documents)
        edges.update(ends)
    return Ties(names, dict(weights), edges, [claims[name] for name in names])


def _name(node: object) -> str:
    """The IRI of a thing of ours; empty for what is none, which validation will find."""
    return node.value if isinstance(node, NamedNode) and node.value.startswith(ID) else ""


def _view(name: str, modular: float) -> list[Said]:
    view = thing(f"view/{name}")
    return [
        (view, RDF_TYPE, atlas("NetworkView")),
        (view, LABEL, english(f"Measures of the view {name}")),
        (view, cube("structure"), structure("position")),
        (view, atlas("viewName"), text(name)),
        (view, atlas("modularity"), number(_rounded(modular))),
    ]


def _communities(store: Store, name: str, found: Ties, parts: list[list[int]]) -> list[Said]:
    said: list[Said] = []
    for rank, part in enumerate(parts, start=1):
        centre = found.names[max(part, key=lambda one: (found.edges[one], -one))]
        community = thing(f"community/{name}/{rank}")
        said += [
            (community, RDF_TYPE, atlas("NetworkCommunity")),
            (community, LABEL, english(f"{name} {rank}: around {_label(store, centre)}")),
            (community, atlas("inView"), thing(f"view/{name}")),
            (community, atlas("communityRank"), count(rank)),
        ]
        said += [
            (_position(name, found.names[one]), atlas("inCommunity"), community) for one in part
        ]
    return said


def _positions(name: str, found: Ties, trusts: set[str]) -> Iterator[Said]:
    size = len(found.names)
    between = betweenness(size, found.weights)
    within = reach(size, found.weights, {at for at, one in enumerate(found.names) if one in trusts})
    for at, one in enumerate(found.names):
        position = _position(name, one)
        yield position, RDF_TYPE, atlas("NetworkPosition")
        yield position, cube("dataSet"), thing(f"view/{name}")
        yield position, atlas("positionOf"), NamedNode(one)
        yield position, atlas("degree"), count(found.edges[at])
        yield position, atlas("betweenness"), number(_rounded(between[at]))
        yield position, atlas("reach"), count(within[at])
        for claim in found.claims[at]:
            yield position, DERIVED_FROM, NamedNode(claim)


def _position(view: str, name: str) -> NamedNode:
    return thing(f"position/{view}/{name.removeprefix(ID)}")


def _rounded(value: float) -> Decimal:
    """To six places, so that no engine's last digit shows."""
    return Decimal(repr(value)).quantize(DIGITS)


def _label(store: Store, name: str) -> str:
    labels = store.quads_for_pattern(NamedNode(name), LABEL, None, None)
    return min(
        (quad.object.value for quad in labels if isinstance(quad.object, Literal)), default=name
    )
