"""Networks as two tables, nodes and edges, as CSV with Gephi's names of columns."""

import io
from collections.abc import Iterable, Sequence

from careatlas.graph.table import write_csv
from careatlas.graph.views import Edge, Network, Node, Spell

NODES = ("Id", "Label", *(name for name in Node._fields if name not in {"id", "label"}), "Timeset")
EDGES = (
    *("Source", "Target", "Type", "Id", "Label", "Weight", "claims", "status", "route_types"),
    *("involvements", "first_reported", "last_reported", "start", "end", "shared", "Timeset"),
)


def write_nodes(network: Network, output: io.TextIOBase) -> None:
    """The table of nodes as CSV."""
    write_csv(output, NODES, (_node(node) for node in network.nodes()))


def write_edges(network: Network, output: io.TextIOBase) -> None:
    """The table of edges as CSV."""
    kind = "Directed" if network.view.directed else "Undirected"
    write_csv(output, EDGES, (_edge(edge, kind) for edge in network.edges()))


def timeset(spells: Iterable[Spell]) -> str:
    """Stretches of time as Gephi writes them.

    >>> timeset([("2021-11-01", "2023-12-31"), ("2024-09-18", "")])
    '<[2021-11-01, 2023-12-31]; [2024-09-18, Infinity]>'
    """
    inside = "; ".join(f"[{start or '-Infinity'}, {end or 'Infinity'}]" for start, end in spells)
    return f"<{inside}>" if inside else ""


def _node(node: Node) -> Sequence[str]:
    dated = [(node.opened, node.closed)] if node.opened or node.closed else []
    return [*map(str, node), timeset(dated)]


def _edge(edge: Edge, kind: str) -> Sequence[str]:
    name, source, target, label, weight, *said, spells = edge
    return [source, target, kind, name, label, *map(str, (weight, *said)), timeset(spells)]
