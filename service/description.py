"""What the endpoint can do (Service Description), and what the release holds (VoID and DCAT)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from careatlas.graph.release import Release
from careatlas.graph.terms import ID
from careatlas.service import media
from careatlas.service.builder import NAMES, RDF, Builder, day, words
from careatlas.service.documents import Document, base_url, rows, wanted
from careatlas.service.explorer.links import graph_title
from careatlas.service.state import Service

FORMATS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/trig": "TriG",
    "application/n-quads": "N-Quads",
}
"""The names that the W3C gives to formats, under http://www.w3.org/ns/formats/."""
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS = (
    "The curated tables, the ontology and the releases built from them are under CC BY 4.0. "
    "The documents that they cite belong to their publishers and stay under their own terms."
)
VOID = "/.well-known/void"
_USED = ("atlas", "rdfs", "skos", "org", "dct")
_EXAMPLES = ("trust", "vendor", "product", "network", "source")
_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } }
GROUP BY ?graph ORDER BY ?graph
"""
_CLASSES = """
SELECT ?class (COUNT(DISTINCT ?thing) AS ?entities) WHERE { ?thing a ?class }
GROUP BY ?class ORDER BY ?class
"""
_ENTITIES = """
SELECT (COUNT(DISTINCT ?thing) AS ?entities)
WHERE { ?thing a ?class FILTER(STRSTARTS(STR(?thing), "https://w3id.org/careatlas/id/")) }
"""


def service_description(service: Service, http: Request) -> Response:
    """The answer of the endpoint where it is asked nothing: a person is led to the editor.

    Raises:
        Problem: the client takes none of its media types.
    """
    given = http.query_params.get("format") or http.query_params.get("output")
    kind = wanted(http, [*RDF, "text/html"], given)
    release, base = service.current(), base_url(service, http)
    link = ("link", f'<{VOID}>; rel="describedby"')
    if kind == "text/html":
        fields = dict([link, ("vary", "Accept"), ("cache-control", "no-cache")])
        return RedirectResponse("/editor", 303, fields)

    async def make() -> bytes:
        about = Builder()
        describe_service(about, base, await graph_sizes(service, release), release)
        return about.written(kind)

    subject = {"document": "service", "release": release.name, "base": base}
    return Document(service, subject, kind, make, [link, ("dataset-version", release.name)])


def release_description(service: Service, http: Request) -> Response:
    """The description of the release, its sources and licences.

    Raises:
        Problem: the client takes none of its media types.
    """
    kind = wanted(http, list(RDF), http.query_params.get("format"))
    release, base = service.current(), base_url(service, http)

    async def make() -> bytes:
        about = Builder()
        classes = await class_sizes(service, release)
        entities = await rows(service, release, _ENTITIES)
        describe_release(about, base, release)
        about.add(
            f"{base}{VOID}#dataset",
            {
                "void:entities": int(entities[0]["entities"]["value"]),
                "void:classes": len(classes),
                "void:documents": len(release.manifest["sources"]),
            },
        )
        for name, size in classes.items():
            part = f"{base}{VOID}#class={quote(name, safe='')}"
            about.add(f"{base}{VOID}#dataset", {"void:classPartition": part})
            about.add(part, {"void:class": NamedNode(name), "void:entities": size})
        return about.written(kind)

    subject = {"document": "release", "release": release.name, "base": base}
    return Document(service, subject, kind, make, [("dataset-version", release.name)])


async def graph_sizes(service: Service, release: Release) -> dict[str, int]:
    """For each named graph the number of its statements."""
    found = await rows(service, release, _COUNTS)
    return {row["graph"]["value"]: int(row["triples"]["value"]) for row in found}


async def class_sizes(service: Service, release: Release) -> dict[str, int]:
    """For each class the number of its things, each counted once."""
    found = await rows(service, release, _CLASSES)
    return {row["class"]["value"]: int(row["entities"]["value"]) for row in found}


def describe_graphs(about: Builder, base: str, sizes: Mapping[str, int], release: Release) -> None:
    """State the dataset of the endpoint: its graphs, and the default graph as their union."""
    dataset, default = f"{base}/sparql#dataset", f"{base}/graphs?default"
    about.add(dataset, {"a": ["sd:Dataset", "sd:GraphCollection"], "sd:defaultGraph": default})
    about.add(default, {"a": "sd:Graph", "void:triples": sum(sizes.values())})
    for graph, size in sizes.items():
        node = f"{base}/graphs#{quote(graph.removeprefix(ID))}"
        stored = f"{base}/graphs?graph={quote(graph, safe='')}"
        title = graph_title(release, graph)
        about.add(dataset, {"sd:namedGraph": node})
        about.add(node, {"a": "sd:NamedGraph", "sd:name": graph, "sd:graph": stored})
        about.add(stored, {"a": "sd:Graph", "void:triples": size})
        about.add(stored, {"dct:title": words(title) if title else None})


def describe_service(about: Builder, base: str, sizes: Mapping[str, int], release: Release) -> None:
    """State what the endpoint at this address can do."""
    about.add(
        f"{base}/sparql#service",
        {
            "a": ["sd:Service", "dcat:DataService"],
            "sd:endpoint": f"{base}/sparql",
            "dcat:endpointURL": f"{base}/sparql",
            "dct:title": words("Careatlas SPARQL endpoint"),
            "sd:supportedLanguage": "sd:SPARQL11Query",
            "sd:feature": "sd:UnionDefaultGraph",
            "sd:defaultEntailmentRegime": "http://www.w3.org/ns/entailment/Simple",
            "sd:resultFormat": [f"formats:{name}" for name in FORMATS.values()],
            "sd:defaultDataset": f"{base}/sparql#dataset",
            "dcat:servesDataset": f"{base}{VOID}#dataset",
            "rdfs:seeAlso": f"{base}{VOID}",
        },
    )
    describe_graphs(about, base, sizes, release)


def describe_release(about: Builder, base: str, release: Release) -> None:
    """State what the release is, where it can be had, and what it was made from."""
    dataset = f"{base}{VOID}#dataset"
    manifest = release.manifest
    dumps = {name: f"{base}/api/export/{name}" for name in media.EXPORTS}
    examples = [release.labels[kind][0][1] for kind in _EXAMPLES if release.labels.get(kind)]
    about.add(
        f"{base}{VOID}",
        {"a": "void:DatasetDescription", "foaf:primaryTopic": dataset},
    )
    about.add(
        dataset,
        {
            "a": ["void:Dataset", "dcat:Dataset", "prov:Entity"],
            "dct:title": words("Careatlas"),
            "dct:description": words(
                "Who uses which artificial intelligence in the English health service, through "
                "which network or procurement route, and how we know."
            ),
            "dct:license": LICENCE,
            "dct:rights": words(RIGHTS),
            "dct:issued": day(manifest["as_of"]),
            "dcat:version": Literal(release.name),
            "dct:identifier": Literal(release.name),
            "dct:language": Literal("en"),
            "void:triples": int(manifest["quads"]),
            "void:uriSpace": Literal(ID),
            "void:vocabulary": [NAMES[prefix] for prefix in _USED],
            "void:exampleResource": examples,
            "void:sparqlEndpoint": f"{base}/sparql",
            "void:dataDump": list(dumps.values()),
            "dcat:distribution": [f"{base}{VOID}#{name}" for name in dumps],
        },
    )
    for name, address in dumps.items():
        kind = media.EXPORTS[name]
        about.add(
            f"{base}{VOID}#{name}",
            {
                "a": "dcat:Distribution",
                "dct:title": words(f"The release as {FORMATS[kind]}"),
                "dcat:downloadURL": address,
                "dcat:accessURL": address,
                "dcat:mediaType": f"https://www.iana.org/assignments/media-types/{kind}",
                "dct:format": f"formats:{FORMATS[kind]}",
                "dct:license": LICENCE,
            },
        )
    for document, values in _sources(manifest["sources"]):
        about.add(dataset, {"dct:source": document, "prov:wasDerivedFrom": document})
        about.add(document, values)


def _sources(sources: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, object]]]:
    """Each source with what is known of it."""
    for key, source in sources.items():
        published, licence = source["published"], source["licence"]
        yield (
            f"{ID}doc/{key}",
            {
                "a": "prov:Entity",
                "dct:identifier": Literal(key),
                "dct:title": words(source["title"]),
                "foaf:page": _page(source["url"]),
                "dct:issued": day(published) if published else None,
                "dct:rights": words(licence) if licence else None,
            },
        )


def _page(address: str | None) -> NamedNode | None:
    """An address as an IRI, where it is one."""
    if not address or not re.match(r"https?://[^/]", address):
        return None
    try:
        return NamedNode(address)
    except ValueError:
        return None
