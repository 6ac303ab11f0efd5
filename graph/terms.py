"""Names of things: the one place where IRIs and literals are made."""

import hashlib
import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

ATLAS = "https://w3id.org/careatlas/def#"
ID = "https://w3id.org/careatlas/id/"
SCHEME = "https://w3id.org/careatlas/scheme/"
XSD = "http://www.w3.org/2001/XMLSchema#"

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALT_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
PREF_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
NOTATION = NamedNode("http://www.w3.org/2004/02/skos/core#notation")
ORIGINAL = NamedNode("http://www.w3.org/ns/org#originalOrganization")
RESULTING = NamedNode("http://www.w3.org/ns/org#resultingOrganization")
DERIVED_FROM = NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")

GRAPHS = {
    name: NamedNode(f"{ID}graph/{name}") for name in ("ontology", "crosswalk", "meta", "derived")
}

_UNSAFE = re.compile(r"[^A-Za-z0-9._~/@+-]")


@lru_cache(maxsize=4096)
def atlas(name: str) -> NamedNode:
    """The term of our ontology with this local name."""
    return NamedNode(ATLAS + name)


def cube(name: str) -> NamedNode:
    """The term of the RDF Data Cube with this local name."""
    return NamedNode(f"http://purl.org/linked-data/cube#{name}")


def structure(name: str) -> NamedNode:
    """The structure of the observations of a cube or a view, which the ontology describes."""
    return NamedNode(f"https://w3id.org/careatlas/def/{name}")


def thing(path: str) -> NamedNode:
    """The instance whose key is `path`, for example `org/ods/RWE`.

    >>> thing("org/ods/RWE").value
    'https://w3id.org/careatlas/id/org/ods/RWE'
    """
    if not path or _UNSAFE.search(path):
        raise ValueError(f"{path!r} cannot stand in an IRI")
    return NamedNode(ID + path)


def concept(scheme: str, notation: str) -> NamedNode:
    """The concept of a scheme with this notation."""
    return NamedNode(f"{SCHEME}{scheme}/{notation}")


def slug(text: str) -> str:
    """Lower-case words joined by hyphens, safe in an IRI; a digest where no letter is left.

    >>> slug("King's & St. Mary's")
    'kings-and-st-marys'
    """
    plain = unicodedata.normalize("NFKD", text).replace("\u2019", "").replace("'", "")
    words = re.sub(
        r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower().replace("&", " and ")
    )
    return words.strip("-") or hashlib.sha256(text.encode()).hexdigest()[:12]


def text(value: str) -> Literal:
    """A plain string."""
    return Literal(value)


def english(value: str) -> Literal:
    """A string in English, for labels."""
    return Literal(value, language="en")


def day(value: date) -> Literal:
    """An `xsd:date`."""
    return Literal(value.isoformat(), datatype=NamedNode(XSD + "date"))


def number(value: Decimal | int) -> Literal:
    """An `xsd:decimal` as a store writes it: without an exponent, and without zeros that say nothing.

    >>> number(Decimal("1E+3")).value, number(Decimal("1.50")).value, number(Decimal("-0.0")).value
    ('1000', '1.5', '0')
    """
    plain = f"{Decimal(value) or 0:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return Literal(plain, datatype=NamedNode(XSD + "decimal"))


def count(value: int) -> Literal:
    """An `xsd:nonNegativeInteger`."""
    return Literal(str(value), datatype=NamedNode(XSD + "nonNegativeInteger"))


def flag(value: bool) -> Literal:
    """An `xsd:boolean`."""
    return Literal("true" if value else "false", datatype=NamedNode(XSD + "boolean"))


def link(value: str) -> Literal:
    """An `xsd:anyURI`, for addresses that we cite but do not own."""
    return Literal(value, datatype=NamedNode(XSD + "anyURI"))
