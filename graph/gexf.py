"""Networks as GEXF 1.3, the format of Gephi and Gephi Lite, written element by element."""

from collections.abc import Iterator

from careatlas.graph.export import Output
from careatlas.graph.views import Network
from careatlas.graph.xml import in_pieces, joined, literal, text, where_said

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
NODE_ATTRIBUTES = {
    "kind": "string",
    "ods": "string",
    "region": "string",
    "icb": "liststring",
    "network_kind": "string",
    "answer": "string",
    "opened": "string",
    "closed": "string",
    "degree": "long",
    "weighted_degree": "long",
    "community": "integer",
    "betweenness": "double",
    "reach": "integer",
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
_SPELL = joined(
    "'<spell'",
    where_said("{start}", "' start=\"' || {start} || '\"'"),
    where_said("{end}", "' end=\"' || {end} || '\"'"),
    "'/>'",
)


def write_gexf(network: Network, release: str, output: Output) -> None:
    """Write a network; what is dated has spells, so that a timeline can play it."""
    in_pieces(_parts(network, release), output)


def _parts(network: Network, release: str) -> Iterator[str]:
    direction = "directed" if network.view.directed else "undirected"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        "<meta>\n<creator>Careatlas</creator>\n"
        f"<description>{network.view.title}; release {release}</description>\n</meta>\n"
        f'<graph defaultedgetype="{direction}" idtype="string" mode="dynamic" '
        'timeformat="date" timerepresentation="interval">\n'
    )
    yield from _declared("node", NODE_ATTRIBUTES)
    yield from _declared("edge", EDGE_ATTRIBUTES)
    yield f'<nodes count="{network.node_count}">\n'
    yield from network.written("node", _node())
    yield f'</nodes>\n<edges count="{network.edge_count}">\n'
    yield from network.written("edge", _edge())
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(part: str, attributes: dict[str, str]) -> Iterator[str]:
    yield f'<attributes class="{part}">\n'
    for name, kind in attributes.items():
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>\n'
    yield "</attributes>\n"


def _attributes(attributes: dict[str, str]) -> str:
    """The values of a row; a long number always has one."""
    parts = ["'<attvalues>'"]
    for name, kind in attributes.items():
        value = f'"{name}"'
        opened = literal(f'<attvalue for="{name}" value="')
        if kind == "long":
            parts.append(joined(opened, value, "'\"/>'"))
        else:
            shown = _list(value) if kind == "liststring" else text(value)
            parts.append(where_said(value, joined(opened, shown, "'\"/>'")))
    return joined(*parts, "'</attvalues>'")


def _list(value: str) -> str:
    """Entries in brackets and quotes: a reader splits what is bare at its commas."""
    escaped = f"replace(replace({value}, '\\', '\\\\'), '\"', '\\\"')"
    apart = f"replace({text(escaped)}, '|', '&quot;, &quot;')"
    return joined("'[&quot;'", apart, "'&quot;]'")


def _spells(inside: str, dated: str) -> str:
    return f"CASE WHEN {dated} THEN '<spells>' || {inside} || '</spells>' ELSE '' END"


def _node() -> str:
    colours = " ".join(
        f"WHEN '{kind}' THEN {literal(_colour(colour))}" for kind, colour in COLOURS.items()
    )
    return joined(
        "'<node id=\"'", text("id"), "'\" label=\"'", text("label"), "'\">'",
        _attributes(NODE_ATTRIBUTES),
        _spells(_SPELL.format(start="opened", end="closed"), "opened <> '' OR closed <> ''"),
        f"CASE kind {colours} ELSE {literal(_colour(OTHER))} END",
        "printf('<size value=\"%.3f\"/>', 4 + 2 * sqrt(weighted_degree))",
        "E'</node>\\n'",
    )  # fmt: skip


def _colour(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return f'<color r="{red}" g="{green}" b="{blue}"/>'


def _edge() -> str:
    spell = _SPELL.format(start="spell.day", end="spell.until")
    return joined(
        "'<edge id=\"'", text("id"), "'\" source=\"'", text("source"), "'\" target=\"'",
        text("target"), "'\" kind=\"'", text("kind"), "'\" weight=\"'", "weight", "'.0\">'",
        _attributes(EDGE_ATTRIBUTES),
        _spells(
            f"array_to_string(list_transform(spells, lambda spell: {spell}), '')",
            "spells IS NOT NULL",
        ),
        "E'</edge>\\n'",
    )  # fmt: skip
