"""The ontology: what can be said. Imports nothing of ours."""

from __future__ import annotations

from importlib.resources import files as resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from rdflib import Graph

NAMESPACE = "https://w3id.org/careatlas/def#"
SCHEMES = "https://w3id.org/careatlas/scheme/"

__all__ = ["NAMESPACE", "SCHEMES", "files", "load"]


def files(*, alignments: bool = False) -> list[Traversable]:
    """The Turtle files in order of name: modules, then schemes; alignments only on request."""
    root = resources(__name__)
    modules = [one for one in root.iterdir() if one.name.endswith(".ttl")]
    schemes = [one for one in (root / "schemes").iterdir() if one.name.endswith(".ttl")]
    wanted = [one for one in modules if alignments or one.name != "alignments.ttl"]
    return sorted(wanted, key=_name) + sorted(schemes, key=_name)


def load(*, alignments: bool = False) -> Graph:
    """The whole ontology as one graph."""
    from rdflib import Graph

    graph = Graph()
    for file in files(alignments=alignments):
        graph.parse(data=file.read_bytes(), format="turtle")
    return graph


def _name(file: Traversable) -> str:
    return file.name
