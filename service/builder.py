"""Small graphs of RDF that the service writes about itself, without a store."""

from collections.abc import Mapping
from io import BytesIO

from pyoxigraph import Literal, NamedNode, Triple, serialize

from careatlas.graph.export import PREFIXES
from careatlas.graph.terms import XSD
from careatlas.service import media

RDF = {
    kind: form
    for kind, form in media.GRAPH.items()
    if kind not in {"application/trig", "application/n-quads"}
}
"""What a description comes in; it has one graph."""
NAMES = {
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "formats": "http://www.w3.org/ns/formats/",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    **PREFIXES,
}
"""The prefixes of what is written, which are also the short names of what is stated."""


class Builder:
    """Collects statements, and writes them in the order in which they were made."""

    def __init__(self) -> None:
        self.triples: dict[Triple, None] = {}

    def add(self, subject: str, values: Mapping[str, object]) -> None:
        """State values of a thing; a list states each, and nothing where there is nothing."""
        for name, value in values.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    triple = Triple(NamedNode(subject), NamedNode(_expanded(name)), _term(one))
                    self.triples[triple] = None

    def written(self, kind: str) -> bytes:
        """All that was stated, in this media type."""
        out = BytesIO()
        short = None if kind == "application/n-triples" else NAMES
        serialize(self.triples, out, RDF[kind], prefixes=short)
        return out.getvalue()


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    if prefix == "a":
        return NAMES["rdf"] + "type"
    return NAMES[prefix] + local if prefix in NAMES else name


def _term(value: object) -> NamedNode | Literal:
    """A string is an IRI or a name with a prefix; what is to be text comes as a literal."""
    if isinstance(value, NamedNode | Literal):
        return value
    if isinstance(value, int):
        return Literal(value)
    return NamedNode(_expanded(str(value)))


def words(value: str) -> Literal:
    """A text in English."""
    return Literal(value, language="en")


def day(value: str) -> Literal:
    """A date."""
    return Literal(value, datatype=NamedNode(XSD + "date"))
