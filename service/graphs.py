"""The graphs of the release, by the SPARQL 1.1 Graph Store Protocol, to be read only."""

import json
from urllib.parse import quote

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.release import Release
from careatlas.service import media
from careatlas.service.builder import RDF, Builder
from careatlas.service.description import (
    VOID,
    describe_graphs,
    graph_sizes,
    release_description,
)
from careatlas.service.documents import (
    READ,
    Document,
    base_url,
    query_job,
    streamed_graph,
    wanted,
)
from careatlas.service.explorer import plain
from careatlas.service.explorer.links import graph_title
from careatlas.service.problems import Problem
from careatlas.service.sparql import first, parameters
from careatlas.service.state import Service

METHODS = [*READ, "OPTIONS"]
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def router(service: Service) -> APIRouter:
    """The routes to graphs, and to what describes the release."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/graphs", methods=METHODS)
    async def graphs(http: Request) -> Response:
        if http.method == "OPTIONS":
            return Response(status_code=204, headers={"allow": ", ".join(METHODS)})
        given = parameters(http.scope["query_string"])
        graph, whole = first(given, "graph"), first(given, "default")
        if sum(name in {"graph", "default"} for name, _ in given) > 1:
            raise Problem(400, "graph-or-default", "give either one graph or default")
        release = service.release(first(given, "release"))
        form = first(given, "format", "output")
        if graph is None and whole is None:
            return _listed(service, http, release, form)
        if graph is not None:
            await _known(service, release, graph)
        kind = media.negotiate(http.headers.get("accept"), form)["graph"]
        if kind is None:
            raise media.not_acceptable("graph")
        return streamed_graph(
            service,
            http,
            query_job(release, _ALL, graph),
            kind,
            [("dataset-version", release.name)],
        )

    @routes.api_route(VOID, methods=READ)
    def void(http: Request) -> Response:
        return release_description(service, http)

    return routes


async def _known(service: Service, release: Release, graph: str) -> None:
    """Whether the release has this graph.

    Raises:
        Problem: it has none of this name.
    """
    try:
        NamedNode(graph)
    except ValueError:
        raise Problem(400, "no-iri", "the name of a graph is an absolute IRI") from None
    found = await service.json(query_job(release, "ASK { ?s ?p ?o }", graph))
    if not found["boolean"]:
        raise Problem(
            404, "no-such-graph", f"release {release.name} has no graph <{graph}>: see /graphs"
        )


def _listed(service: Service, http: Request, release: Release, form: str | None) -> Response:
    """The list of all graphs, with their sizes."""
    given = "application/json" if form == "json" else form
    kind = wanted(http, ["application/json", "text/html", *RDF], given)
    base = base_url(service, http)

    async def make() -> bytes:
        sizes = await graph_sizes(service, release)
        if kind in RDF:
            about = Builder()
            describe_graphs(about, base, sizes, release)
            return about.written(kind)
        found = [
            {
                "graph": graph,
                "title": graph_title(release, graph),
                "triples": size,
                "url": f"{base}/graphs?graph={quote(graph, safe='')}",
            }
            for graph, size in sizes.items()
        ]
        if kind == "text/html":
            return plain.graph_list(release.name, found).encode()
        return json.dumps({"release": release.name, "graphs": found}, ensure_ascii=False).encode()

    subject = {"document": "graphs", "release": release.name, "base": base}
    return Document(service, subject, kind, make, [("dataset-version", release.name)])
