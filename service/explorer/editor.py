"""The SPARQL editor: a form that works without a script, and the terms that a script completes."""

import json
import re
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.questions import catalogue
from careatlas.graph.release import Release
from careatlas.graph.terms import GRAPHS, SCHEME
from careatlas.service.builder import NAMES
from careatlas.service.documents import Document, Row, rows
from careatlas.service.explorer.catalogue import by_tag
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.page import document
from careatlas.service.explorer.question import known, release_of
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

FORMATS = ("json", "csv", "tsv", "xml", "turtle", "ntriples")
_OWN = ("question", "query", "release")
"""What the page takes beside the parameters of a question."""
_BEGIN = """\
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?trust ?product WHERE {
  ?body atlas:uses ?thing ; rdfs:label ?trust .
  ?thing rdfs:label ?product .
}
ORDER BY ?trust ?product
LIMIT 50
"""
_USED = ("atlas", "rdf", "rdfs", "skos", "org", "dct", "prov", "xsd")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?", re.ASCII)
"""What stands behind a prefix without escapes."""
_TERMS = f"""
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <{NAMES["rdfs"]}>
PREFIX skos: <{NAMES["skos"]}>
SELECT ?term (MIN(?sort) AS ?kind) (MIN(STR(?called)) AS ?label) (MIN(STR(?means)) AS ?says)
WHERE {{
  GRAPH <{GRAPHS["ontology"].value}> {{
    VALUES (?class ?sort) {{
      (owl:Class "class") (owl:ObjectProperty "property") (owl:DatatypeProperty "property")
      (owl:AnnotationProperty "property") (skos:Concept "concept")
    }}
    ?term a ?class .
    OPTIONAL {{ ?term rdfs:label|skos:prefLabel ?called }}
    OPTIONAL {{ ?term skos:definition ?means }}
  }}
}}
GROUP BY ?term ORDER BY ?term
"""


class Begun(NamedTuple):
    """The query that the editor opens with, and the question that it answers."""

    query: str
    question: Cell | None = None


async def editor_page(service: Service, http: Request) -> Response:
    """A form with a query: an example, the one that is given, or that of a question.

    Raises:
        Problem: there is no such release or question, or it takes no such value.
    """
    given = dict(parameters(http.scope["query_string"]))
    release = release_of(service, given)
    begun = await _begun(service, release, given)

    async def make() -> str:
        return render(
            "editor.html",
            title="SPARQL editor",
            begun=begun,
            formats=FORMATS,
            release=release.name,
            pinned=given.get("release"),
            groups=by_tag(catalogue()),
        )

    return document(service, release, {"page": "/editor", "given": given}, make)


async def _begun(service: Service, release: Release, given: dict[str, str]) -> Begun:
    name = given.get("question")
    if name is None:
        return Begun(given.get("query") or _BEGIN)
    question = known(name)
    values = {one: value for one, value in given.items() if one not in _OWN and value.strip()}
    for one in values:
        if one not in question.parameter:
            raise Problem(422, "wrong-parameter", f"This question has no field {one[:80]!r}.")
    card = await service.json(ask_job(release, name, values))
    pinned = {"release": given["release"]} if "release" in given else {}
    url = address(f"/questions/{name}", values | pinned)
    return Begun(card["query"], Cell(question.title, url))


def editor_terms(service: Service) -> Response:
    """The terms of the ontology and its schemes, by the names that a query gives them."""
    release = service.current()

    async def make() -> bytes:
        found = await rows(service, release, _TERMS)
        return json.dumps(terms(found), ensure_ascii=False).encode()

    fields = [("dataset-version", release.name)]
    return Document(
        service,
        {"document": "terms", "release": release.name},
        "application/json",
        make,
        fields,
    )


def terms(found: list[Row]) -> dict[str, Any]:
    """Prefixes, one for each scheme too, and the terms that stand behind them."""
    prefixes = {name: NAMES[name] for name in _USED}
    told = []
    for row in found:
        iri = row["term"]["value"]
        space, local = _split(iri)
        if space.startswith(SCHEME) and space != SCHEME:
            prefixes.setdefault(space.removeprefix(SCHEME).rstrip("/"), space)
        prefix = next((name for name, one in prefixes.items() if one == space), None)
        told.append(
            {
                "name": f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else f"<{iri}>",
                "kind": row["kind"]["value"],
                "label": row["label"]["value"] if "label" in row else local,
                "says": row["says"]["value"] if "says" in row else "",
            }
        )
    return {"prefixes": prefixes, "terms": told}


def _split(iri: str) -> tuple[str, str]:
    """The namespace and the local part of an IRI.

    >>> _split("https://w3id.org/careatlas/def#uses")
    ('https://w3id.org/careatlas/def#', 'uses')
    """
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:at], iri[at:]
