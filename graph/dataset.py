"""The dataset of a release: each statement in the graphs that state it, and once in the default graph.

A question joins over the default graph. Were that the union of the named graphs, a statement of
several sources would be found once for each, and a join of such statements once for each combination.
"""

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import (
    DefaultGraph,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
)

DEFAULT = DefaultGraph()


def merged(triple: Triple) -> Quad:
    """A statement as the default graph has it."""
    return Quad(triple.subject, triple.predicate, triple.object, DEFAULT)


def merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The statements of all graphs for the default graph, each once."""
    for triple in {quad.triple for quad in quads}:
        yield merged(triple)


def is_merged(store: Store) -> bool:
    """Whether a store has a default graph; one that was just read from sources has none."""
    return any(True for _ in store.quads_for_pattern(None, None, None, DEFAULT))


def add(store: Store, quads: Collection[Quad]) -> None:
    """Add statements to a store, and to its default graph where it has one."""
    if is_merged(store):
        store.extend(merged(quad.triple) for quad in quads)
    store.extend(quads)


def kept(quads: Iterable[Quad]) -> set[Quad]:
    """Quads in the form in which a store gives them again: a number is written in one way."""
    store = Store()
    store.extend(quads)
    return set(store)


def stated(store: Store) -> Iterator[Quad]:
    """The quads of the named graphs."""
    return (quad for quad in store if quad.graph_name != DEFAULT)


def query(store: Store, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """What a query gives on every statement of a store, whether or not its default graph has them.

    Raises:
        SyntaxError: it is no SPARQL.
    """
    return store.query(text, use_default_graph_as_union=not is_merged(store))
