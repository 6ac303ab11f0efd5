"""Linked data: each thing, term and concept under its own name, as a page or as RDF."""

import asyncio
import re
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote

from fastapi import APIRouter
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from careatlas.graph.release import Release
from careatlas.graph.terms import GRAPHS, ID, SCHEME
from careatlas.service import media
from careatlas.service.builder import RDF
from careatlas.service.documents import (
    READ,
    Row,
    query_job,
    rows,
    streamed_graph,
    wanted,
)
from careatlas.service.explorer import plain
from careatlas.service.explorer.openings import opened
from careatlas.service.explorer.page import document, for_people
from careatlas.service.explorer.plain import MOST, Opened
from careatlas.service.explorer.things import told
from careatlas.service.problems import Problem
from careatlas.service.state import Service

SUFFIXES = {
    kind: name for name, kind in media.SHORT.items() if name in {"ttl", "jsonld", "nt", "rdf"}
}
_SAFE = "/@+~:,;=!$&'()*"
_HEADERS = {"vary": "Accept", "cache-control": "no-cache"}
_PREFIXES = """
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# Each part is looked up from what is known before it. With BIND in the place of VALUES, or with
# several patterns in one OPTIONAL, the engine reads through all labels instead.
_LINKS = """
  SELECT DISTINCT ?near ?to WHERE { { SELECT ?near ?to WHERE { ?near ?to %(thing)s } LIMIT 5000 } }
  ORDER BY ?to ?near LIMIT %(most)d
"""
_KNOWN = "ASK { %(thing)s ?property ?value }"
_NEIGHBOUR = """
    OPTIONAL { ?near rdfs:label ?label }
    OPTIONAL { ?near skos:prefLabel ?preferred }
    OPTIONAL { ?near atlas:locator ?locator }
    OPTIONAL { ?near atlas:assertedIn ?in }
"""
_DATA = f"""{_PREFIXES}
CONSTRUCT {{
  %(thing)s ?property ?near . ?near ?to %(thing)s .
  ?near rdfs:label ?label ; skos:prefLabel ?preferred ; atlas:locator ?locator ; atlas:assertedIn ?in .
}} WHERE {{
  {{ %(thing)s ?property ?near {_NEIGHBOUR} }}
  UNION {{ {{ {_LINKS} }} {_NEIGHBOUR} }}
}}
"""
_PAGE = f"""{_PREFIXES}
SELECT ?to ?near ?graph ?locator ?in
  (MIN(?one) AS ?name) (MIN(STR(?said)) AS ?means) (MIN(STR(?sort)) AS ?kind)
WHERE {{
  {{ GRAPH ?graph {{ %(thing)s ?to ?near }} }}
  UNION {{ {_LINKS} }}
  UNION {{ VALUES (?near ?to) {{ (%(thing)s %(thing)s) }} }}
  OPTIONAL {{ ?to rdfs:label ?said }}
  OPTIONAL {{ ?near a/rdfs:label ?sort }}
  {_NEIGHBOUR}
  OPTIONAL {{ ?near atlas:deployedBy/rdfs:label ?user }}
  OPTIONAL {{ ?near atlas:deploysProduct/rdfs:label ?product }}
  OPTIONAL {{ ?near atlas:deploymentSupplier/rdfs:label ?supplier }}
  OPTIONAL {{ ?near atlas:memberOrganisation/rdfs:label ?member }}
  OPTIONAL {{ ?near atlas:affiliatedWith/rdfs:label ?group }}
  OPTIONAL {{ ?near atlas:playedBy/rdfs:label ?player }}
  OPTIONAL {{ ?near atlas:roleType/skos:prefLabel ?role }}
  OPTIONAL {{ ?near atlas:awardedTo/rdfs:label ?awarded }}
  OPTIONAL {{ ?near atlas:inProgramme/rdfs:label ?programme }}
  OPTIONAL {{ ?near atlas:versionOf/rdfs:label ?document }}
  OPTIONAL {{ ?near atlas:nameAsPrinted ?printed }}
  BIND(STR(COALESCE(?label, ?preferred,
    CONCAT(COALESCE(?product, ?supplier, "A product"), " at ", ?user),
    CONCAT(?member, " in ", ?group),
    CONCAT(?player, ", ", ?role),
    CONCAT(?awarded, " in ", ?programme),
    CONCAT("A version of: ", ?document),
    CONCAT("\u201c", ?printed, "\u201d"))) AS ?one)
}}
GROUP BY ?to ?near ?graph ?locator ?in
"""


def router(service: Service) -> APIRouter:
    """The routes to things and terms."""
    routes = APIRouter(include_in_schema=False)
    _things(routes, service)
    _terms(routes, service)
    return routes


def _things(routes: APIRouter, service: Service) -> None:
    @routes.api_route("/id/{path:path}", methods=READ)
    async def thing(http: Request, path: str) -> Response:
        if any(iri.value == _iri(path) for iri in GRAPHS.values()):
            return _see_other(f"/graphs?graph={quote(_iri(path), safe='')}")
        return await _seen(service, http, path)

    @routes.api_route("/scheme/{path:path}", methods=READ)
    async def concept(http: Request, path: str) -> Response:
        return await _seen(service, http, f"scheme/{path}")

    @routes.api_route("/about/{path:path}", methods=READ)
    @for_people
    async def about(http: Request) -> Response:
        path = http.path_params["path"]
        release = service.current()
        iri = await _known(service, release, path)

        async def described() -> tuple[list[Row], Opened]:
            found = await rows(service, release, _PAGE % _values(iri))
            return found, await opened(service, release, iri, found)

        async def make() -> str:
            (found, opening), sections = await asyncio.gather(
                described(), told(service, release, iri)
            )
            whole = Opened(opening.html + sections, opening.title)
            return plain.about(iri, _alternates(path), found, release, whole)

        links = [
            ("link", f'<{url}>; rel="alternate"; type="{kind}"') for kind, url in _alternates(path)
        ]
        return document(service, release, {"document": iri}, make, links)

    @routes.api_route("/data/{path:path}", methods=READ)
    async def data(http: Request, path: str) -> Response:
        name, _, suffix = path.rpartition(".")
        kind = media.SHORT.get(suffix)
        if kind not in SUFFIXES or SUFFIXES[kind] != suffix:
            raise Problem(
                404, "no-such-document", f"end the address in .{', .'.join(SUFFIXES.values())}"
            )
        release = service.current()
        iri = await _known(service, release, name)
        headers = [
            ("link", f'<{iri}>; rel="describes"'),
            ("link", f'</about/{quote(name, safe=_SAFE)}>; rel="alternate"; type="text/html"'),
            ("dataset-version", release.name),
        ]
        return streamed_graph(
            service, http, query_job(release, _DATA % _values(iri)), kind, headers
        )


def _terms(routes: APIRouter, service: Service) -> None:
    @routes.api_route("/def", methods=READ)
    @routes.api_route("/def/{module:path}", methods=READ)
    def term(http: Request, module: str = "") -> Response:
        kind = wanted(http, ["text/html", *RDF])
        if kind != "text/html":
            return _see_other(f"/def.{SUFFIXES[kind]}")
        part = f"#module-{module}" if re.fullmatch(r"[a-z]+", module) else ""
        return _see_other(f"/def.html{part}")

    @routes.api_route("/def.html", methods=READ)
    def page(_: Request) -> Response:
        return HTMLResponse(_ontology()[0], headers={"cache-control": "no-cache"})

    @routes.api_route("/def.css", methods=READ)
    def style(_: Request) -> Response:
        return _style(_ontology()[1])

    @routes.api_route("/def.{suffix}", methods=READ)
    def graph(http: Request, suffix: str) -> Response:
        kind = media.SHORT.get(suffix)
        if kind not in SUFFIXES or SUFFIXES[kind] != suffix:
            raise Problem(
                404, "no-such-document", f"the terms come as {', '.join(SUFFIXES.values())}"
            )
        release = service.current()
        everything = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
        job = query_job(release, everything, GRAPHS["ontology"].value)
        return streamed_graph(service, http, job, kind, [("dataset-version", release.name)])


def _iri(path: str) -> str:
    """The name of a thing; no key of a thing begins with `scheme/`."""
    if path.startswith("scheme/"):
        return SCHEME + quote(path.removeprefix("scheme/"), safe=_SAFE)
    return ID + quote(path, safe=_SAFE)


def _values(iri: str) -> dict[str, object]:
    return {"thing": str(NamedNode(iri)), "most": MOST}


async def _known(service: Service, release: Release, path: str) -> str:
    """The name of a thing that the release knows.

    Raises:
        Problem: it knows none of this name.
    """
    iri = _iri(path)
    found = await service.json(query_job(release, _KNOWN % _values(iri)))
    if not found["boolean"]:
        raise Problem(404, "no-such-thing", f"release {release.name} does not know <{iri}>")
    return iri


async def _seen(service: Service, http: Request, path: str) -> Response:
    """Where to read about a thing: it is in the world, and cannot be sent itself."""
    kind = wanted(http, ["text/html", *RDF])
    await _known(service, service.current(), path)
    if kind == "text/html":
        return _see_other(f"/about/{quote(path, safe=_SAFE)}")
    return _see_other(dict(_alternates(path))[kind])


def _alternates(path: str) -> list[tuple[str, str]]:
    return [(kind, f"/data/{quote(path, safe=_SAFE)}.{name}") for kind, name in SUFFIXES.items()]


def _see_other(url: str) -> Response:
    return RedirectResponse(url, 303, _HEADERS)


def _style(text: str) -> Response:
    return Response(text, media_type="text/css", headers={"cache-control": "no-cache"})


@lru_cache(maxsize=4)
def _text(package: str, path: str) -> str:
    """A file of a package.

    Raises:
        Problem: it was not installed.
    """
    try:
        return files(package).joinpath(path).read_text(encoding="utf-8")
    except (ModuleNotFoundError, FileNotFoundError):
        raise Problem(404, "not-installed", "this page is not part of the installation") from None


@lru_cache(maxsize=1)
def _ontology() -> tuple[str, str]:
    """The page of the ontology, with its styles in a file of their own: pages may have none inside."""
    whole = _text("careatlas.ontology", "ontology.html")
    inside = re.compile(r"<style>(.*?)</style>", re.DOTALL)
    page = inside.sub("", whole)
    linked = page.replace("</head>", '<link rel="stylesheet" href="/def.css"></head>', 1)
    return linked, "\n".join(inside.findall(whole))
