"""Views of a release as networks of networkx."""

from collections.abc import Callable, Mapping
from typing import Any

import networkx

from careatlas.graph.dataset import Asked
from careatlas.graph.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from careatlas.graph.views import VIEWS, View, network

_NODE = {"label": "string"} | NODE_ATTRIBUTES
_EDGE = (
    {"id": "string", "kind": "string", "weight": "long"} | EDGE_ATTRIBUTES | {"spells": "spells"}
)
_NUMBERS: dict[str, Callable[[Any], float]] = {"long": int, "integer": int, "double": float}


class UnknownViewError(LookupError):
    """There is no view of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"no view is called {self.name!r}: there are {', '.join(VIEWS)}"


def graph(store: Asked, view: str) -> "networkx.Graph[str]":
    """A view with the nodes, edges and attributes that its export has; what is empty is left out.

    Raises:
        UnknownViewError: there is no such view.
    """
    if view not in VIEWS:
        raise UnknownViewError(view)
    with network(store, view) as net:
        made = _empty(net.view)
        made.graph.update(name=view, title=net.view.title)
        made.add_nodes_from((node.id, _said(node._asdict(), _NODE)) for node in net.nodes())
        for edge in net.edges():
            key = (edge.id,) if made.is_multigraph() else ()
            made.add_edges_from([(edge.source, edge.target, *key, _said(edge._asdict(), _EDGE))])
    return made


def _empty(view: View) -> "networkx.Graph[str]":
    """Things that are tied in one way only need no parallel edges, which much of networkx refuses."""
    if not view.directed:
        return networkx.Graph()
    return networkx.DiGraph() if len(view.relations) == 1 else networkx.MultiDiGraph()


def _said(row: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """What is stated, numbers as numbers."""
    return {
        name: _NUMBERS[types[name]](row[name]) if types[name] in _NUMBERS else row[name]
        for name in types
        if row[name] not in {"", ()}
    }
