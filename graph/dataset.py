"""The dataset of a release: each statement in the graphs that state it, and once in the default graph.

A question joins over the default graph. Were that the union of the named graphs, a statement of
several sources would be found once for each, and a join of such statements once for each combination.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

_DEFAULT = DefaultGraph()


def merge(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The statements of all graphs for the default graph, each once."""
    for triple in {quad.triple for quad in quads}:
        yield Quad(triple.subject, triple.predicate, triple.object, _DEFAULT)


def stated(store: Store) -> Iterator[Quad]:
    """The quads of the named graphs."""
    return (quad for quad in store if quad.graph_name != _DEFAULT)


def query(store: Store, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """What a query gives on every statement of a store, whether or not its default graph has them.

    Raises:
        SyntaxError: it is no SPARQL.
    """
    merged = any(True for _ in store.quads_for_pattern(None, None, None, _DEFAULT))
    return store.query(text, use_default_graph_as_union=not merged)
