"""Derivation: ordered CONSTRUCTs add what follows from the claims, and never change a claim."""

from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store

from careatlas import queries
from careatlas.graph.cubes import observe
from careatlas.graph.measures import measure
from careatlas.graph.terms import GRAPHS, XSD


def derive(store: Store, as_of: date) -> dict[str, int]:
    """Run every derivation in the order of its file's name, then observe and measure; the new quads of each."""
    bound = str(Literal(as_of.isoformat(), datatype=NamedNode(XSD + "date")))
    counts = {}
    for path in sorted(queries.folder("derive").glob("*.rq")):
        text = path.read_text(encoding="utf-8").replace(
            "VALUES ?_as_of { UNDEF }", f"VALUES ?_as_of {{ {bound} }}"
        )
        triples = store.query(text, use_default_graph_as_union=True)
        if not isinstance(triples, QueryTriples):
            raise TypeError(f"{path.name} is no CONSTRUCT")
        before = len(store)
        store.extend(
            Quad(triple.subject, triple.predicate, triple.object, GRAPHS["derived"])
            for triple in triples
        )
        counts[path.stem] = len(store) - before
    for name, more in (("cubes", observe), ("measures", measure)):
        before = len(store)
        store.extend(list(more(store)))
        counts[name] = len(store) - before
    return counts
