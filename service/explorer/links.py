"""Where the service tells of a thing."""

from urllib.parse import quote

from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS, ID, SCHEME

_GRAPHS = {
    "ontology": "Careatlas: terms and schemes",
    "crosswalk": "Careatlas: what printed names were decided to mean",
    "meta": "Careatlas: what is known of the sources",
    "derived": "Careatlas: what follows from the claims",
}


def graph_title(release: Release, graph: str) -> str | None:
    """What a graph holds: the title of its source, or what we make of the sources."""
    kind, _, name = graph.removeprefix(ID).partition("/")
    if kind == "graph":
        return _GRAPHS.get(name)
    source = release.manifest["sources"].get(name.rpartition("/")[0])
    return str(source["title"]) if source else None


def local(iri: str) -> str:
    """Where this service tells of a thing; elsewhere, the thing's own address.

    >>> local("https://w3id.org/careatlas/scheme/status/live")
    '/about/scheme/status/live'
    """
    if iri.startswith(f"{ID}graph/"):
        return f"/graphs?graph={quote(iri, safe='')}"
    if iri.startswith(ID):
        return "/about/" + iri.removeprefix(ID)
    if iri.startswith(SCHEME):
        return "/about/scheme/" + iri.removeprefix(SCHEME)
    if iri.startswith(ATLAS):
        return "/def.html#" + iri.removeprefix(ATLAS)
    return iri
