"""Networks as GraphML, written element by element."""

from collections.abc import Iterator

from careatlas.graph.export import Output
from careatlas.graph.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from careatlas.graph.views import Network
from careatlas.graph.xml import in_pieces, joined, literal, text, where_said

_NODE = {"label": "string"} | NODE_ATTRIBUTES
_TYPES = {"long": "long", "integer": "int", "double": "double"}
_EDGE = {"kind": "string", "weight": "long"} | EDGE_ATTRIBUTES


def write_graphml(network: Network, output: Output) -> None:
    """Write a network."""
    in_pieces(_parts(network), output)


def _parts(network: Network) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    )
    for part, attributes in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in attributes.items():
            of = _TYPES.get(kind, "string")
            yield f'<key id="{part}-{name}" for="{part}" attr.name="{name}" attr.type="{of}"/>\n'
    direction = "directed" if network.view.directed else "undirected"
    yield f'<graph id="{network.name}" edgedefault="{direction}">\n'
    yield from network.written(
        "node", joined("'<node id=\"'", text("id"), "'\">'", _data("node", _NODE), "E'</node>\\n'")
    )
    yield from network.written(
        "edge",
        joined(
            "'<edge id=\"'",
            text("id"),
            "'\" source=\"'",
            text("source"),
            "'\" target=\"'",
            text("target"),
            "'\">'",
            _data("edge", _EDGE),
            "E'</edge>\\n'",
        ),
    )
    yield "</graph>\n</graphml>\n"


def _data(part: str, attributes: dict[str, str]) -> str:
    """The values of a row; a long number always has one."""
    parts = []
    for name, kind in attributes.items():
        value, opened = f'"{name}"', literal(f'<data key="{part}-{name}">')
        if kind == "long":
            parts.append(joined(opened, value, "'</data>'"))
        else:
            parts.append(where_said(value, joined(opened, text(value), "'</data>'")))
    return joined(*parts)
