"""Exports as Gephi Lite reads them: the same nodes, edges, weights and dates in every view."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import npm
import pytest

from careatlas import exporting
from careatlas.graph.export import FORMATS
from careatlas.graph.gexf import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from careatlas.graph.networks import NETWORK_FORMATS, write_network
from careatlas.graph.release import Release
from careatlas.graph.views import VIEWS, Edge, Node, network

WEB = Path(__file__).parent.parent / "web"
READER = WEB / "tests" / "read_gexf.js"
LOOK = {"color", "size"}

reader_at_hand = pytest.mark.skipif(
    npm.find() is None or not (WEB / "node_modules" / "graphology-gexf").is_dir(),
    reason="the reader of Gephi Lite is not at hand: python web/npm.py ci",
)


def read(content: bytes) -> dict[str, Any]:
    """What the reader finds."""
    node = npm.find()
    assert node
    done = subprocess.run(  # noqa: S603 - our own script
        [node.node, str(READER)], input=content, capture_output=True, check=True, timeout=120
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def said(one: Node | Edge, types: dict[str, str]) -> dict[str, object]:
    """What an export says of a thing or a tie beside its keys."""
    forms = {"liststring": lambda text: text.split("|"), "integer": int, "double": float}
    return {
        name: forms.get(types.get(name, ""), lambda same: same)(value)
        for name, value in one._asdict().items()
        if name not in {"id", "source", "target", "spells"} and value != ""
    }


@reader_at_hand
@pytest.mark.parametrize("view", VIEWS)
def test_the_reader_of_gephi_lite_finds_the_same(release: Release, view: str) -> None:
    output = io.BytesIO()
    write_network(release, "gexf", view, output)
    found = read(output.getvalue())
    assert found["type"] == ("directed" if VIEWS[view].directed else "undirected")
    with network(release.store, view) as net:
        nodes = {one.id: said(one, NODE_ATTRIBUTES) for one in net.nodes()}
        edges = {
            one.id: (one.source, one.target, said(one, EDGE_ATTRIBUTES)) for one in net.edges()
        }
    assert {
        key: {name: value for name, value in of.items() if name not in LOOK}
        for key, of in found["nodes"]
    } == nodes
    assert {key: (source, target, of) for key, source, target, of in found["edges"]} == edges
    assert all(of["color"].startswith("rgb(") and of["size"] > 0 for _, of in found["nodes"])


def test_a_board_whose_name_holds_a_comma_is_one_entry(release: Release) -> None:
    with network(release.store, "peers") as net:
        [board, *_] = sorted(
            one.icb for one in net.nodes() if "," in one.icb and "|" not in one.icb
        )
    assert board.startswith("NHS ")
    output = io.BytesIO()
    write_network(release, "gexf", "peers", output)
    assert f'value="[&quot;{board}&quot;]"' in output.getvalue().decode()


def test_the_command_knows_every_view() -> None:
    assert tuple(VIEWS) == exporting.VIEWS
    assert (*NETWORK_FORMATS, *FORMATS) == exporting.EXPORTS
