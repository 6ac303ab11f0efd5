"""Networks as GraphML, written element by element."""

from collections.abc import Iterable

from careatlas.graph.export import Output
from careatlas.graph.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, in_pieces, xml_text
from careatlas.graph.views import Edge, Network, Node

_NODE = {"label": "string"} | NODE_ATTRIBUTES
_EDGE = {"kind": "string", "weight": "long"} | EDGE_ATTRIBUTES


def write_graphml(network: Network, output: Output) -> None:
    """Write a network."""
    in_pieces(_parts(network), output)


def _parts(network: Network) -> Iterable[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    )
    for part, attributes in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in attributes.items():
            of = "long" if kind == "long" else "string"
            yield (f'<key id="{part}-{name}" for="{part}" attr.name="{name}" attr.type="{of}"/>\n')
    direction = "directed" if network.view.directed else "undirected"
    yield f'<graph id="{network.name}" edgedefault="{direction}">\n'
    for node in network.nodes():
        yield f'<node id="{xml_text(node.id)}">{_data("node", node, _NODE)}</node>\n'
    for edge in network.edges():
        yield (
            f'<edge id="{xml_text(edge.id)}" source="{xml_text(edge.source)}" '
            f'target="{xml_text(edge.target)}">{_data("edge", edge, _EDGE)}</edge>\n'
        )
    yield "</graph>\n</graphml>\n"


def _data(part: str, thing: Node | Edge, names: Iterable[str]) -> str:
    values = ((name, getattr(thing, name)) for name in names)
    return "".join(
        f'<data key="{part}-{name}">{xml_text(str(value))}</data>'
        for name, value in values
        if value != ""
    )
