"""Queries that the MCP server's tools run: one that a client wrote, and those that describe a thing."""

import math
from collections.abc import Iterable
from typing import Any

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from careatlas.graph.release import Release
from careatlas.service import text
from careatlas.service.problems import Problem
from careatlas.service.state import Service

BYTES = 8 << 20
"""What one answer may take of the service's memory."""
_TSV, _LINES = "text/tab-separated-values", "application/n-triples"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = {
    f"{_XSD}{name}"
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
}
_DECIMALS = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}

_PREFIXES = """\
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_STATEMENTS = """\
SELECT ?property ?value (MIN(?label) AS ?name) ?source WHERE {
  GRAPH ?graph { THING ?property ?value }
  OPTIONAL { ?graph atlas:versionOf/atlas:sourceKey ?source }
  OPTIONAL { ?value rdfs:label|skos:prefLabel ?label }
}
GROUP BY ?property ?value ?source
ORDER BY ?property ?value ?source
"""
_CLAIMS = """\
SELECT DISTINCT ?claim ?source ?locator WHERE {
  { THING atlas:supportedBy ?claim } UNION { ?claim atlas:about THING ; atlas:locator ?any }
  OPTIONAL { ?claim atlas:locator ?locator }
  OPTIONAL { ?claim atlas:assertedIn/atlas:versionOf/atlas:sourceKey ?source }
}
ORDER BY ?source ?locator ?claim
"""
_REFERRERS = """\
SELECT ?thing ?property (MIN(?label) AS ?name) ?source WHERE {
  GRAPH ?graph { ?thing ?property THING }
  FILTER(?property != atlas:about)
  OPTIONAL { ?graph atlas:versionOf/atlas:sourceKey ?source }
  OPTIONAL { ?thing rdfs:label|skos:prefLabel ?label }
}
GROUP BY ?thing ?property ?source
ORDER BY ?property ?thing ?source
"""
_LISTS = {"statements": _STATEMENTS, "claims": _CLAIMS, "referred_to_by": _REFERRERS}
_NAME = "SELECT (MIN(?label) AS ?name) WHERE { THING rdfs:label|skos:prefLabel ?label }"


async def run(service: Service, release: Release, query: str, limit: int) -> dict[str, Any]:
    """The first rows of a query's answer, and whether they are all.

    Raises:
        Problem: it is no query, or may not or cannot be answered.
    """
    asked = text.read(query)
    job = {
        "do": "query",
        "releases": [str(release.path)],
        "query": asked.text,
        "default_graphs": None,
        "named_graphs": None,
        "from": list(asked.graphs),
        "media": {"rows": _TSV, "graph": _LINES},
        "encoding": None,
    }
    async with service.pool.run(job, service.settings.limits.seconds) as running:
        media = running.head["media"]
        most = limit + (1 if media == _TSV else 0)
        body = bytearray()
        async for piece in running.pieces():
            body += piece
            if body.count(b"\n") > most:
                break
            if len(body) > BYTES:
                raise Problem(503, "too-large", f"{limit} rows of this are too much: ask for fewer")
    lines = bytes(body).splitlines(keepends=True) if media == _LINES else _split(bytes(body))
    complete = len(lines) <= most
    columns, rows = _rows(b"".join(lines[:most]), media)
    found: dict[str, Any] = {"release": release.name, "columns": columns, "complete": complete}
    if isinstance(rows, bool):
        return found | {"rows": [], "boolean": rows}
    return found | {"rows": rows}


def _split(body: bytes) -> list[bytes]:
    """The lines of an answer; a line's end stands in no cell of it, other signs of one may."""
    lines = body.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _rows(body: bytes, media: str) -> tuple[list[str], list[dict[str, Any]] | bool]:
    if media == _LINES:
        columns = ["subject", "predicate", "object"]
        triples = parse(body, RdfFormat.N_TRIPLES)
        cells: Iterable[tuple[Any, ...]] = (
            (one.subject, one.predicate, one.object) for one in triples
        )
    else:
        results = parse_query_results(body, QueryResultsFormat.TSV)
        if isinstance(results, QueryBoolean):
            return [], bool(results)
        if not isinstance(results, QuerySolutions):
            raise TypeError("neither rows nor a boolean")
        columns = [variable.value for variable in results.variables]
        cells = (tuple(row) for row in results)
    return columns, [
        {name: plain(value) for name, value in zip(columns, row, strict=True)} for row in cells
    ]


def plain(value: object) -> str | int | float | bool | None:
    """A term as JSON has it: numbers and booleans as such, other literals and IRIs as text."""
    if value is None:
        return None
    if isinstance(value, NamedNode):
        return value.value
    if isinstance(value, Literal):
        return _literal(value)
    return f"_:{value.value}" if isinstance(value, BlankNode) else str(value)


def _literal(value: Literal) -> str | int | float | bool:
    kind, said = value.datatype.value, value.value
    try:
        if kind in _INTEGERS:
            return int(said)
        if kind in _DECIMALS:
            number = float(said)
            return number if math.isfinite(number) else said
    except ValueError:
        return said
    if kind == f"{_XSD}boolean" and said in {"true", "false"}:
        return said == "true"
    return said


async def describe(service: Service, release: Release, iri: str, limit: int) -> dict[str, Any]:
    """What a release says of a thing: statements, claims, and what refers to it.

    Raises:
        Problem: it says nothing, or the IRI is none.
    """
    try:
        thing = str(NamedNode(iri))
    except ValueError:
        raise Problem(422, "wrong-parameter", f"{iri!r} is no IRI", field="thing") from None
    found: dict[str, Any] = {"release": release.name, "iri": iri, "name": None, "goes_on": []}
    for name, query in _LISTS.items():
        answer = await run(service, release, _PREFIXES + query.replace("THING", thing), limit)
        found[name] = answer["rows"]
        if not answer["complete"]:
            found["goes_on"].append(name)
    if not any(found[name] for name in _LISTS):
        raise Problem(404, "not-found", f"this release says nothing of <{iri}>", field="thing")
    named = await run(service, release, _PREFIXES + _NAME.replace("THING", thing), 1)
    if named["rows"]:
        found["name"] = named["rows"][0]["name"]
    return found
