"""Networks as files: the formats there are, and which files each makes."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from careatlas.graph.export import FORMATS, Format, Output, export, write
from careatlas.graph.gexf import write_gexf
from careatlas.graph.graphml import write_graphml
from careatlas.graph.release import Release
from careatlas.graph.sheets import write_edges, write_nodes
from careatlas.graph.views import Network, network

NETWORK_FORMATS = ("gexf", "graphml", "csv", "parquet")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time that files in an archive bear, so that the same release gives the same bytes."""


def export_network(release: Release, kind: str, view: str, path: Path) -> list[Path]:
    """Write a view of a release; as CSV or Parquet the edges, and beside them the nodes.

    As RDF, what is stated of its nodes and by the claims that its edges rest on.
    """
    with network(release.store, view) as net:
        if kind in FORMATS:
            export(release.store, cast("Format", kind), path, net.subjects())
            return [path]
        if kind in {"gexf", "graphml"}:
            with path.open("wb") as file:
                _one(net, kind, release.name, file)
            return [path]
        nodes, edges = _pair(kind, path)
        _two(net, kind, nodes, edges)
        return [nodes, edges]


def write_network(release: Release, kind: str, view: str, output: Output) -> None:
    """Write a view of a release; CSV and Parquet as an archive of nodes and edges."""
    with network(release.store, view) as net:
        if kind in FORMATS:
            write(release.store, cast("Format", kind), output, net.subjects())
            return
        if kind in {"gexf", "graphml"}:
            _one(net, kind, release.name, output)
            return
        with tempfile.TemporaryDirectory(prefix="careatlas-") as folder:
            files = [Path(folder) / f"{part}.{kind}" for part in ("nodes", "edges")]
            _two(net, kind, *files)
            # The archive asks its file for nothing but write and flush.
            with zipfile.ZipFile(cast("IO[bytes]", output), "w", zipfile.ZIP_DEFLATED) as archive:
                for file in files:
                    entry = zipfile.ZipInfo(f"{view}-{file.name}", _LONG_AGO)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    with file.open("rb") as read, archive.open(entry, "w") as written:
                        while piece := read.read(1 << 16):
                            written.write(piece)


def _one(net: Network, kind: str, release: str, output: Output) -> None:
    if kind == "gexf":
        write_gexf(net, release, output)
    else:
        write_graphml(net, output)


def _pair(kind: str, path: Path) -> tuple[Path, Path]:
    """Where the nodes and the edges go: into a folder, or the edges to the file that is named."""
    if path.is_dir():
        return path / f"nodes.{kind}", path / f"edges.{kind}"
    return path.with_name(f"{path.stem}-nodes{path.suffix}"), path


def _two(net: Network, kind: str, nodes: Path, edges: Path) -> None:
    if kind == "parquet":
        net.write_parquet(nodes, edges)
        return
    written: list[tuple[Path, Callable[[Network, io.TextIOBase], None]]] = [
        (nodes, write_nodes),
        (edges, write_edges),
    ]
    for path, rows in written:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows(net, file)
