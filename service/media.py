"""Media types: which an answer can have, and which a client wants."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from pyoxigraph import QueryResultsFormat, RdfFormat
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from careatlas.service.problems import Problem

ROWS: dict[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH: dict[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
SHORT = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "ntriples": "application/n-triples",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
}
"""Names for the parameter `format`, for those who cannot set a header."""
NETWORKS = {
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
    "csv": "application/zip",
    "parquet": "application/zip",
}
"""Views as networks; those that are two tables come as an archive of both."""
EXPORTS = {
    "turtle": "text/turtle",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "jsonld": "application/ld+json",
}
ENCODINGS = ("zstd", "gzip")
_TEXT = {
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/tab-separated-values",
    "text/turtle",
}


def content_type(media: str) -> str:
    """The media type as a header, with the charset where the type leaves it open."""
    return f"{media}; charset=utf-8" if media in _TEXT else media


def best(header: str | None, offered: Iterable[str]) -> str | None:
    """The type offered that a client likes best; the first offered where it says nothing.

    >>> best("text/csv;q=0.5, text/*;q=0.1", ["application/json", "text/csv"])
    'text/csv'
    """
    types = list(offered)
    if header is None or not header.strip():
        return types[0]
    wanted = parse_accept_header(header, MIMEAccept)
    # A parameter such as a charset or a profile narrows nothing that is offered here; some
    # clients write `*` for `*/*`.
    kinds = [(kind.partition(";")[0].strip(), quality) for kind, quality in wanted]
    plain = MIMEAccept([("*/*" if kind == "*" else kind, quality) for kind, quality in kinds])
    return plain.best_match(types)


@lru_cache(maxsize=256)
def encoding(header: str | None) -> str | None:
    """The compression that a client takes, or none."""
    if not header:
        return None
    wanted = parse_accept_header(header, Accept)
    found = wanted.best_match(ENCODINGS)
    return found if found and wanted.quality(found) >= wanted.quality("identity") else None


@lru_cache(maxsize=256)
def negotiate(header: str | None, chosen: str | None) -> Mapping[str, str | None]:
    """For rows and for graphs the media type that a client takes, if any.

    Raises:
        Problem: the name of the format is none.
    """
    if chosen:
        media = SHORT.get(chosen.lower(), chosen.lower())
        if media not in ROWS and media not in GRAPH:
            raise Problem(400, "unknown-format", f"format is one of {', '.join(SHORT)}")
        if media == SHORT["json"]:
            return {"rows": media, "graph": "application/ld+json"}
        if media == SHORT["xml"]:
            return {"rows": media, "graph": "application/rdf+xml"}
        return {
            "rows": media if media in ROWS else None,
            "graph": media if media in GRAPH else None,
        }
    return {"rows": best(header, ROWS), "graph": best(header, GRAPH)}


def not_acceptable(kind: str) -> Problem:
    """That nothing a client takes fits this kind of answer."""
    offered: Collection[str] = ROWS if kind == "rows" else GRAPH
    what = "rows or a boolean" if kind == "rows" else "a graph"
    return Problem(
        406,
        "not-acceptable",
        f"the answer is {what}: accept {', '.join(offered)}",
        offered=list(offered),
    )
