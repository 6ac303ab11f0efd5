"""Networks as GEXF 1.3, the format of Gephi and Gephi Lite, written element by element."""

from collections.abc import Iterable, Sequence
from math import sqrt

from careatlas.graph.export import Output
from careatlas.graph.views import Edge, Network, Node, Spell

COLOURS = {
    "trust": (0, 114, 178),
    "vendor": (213, 94, 0),
    "product": (230, 159, 0),
    "network": (0, 158, 115),
    "icb": (86, 180, 233),
    "region": (153, 153, 153),
    "group": (0, 92, 75),
    "programme": (204, 121, 167),
    "study": (136, 84, 160),
}
"""Colours of the kinds that most people can tell apart, as red, green and blue."""
OTHER = (110, 110, 110)
PIECE = 1 << 16
NODE_ATTRIBUTES = {
    "kind": "string",
    "ods": "string",
    "region": "string",
    "icb": "string",
    "network_kind": "string",
    "answer": "string",
    "opened": "string",
    "closed": "string",
    "degree": "long",
    "weighted_degree": "long",
}
EDGE_ATTRIBUTES = {
    "claims": "long",
    "status": "string",
    "route_types": "liststring",
    "involvements": "liststring",
    "first_reported": "string",
    "last_reported": "string",
    "start": "string",
    "end": "string",
    "shared": "liststring",
}
_SHOWN = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;"}
_SHOWN |= dict.fromkeys((*range(32), *range(55296, 57344), 65534, 65535), "�")
_SHOWN |= {ord(blank): f"&#{ord(blank)};" for blank in "\t\n\r"}


def xml_text(value: str) -> str:
    """A text inside an attribute's quotes; what XML cannot hold is shown as a replacement sign.

    >>> xml_text('<"a" & b>')
    '&lt;&quot;a&quot; &amp; b&gt;'
    """
    return value.translate(_SHOWN)


def write_gexf(network: Network, release: str, output: Output) -> None:
    """Write a network; what is dated has spells, so that a timeline can play it."""
    in_pieces(_parts(network, release), output)


def in_pieces(parts: Iterable[str], output: Output) -> None:
    """Write texts one after the other, many at a time."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size > PIECE:
            output.write("".join(waiting).encode())
            waiting, size = [], 0
    output.write("".join(waiting).encode())


def _parts(network: Network, release: str) -> Iterable[str]:
    direction = "directed" if network.view.directed else "undirected"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        "<meta>\n<creator>Careatlas</creator>\n"
        f"<description>{xml_text(network.view.title)}; release {xml_text(release)}</description>\n</meta>\n"
        f'<graph defaultedgetype="{direction}" idtype="string" mode="dynamic" '
        'timeformat="date" timerepresentation="interval">\n'
    )
    yield from _declared("node", NODE_ATTRIBUTES)
    yield from _declared("edge", EDGE_ATTRIBUTES)
    yield f'<nodes count="{network.node_count}">\n'
    yield from map(_node, network.nodes())
    yield f'</nodes>\n<edges count="{network.edge_count}">\n'
    yield from map(_edge, network.edges())
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(part: str, attributes: dict[str, str]) -> Iterable[str]:
    yield f'<attributes class="{part}">\n'
    for name, kind in attributes.items():
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>\n'
    yield "</attributes>\n"


def _values(names: Iterable[str], values: Iterable[object]) -> str:
    inside = "".join(
        [
            f'<attvalue for="{name}" value="{xml_text(str(value))}"/>'
            for name, value in zip(names, values, strict=True)
            if value != ""
        ]
    )
    return f"<attvalues>{inside}</attvalues>"


def _spells(spells: Sequence[Spell]) -> str:
    def day(name: str, value: str) -> str:
        return f' {name}="{value}"' if value else ""

    if not spells:
        return ""
    inside = "".join(f"<spell{day('start', start)}{day('end', end)}/>" for start, end in spells)
    return f"<spells>{inside}</spells>"


def _node(node: Node) -> str:
    red, green, blue = COLOURS.get(node.kind, OTHER)
    dated = ((node.opened, node.closed),) if node.opened or node.closed else ()
    return (
        f'<node id="{xml_text(node.id)}" label="{xml_text(node.label)}">'
        f"{_values(NODE_ATTRIBUTES, node[2:])}{_spells(dated)}"
        f'<color r="{red}" g="{green}" b="{blue}"/>'
        f'<size value="{4 + 2 * sqrt(node.weighted_degree):.3f}"/></node>\n'
    )


def _edge(edge: Edge) -> str:
    name, source, target, kind, weight, *said, spells, shared = edge
    values = _values(EDGE_ATTRIBUTES, (*said, edge.start, edge.end, shared))
    return (
        f'<edge id="{xml_text(name)}" source="{xml_text(source)}" target="{xml_text(target)}" '
        f'kind="{xml_text(kind)}" weight="{weight}.0">{values}{_spells(spells)}</edge>\n'
    )
